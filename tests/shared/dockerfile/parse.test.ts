import { DockerfileParser } from 'dockerfile-ast';
import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Dockerfile } from '../../../shared/dockerfile/ast.ts';
import type { Finding } from '../../../shared/dockerfile/finding.ts';
import {
  largestDockerfile,
  parseDockerfile,
  parseOnbuildTrigger,
} from '../../../shared/dockerfile/parse.ts';
import type { Position, SourceRange } from '../../../shared/source-range.ts';
import { shortRange } from './describe-dockerfile.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/dockerfile');
const goldens = readdirSync(fixtures, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(
    ({ name }) => [name, readFileSync(path.join(fixtures, name, 'Dockerfile'), 'utf8')] as const,
  );

function textAt(text: string, range: SourceRange): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return text.slice(offset(range.start), offset(range.end));
}

function rules(text: string): string[] {
  return parseDockerfile(text).findings.map(finding => `${finding.severity} ${finding.rule}`);
}

/** Every range below a value, the lazily computed ones of words too. */
function* rangesOf(value: unknown): Generator<SourceRange> {
  if (Array.isArray(value)) for (const item of value) yield* rangesOf(item);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  if ('start' in value && 'end' in value) yield value as SourceRange;
  else if ('range' in value) yield* rangesOf(value.range);
  for (const inner of Object.values(value)) yield* rangesOf(inner);
}

function compare(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Throws where a range lies outside of the text or is reversed, or where instructions overlap. */
function checkRanges(text: string, { directives, instructions, findings }: Dockerfile): void {
  const lines = text.split('\n');
  for (const { start, end } of rangesOf([directives, instructions, findings])) {
    for (const { line, character } of [start, end]) {
      expect(line).toBeLessThan(lines.length);
      expect(character).toBeLessThanOrEqual(lines[line]!.length);
      expect(Math.min(line, character)).toBeGreaterThanOrEqual(0);
    }
    expect(compare(start, end)).toBeLessThanOrEqual(0);
  }
  for (const [index, { range }] of instructions.entries()) {
    const next = instructions[index + 1];
    if (next) expect(compare(range.end, next.range.start)).toBeLessThanOrEqual(0);
  }
}

describe('ranges', () => {
  test.each(goldens)('of %s lie in the text, and instructions do not overlap', (_, text) => {
    checkRanges(text, parseDockerfile(text));
  });

  test('count UTF-16 units and go over continued lines', () => {
    const text = 'FROM a\r\nLABEL "😀" = x\r\nENV A="1 \\\r\n # no\r\n 2" B=3\r\n';
    const { instructions } = parseDockerfile(text);
    const env = instructions.find(one => one.keyword === 'ENV');
    expect(env?.pairs.map(({ value }) => textAt(text, value.range))).toEqual([
      '"1 \\\r\n # no\r\n 2"',
      '3',
    ]);
    expect(env?.text).toBe('ENV A="1  2" B=3');
  });

  test('of fixes give the text that the fix promises', () => {
    const text = 'FROM a AS B\nCOPY x C:\\y\\z\nRUN a \\\n\n b\n';
    const fixed = parseDockerfile(text)
      .findings.flatMap(finding => finding.fix?.edits ?? [])
      .toSorted((a, b) => compare(b.range.start, a.range.start))
      .reduce((result, { range, newText }) => {
        const before = textAt(result, { start: { line: 0, character: 0 }, end: range.start });
        return before + newText + result.slice(before.length + textAt(result, range).length);
      }, text);
    expect(fixed).toBe('FROM a AS b\nCOPY x C:/y/z\nRUN a \\\n b\n');
    expect(rules(fixed)).toEqual([]);
  });

  test('of instructions are those that dockerfile-ast finds', () => {
    // It continues a line that ends in two escape characters, which Docker does not; it counts blanks behind an
    // instruction to it, knows no blank in `<< EOF`, and does not read on where Docker refuses (or knows a byte order mark).
    const differs =
      /^continuation-(?:double-backslash|at-end|keyword)|heredoc-(?:space|detached)|^env-required$|^volume$|^lonely/;
    const refused = /unterminated|escape-duplicate|byte-order/;
    const compared = goldens.filter(([name]) => !differs.test(name) && !refused.test(name));
    expect(compared.length).toBeGreaterThan(230);
    const found = compared.map(([name, text]) => {
      const ours = parseDockerfile(text).instructions.map(
        one => `${one.written} ${shortRange(one.range)}`,
      );
      return { name, ours };
    });
    const theirs = compared.map(([name, text]) => {
      const instructions = DockerfileParser.parse(text).getInstructions();
      return {
        name,
        ours: instructions.map(one => `${one.getInstruction()} ${shortRange(one.getRange())}`),
      };
    });
    expect(found).toEqual(theirs);
  });
});

describe('anything at all', () => {
  const piece = fc.constantFrom(
    ...'FROM RUN COPY ADD ENV ARG LABEL ONBUILD HEALTHCHECK CMD SHELL EXPOSE VOLUME WORKDIR USER'.split(
      ' ',
    ),
    ...'# \\ ` \n \r\n " \' [ ] , $ { } ${ = : / << <<- EOF \t -- --from= --mount= =x a AS \u00a0 😀 \ufeff \0'.split(
      ' ',
    ),
    ' ',
    '\n',
    'escape=`',
    '["a", "b"]',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 60 }).map(parts => parts.join('')),
  );

  test('is read without throwing, with ranges inside the text', () => {
    fc.assert(
      fc.property(text, input => checkRanges(input, parseDockerfile(input))),
      { numRuns: 3000 },
    );
  });

  test('is read as a trigger without throwing', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('\\', '`'), (input, escape) => {
        const { instruction, findings } = parseOnbuildTrigger(input, escape);
        const isWrong = findings.some(finding => finding.severity === 'error');
        expect(instruction === undefined).toBe(isWrong);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('size', () => {
  const message = (findings: readonly Finding[]): unknown => findings[0]?.message;

  test('of more than 16 MiB is refused', () => {
    const { findings, instructions } = parseDockerfile(`FROM a\n${'#'.repeat(largestDockerfile)}`);
    expect(instructions).toEqual([]);
    expect(message(findings)).toBe(
      'This Dockerfile is larger than 16 MiB. Move data out of it, into files that COPY takes.',
    );
  });

  test('of a line of 65,534 bytes is quiet, one byte more is what Docker refuses', () => {
    const line = (bytes: number): string => `FROM a\nRUN ${'x'.repeat(bytes - 4)}`;
    expect(rules(line(65_534))).toEqual([]);
    expect(rules(line(65_535))).toEqual(['warning long-line']);
    expect(rules(`FROM a\nRUN ${'ä'.repeat(32_766)}`)).toEqual(['warning long-line']);
  });

  test('does not matter more than in proportion', () => {
    const inputs: [string, (n: number) => string][] = [
      ['instructions', n => `FROM a\n${'RUN a \\\n b\nENV A=1 B="2"\n'.repeat(n / 8)}`],
      ['words', n => `FROM a\nCOPY ${'x '.repeat(n)}`],
      ['continuations', n => `FROM a\nRUN x${' && y \\\n'.repeat(n)}`],
      ['empty continuations', n => `FROM a\nRUN x \\\n${'\n'.repeat(n)}`],
      ['spaces', n => `FROM a\nRUN x${' '.repeat(n)}y`],
      ['directive spaces', n => `# escape${' '.repeat(n)}=${' '.repeat(n)}x`],
      ['markers', n => `FROM a\nRUN ${'<<'.repeat(n)}`],
      ['dollars', n => `FROM a\nRUN << ${'${'.repeat(n)}`],
      ['quotes', n => `FROM a\nRUN << ${'"'.repeat(n)}`],
      ['json', n => `FROM a\nRUN [${'"a",'.repeat(n)}"b"]`],
      ['brackets', n => `FROM a\nRUN ${'['.repeat(n)}`],
      ['mounts', n => `FROM a\nRUN --mount=${'target=x,'.repeat(n / 4)} x`],
      ['flags', n => `FROM a\nCOPY ${'--exclude=x '.repeat(n / 4)} x y`],
    ];
    const time = (text: string): number => {
      const start = process.cpuUsage();
      parseDockerfile(text);
      return process.cpuUsage(start).user / 1000;
    };
    const slow = inputs.flatMap(([name, make]) => {
      time(make(2000));
      const small = Math.min(time(make(10_000)), time(make(10_000)));
      const large = Math.min(time(make(80_000)), time(make(80_000)));
      // 8 times the input; quadratic time would be 64 times. Below 60 ms the clock says little.
      return large > 60 && large > small * 30 ? [`${name}: ${small} ms, then ${large} ms`] : [];
    });
    expect(slow).toEqual([]);
  });

  test('of a million findings is cut to what can be read', () => {
    const { findings } = parseDockerfile(`FROM a\n${'NOPE x\n'.repeat(20_000)}`);
    expect(findings).toHaveLength(1000);
  });
});

describe('single rules', () => {
  test('a NUL character means that this is no text', () => {
    expect(rules('FROM a\nRUN \0')).toEqual(['error not-text']);
  });

  test('a byte order mark belongs to no instruction', () => {
    const { instructions } = parseDockerfile('\ufeffFROM a');
    expect(instructions.map(one => shortRange(one.range))).toEqual(['0:1-0:7']);
  });

  test('a lone carriage return ends no line', () => {
    expect(parseDockerfile('FROM a\rUSER x').instructions.map(one => one.written)).toEqual([
      'FROM',
    ]);
  });

  test('a here-document keeps its line ends', () => {
    const { instructions } = parseDockerfile('FROM a\r\nRUN <<E\r\na\r\nb\nE\r\n');
    expect(instructions[1]).toMatchObject({ heredocs: [{ name: 'E', content: 'a\r\nb\n' }] });
  });

  test.each([
    ["<<'E'", 'E', false],
    ['<<"E"', 'E', false],
    ["<<E'O'F", 'EOF', false],
    ['<<EOF', 'EOF', true],
    ['<<$EOF', '$EOF', true],
    ['3<<EOF', 'EOF', true],
    ["<<'one two'", 'one two', false],
    ["<<e\\'f", "e'f", true],
  ])('the delimiter of %s is %s', (marker, name, expand) => {
    const { instructions } = parseDockerfile(`FROM a\nRUN ${marker}\nx\n${name}\nUSER u`);
    expect(instructions[1]).toMatchObject({ heredocs: [{ name, expand, content: 'x\n' }] });
    expect(instructions).toHaveLength(3);
  });

  test('only ADD, COPY and RUN have here-documents', () => {
    expect(rules('FROM a\nUSER <<E\nx\nE')).toEqual([
      'error unknown-instruction',
      'error unknown-instruction',
    ]);
  });

  test('a trigger of an image may hold a here-document and must be one instruction', () => {
    expect(parseOnbuildTrigger('COPY <<E x\ntext\nE', '\\').instruction?.keyword).toBe('COPY');
    expect(parseOnbuildTrigger('RUN a\nRUN b', '\\').instruction).toBeUndefined();
    expect(parseOnbuildTrigger('FROM a', '\\').instruction).toBeUndefined();
  });
});
