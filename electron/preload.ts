import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge, EventMessage } from '../shared/ipc/bridge.ts';
import type { Reply } from '../shared/ipc/contract.ts';
import { channels, eventNames } from '../shared/ipc/names.ts';

const knownChannels: ReadonlySet<string> = new Set(channels);
const listeners = new Map<string, Set<(payload: unknown) => void>>(
  eventNames.map(name => [name, new Set()]),
);
let lastRequest = 0;

ipcRenderer.on('events', (_event, batch: readonly EventMessage[]) => {
  for (const { event, payload } of batch) {
    for (const listener of listeners.get(event) ?? []) listener(payload);
  }
});

/** Only what the contract names gets through, whatever the page asks for. */
const bridge: Bridge = {
  async invoke(channel, input, requestId) {
    if (!knownChannels.has(channel)) return refused('channel', 'is not known');
    const request = { requestId: requestId ?? `preload-${++lastRequest}`, channel, input };
    return (await ipcRenderer.invoke('request', request)) as Reply<unknown>;
  },
  cancel: requestId => void ipcRenderer.invoke('cancel', requestId),
  on(event, callback) {
    const callbacks = listeners.get(event);
    callbacks?.add(callback);
    return () => {
      callbacks?.delete(callback);
    };
  },
};

function refused(field: string, problem: string): Reply<never> {
  return { ok: false, failure: { code: 'bad-request', field, problem } };
}

contextBridge.exposeInMainWorld('bridge', Object.freeze(bridge));

/**
 * A folder that was dropped on the window is opened from here: only the person can drop a real file,
 * and the page never learns or makes up its path (webUtils.getPathForFile).
 */
// First of all: nothing in the page, such as the editor, can take it away.
window.addEventListener('dragover', event => event.preventDefault(), { capture: true });
window.addEventListener(
  'drop',
  event => {
    event.preventDefault();
    const file = event.dataTransfer?.files.item(0);
    if (!event.isTrusted || !file) return;
    const droppedPath = webUtils.getPathForFile(file);
    if (droppedPath !== '') void ipcRenderer.invoke('dropped', droppedPath);
  },
  { capture: true },
);
