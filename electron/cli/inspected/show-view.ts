import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withImage, type FoundImage, type ImageFlags } from './with-image.ts';

/** What a command finds in an image, and how that is shown in so many columns. */
export interface ShownView<T> {
  readonly take: (image: FoundImage) => Promise<T>;
  readonly lines: (view: T, width: number) => readonly string[];
}

/** Finds an image, takes a view of it and writes that: as JSON where that is asked for, else in lines. */
export async function showView<T>(
  context: CommandContext,
  image: string,
  flags: ImageFlags,
  { take, lines }: ShownView<T>,
): Promise<number> {
  const { terminal } = context;
  const view = await withImage(context, image, flags, take);
  if (flags.json === true) terminal.json(view);
  else for (const line of lines(view, terminal.width)) terminal.line(line);
  return exitCodes.ok;
}
