import path from 'node:path';
import { runEngineProcess } from '../../elevation/engine-process.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { productDirAbove, productVersion } from '../product-dir.ts';

/** `layerwright engine`: works for the window that started it, until that goes. */
export async function engine(
  { cwd, signal, storeDir }: CommandContext,
  invitation: string,
): Promise<number> {
  const productDir = productDirAbove(import.meta.filename);
  const version = await productVersion(productDir);
  const invitationFile = path.resolve(cwd, invitation);
  await runEngineProcess({ invitationFile, storeDir, productDir, version }, signal);
  return exitCodes.ok;
}
