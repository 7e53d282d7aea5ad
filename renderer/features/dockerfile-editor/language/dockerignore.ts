import {
  createIgnoreMatcher,
  parseDockerignore,
} from '../../../../shared/dockerfile/dockerignore.ts';
import type { Problem } from './diagnostics.ts';
import { rule, scan, TokenList, type Rule, type Token } from './scan.ts';

const patternRules: readonly Rule[] = [
  rule(/\*\*?|\?/, 'operator'),
  rule(/\[[^\]]*\]?/, 'type'),
  rule(/\\./, 'string.escape'),
];

/** Colours one line of a `.dockerignore`. */
export function tokenizeIgnoreLine(text: string): readonly Token[] {
  if (text.startsWith('#')) return [{ startIndex: 0, scopes: 'comment' }];
  const list = new TokenList();
  const bang = /^\s*!/.exec(text)?.[0].length ?? 0;
  if (bang > 0) list.push(0, 'keyword');
  scan({ text, from: bang, to: text.length, otherwise: 'string' }, patternRules, list);
  return list.tokens;
}

const mostLines = 20_000;

/** What is wrong with the lines of a `.dockerignore`. */
export function ignoreProblems(text: string): readonly Problem[] {
  const seen = new Map<string, number>();
  return text
    .split(/\r?\n/)
    .slice(0, mostLines)
    .flatMap((line, index) => lineProblems(line, index, seen));
}

function lineProblems(text: string, line: number, seen: Map<string, number>): Problem[] {
  const trimmed = text.trim();
  const character = text.indexOf(trimmed);
  const range = {
    start: { line, character },
    end: { line, character: character + trimmed.length },
  };
  if (trimmed === '' || text.startsWith('#')) return [];
  if (trimmed.startsWith('#')) {
    const message =
      'A comment starts in the first column. With the blank before it, this is a pattern.';
    const edits = [{ range: { start: { line, character: 0 }, end: range.start }, newText: '' }];
    return [
      {
        severity: 'warning',
        range,
        rule: 'indented-comment',
        message,
        fixes: [{ title: 'Move the # to the first column', edits }],
      },
    ];
  }
  const [pattern] = parseDockerignore(text);
  if (pattern === undefined) return [];
  return [
    ...badPattern(pattern, range),
    ...repeated(pattern, range, seen),
    ...backslashes(trimmed, range),
  ];
}

function badPattern(pattern: string, range: Problem['range']): Problem[] {
  try {
    createIgnoreMatcher([pattern]);
    return [];
  } catch {
    const message = `${pattern} is not a pattern. A ! needs a path behind it, a [ its ].`;
    return [{ severity: 'error', range, rule: 'bad-pattern', message, fixes: [] }];
  }
}

function repeated(pattern: string, range: Problem['range'], seen: Map<string, number>): Problem[] {
  const before = seen.get(pattern);
  seen.set(pattern, range.start.line);
  if (before === undefined) return [];
  const message = `Line ${before + 1} says the same.`;
  return [{ severity: 'info', range, rule: 'repeated-pattern', message, fixes: [] }];
}

/** On Linux a backslash escapes, on Windows it separates: `/` means the same on both. */
function backslashes(written: string, range: Problem['range']): Problem[] {
  if (!/\\[\w.]/.test(written)) return [];
  const newText = written.replace(/\\/g, '/');
  const message = `A backslash means something else on each host. Write ${newText}.`;
  const fixes = [{ title: `Write ${newText}`, edits: [{ range, newText }] }];
  return [{ severity: 'warning', range, rule: 'backslash-in-pattern', message, fixes }];
}
