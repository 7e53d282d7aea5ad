import { expect, test } from 'vitest';
import {
  firstLineState,
  sameLineState,
} from '../../../renderer/features/dockerfile-editor/language/line-state.ts';
import { tokenizeLine } from '../../../renderer/features/dockerfile-editor/language/tokenize.ts';

/** The pieces of each line with their kinds, white space left out. */
function tokensOf(text: string): string[][] {
  let state = firstLineState;
  return text.split('\n').map(line => {
    const result = tokenizeLine(line, state);
    ({ state } = result);
    return result.tokens.flatMap(({ startIndex, scopes }, index) => {
      const piece = line.slice(startIndex, result.tokens[index + 1]?.startIndex).trim();
      return piece === '' ? [] : [`${scopes}:${piece}`];
    });
  });
}

test('instructions, flags, images and stage names have kinds of their own', () => {
  expect(tokensOf('FROM --platform=windows/amd64 mcr.test/nano:1 AS Build')).toEqual([
    [
      'keyword:FROM',
      'attribute.name:--platform',
      'attribute.value:=windows/amd64',
      'type.image:mcr.test/nano:1',
      'keyword:AS',
      'type.stage:Build',
    ],
  ]);
});

test('a directive counts only above everything else, a comment anywhere', () => {
  expect(tokensOf('# escape=`\nARG A\n# escape=\\')).toEqual([
    ['comment:#', 'keyword.directive:escape', 'operator:=', 'string:`'],
    ['keyword:ARG', 'variable.name:A'],
    ['comment:# escape=\\'],
  ]);
});

test('the escape directive decides what continues a line', () => {
  const [, , second] = tokensOf('# escape=`\nENV A=C:\\dir\\\nRUN dir');
  expect(second?.[0]).toBe('keyword:RUN');
  const [first, continued] = tokensOf('RUN dir \\\n  RUN');
  expect(first?.at(-1)).toBe('operator.continuation:\\');
  expect(continued).toEqual(['source:RUN']);
});

test('a comment inside of an instruction is a comment and the instruction goes on', () => {
  expect(tokensOf('RUN dir \\\n# note\n  /s')[1]).toEqual(['comment:# note']);
});

test('SHELL makes PowerShell of what follows, and a new stage starts with cmd', () => {
  const lines = tokensOf(
    'FROM a\nSHELL ["powershell", "-Command"]\nRUN Get-Item $x -Force\nFROM b\nRUN echo %x%',
  );
  expect(lines[2]).toEqual([
    'keyword:RUN',
    'support.function:Get-Item',
    'variable:$x',
    'attribute.name:-Force',
  ]);
  expect(lines[4]).toEqual(['keyword:RUN', 'support.function:echo', 'variable:%x%']);
});

test('a stage built on another one has its shell', () => {
  const lines = tokensOf('FROM a AS one\nSHELL ["pwsh"]\nFROM b AS two\nFROM ONE\nRUN Get-Date');
  expect(lines[4]).toEqual(['keyword:RUN', 'support.function:Get-Date']);
});

test('a command that starts PowerShell itself is PowerShell to its end', () => {
  const lines = tokensOf('RUN powershell -Command \\\n  Get-Date | Out-Null');
  expect(lines[1]).toEqual([
    'support.function:Get-Date',
    'operator:|',
    'support.function:Out-Null',
  ]);
});

test('a here-document is coloured to its delimiter', () => {
  const lines = tokensOf('COPY <<EOF C:/a\nx ${y}\nEOF\nCMD a');
  expect(lines[1]).toEqual(['string:x', 'variable:${y}']);
  expect(lines[2]).toEqual(['string.heredoc:EOF']);
  expect(lines[3]?.[0]).toBe('keyword:CMD');
});

test('variables stand out inside of strings', () => {
  expect(tokensOf('LABEL a="x ${v} y"')[0]).toEqual([
    'keyword:LABEL',
    'variable.name:a',
    'operator:=',
    'string:"x',
    'variable:${v}',
    'string:y"',
  ]);
});

test('a word that is no instruction is marked', () => {
  expect(tokensOf('COPPY a b')[0]?.[0]).toBe('invalid:COPPY');
});

test('states of lines that go on alike are the same', () => {
  const a = tokenizeLine('RUN dir', firstLineState).state;
  const b = tokenizeLine('WORKDIR C:/', a).state;
  expect(sameLineState(a, b)).toBe(true);
  expect(sameLineState(a, tokenizeLine('RUN dir \\', a).state)).toBe(false);
});

test('the time for a hostile line stays linear', () => {
  for (const unit of ['"', '$', '${', '<<', '(-', "'", '%a', '--a=', '\\', '`"', '<#', '@"']) {
    const start = performance.now();
    tokenizeLine(`RUN ${unit.repeat(9000)}`.slice(0, 20_000), {
      ...firstLineState,
      shell: 'powershell',
    });
    tokenizeLine(`RUN ${unit.repeat(9000)}`.slice(0, 20_000), firstLineState);
    tokenizeLine(`ENV ${unit.repeat(9000)}`.slice(0, 20_000), firstLineState);
    expect(performance.now() - start, unit).toBeLessThan(1000);
  }
});
