import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { parseZImagefile } from '../../../shared/zlayer/parse-zimagefile.ts';
import { toDockerfile } from '../../../shared/zlayer/to-dockerfile.ts';
import { errnoOf, fileFailure } from '../../engine/content/file-system.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { readDockerfile } from '../lint/read-dockerfile.ts';
import { findingLines } from '../lint/text.ts';
import { fullPairs } from '../pairs.ts';

export interface ConvertFlags {
  readonly set?: readonly string[];
  readonly output?: string;
}

/** `layerwright convert`: the Dockerfile that a ZImagefile means. */
export async function convert(
  context: CommandContext,
  given: string,
  { output, set = [] }: ConvertFlags,
): Promise<number> {
  const { cwd, terminal } = context;
  const { name, text } = await readDockerfile(given, context);
  const { findings, image } = parseZImagefile(text, fullPairs('--set', set));
  for (const line of findingLines({ name, text, findings })) terminal.note(line);
  if (image === undefined) return exitCodes.invalidInput;
  const made = toDockerfile(image);
  if (output === undefined) {
    terminal.raw(made.text);
    return exitCodes.ok;
  }
  await writeNew(path.resolve(cwd, output), made.text);
  terminal.note(`wrote ${output}`);
  return exitCodes.ok;
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw errnoOf(cause) === 'EEXIST'
      ? new AppError({ code: 'file-exists', path: file }, { cause })
      : fileFailure(cause, 'write', file);
  }
}
