import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stageHost } from '../../../electron/package/stage.ts';
import { productDir, provideBundles } from '../../support/bundled.ts';
import { provideWine, windowsPath, type Wine } from '../../support/wine.ts';

let root: string;
let wine: Wine;
const host = () => path.join(root, 'host');

/** The command line of the archive, under Windows' Node. */
async function layerwright(...args: string[]) {
  const store = windowsPath(path.join(root, 'store'));
  return await wine.run(path.join(host(), 'out/cli/cli.js'), ['--store', store, ...args]);
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'layerwright-host-'));
  wine = await provideWine();
  await provideBundles();
  await stageHost({ productDir, target: { platform: 'win32', arch: 'x64' } }, host());
  await cp(path.join(productDir, 'examples/hello-nanoserver'), path.join(root, 'project'), {
    recursive: true,
  });
}, 180_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
});

describe('the archive for Windows hosts without a desktop, under Wine', () => {
  it('starts, and has every command', async () => {
    const { code, stdout } = await layerwright('--help');
    expect(code).toBe(0);
    for (const command of ['build', 'inspect', 'serve', 'doctor'])
      expect(stdout).toContain(command);
  }, 60_000);

  it('says what this host can do', async () => {
    const { stdout } = await layerwright('doctor', '--json');
    const { canRun, checks } = JSON.parse(stdout) as {
      readonly canRun: boolean;
      readonly checks: readonly { readonly check: string; readonly found: string }[];
    };
    // Wine has no Host Compute Service, so RUN cannot work; that is found out, not assumed.
    expect(canRun).toBe(false);
    expect(checks.find(({ check }) => check === 'windows')?.found).toContain('14393');
  }, 60_000);

  it('builds the sample with the portable backend, and shows its layers', async () => {
    expect((await layerwright('samples')).code).toBe(0);
    const project = windowsPath(path.join(root, 'project'));
    const built = await layerwright('build', '--backend', 'portable', '-t', 'wine:1', project);
    expect(built.stderr + built.stdout).toContain('built sha256:');
    expect(built.code).toBe(0);
    const shown = await layerwright('inspect', 'wine:1');
    expect(shown.stdout).toContain('COPY');
    expect(shown.code).toBe(0);
  }, 120_000);

  it('leaves a store that Linux reads as well', async () => {
    const blobs = await readdir(path.join(root, 'store', 'blobs', 'sha256'));
    expect(blobs.length).toBeGreaterThan(5);
    expect(blobs.filter(name => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });
});
