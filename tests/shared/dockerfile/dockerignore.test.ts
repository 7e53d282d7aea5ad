import { describe, expect, test } from 'vitest';
import {
  cleanPath,
  createIgnoreMatcher,
  parseDockerignore,
} from '../../../shared/dockerfile/dockerignore.ts';
import { BadPatternError } from '../../../shared/dockerfile/glob.ts';

/** Asks for `path` as a walk does: its parents first. */
function isIgnored(patterns: readonly string[], path: string): boolean {
  const matcher = createIgnoreMatcher(patterns);
  const parts = path.split('/');
  let parent: readonly boolean[] | undefined;
  let ignored = false;
  for (let depth = 1; depth <= parts.length; depth++) {
    const answer = matcher.check(parts.slice(0, depth).join('/'), parent);
    parent = answer.match;
    ignored = answer.ignored;
  }
  return ignored;
}

// Pattern, path, verdict: the rules that moby's own tests state, in our own words.
const single: [string, string, boolean][] = [
  ['**', 'file', true],
  ['**', 'dir/file', true],
  ['**/', 'file', true],
  ['**/', 'dir/file', true],
  ['**/**', 'dir/file', true],
  ['dir/**', 'dir/file', true],
  ['dir/**', 'dir/dir2/file', true],
  ['**/dir', 'dir/file', true],
  ['**/dir2/*', 'dir/dir2/file', true],
  ['**/dir2/**', 'dir/dir2/dir3/file', true],
  ['**file', 'file', true],
  ['**file', 'dir/file', true],
  ['**/file', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file.txt', true],
  ['**/file*txt', 'dir/dir/file.txt', true],
  ['**/file*.txt*', 'dir/dir/file.txt', true],
  ['**/**/*.txt', 'dir/dir/file.txt', true],
  ['**/**/*.txt2', 'dir/dir/file.txt', false],
  ['**/*.txt', 'file.txt', true],
  ['**/*.txt', 'dir/dir/file.txt', true],
  ['a**/*.txt', 'a/file.txt', true],
  ['a**/*.txt', 'a/dir/dir/file.txt', true],
  ['a/*.txt', 'a/dir/file.txt', false],
  ['a/*.txt', 'a/file.txt', true],
  ['a/*.txt**', 'a/file.txt', true],
  ['a[b-d]e', 'ae', false],
  ['a[b-d]e', 'ace', true],
  ['a[^b-d]e', 'aze', true],
  ['.*', '.foo', true],
  ['.*', 'foo', false],
  ['abc.def', 'abcdef', false],
  ['abc.def', 'abc.def', true],
  ['abc?def', 'abcZdef', true],
  ['abc?def', 'abcdef', false],
  ['**/foo/bar', 'foo/bar', true],
  ['**/foo/bar', 'dir/dir2/foo/bar', true],
  ['abc/**', 'abc', false],
  ['abc/**', 'abc/def/ghi', true],
  ['**/.foo', '.foo', true],
  ['**/.foo', 'bar.foo', false],
  ['a(b)c/def', 'a(b)c/def', true],
  ['a.|)$(}+{bc', 'a.|)$(}+{bc', true],
  [
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    true,
  ],
  ['dist/*.whl', 'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl', true],
  ['docs', 'docs/a/b', true],
  ['docs', 'DOCS/a', false],
  ['.', 'file', false],
  [String.raw`a\*b`, 'a*b', true],
  [String.raw`a\*b`, 'axb', false],
];

const several: [string[], string, boolean][] = [
  [['docs', '!docs/README.md'], 'docs/README.md', false],
  [['docs', '!docs/README.md'], 'docs/other.md', true],
  [['docs/', '!docs/README.md'], 'docs/README.md', false],
  [['!docs/README.md', 'docs'], 'docs/README.md', true],
  [['*.md', '!README*.md', 'README-secret.md'], 'README-secret.md', true],
  [['*.md', '!README*.md', 'README-secret.md'], 'README.md', false],
  [['*', '!*.txt', '*.txt'], 'file.txt', true],
  [['**', '!keep'], 'keep/deep/file', false],
  [['**/a', '!**/a/b'], 'x/a/b', false],
  [['docs', '!docs', 'docs/x'], 'docs/x', true],
];

describe('.dockerignore', () => {
  test.each(single)('%s against %s: %s', (pattern, path, verdict) => {
    expect(isIgnored([pattern], path)).toBe(verdict);
  });

  test.each(several)(
    '%j against %s: %s (the last pattern that matches wins)',
    (patterns, path, verdict) => {
      expect(isIgnored(patterns, path)).toBe(verdict);
    },
  );

  test.each(['!', 'a[', '[a-b-c]', '[]'])('%s is refused', pattern => {
    expect(() => createIgnoreMatcher([pattern])).toThrow(BadPatternError);
  });

  test('comments, blank lines, CRLF, a byte order mark and leading slashes are taken away', () => {
    const text =
      '\uFEFFtest1\r\n/test2\r\n/a/file/here\r\n\r\n  lastfile  \n# a comment\n # not a comment\n! /inverted/abs/path\n!\ndir/../x/\n';
    expect(parseDockerignore(text)).toEqual([
      'test1',
      'test2',
      'a/file/here',
      'lastfile',
      '# not a comment',
      '!inverted/abs/path',
      '!',
      'x',
    ]);
  });

  test('a backslash separates on Windows hosts and escapes elsewhere', () => {
    expect(parseDockerignore(String.raw`build\out`, 'separator')).toEqual(['build/out']);
    expect(
      createIgnoreMatcher([String.raw`build\out`], 'separator').check('build/out', undefined)
        .ignored,
    ).toBe(true);
    expect(createIgnoreMatcher([String.raw`build\out`]).check('build/out', undefined).ignored).toBe(
      false,
    );
  });

  test('an ignored folder is entered only where a later pattern may bring something back', () => {
    const matcher = createIgnoreMatcher([
      'node_modules',
      'docs',
      '!docs/README.md',
      '!src/**/keep',
    ]);
    expect(
      ['node_modules', 'docs', 'docs/deep', 'src/x'].map(path => matcher.mayReinclude(path)),
    ).toEqual([false, true, false, true]);
  });

  test.each([
    ['', '.'],
    ['a//b', 'a/b'],
    ['./a/.', 'a'],
    ['a/../..', '..'],
    ['/..', '/'],
    ['../../a', '../../a'],
    ['/a/b/../c', '/a/c'],
  ])('Clean(%j) is %j', (path, cleaned) => {
    expect(cleanPath(path)).toBe(cleaned);
  });
});
