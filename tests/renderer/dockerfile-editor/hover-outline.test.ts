import { expect, test } from 'vitest';
import { analyze } from '../../../renderer/features/dockerfile-editor/language/analysis.ts';
import { hoverAt } from '../../../renderer/features/dockerfile-editor/language/hover.ts';
import {
  foldingOf,
  outlineOf,
} from '../../../renderer/features/dockerfile-editor/language/outline.ts';
import { atMark } from './at-mark.ts';

function hover(marked: string): string {
  const { text, position } = atMark(marked);
  return (
    hoverAt(analyze(text), position)
      ?.parts.map(({ value }) => value)
      .join('\n') ?? ''
  );
}

test('an instruction and a flag are explained', () => {
  expect(hover('FR|OM a')).toContain('Begins a stage');
  expect(hover('FROM a\nCOPY --ch|own=x a b')).toContain('owner');
});

test('a variable shows its value', () => {
  expect(hover('FROM a\nENV A=1 B=two\nWORKDIR C:/$B|')).toBe('B=two');
  expect(hover('ARG V=1\nFROM a:$V|')).toBe('V=1');
});

test('a path shows what it comes to, with and without the escape directive', () => {
  expect(hover('FROM a\nCOPY x C:\\fo|o')).toContain('C:\\foo');
  expect(hover('FROM a\nWORKDIR C:/w\nCOPY x C:\\fo|o')).toContain('C:\\w\\foo');
  expect(hover('# escape=`\nFROM a\nWORKDIR C:/w\nCOPY x C:\\fo|o')).toContain('C:\\foo');
});

test('a command shows the line that Windows gets', () => {
  expect(hover('FROM a\nRUN echo h|i')).toContain('cmd /S /C echo hi');
});

test('the base of a stage shows its value', () => {
  expect(hover('ARG V=1\nFROM im|age:$V')).toContain('image:1');
});

test('the outline has stages with their instructions', () => {
  const outline = outlineOf(analyze('ARG V\nFROM a AS one\nRUN dir\nFROM b\nCMD x\n'));
  expect(outline.map(({ name, children }) => [name, children.map(child => child.name)])).toEqual([
    ['ARG', []],
    ['one', ['RUN']],
    ['stage 1', ['CMD']],
  ]);
});

test('stages, long instructions, here-documents and runs of comments fold', () => {
  const text = '# a\n# b\nFROM a\nRUN dir \\\n  x\nCOPY <<E y\nz\nE\n';
  expect(foldingOf(analyze(text))).toEqual([
    { start: 2, end: 7, kind: 'region' },
    { start: 3, end: 4, kind: 'region' },
    { start: 5, end: 7, kind: 'region' },
    { start: 0, end: 1, kind: 'comment' },
  ]);
});

test('a command shows what CreateProcess gets, what its shell makes of it, and what gets lost', () => {
  expect(hover('FROM a\nRUN ec|ho %PATH%')).toBe(
    'What Windows is asked to start:\ncmd /S /C echo %PATH%\nWhat cmd runs:\necho %PATH%',
  );
  const quoted = hover('FROM a\nSHELL ["powershell", "-Command"]\nRUN Write-Host "a|"');
  expect(quoted).toContain('powershell -Command Write-Host "a"');
  expect(quoted).toContain('What PowerShell runs:\nWrite-Host a');
  expect(quoted).toContain('Double quotes are taken away');
  const started = hover('FROM a\nENTRYPOINT ["C:/a b/c.exe"]\nCMD ["x| y"]');
  expect(started).toContain('"C:/a b/c.exe" "x y"');
  expect(started).toContain('as arguments:\nx y');
});
