import path from 'node:path';
import { runServe } from '../../serve/run.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { portNumber } from '../port.ts';
import { productDirAbove } from '../product-dir.ts';

export interface ServeFlags {
  readonly host: string;
  readonly port: string;
  readonly root?: readonly string[];
  readonly open?: boolean;
  readonly urlFile?: string;
}

/** `layerwright serve`: the app for a browser, until it is told to stop. */
export async function serve(
  { cwd, signal, storeDir, terminal }: CommandContext,
  folder: string | undefined,
  { host, port, root, open = false, urlFile }: ServeFlags,
): Promise<number> {
  await runServe(
    {
      host,
      port: portNumber(port),
      open,
      storeDir,
      productDir: productDirAbove(import.meta.filename),
      ...(urlFile === undefined ? {} : { urlFile: path.resolve(cwd, urlFile) }),
      ...(root === undefined ? {} : { roots: root.map(dir => path.resolve(cwd, dir)) }),
      ...(folder === undefined ? {} : { projectDir: path.resolve(cwd, folder) }),
      write: text => terminal.line(text.trimEnd()),
    },
    signal,
  );
  return exitCodes.ok;
}
