/** Run by Windows' Node under Wine: a window that starts an engine and talks to it over a named pipe. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { startEngine } from '../../../electron/elevation/start-engine.ts';

const [store = ''] = process.argv.slice(2);
const cli = path.resolve(import.meta.dirname, '../../../electron/cli.ts');
let address = '';
const exited = Promise.withResolvers<number>();

/** Says something on the pipe that only an engine of this launch may say. */
async function intrude(): Promise<string> {
  return await new Promise(resolve => {
    const socket = connect(address, () =>
      socket.write('{"kind":"request","requestId":"1","channel":"app.info","input":{}}\n'),
    );
    let heard = '';
    socket.on('data', chunk => (heard += chunk.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

const engine = await startEngine(async invitation => {
  ({ address } = JSON.parse(await readFile(invitation, 'utf8')) as { readonly address: string });
  const heard = await intrude();
  console.log(`intruder heard ${heard.includes('reply') ? 'an answer' : 'no answer'}`);
  const child = spawn(
    process.execPath,
    [cli, '--store', store, 'engine', '--invitation', invitation],
    {
      stdio: 'ignore',
    },
  );
  child.once('exit', code => exited.resolve(code ?? -1));
  return { exited: exited.promise };
});
console.log(`pipe ${address.startsWith('\\\\.\\pipe\\layerwright-') ? 'named' : address}`);
const { os } = await engine.request('app.info', {});
console.log(`engine on ${os}`);
engine.close();
console.log(`engine ended with ${await exited.promise}`);
