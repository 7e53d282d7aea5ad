import { DockerfileLanguageServiceFactory } from 'dockerfile-language-service';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../renderer/features/dockerfile-editor/language/analysis.ts';
import { problemsOf } from '../../../renderer/features/dockerfile-editor/language/diagnostics.ts';
import { edited } from './at-mark.ts';

const service = DockerfileLanguageServiceFactory.createLanguageService();

function problems(text: string) {
  return problemsOf(analyze(text), service.validate(text));
}

/** The text after the fix with that title. */
function fixed(text: string, title: RegExp): string {
  const fix = problems(text)
    .flatMap(({ fixes }) => fixes)
    .find(one => title.test(one.title));
  if (fix === undefined) throw new Error(`no fix ${title.source}`);
  return edited(text, fix.edits);
}

describe('problems', () => {
  test('paths of Windows with ` as escape are no problem, whatever the language service says', () => {
    const text =
      '# escape=`\nFROM a:1\nENV P="C:\\dir\\"\nWORKDIR C:\\dir\\\nCOPY a b C:\\dir\\\nCOPY c C:\\dir\\\nVOLUME C:\\data\\\n';
    expect(problems(text)).toEqual([]);
  });

  test('each problem is reported once', () => {
    const text = 'FROM a AS x\nFROM b AS x\nMAINTAINER me\nWORKDIR rel\nCOPPY a\n';
    const places = problems(text).map(({ range, rule }) => `${range.start.line} ${rule}`);
    expect(new Set(places).size).toBe(places.length);
    expect(problems(text).some(({ rule }) => rule === 'dockerfile-utils')).toBe(false);
  });

  test('the language service adds what our parser does not look for, as a warning', () => {
    const found = problems('FROM a\nCOPY a b c\n');
    expect(found.map(({ rule, severity }) => [rule, severity])).toContainEqual([
      'dockerfile-utils',
      'warning',
    ]);
  });

  test('variables of an unknown base image are not reported, mistyped ones are', () => {
    expect(problems('FROM a:1\nWORKDIR $DOTNET_ROOT\n')).toEqual([]);
    const [found] = problems('FROM a:1\nENV APP_HOME=C:/x\nWORKDIR $APP_HOMR\n');
    expect(found?.message).toContain('Did you mean $APP_HOME?');
  });

  test('stages that nothing needs are looked at as well', () => {
    const text = 'FROM a AS one\nENV APP=1\nWORKDIR C:/$APQ\nFROM b\nRUN dir\n';
    expect(problems(text).map(({ rule }) => rule)).toContain('undefined-var');
  });
});

describe('fixes', () => {
  test('the escape character changes together with the marks that continue lines', () => {
    const text = 'FROM a\nRUN dir \\\n  C:\\x\nCOPY a C:\\app\n';
    expect(fixed(text, /escape character/)).toBe(
      '# escape=`\nFROM a\nRUN dir `\n  C:\\x\nCOPY a C:\\app\n',
    );
  });

  test('lines of a here-document keep their backslashes', () => {
    const text = 'FROM a\nRUN <<EOF\na \\\nEOF\nCOPY a C:\\app\n';
    expect(fixed(text, /escape character/)).toBe(`# escape=\`\n${text}`);
  });

  test('a shell form of plain words becomes a JSON array', () => {
    const text = 'FROM a\nCMD ping -t localhost\n';
    expect(fixed(text, /Write \[/)).toBe('FROM a\nCMD ["ping", "-t", "localhost"]\n');
  });

  test('a shell form that needs its shell has no such fix', () => {
    expect(() => fixed('FROM a\nCMD echo %PATH%\n', /Write \[/)).toThrow('no fix');
  });

  test('a second stage of the same name gets a name of its own', () => {
    const text = 'FROM a AS x\nFROM b AS x2\nFROM c AS x\n';
    expect(fixed(text, /Rename/)).toBe('FROM a AS x\nFROM b AS x2\nFROM c AS x3\n');
  });

  test('a mistyped instruction is mended', () => {
    expect(fixed('FROM a\nCOPPY a b\n', /Write COPY/)).toBe('FROM a\nCOPY a b\n');
  });

  test('an instruction without effect goes', () => {
    expect(fixed('FROM a\nCMD ["a"]\nCMD ["b"]\n', /Remove/)).toBe('FROM a\nCMD ["b"]\n');
  });

  test('a global argument is declared where it is used', () => {
    const text = 'ARG V=1\nFROM a\nWORKDIR C:/$V\n';
    expect(fixed(text, /Add ARG V/)).toBe('ARG V=1\nFROM a\nARG V\nWORKDIR C:/$V\n');
  });

  test('MAINTAINER becomes a label', () => {
    expect(fixed('FROM a\nMAINTAINER Jo "J" Doe\n', /LABEL/)).toBe(
      'FROM a\nLABEL org.opencontainers.image.authors="Jo \\"J\\" Doe"\n',
    );
  });
});
