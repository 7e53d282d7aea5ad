import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newHostPlace, type HostPlace } from './host-place.ts';

const steps = 1000;
const owner = 'layerwright-leaks';

async function oneStep({ host, dir, baseDir }: HostPlace): Promise<void> {
  const scratch = await host.scratches.open(path.join(dir, 'scratches', 'one'), [baseDir], {
    activate: true,
  });
  const network = await host.networks.attach(owner, undefined);
  const container = await host.systems.start({
    id: owner,
    hostName: 'leaks',
    isolation: 'process',
    scratch,
    parentsNearestFirst: [baseDir],
    networkNamespace: network.namespace,
    mounts: [],
  });
  const running = await container.exec({
    commandLine: 'cmd /c echo hello',
    workingDir: 'C:\\',
    env: {},
    user: '',
  });
  await Promise.all([drain(running.stdout), drain(running.stderr), running.exit]);
  await container.terminate();
  await network.release();
  await scratch.release();
}

async function drain(output: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks = output[Symbol.asyncIterator]();
  while ((await chunks.next()).done !== true) continue;
}

test('a thousand RUN steps leave no handle, string, operation, mount, file or memory behind', async () => {
  const place = await newHostPlace();
  const { doubles } = place;
  await oneStep(place);
  const [files, memory] = [await readdir('/proc/self/fd'), process.memoryUsage().rss];
  for (let step = 1; step < steps; step += 1) {
    await oneStep(place);
    doubles.clearCalls();
  }
  expect(place.leaks()).toEqual({});
  expect(await readdir(path.join(place.dir, 'scratches'))).toEqual([]);
  // Node opens a few files of its own.
  expect((await readdir('/proc/self/fd')).length - files.length).toBeLessThan(10);
  expect(process.memoryUsage().rss - memory).toBeLessThan(200 * 2 ** 20);
});
