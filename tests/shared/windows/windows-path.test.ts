import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatWindowsPath,
  parseWindowsPath,
  pathKey,
  resolveContainerPath,
  resolveParts,
} from '../../../shared/windows/windows-path.ts';

test.each([
  ['dir\\file', { kind: 'relative', parts: ['dir', 'file'] }],
  ['dir//sub/', { kind: 'relative', parts: ['dir', 'sub'] }],
  ['', { kind: 'relative', parts: [] }],
  ['/app', { kind: 'rooted', parts: ['app'] }],
  ['c:app', { kind: 'drive-relative', drive: 'C', parts: ['app'] }],
  ['c:', { kind: 'drive-relative', drive: 'C', parts: [] }],
  ['c:\\', { kind: 'absolute', drive: 'C', parts: [] }],
  ['C:/app\\x', { kind: 'absolute', drive: 'C', parts: ['app', 'x'] }],
  ['//server/share/x', { kind: 'unc', server: 'server', share: 'share', parts: ['x'] }],
  ['\\\\?\\C:\\a/b\\..', { kind: 'absolute', drive: 'C', parts: ['a/b', '..'] }],
  ['\\\\?\\unc\\s\\h\\x', { kind: 'unc', server: 's', share: 'h', parts: ['x'] }],
  ['\\\\?\\Volume{1}\\x', { kind: 'device', device: 'Volume{1}', parts: ['x'] }],
  ['\\\\.\\pipe\\docker', { kind: 'device', device: 'pipe', parts: ['docker'] }],
])('%s is read', (text, expected) => {
  expect(parseWindowsPath(text)).toEqual(expected);
});

test.each([
  ['a/b', 'a\\b'],
  ['', '.'],
  ['/a', '\\a'],
  ['c:a/b', 'C:a\\b'],
  ['c:/', 'C:\\'],
  ['//s/h/x', '\\\\s\\h\\x'],
  ['\\\\.\\pipe\\x', '\\\\.\\pipe\\x'],
])('%s is written as %s', (text, expected) => {
  expect(formatWindowsPath(parseWindowsPath(text))).toBe(expected);
});

describe('a path inside a container', () => {
  test.each([
    ['C:\\app', 'bin\\x', 'C:\\app\\bin\\x'],
    ['C:\\app', '..\\..\\..\\x', 'C:\\x'],
    ['C:\\app', '/x/./y', 'C:\\x\\y'],
    ['C:\\app', 'c:x', 'C:\\app\\x'],
    ['C:\\app', 'C:\\x\\..', 'C:\\'],
    ['', 'x', 'C:\\x'],
  ])('in %s, %s is %s', (workingDirectory, path, expected) => {
    expect(resolveContainerPath(workingDirectory, path)).toMatchObject({
      kind: 'inside',
      path: expected,
    });
  });

  test.each(['D:\\x', 'd:x', '\\\\server\\share', '\\\\.\\pipe\\x', '\\\\?\\Volume{1}\\'])(
    '%s is refused',
    path => {
      expect(resolveContainerPath('C:\\', path).kind).toBe('refused');
    },
  );

  test('no number of .. leads out of the root', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', 'a', 'b')), parts => {
        expect(resolveParts(parts)).not.toContain('..');
      }),
    );
  });
});

describe('keys of paths', () => {
  test.each([
    ['Files/Windows\\System32', 'files/WINDOWS/system32'],
    ['Grüße/ÿ', 'GRÜßE/Ÿ'],
    ['Ελλάς', 'ελλάσ'],
    ['привет', 'ПРИВЕТ'],
  ])('%s and %s are the same file', (one, other) => {
    expect(pathKey(one)).toBe(pathKey(other));
  });

  test.each([
    ['straße', 'STRASSE'],
    ['ı', 'i'],
    ['ſ', 's'],
    ['ﬁ', 'FI'],
    ['µ', 'Μ'],
    ['𐐨', '𐐀'],
  ])('%s and %s are two files, as in NTFS', (one, other) => {
    expect(pathKey(one)).not.toBe(pathKey(other));
  });

  test('a key has as many UTF-16 units as its path, and is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), path => {
        expect(pathKey(path)).toHaveLength(path.length);
        expect(pathKey(pathKey(path))).toBe(pathKey(path));
      }),
    );
  });
});
