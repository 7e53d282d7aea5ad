import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { z } from 'zod';
import type { Reply } from '../../shared/ipc/contract.ts';
import type { Handlers } from '../ipc/answer.ts';
import type { EventHub } from '../ipc/event-hub.ts';
import type { EventMessage } from '../../shared/ipc/bridge.ts';
import { createOutbox, type Outbox } from '../ipc/outbox.ts';
import { createRequests, type Requests } from '../ipc/requests.ts';
import { isOwnAddress } from './app-protocol.ts';

const requestSchema = z.strictObject({
  requestId: z.string(),
  channel: z.string(),
  input: z.unknown(),
});

/** The requests of the windows that are open, by web contents. */
export interface IpcTransport {
  /** Begins to answer a window and to tell it events. */
  attend(contents: WebContents): void;
}

interface Client {
  readonly requests: Requests;
  readonly outbox: Outbox;
  /** The page has asked for something, so its listeners are there. */
  listens: boolean;
}

interface TransportOptions {
  readonly handlers: Handlers;
  readonly events: EventHub;
  /** A folder was dropped on the window by hand. */
  readonly onDropped: (dir: string) => void;
}

/** Speaks the contract over Electron's IPC. Only the top frame of one of our own pages is answered. */
export function createIpcTransport({
  handlers,
  events,
  onDropped,
}: TransportOptions): IpcTransport {
  const clients = new Map<number, Client>();

  ipcMain.handle('request', async (event, message: unknown): Promise<Reply<unknown>> => {
    const client = trusted(event) ? clients.get(event.sender.id) : undefined;
    if (client === undefined) return refused('sender', 'is not a page of this app');
    const request = requestSchema.safeParse(message);
    if (!request.success) return refused('request', 'is malformed');
    const { requestId, channel, input } = request.data;
    client.listens = true;
    const reply = await client.requests.run(requestId, channel, input);
    client.outbox.beforeReply();
    return reply;
  });
  ipcMain.handle('cancel', (event, requestId: unknown) => {
    if (trusted(event)) clients.get(event.sender.id)?.requests.cancel(requestId);
  });
  ipcMain.handle('dropped', (event, dir: unknown) => {
    if (trusted(event) && typeof dir === 'string') onDropped(dir);
  });

  function attend(contents: WebContents): void {
    const requests = createRequests(handlers);
    const outbox = createOutbox({
      send: batch => {
        if (!contents.isDestroyed()) contents.send('events', batch);
      },
      ready: () => client.listens,
      tooSlow: () => undefined,
    });
    const client: Client = { requests, outbox, listens: false };
    const contentsId = contents.id;
    clients.set(contentsId, client);
    const unsubscribe = events.subscribe(message => {
      if (client.listens || isWish(message)) outbox.post(message);
    });
    // The page that asked is gone; the one that comes asks anew.
    contents.on('did-navigate', () => requests.cancelAll());
    contents.on('render-process-gone', () => requests.cancelAll());
    contents.once('destroyed', () => {
      unsubscribe();
      outbox.close();
      requests.cancelAll();
      clients.delete(contentsId);
    });
  }

  return { attend };
}

/** What somebody wants of the page. A page that is not there yet hears of it later; all else it asks for itself. */
function isWish({ event }: EventMessage): boolean {
  return (
    event === 'project.fileWanted' || event === 'image.archiveWanted' || event === 'app.command'
  );
}

/** A frame inside the page, or a page that came from elsewhere, is not ours to answer. */
function trusted({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOwnAddress(senderFrame.url);
}

function refused(field: string, problem: string): Reply<never> {
  return { ok: false, failure: { code: 'bad-request', field, problem } };
}
