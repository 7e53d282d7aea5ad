import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { writeContent } from '../../engine/inspect/preview/file-content.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { findFile, textOfFile } from '../inspected/file-in-image.ts';
import { withImage, type ImageFlags } from '../inspected/with-image.ts';
import { formatBytes } from '../text/units.ts';
import { checkLayer } from './reg.ts';

export interface ExtractFlags extends ImageFlags {
  readonly layer?: number;
  readonly output?: string;
}

/** `layerwright extract`: a file of an image, to the disk or as text to standard output. */
export async function extract(
  context: CommandContext,
  image: string,
  file: string,
  flags: ExtractFlags,
): Promise<number> {
  const { cwd, signal, terminal } = context;
  return await withImage(context, image, flags, async found => {
    const { image: opened } = await found.inspect();
    const last = opened.layerCount - 1;
    checkLayer(flags.layer, last);
    const place = last < 0 ? undefined : findFile(opened, flags.layer ?? last, file);
    if (!place) throw new AppError({ code: 'not-in-image', what: 'file', path: file });
    if (flags.output === undefined) {
      const text = await textOfFile(opened, place, signal);
      if (text === undefined) throw notShown(place.size);
      terminal.raw(text);
      return exitCodes.ok;
    }
    const target = path.resolve(cwd, flags.output);
    const written = await writeContent(opened.content(place, undefined, signal), target);
    if (flags.json === true) terminal.json({ path: place.path, ...written });
    else terminal.note(`wrote ${formatBytes(written.bytes)} to ${flags.output}, ${written.digest}`);
    return exitCodes.ok;
  });
}

function notShown(size: number): AppError {
  const problem = `the file (${formatBytes(size)}) is no text that could be shown; name a file to write it to`;
  return new AppError({ code: 'bad-request', field: '--output', problem });
}
