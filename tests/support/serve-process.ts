/** `layerwright serve` as a process of its own: `node serve-process.ts <store> <root> [project]`. Ends with its parent. */
import path from 'node:path';
import { runServe } from '../../electron/serve/run.ts';

const [storeDir = '', root = '', projectDir] = process.argv.slice(2);
const stop = new AbortController();
process.on('disconnect', () => stop.abort());
process.on('SIGINT', () => stop.abort());

await runServe(
  {
    productDir: path.resolve(import.meta.dirname, '../..'),
    storeDir,
    roots: [root],
    ...(projectDir === undefined ? {} : { projectDir }),
    write: text => process.send?.(text),
  },
  stop.signal,
);
if (process.connected) process.disconnect();
