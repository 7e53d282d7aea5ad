import type { BaseTag } from '../../../../shared/ipc/app-views.ts';
import type { Position, SourceRange } from '../../../../shared/source-range.ts';
import { stageAt, type Analysis } from './analysis.ts';
import { variablesAt } from './names.ts';
import { directiveReference, instructionReference, referenceOf } from './reference.ts';
import { textBefore } from './text-before.ts';

export interface Completion {
  readonly kind:
    | 'instruction'
    | 'flag'
    | 'value'
    | 'stage'
    | 'variable'
    | 'image'
    | 'file'
    | 'folder';
  readonly label: string;
  readonly insertText: string;
  readonly isSnippet?: boolean;
  readonly detail?: string;
  readonly documentation?: string;
  readonly range: SourceRange;
}

/** What stands before the cursor, continuation lines joined. */
interface Context {
  readonly analysis: Analysis;
  readonly position: Position;
  readonly keyword: string;
  /** Behind the keyword. */
  readonly rest: string;
  /** From the last blank to the cursor. */
  readonly word: string;
  readonly images: readonly BaseTag[];
}

/** What could go on at a position. `images` are the tags of the base images that are known. */
export function completionsAt(
  analysis: Analysis,
  position: Position,
  images: readonly BaseTag[],
): readonly Completion[] {
  const before = textBefore(analysis, position);
  if (/^\s*#/.test(before)) return directives(before, position);
  const [, , keyword = '', rest] = /^(\s*)(\S*)([^]*)$/.exec(before) ?? [];
  if (rest === undefined || rest === '') return instructions(keyword, position);
  const word = /\S*$/.exec(rest)?.[0] ?? '';
  if (keyword.toUpperCase() === 'ONBUILD' && rest.trim() === word)
    return instructions(word, position);
  return inside({ analysis, position, keyword: keyword.toUpperCase(), rest, word, images });
}

function inside(context: Context): readonly Completion[] {
  const { word, keyword } = context;
  const variable = /\$\{?(\w*)$/.exec(word);
  if (variable !== null) return variables(context, variable[0]);
  const flag = /^--([\w-]+)=(.*)$/.exec(word);
  if (flag !== null) return flagValues(context, flag[1] ?? '', flag[2] ?? '');
  const values = valuesOf[keyword]?.(context) ?? [];
  return word.startsWith('-') ? flags(context) : values;
}

const valuesOf: Readonly<Record<string, (context: Context) => readonly Completion[]>> = {
  FROM: fromArguments,
  USER: context =>
    ['ContainerAdministrator', 'ContainerUser'].map(name => plain(context, 'value', name)),
  SHELL: shells,
};

function rangeOf(position: Position, written: string): SourceRange {
  const character = Math.max(0, position.character - written.length);
  return { start: { line: position.line, character }, end: position };
}

function plain({ position, word }: Context, kind: Completion['kind'], text: string): Completion {
  return { kind, label: text, insertText: text, range: rangeOf(position, word) };
}

function instructions(written: string, position: Position): readonly Completion[] {
  const range = rangeOf(position, written);
  return Object.entries(instructionReference).map(([label, { text, syntax, snippet }]) => ({
    kind: 'instruction',
    label,
    insertText: snippet,
    isSnippet: true,
    detail: syntax,
    documentation: text,
    range,
  }));
}

function directives(before: string, position: Position): readonly Completion[] {
  const [, written] = /^\s*#\s*(\w*)$/.exec(before) ?? [];
  if (written === undefined) return [];
  const values: Readonly<Record<string, string>> = { escape: '`', check: 'skip=', syntax: '' };
  return Object.entries(directiveReference).map(([name, documentation]) => ({
    kind: 'flag',
    label: name,
    insertText: `${name}=${values[name] ?? ''}`,
    documentation,
    range: rangeOf(position, written),
  }));
}

function variables({ analysis, position }: Context, written: string): readonly Completion[] {
  return [...variablesAt(analysis, position)].map(([name, value]) => ({
    kind: 'variable',
    label: name,
    insertText: written.startsWith('${') ? `\${${name}}` : `$${name}`,
    detail: value === undefined ? 'no value' : value.slice(0, 200),
    range: rangeOf(position, written),
  }));
}

function flags({ keyword, position, word }: Context): readonly Completion[] {
  const known = referenceOf(keyword)?.flags ?? [];
  return known.map(({ flag, text, isSwitch }) => ({
    kind: 'flag',
    label: `--${flag}`,
    insertText: isSwitch ? `--${flag}` : `--${flag}=`,
    documentation: text,
    range: rangeOf(position, word),
  }));
}

function flagValues(context: Context, flag: string, written: string): readonly Completion[] {
  const { analysis, position, keyword } = context;
  const mountFrom = keyword === 'RUN' && flag === 'mount' ? /from=([^,]*)$/.exec(written) : null;
  if (mountFrom !== null) return stages(analysis, position, mountFrom[1] ?? '');
  if (flag === 'from') return stages(analysis, position, written);
  const known = referenceOf(keyword)?.flags.find(one => one.flag === flag)?.values ?? [];
  const range = rangeOf(position, written);
  return known.map(value => ({ kind: 'value', label: value, insertText: value, range }));
}

/** Only stages above can be used. */
function stages(analysis: Analysis, position: Position, written: string): Completion[] {
  const here = stageAt(analysis, position)?.index ?? Infinity;
  return analysis.stages.flatMap(({ index, name, from }) =>
    name === undefined || index >= here
      ? []
      : [
          {
            kind: 'stage' as const,
            label: name,
            insertText: name,
            detail: `FROM ${from.image.text}`,
            range: rangeOf(position, written),
          },
        ],
  );
}

function fromArguments(context: Context): readonly Completion[] {
  const { analysis, position, rest, word, images } = context;
  const words = rest
    .trim()
    .split(/\s+/)
    .filter(part => part !== '' && !part.startsWith('--'));
  const isFirst = words.length === 0 || (words.length === 1 && word !== '' && words[0] === word);
  if (!isFirst) return words.length <= 2 ? [plain(context, 'value', 'AS')] : [];
  const tags = images.map(({ reference, releaseName, osVersion, architecture }) => ({
    kind: 'image' as const,
    label: reference,
    insertText: reference,
    detail: [releaseName, osVersion, architecture].filter(part => part !== undefined).join(', '),
    range: rangeOf(position, word),
  }));
  const seen = new Set<string>();
  const distinct = tags.filter(({ label }) => !seen.has(label) && seen.add(label));
  return [...stages(analysis, position, word), ...distinct, plain(context, 'image', 'scratch')];
}

function shells(context: Context): readonly Completion[] {
  return [
    `["powershell", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]`,
    `["pwsh", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]`,
    '["cmd", "/S", "/C"]',
  ].map(text => plain(context, 'value', text));
}
