import { expect, test } from 'vitest';
import {
  ignoreProblems,
  tokenizeIgnoreLine,
} from '../../../renderer/features/dockerfile-editor/language/dockerignore.ts';

test('comments, exceptions and wildcards have kinds of their own', () => {
  expect(tokenizeIgnoreLine('# a')).toEqual([{ startIndex: 0, scopes: 'comment' }]);
  expect(tokenizeIgnoreLine('!a/**').map(({ scopes }) => scopes)).toEqual([
    'keyword',
    'string',
    'operator',
  ]);
});

test('what Docker refuses is an error', () => {
  const found = ignoreProblems('bin\n!\n[a\n');
  expect(found.map(({ range, severity }) => [range.start.line, severity])).toEqual([
    [1, 'error'],
    [2, 'error'],
  ]);
});

test('patterns that do not do what they look like are warned of, with a fix', () => {
  const found = ignoreProblems('  # note\nobj\\bin\nbin\nbin/\n');
  expect(found.map(({ rule }) => rule)).toEqual([
    'indented-comment',
    'backslash-in-pattern',
    'repeated-pattern',
  ]);
  expect(found[1]?.fixes[0]?.edits[0]?.newText).toBe('obj/bin');
});
