/** Run as a process: begins a build in the store of its first argument, says its id, and waits to be killed. */
import { buildRequestSchema } from '../../../../shared/ipc/build-request.ts';
import { openState } from '../../../../electron/engine/state/state.ts';

const state = openState(process.argv[2] ?? '');
const request = buildRequestSchema.parse({ contextDir: '/held' });
process.stdout.write(`${state.history.begin(request, state.claim().owner).buildId}\n`);
process.stdin.resume();
