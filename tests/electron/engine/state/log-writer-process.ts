/** Run as a process: writes lines `line <n>` to the log in its first argument until it is killed. */
import { createLogWriter } from '../../../../electron/engine/state/log/log-writer.ts';

const log = createLogWriter(process.argv[2] ?? '');
let next = 0;
function write(): void {
  const lines = Array.from({ length: 100 }, (_, n) => `line ${next + n}`);
  next += lines.length;
  log.append({ stepId: `0.${next % 7}`, stream: 'stdout', time: next, lines });
  if (next === 100_000) process.stdout.write('ready\n');
  setImmediate(write);
}
write();
