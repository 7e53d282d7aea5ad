/** The claims of docs/windows-verification.md on this Windows host: `npm run test:windows`. */
import { rm } from 'node:fs/promises';
import { afterAll, describe, test } from 'vitest';
import { newTempDir } from '../support/temp-dir.ts';
import { claims } from './claims.ts';
import { realPlace } from './place.ts';

const isWindows = process.platform === 'win32';
/** A Nano Server that runs on every host from Windows Server 2022 on. */
const base =
  process.env['LAYERWRIGHT_TEST_BASE'] ?? 'mcr.microsoft.com/windows/nanoserver:ltsc2022';

describe.runIf(isWindows)(`with Windows and ${base}`, () => {
  let place: ReturnType<typeof realPlace> | undefined;
  let dir: string | undefined;
  claims(async () => {
    dir ??= await newTempDir();
    return await (place ??= realPlace(dir, base));
  });
  afterAll(async () => {
    await (await place)?.[Symbol.asyncDispose]();
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  });
});

if (!isWindows) {
  console.log(`Skipped: this is ${process.platform}, and the suite needs Windows.`);
  test.skip('needs Windows with the Containers feature, as an administrator', () => undefined);
}
