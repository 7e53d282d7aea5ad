import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bench, builtImage, nanoserver } from './build.ts';

// Minutes on a slow machine: run with LAYERWRIGHT_LARGE=1.
describe.runIf(process.env['LAYERWRIGHT_LARGE'] === '1')('large inputs', () => {
  test(
    'a file of more than 8 GiB is copied, and other tools read its size',
    { timeout: 600_000 },
    async () => {
      await using at = await bench({ Dockerfile: `FROM ${nanoserver}\nCOPY big C:/d/\n` });
      const size = 8 * 1024 ** 3 + 4096;
      execFileSync('truncate', ['-s', String(size), path.join(at.contextDir, 'big')]);
      const { layersBaseFirst } = await builtImage(
        at.store,
        await at.build({ compression: 'zstd' }),
      );
      const blob = at.store.blobs.path(layersBaseFirst.at(-1)!.descriptor.digest);
      const listed = execFileSync('bsdtar', ['-tvf', blob], { encoding: 'utf8' });
      expect(listed).toMatch(new RegExp(` ${size} .* Files/d/big$`, 'mu'));
    },
  );

  test(
    '100,000 files are copied, and the next build takes them from the cache',
    { timeout: 600_000 },
    async () => {
      await using at = await bench({ Dockerfile: `FROM ${nanoserver}\nCOPY d C:/d/\n` });
      for (let folder = 0; folder < 200; folder++) {
        const dir = path.join(at.contextDir, 'd', String(folder));
        await mkdir(dir, { recursive: true });
        for (let file = 0; file < 500; file++)
          await writeFile(path.join(dir, `f${file}`), String(file));
      }
      await at.build();
      const made = at.events
        .splice(0)
        .find(event => event.kind === 'step-finished' && event.stepId === '0.1');
      expect(made).toMatchObject({ outcome: 'ran', layer: { files: 100_000 } });
      await at.build();
      expect(at.events).toContainEqual(
        expect.objectContaining({ kind: 'step-finished', stepId: '0.1', outcome: 'cached' }),
      );
    },
  );
});
