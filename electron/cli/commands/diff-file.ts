import { AppError } from '../../../shared/failure.ts';
import { diffLines, type DiffRow } from '../../../shared/text-diff.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { findFile, mostText, textOfFile } from '../inspected/file-in-image.ts';
import { splitLayer } from '../inspected/image-source.ts';
import { withImage } from '../inspected/with-image.ts';
import { neutralized } from '../text/neutralize.ts';
import { counted, formatBytes } from '../text/units.ts';
import type { DiffFlags } from './diff.ts';
import { checkLayer } from './reg.ts';

/** A file of one side. */
interface SideFacts {
  readonly path: string;
  readonly size: number;
  readonly contentHash: string;
}

interface Side {
  readonly facts: SideFacts;
  /** Absent where it is no text, or too large. */
  readonly text?: string;
}

/** The content of one file in two images or layers, as `--json` gives it; a side without the file is absent. */
interface FileDifference {
  readonly path: string;
  readonly before?: SideFacts;
  readonly after?: SideFacts;
  readonly same: boolean;
  /** Absent where a side is no text. */
  readonly rows?: readonly DiffRow[];
}

/** How the text of a file differs between two images or layers. Throws `not-in-image` where neither has it. */
export async function diffFile(
  context: CommandContext,
  { before, after, file }: { before: string; after: string; file: string },
  flags: DiffFlags,
): Promise<number> {
  const left = await sideOf(context, { text: before, file }, flags);
  const right = await sideOf(context, { text: after, file }, flags);
  const path = (right ?? left)?.facts.path;
  if (path === undefined) throw new AppError({ code: 'not-in-image', what: 'file', path: file });
  const difference = differenceOf(path, left, right);
  if (flags.json === true) context.terminal.json(difference);
  else for (const line of lines(difference)) context.terminal.line(line);
  return flags.exitCode === true && !difference.same ? exitCodes.failed : exitCodes.ok;
}

async function sideOf(
  context: CommandContext,
  { text, file }: { readonly text: string; readonly file: string },
  flags: DiffFlags,
): Promise<Side | undefined> {
  const { image, layer } = splitLayer(text);
  return await withImage(context, image, flags, async found => {
    const { image: opened } = await found.inspect();
    checkLayer(layer, opened.layerCount - 1, text);
    const top = layer ?? opened.layerCount - 1;
    const place = top < 0 ? undefined : findFile(opened, top, file);
    if (!place) return undefined;
    const { path, size, contentHash } = place;
    const content = await textOfFile(opened, place, context.signal);
    return {
      facts: { path, size, contentHash },
      ...(content === undefined ? {} : { text: content }),
    };
  });
}

function differenceOf(
  path: string,
  left: Side | undefined,
  right: Side | undefined,
): FileDifference {
  const [before, after] = [left, right].map(side => (side ? side.text : ''));
  const rows = before === undefined || after === undefined ? undefined : diffLines(before, after);
  return {
    path,
    ...(left && { before: left.facts }),
    ...(right && { after: right.facts }),
    same: left !== undefined && left.facts.contentHash === right?.facts.contentHash,
    ...(rows && { rows }),
  };
}

const signs = { same: ' ', added: '+', removed: '-' } as const;

function lines({ path, before, after, same, rows }: FileDifference): string[] {
  const facts = [before, after].map(side =>
    side ? `${formatBytes(side.size)}, ${side.contentHash.slice(0, 12)}` : 'not there',
  );
  const head = neutralized(`${path}  (${facts.join(' -> ')})`);
  if (same) return [head, 'The content is the same.'];
  if (!rows) return [head, `Only texts up to ${formatBytes(mostText)} are compared line by line.`];
  return [
    head,
    ...rows.map(row =>
      row.kind === 'skipped'
        ? `@@ ${counted(row.count, 'equal line')}`
        : neutralized(`${signs[row.kind]} ${row.text}`),
    ),
  ];
}
