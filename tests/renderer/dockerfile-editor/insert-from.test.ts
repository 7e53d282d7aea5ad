import { expect, test } from 'vitest';
import { analyze } from '../../../renderer/features/dockerfile-editor/language/analysis.ts';
import { insertFromEdit } from '../../../renderer/features/dockerfile-editor/language/insert-from.ts';
import { atMark, edited } from './at-mark.ts';

function inserted(marked: string): string {
  const { text, position } = atMark(marked);
  return edited(text, [insertFromEdit(analyze(text), position, 'new:1')]);
}

test('the FROM at the cursor gets the image and keeps the rest', () => {
  expect(inserted('FROM a\nFROM --platform=windows/amd64 b| AS x\n')).toBe(
    'FROM a\nFROM --platform=windows/amd64 new:1 AS x\n',
  );
});

test('elsewhere the first FROM gets it', () => {
  expect(inserted('ARG A\nFROM a AS x\nRUN d|ir\nFROM b\n')).toBe(
    'ARG A\nFROM new:1 AS x\nRUN dir\nFROM b\n',
  );
});

test('a FROM without an image is completed', () => {
  expect(inserted('FROM|\nRUN dir\n')).toBe('FROM new:1\nRUN dir\n');
});

test('without a FROM one is put behind directives, comments and arguments', () => {
  expect(inserted('# escape=`\nARG A=1\n# note\nRUN dir|\n')).toBe(
    '# escape=`\nARG A=1\n# note\nFROM new:1\n\nRUN dir\n',
  );
});

test('an empty file gets one', () => {
  expect(inserted('|')).toBe('FROM new:1\n');
});

test('a file of comments gets one below', () => {
  expect(inserted('# a|')).toBe('# a\nFROM new:1\n');
});
