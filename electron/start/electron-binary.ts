import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where Electron's releases are, unless a mirror is named (@electron/get reads the same variables). */
const releases = 'https://github.com/electron/electron/releases/download/';
const probeMs = 4000;
/** Long enough for a slow line where the server answers, and short where it does not. */
const downloadMs = { reachable: 10 * 60_000, unreachable: 15_000 } as const;

/** The program, or one sentence on why there is none. */
export type ElectronBinary =
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Finds Electron's program in its package, or has the package download it. Never hangs. */
export async function findElectron(packageDir: string): Promise<ElectronBinary> {
  const present = installed(packageDir);
  if (present !== undefined) return { kind: 'found', file: present };
  await download(packageDir);
  const file = installed(packageDir);
  if (file !== undefined) return { kind: 'found', file };
  return { kind: 'missing', reason: 'Electron is not installed here and cannot be downloaded.' };
}

/** As electron/index.js finds it: path.txt names the program inside of `dist`. */
function installed(packageDir: string): string | undefined {
  const pathFile = path.join(packageDir, 'path.txt');
  const program = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const distDir = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(packageDir, 'dist');
  const file = path.join(distDir, program);
  return existsSync(file) ? file : undefined;
}

/** Also where the server does not answer: the archive may be in Electron's own cache. */
async function download(packageDir: string): Promise<void> {
  const limit = (await isReachable()) ? downloadMs.reachable : downloadMs.unreachable;
  const child = spawn(process.execPath, [path.join(packageDir, 'install.js')], {
    stdio: 'ignore',
    timeout: limit,
  });
  const ended = Promise.withResolvers<void>();
  child.on('error', () => ended.resolve());
  child.on('exit', () => ended.resolve());
  await ended.promise;
}

async function isReachable(): Promise<boolean> {
  const { env } = process;
  const server = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? releases;
  try {
    await fetch(server, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) });
    return true;
  } catch {
    // A proxy may be needed, which only Electron's downloader knows to use.
    return env['ELECTRON_GET_USE_PROXY'] !== undefined;
  }
}
