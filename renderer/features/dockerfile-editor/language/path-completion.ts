import type { ContextPaths } from '../../../../shared/ipc/app-views.ts';
import type { Position, SourceRange } from '../../../../shared/source-range.ts';
import { stageAt, type Analysis, type Stage } from './analysis.ts';
import type { Completion } from './completion.ts';
import { textBefore } from './text-before.ts';

/** A path of COPY or ADD that is being written. */
export interface PathPlace {
  /** The folder of the context to list, with `/`; undefined where the files of an image are meant, which only a build knows. */
  readonly directory?: string;
  /** All of the path up to the cursor. */
  readonly written: string;
  readonly isJson: boolean;
  readonly position: Position;
  /** Whose folders the path may name: the stage copied from, or for a destination the stage it is in. */
  readonly stage?: Stage;
}

/** The path of COPY or ADD at a position; undefined where none can stand there. */
export function pathPlaceAt(analysis: Analysis, position: Position): PathPlace | undefined {
  const before = textBefore(analysis, position);
  const [, flags = '', rest] =
    /^\s*(?:ONBUILD\s+)?(?:COPY|ADD)\s+((?:--\S+\s+)*)([^]*)$/i.exec(before) ?? [];
  if (rest === undefined || rest.includes('<<')) return undefined;
  const argument = rest.startsWith('[') ? jsonArgument(rest) : plainArgument(rest);
  if (argument === undefined) return undefined;
  const { written } = argument;
  if (written.startsWith('-') || written.includes('$') || written.includes('..')) return undefined;
  const place = { written, position, isJson: rest.startsWith('[') };
  const here = stageAt(analysis, position);
  const [, from] = /--from=(\S+)/i.exec(flags) ?? [];
  if (from === undefined) {
    const owner = argument.isFirst ? {} : stageOf(here);
    return { ...place, directory: directoryOf(written), ...owner };
  }
  return { ...place, ...stageOf(argument.isFirst ? stageNamed(analysis, from, here) : here) };
}

function stageOf(stage: Stage | undefined): { readonly stage?: Stage } {
  return stage === undefined ? {} : { stage };
}

function stageNamed(analysis: Analysis, name: string, here: Stage | undefined): Stage | undefined {
  const wanted = name.toLowerCase();
  return analysis.stages.findLast(
    stage =>
      stage.index < (here?.index ?? 0) &&
      (stage.name?.toLowerCase() === wanted || String(stage.index) === wanted),
  );
}

interface Argument {
  readonly written: string;
  readonly isFirst: boolean;
}

function plainArgument(rest: string): Argument {
  const written = /\S*$/.exec(rest)?.[0] ?? '';
  return { written, isFirst: rest.trim() === written };
}

/** Only inside of the quotes; those that are closed come before. */
function jsonArgument(rest: string): Argument | undefined {
  const closed = rest.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  const [, written] = /"((?:[^"\\]|\\.)*)$/.exec(closed) ?? [];
  if (written === undefined) return undefined;
  return { written, isFirst: !closed.slice(0, closed.lastIndexOf('"')).includes(',') };
}

/** The context is the root of every path in it. */
function directoryOf(written: string): string {
  const folder = written.slice(0, written.lastIndexOf('/') + 1);
  return folder
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .join('/');
}

/** What could go on at a place; `listed` is what its folder of the context holds. */
export function pathCompletions(
  place: PathPlace,
  listed: ContextPaths['entries'],
): readonly Completion[] {
  const name = place.written.slice(place.written.lastIndexOf('/') + 1);
  const range = rangeBefore(place.position, name.length);
  const entries = place.directory === undefined ? [] : listed;
  const found = entries
    .filter(entry => place.isJson || isPlain(entry.name))
    .map(entry => entryCompletion(entry, range, place.isJson));
  return [...foldersOf(place), ...found];
}

/** In the form without quotes such names would be taken apart, expanded or matched as patterns. */
function isPlain(name: string): boolean {
  return !/[\s"'$\\`*?[\]]/.test(name) && !name.startsWith('-');
}

function entryCompletion(
  { name, kind }: ContextPaths['entries'][number],
  range: SourceRange,
  isJson: boolean,
): Completion {
  const text = isJson ? JSON.stringify(name).slice(1, -1) : name;
  const isFolder = kind === 'directory';
  return {
    kind: isFolder ? 'folder' : 'file',
    label: isFolder ? `${name}/` : name,
    insertText: isFolder ? `${text}/` : text,
    detail: isFolder ? 'folder of the build context' : 'file of the build context',
    range,
  };
}

/** Folders that the instructions of a stage name: nothing else of an image is known before it is built. */
function foldersOf({ stage, written, position, isJson }: PathPlace): readonly Completion[] {
  if (stage === undefined) return [];
  const named = stage.instructions.flatMap(one => {
    if (one.keyword === 'WORKDIR') return [one.path.text];
    return one.keyword === 'COPY' || one.keyword === 'ADD' ? [one.destination.text] : [];
  });
  const range = rangeBefore(position, written.length);
  const folders = new Set(named.filter(text => /^(?:[a-z]:)?[\\/]/i.test(text) && isWhole(text)));
  return [...folders].map(folder => ({
    kind: 'folder',
    label: folder,
    insertText: isJson ? JSON.stringify(folder).slice(1, -1) : folder,
    detail: stage.name === undefined ? `stage ${stage.index}` : `stage ${stage.name}`,
    range,
  }));
}

/** A text with variables or quotes stands for something else. */
function isWhole(text: string): boolean {
  return !/[$"'\s]/.test(text);
}

function rangeBefore(position: Position, length: number): SourceRange {
  const character = Math.max(0, position.character - length);
  return { start: { line: position.line, character }, end: position };
}
