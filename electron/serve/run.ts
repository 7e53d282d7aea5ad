import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError, explain, failureOf } from '../../shared/failure.ts';
import { withFailure } from '../engine/content/file-system.ts';
import { storeLocation } from '../engine/content/store-location.ts';
import { createBackend, type Backend } from '../ipc/backend.ts';
import { noDialogs } from '../ipc/host.ts';
import { serve } from '../serve.ts';
import { openInBrowser } from './open-browser.ts';

export interface ServeRun {
  readonly host?: string;
  readonly port?: number;
  /** Opens the address in the default browser. */
  readonly open?: boolean;
  /** Where images and history are; by default what LAYERWRIGHT_STORE says, or the user's data folder. */
  readonly storeDir?: string;
  /** The folder that holds `out` and `resources`. */
  readonly productDir: string;
  /** Folders that the browser may open; by default the current folder and the home folder. */
  readonly roots?: readonly string[];
  /** Opened at once; counts as a root. */
  readonly projectDir?: string;
  /** A file that always holds the next address that lets a browser in, for a server that nobody watches. */
  readonly urlFile?: string;
  /** Where to tell the address: the terminal. */
  readonly write: (text: string) => void;
}

/** `layerwright serve`: runs until `signal` is aborted, then lets go of everything. */
export async function runServe(options: ServeRun, signal: AbortSignal): Promise<void> {
  const { projectDir } = options;
  const bundleDir = path.join(options.productDir, 'out', 'renderer');
  if (!existsSync(bundleDir)) throw new AppError({ code: 'not-bundled', path: bundleDir });
  const roots = options.roots ?? [process.cwd(), homedir()];
  const backend = await createBackend({
    mode: 'serve',
    storeDir: options.storeDir ?? storeLocation(process.env, process.platform, homedir()),
    productDir: options.productDir,
    version: await productVersion(options.productDir),
    dialogs: noDialogs,
    roots: projectDir === undefined ? roots : [...roots, projectDir],
  });
  try {
    if (projectDir === undefined) await backend.reopen();
    else await backend.projects.open(projectDir);
    await serveBackend(backend, bundleDir, options, signal);
  } finally {
    await backend.close();
  }
}

async function serveBackend(
  { events, handlers }: Backend,
  bundleDir: string,
  options: ServeRun,
  signal: AbortSignal,
): Promise<void> {
  const { urlFile, write } = options;
  // One after the other, so that the file has the newest at last.
  let kept = Promise.resolve();
  const server = await serve({
    ...address(options),
    bundleDir,
    handlers,
    events,
    onLetIn(nextUrl) {
      write(`A browser was let in. For another one: ${nextUrl}\n`);
      kept = kept
        .then(async () => await keepUrl(urlFile, nextUrl))
        .catch((error: unknown) => write(`${explain(failureOf(error)).message}\n`));
    },
  });
  try {
    await keepUrl(urlFile, server.url);
    write(`Layerwright is served at ${server.url}\nThe address works once. Stop with Ctrl+C.\n`);
    if (options.open === true) openInBrowser(server.url);
    await aborted(signal);
  } finally {
    await server.close();
  }
  await kept;
  if (urlFile !== undefined) await rm(urlFile, { force: true });
}

/** Written aside and renamed; only this user can read it. */
async function keepUrl(file: string | undefined, url: string): Promise<void> {
  if (file === undefined) return;
  await withFailure('write', file, async () => {
    await writeFile(`${file}.new`, `${url}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  });
}

function address({ host, port }: ServeRun) {
  return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

async function productVersion(productDir: string): Promise<string> {
  const text = await readFile(path.join(productDir, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const stop = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => stop.resolve(), { once: true });
  await stop.promise;
}
