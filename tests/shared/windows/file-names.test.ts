import { expect, test } from 'vitest';
import {
  exceedsClassicPath,
  fileNameProblem,
  isDeviceName,
  pathProblem,
} from '../../../shared/windows/file-names.ts';

test.each([
  ['', 'is empty'],
  ['..', 'stands for a directory, not for a file'],
  ['con', 'is reserved for a device'],
  ['AUX.txt', 'is reserved for a device'],
  ['NUL .tar.gz', 'is reserved for a device'],
  ['COM¹', 'is reserved for a device'],
  ['lpt9.log', 'is reserved for a device'],
  ['CONIN$', 'is reserved for a device'],
  ['name.', 'ends with a dot, which Windows strips'],
  ['name ', 'ends with a space, which Windows strips'],
  ['a:b', 'contains :, which Windows does not allow in names'],
  ['a\\b', 'contains \\, which Windows does not allow in names'],
  ['what?', 'contains ?, which Windows does not allow in names'],
  ['a\tb', 'contains the control character U+0009'],
  ['é'.repeat(256), 'is longer than 255 UTF-16 units'],
])('the name %j is refused', (name, problem) => {
  expect(fileNameProblem(name)).toBe(problem);
});

test.each(['console', 'COM10', 'COM0', 'nul-1', '.gitignore', 'a b', 'ünïcödé', 'é'.repeat(255)])(
  'the name %j is allowed',
  name => {
    expect(fileNameProblem(name)).toBeUndefined();
    expect(isDeviceName(name)).toBe(false);
  },
);

test('the first bad component of a path is named', () => {
  expect(pathProblem('app/aux.h/x?')).toEqual({
    name: 'aux.h',
    problem: 'is reserved for a device',
  });
  expect(pathProblem('app/ok')).toBeUndefined();
  expect(pathProblem(`${'a/'.repeat(16_400)}b`)?.problem).toContain('32767');
});

test('a path of 260 characters with drive and closing NUL is the longest for old programs', () => {
  expect(exceedsClassicPath('a'.repeat(256))).toBe(false);
  expect(exceedsClassicPath('a'.repeat(257))).toBe(true);
});
