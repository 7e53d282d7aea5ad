import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { productDir } from '../support/bundled.ts';

const launcher = path.join(productDir, 'electron/layerwright.mjs');
/** Debian's own, which is older than ours. */
const systemNode = existsSync('/usr/bin/node') ? '/usr/bin/node' : process.execPath;

async function run(node: string, args: readonly string[]) {
  const child = spawn(node, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise(resolve => child.once('exit', resolve));
  return { code, output };
}

test.each([systemNode, process.execPath])('starts the command line under %s', async node => {
  const { code, output } = await run(node, ['--version']);
  expect([code, output]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
});

test('hands the exit code on', async () => {
  expect((await run(systemNode, ['no-such-command'])).code).toBeGreaterThan(0);
});
