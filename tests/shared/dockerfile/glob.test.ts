import { describe, expect, test } from 'vitest';
import {
  BadPatternError,
  compileGlob,
  hasWildcard,
  unescapeGlob,
} from '../../../shared/dockerfile/glob.ts';

const matching: [string, string][] = [
  ['abc', 'abc'],
  ['*', 'abc'],
  ['*', ''],
  ['*c', 'abc'],
  ['a*', 'abc'],
  ['a*/b', 'abc/b'],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f'],
  ['ab[c]', 'abc'],
  ['ab[b-d]', 'abc'],
  ['ab[^e-g]', 'abc'],
  [String.raw`a\*b`, 'a*b'],
  ['a[^a]b', 'a☺b'],
  ['a?b', 'a😀b'],
  ['[a-ζ]*', 'α'],
  [String.raw`[\]a]`, ']'],
  [String.raw`[\-x]`, '-'],
  [String.raw`[x\-]`, 'x'],
  ['[!a]', '!'],
  ['(a|b).txt', '(a|b).txt'],
  ['*x', 'xxx'],
  ['a-b', 'a-b'],
];

const different: [string, string][] = [
  ['a*', 'ab/c'],
  ['a*/b', 'a/c/b'],
  ['ab[^c]', 'abc'],
  ['ab[e-g]', 'abc'],
  ['a?b', 'a/b'],
  ['a*b', 'a/b'],
  ['[z-a]', 'm'],
  ['ABC', 'abc'],
  ['a.c', 'abc'],
  [String.raw`a\*b`, 'axb'],
];

describe('a glob of a COPY source', () => {
  test.each(matching)('%s matches %s, as in Go', (pattern, path) => {
    expect(compileGlob(pattern).test(path)).toBe(true);
  });

  test.each(different)('%s does not match %s, as in Go', (pattern, path) => {
    expect(compileGlob(pattern).test(path)).toBe(false);
  });

  test.each([
    '[]a]',
    '[-]',
    '[x-]',
    '[-x]',
    '[',
    '[^',
    '[^bc',
    'a[',
    String.raw`a\ `.trim(),
    '[a-b-c]',
  ])('%s is a bad pattern, as in Go', pattern => {
    expect(() => compileGlob(pattern)).toThrow(BadPatternError);
  });

  test('an escaped wildcard is a literal path', () => {
    expect(hasWildcard(String.raw`a\[b\].txt`)).toBe(false);
    expect(unescapeGlob(String.raw`a\[b\].txt`)).toBe('a[b].txt');
    expect(hasWildcard('a[b].txt')).toBe(true);
  });
});
