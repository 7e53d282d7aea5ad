import {
  isAlias,
  isCollection,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { startOfText, type SourceRange } from '../source-range.ts';
import { error, type Finding } from '../dockerfile/finding.ts';

/** Files that people write are a few kilobytes. In UTF-16 units. */
const largestFile = 256 * 1024;
/** The formats nest five levels deep; the parser would need stack for more. */
const deepestNesting = 60;
/** Aliases are read where they stand: as many as that are no bomb. */
const mostAliases = 200;
const mostFindings = 100;

/** A YAML file that can be walked safely. */
export interface YamlFile {
  readonly root: Node | null;
  /** Where a node stands; the start of the file without one. */
  rangeOf(node: Node | null | undefined): SourceRange;
  /** The node that an alias stands for, and every other as it is. */
  resolve(node: Node | null | undefined): Node | null;
}

export interface ReadYaml {
  /** Absent where the text is no YAML, or none that is read here. */
  readonly file?: YamlFile;
  readonly findings: readonly Finding[];
}

/**
 * Reads one YAML document. Never throws, and never runs or expands anything: what is too large, too deep, has too many
 * aliases, a key twice or more than one document becomes a finding with its place.
 */
export function readYaml(text: string): ReadYaml {
  const refusal = refusalOf(text);
  if (refusal !== undefined) return { findings: [error('yaml-refused', startOfText, refusal)] };
  const lines = new LineCounter();
  const document = parse(text, lines);
  if (document === undefined) return tooDeep();
  const rangeAt = (start: number, end: number): SourceRange => ({
    start: positionAt(lines, start),
    end: positionAt(lines, end),
  });
  const findings = [
    ...document.errors.map(({ pos, message }) =>
      error('yaml-invalid', rangeAt(pos[0], pos[1]), message.split('\n')[0] ?? ''),
    ),
    ...doubleKeys(document.contents).map(({ name, range: [start, end] }) =>
      error(
        'yaml-invalid',
        rangeAt(start, end),
        `The key ${shown(name)} stands here a second time.`,
      ),
    ),
  ];
  if (findings.length > 0) return { findings: findings.slice(0, mostFindings) };
  return { file: yamlFile(document, rangeAt), findings: [] };
}

/** A value in a message: on one line, and not all of it where it is long. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

interface DoubleKey {
  readonly name: string;
  readonly range: readonly [start: number, end: number];
}

function doubleKeys(root: Node | null): readonly DoubleKey[] {
  const found: DoubleKey[] = [];
  visit(root, {
    Map(_, { items }) {
      const names = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = key.source ?? '';
        if (names.has(name) && key.range) found.push({ name, range: [key.range[0], key.range[1]] });
        names.add(name);
      }
    },
  });
  return found;
}

function refusalOf(text: string): string | undefined {
  if (text.length > largestFile) return `This file is larger than ${largestFile / 1024} KiB.`;
  if (text.includes('\0'))
    return 'This is no text in UTF-8: it holds a NUL character. Save the file as UTF-8.';
  if ((text.match(/(?:^|[\s[{,:-])\*\w/g)?.length ?? 0) > mostAliases)
    return `This file uses more than ${mostAliases} aliases. Write the values out.`;
  return undefined;
}

function parse(text: string, lineCounter: LineCounter): Document | undefined {
  if (flowDepth(text) > deepestNesting || hasDeepLine(text)) return undefined;
  try {
    const document = parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      strict: true,
      // The parser's own check takes the square of the number of keys.
      uniqueKeys: false,
    });
    return depthOf(document.contents) > deepestNesting ? undefined : document;
  } catch (thrown) {
    // The parser is recursive: a stack that is too small says how deep the text is.
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function tooDeep(): ReadYaml {
  const message = `This file nests deeper than ${deepestNesting} levels.`;
  return { findings: [error('yaml-refused', startOfText, message)] };
}

/** Lists and keys can begin on one line: `- - - x`. */
function hasDeepLine(text: string): boolean {
  return /^[ \t]*(?:[-?:][ \t]+){60}/m.test(text);
}

/** Brackets that are open at once, quotes left aside: never less than the depth of flow collections. */
function flowDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    else if (character === '\n' && depth < 2) depth = 0;
  }
  return deepest;
}

function depthOf(root: Node | null): number {
  let level: readonly unknown[] = [root];
  let depth = 0;
  while (level.length > 0) {
    depth++;
    level = level.flatMap(node =>
      isCollection(node)
        ? node.items.flatMap(item =>
            typeof item === 'object' && item !== null && 'value' in item && 'key' in item
              ? [item.key, item.value]
              : [item],
          )
        : [],
    );
    if (depth > deepestNesting) break;
  }
  return depth;
}

function yamlFile(
  document: Document,
  rangeAt: (start: number, end: number) => SourceRange,
): YamlFile {
  return {
    root: document.contents,
    rangeOf: node => (node?.range ? rangeAt(node.range[0], node.range[1]) : startOfText),
    resolve(node) {
      if (!isAlias(node)) return node ?? null;
      return node.resolve(document) ?? null;
    },
  };
}

function positionAt(lines: LineCounter, offset: number): SourceRange['start'] {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(0, line - 1), character: Math.max(0, col - 1) };
}
