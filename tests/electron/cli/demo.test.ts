import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { newWorkplace } from './process.ts';

test('the demo builds the example in a new store and prints its chain, with the same digests each time', async () => {
  const demo = path.resolve(import.meta.dirname, '../../../examples/demo.ts');
  const manifests: (string | undefined)[] = [];
  for (const _ of [1, 2]) {
    const place = await newWorkplace();
    const { SOURCE_DATE_EPOCH: _epoch, ...inherited } = process.env;
    const env = { ...inherited, LAYERWRIGHT_STORE: place.storeDir };
    const { stdout } = await promisify(execFile)(process.execPath, [demo], { env });
    await place.remove();
    expect(stdout).toContain(`The store is ${place.storeDir}`);
    expect(stdout).toMatch(/size +\d+ kB in 4 layers/);
    expect(stdout).toMatch(/^ {3}0 +\d+ kB {2}Apply image 10\.0\.20348\.\d+$/m);
    expect(stdout).toMatch(/^ {3}1 +\S+ k?B {2}Dockerfile:20 {2}WORKDIR /m);
    expect(stdout).toMatch(/^ {3}2 +\S+ k?B {2}Dockerfile:21 {2}COPY /m);
    expect(stdout).toMatch(/^ {3}3 +\S+ k?B {2}Dockerfile:22 {2}COPY /m);
    manifests.push(/manifest {2}(sha256:[0-9a-f]{64})/.exec(stdout)?.[1]);
  }
  expect(manifests[0]).toBeDefined();
  expect(manifests[1]).toBe(manifests[0]);
}, 60_000);
