import type { PathChange, PathHistory } from '../../../shared/ipc/layer-views.ts';
import { AppError } from '../../../shared/failure.ts';
import path from 'node:path';
import type { CommandContext } from '../command.ts';
import type { ImageChain, ImageChainLink } from '../chain.ts';
import { exitCodes } from '../exit-codes.ts';
import { pathsOf } from '../inspected/file-in-image.ts';
import { withImage, type ImageFlags } from '../inspected/with-image.ts';
import { neutralized } from '../text/neutralize.ts';
import { formatBytes } from '../text/units.ts';
import { fit } from '../text/width.ts';
import { chainOf } from './files.ts';

/** One change of a path with the instruction that made it, as `--json` gives it. */
interface ExplainedChange extends PathChange {
  readonly createdBy: string;
  /** Lines count from 1. */
  readonly source?: { readonly dockerfile: string; readonly line: number };
}

/** `layerwright why-file`: what each layer did to a path, and which line of the Dockerfile made it do so. */
export async function whyFile(
  context: CommandContext,
  image: string,
  file: string,
  flags: ImageFlags,
): Promise<number> {
  const { terminal } = context;
  return await withImage(context, image, flags, async found => {
    const chain = chainOf(await found.inspect());
    const history = historyOf(path => chain.history(path), file);
    const changes = history.changes.map(change => explained(change, found.chain));
    if (flags.json === true) terminal.json({ path: history.path, changes });
    else for (const line of lines(history.path, changes, terminal.width)) terminal.line(line);
    return exitCodes.ok;
  });
}

/** Throws `not-in-image` where no layer has the file. */
function historyOf(history: (path: string) => PathHistory, file: string): PathHistory {
  for (const candidate of pathsOf(file)) {
    const found = history(candidate);
    if (found.changes.length > 0) return found;
  }
  throw new AppError({ code: 'not-in-image', what: 'file', path: file });
}

function explained(change: PathChange, { links }: ImageChain): ExplainedChange {
  const link = links.find(each => each.layer?.layerIndex === change.layerIndex);
  const source = link?.source;
  return {
    ...change,
    createdBy: link?.createdBy ?? '',
    ...(source === undefined ? {} : { source }),
  };
}

function lines(file: string, changes: readonly ExplainedChange[], width: number): string[] {
  return [
    file,
    ...changes.flatMap(change => {
      const { layerIndex, by, at, size } = change;
      const cause =
        by === 'entry' ? '' : ` by ${by === 'whiteout' ? 'deleting' : 'replacing'} ${at}`;
      const bytes = change.change === 'deleted' ? '' : `, ${formatBytes(size)}`;
      return [
        `  layer ${layerIndex}: ${change.change}${cause}${bytes}`,
        `      ${instruction(change)}`,
      ].map(line => fit(neutralized(line), width));
    }),
  ];
}

function instruction({ createdBy, source }: Pick<ImageChainLink, 'createdBy' | 'source'>): string {
  const what = createdBy === '' ? 'no history' : createdBy;
  return source === undefined
    ? what
    : `${path.basename(source.dockerfile)}:${source.line}  ${what}`;
}
