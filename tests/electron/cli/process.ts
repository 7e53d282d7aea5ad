import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const cli = path.resolve(import.meta.dirname, '../../../electron/cli.ts');

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder for a store and build contexts, and the command line on that store. */
export interface Workplace {
  readonly dir: string;
  readonly storeDir: string;
  start(args: readonly string[]): ReturnType<typeof spawn>;
  run(
    args: readonly string[],
    more?: { readonly input?: string; readonly environment?: Record<string, string> },
  ): Promise<Finished>;
  /** Writes files below `dir`. */
  files(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

export async function newWorkplace(): Promise<Workplace> {
  const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-cli-'));
  const storeDir = path.join(dir, 'store');
  function start(args: readonly string[], environment: Record<string, string> = {}) {
    const { CI: _ci, NO_COLOR: _noColor, SOURCE_DATE_EPOCH: _epoch, ...inherited } = process.env;
    return spawn(process.execPath, [cli, ...args], {
      cwd: dir,
      env: {
        ...inherited,
        LAYERWRIGHT_STORE: storeDir,
        // So many starts are faster when what Node compiled is kept.
        NODE_COMPILE_CACHE: path.join(dir, 'compiled'),
        ...environment,
      },
    });
  }
  return {
    dir,
    storeDir,
    start,
    async run(args, { input = '', environment = {} } = {}) {
      const child = start(args, environment);
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      const exit = new Promise<number | null>(resolve => child.on('close', resolve));
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await exit, out, err };
    },
    async files(files) {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
        await writeFile(path.join(dir, name), content);
      }
    },
    remove: async () => await rm(dir, { recursive: true, force: true }),
  };
}
