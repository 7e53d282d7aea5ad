import { randomInt } from 'node:crypto';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bench, nanoserver, type Bench } from '../engine/build/build.ts';
import { failureFrom, listBlobs } from '../engine/content/helpers.ts';
import { verifyStore } from '../../../electron/engine/storage/verify.ts';
import { seededRandom } from './random.ts';

const cancels = Number(process.env['LAYERWRIGHT_CANCELS'] ?? 6);
const seed = Number(process.env['LAYERWRIGHT_SEED'] ?? randomInt(2 ** 31));
const smallFiles = 600;

const dockerfile = `FROM ${nanoserver} AS one
COPY small C:/small
FROM ${nanoserver}
COPY large C:/large
COPY --from=one C:/small C:/small
COPY large C:/again
`;

/** Folders of the process that writes blobs aside hold a lease and what is being written. */
async function aside({ store }: Bench): Promise<readonly string[]> {
  const names = await readdir(path.join(store.dir, 'ingest'), { recursive: true });
  return names.filter(name => path.dirname(name) !== '.' && !name.includes('lease.sqlite'));
}

test(
  `a build that is cancelled at any of ${cancels} moments has ended within a second and leaves only whole blobs`,
  { timeout: 60_000 + cancels * 10_000 },
  async () => {
    const random = seededRandom(seed);
    const files = Array.from(
      { length: smallFiles },
      (_, n) => [`small/${n % 20}/${n}`, `${n}`] as const,
    );
    await using at = await bench({
      Dockerfile: dockerfile,
      large: '',
      ...Object.fromEntries(files),
    });
    for (let turn = 0; turn < cancels; turn += 1) {
      // Each time another content, so that nothing is taken from the cache.
      await writeFile(path.join(at.contextDir, 'large'), random.bytes(1_000_000));
      await truncate(path.join(at.contextDir, 'large'), 150_000_000);
      const controller = new AbortController();
      const after = Math.round(random.between(0, 1500));
      let aborted = Infinity;
      setTimeout(() => {
        aborted = performance.now();
        controller.abort();
      }, after);
      const failure = await failureFrom(
        at.build({ compression: random.oneOf(['gzip', 'zstd']) }, {}, controller.signal),
      );
      const moment = `seed ${seed}, cancelled after ${after} ms`;
      expect(failure, moment).toEqual({ code: 'cancelled' });
      expect(performance.now() - aborted, moment).toBeLessThan(1000);
      expect(await aside(at), moment).toEqual([]);
    }
    const { report } = await verifyStore(at.store);
    expect(report.faults).toEqual([]);
    expect((await listBlobs(at.store)).length).toBeGreaterThan(0);
    using alone = at.store.lock.tryExclusive();
    expect(alone).toBeDefined();
  },
);
