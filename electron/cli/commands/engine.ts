import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runEngineProcess } from '../../elevation/engine-process.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { productDirAbove } from '../product-dir.ts';

/** `layerwright engine`: works for the window that started it, until that goes. */
export async function engine(
  { cwd, signal, storeDir }: CommandContext,
  invitation: string,
): Promise<number> {
  const productDir = productDirAbove(import.meta.filename);
  const manifest = await readFile(path.join(productDir, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const invitationFile = path.resolve(cwd, invitation);
  await runEngineProcess({ invitationFile, storeDir, productDir, version }, signal);
  return exitCodes.ok;
}
