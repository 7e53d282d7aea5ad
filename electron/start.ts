import { spawn } from 'node:child_process';
import path from 'node:path';
import { explain, failureOf } from '../shared/failure.ts';
import { bundle, stampFile } from './bundle.ts';
import { runServe } from './serve/run.ts';
import { findElectron } from './start/electron-binary.ts';
import { isStale } from './start/stale.ts';

const productDir = path.resolve(import.meta.dirname, '..');

function say(text: string): void {
  process.stdout.write(text);
}

/** `npm start`: bundles what changed, and opens the window; where there can be none, serves to the browser. */
async function start(args: readonly string[]): Promise<void> {
  if (await isStale(productDir, stampFile)) {
    say('Bundling…\n');
    await bundle();
  }
  const obstacle = displayObstacle(args);
  const electron =
    obstacle === undefined
      ? await findElectron(path.join(productDir, 'node_modules/electron'))
      : ({ kind: 'missing', reason: obstacle } as const);
  if (electron.kind === 'found') return launch(electron.file, args);
  say(`${electron.reason} Opening the same app in the browser instead.\n`);
  await serveUntilStopped(args);
}

/** Why no window can be shown here, whether or not Electron is installed. */
function displayObstacle(args: readonly string[]): string | undefined {
  if (process.platform !== 'linux') return undefined;
  if (!hasDisplay()) return 'There is no display for a window.';
  if (process.getuid?.() === 0 && !args.includes('--no-sandbox')) {
    return 'Electron does not run as root with its sandbox (insist with "npm start -- --no-sandbox").';
  }
  return undefined;
}

function hasDisplay(): boolean {
  const { env } = process;
  return process.platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
}

function launch(electron: string, args: readonly string[]): void {
  const child = spawn(electron, [productDir, ...args], { stdio: 'inherit' });
  child.on('error', error => say(`Electron does not start: ${error.message}\n`));
  child.on('exit', code => (process.exitCode = code ?? 1));
}

async function serveUntilStopped(args: readonly string[]): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const projectDir = args.find(arg => !arg.startsWith('-'));
  await runServe(
    {
      productDir,
      open: hasDisplay(),
      ...(projectDir === undefined ? {} : { projectDir }),
      write: say,
    },
    stop.signal,
  );
}

try {
  await start(process.argv.slice(2));
} catch (error) {
  const { message, advice = '' } = explain(failureOf(error));
  process.stderr.write(`${message}\n${advice}\n`);
  process.exitCode = 1;
}
