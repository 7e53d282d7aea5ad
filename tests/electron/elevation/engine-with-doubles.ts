import path from 'node:path';
import { runEngine } from '../../../electron/elevation/run-engine.ts';
import { createHcsSupport } from '../../../electron/engine/build/backends/hcs/create-support.ts';
import { createKeptSteps } from '../../../electron/engine/build/backends/hcs/debug/kept-steps.ts';
import { openStore } from '../../../electron/engine/content/store.ts';
import { createWindowsHost } from '../../../electron/engine/hcs/windows-host.ts';
import type { Handlers } from '../../../electron/ipc/answer.ts';
import { createEventHub } from '../../../electron/ipc/event-hub.ts';
import { keptHandlers } from '../../../electron/ipc/handlers/kept.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import { loadDoubles } from '../../support/doubles.ts';

/** The elevated engine of a Windows host, with the doubles in the place of its DLLs: `<store> <invitation>`. */
const [storeDir = '', invitation = ''] = process.argv.slice(2);
const { libraries } = await loadDoubles();
const store = await openStore(storeDir);
const host: Host = {
  kind: 'windows',
  version: { major: 10, minor: 0, build: 26_100 },
  edition: 'server',
  architecture: 'amd64',
};
const windows = createWindowsHost({ libraries });
const hcs = createHcsSupport({ store, host, windows, problems: [], hyperV: 'available' });
const events = createEventHub();
const kept = keptHandlers({
  kept: createKeptSteps(store, async () => hcs),
  filesDir: buildId => path.join(storeDir, 'files', buildId),
  events,
});
// Only what a window asks of kept steps is asked of this one.
await runEngine(invitation, async () => ({ handlers: kept as unknown as Handlers, events }));
await kept[Symbol.asyncDispose]();
await store[Symbol.asyncDispose]();
