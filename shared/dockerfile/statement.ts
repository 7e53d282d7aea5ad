import type { SourceRange } from '../source-range.ts';
import type { CommandLine, EscapeCharacter, Flag, Heredoc, Instruction, Word } from './ast.ts';
import { error, warning, type Report } from './finding.ts';
import { checkFlags, type FlagKind, type FlagSet } from './flags.ts';
import { looksLikeJson, readJson } from './json-form.ts';
import { rangeIn, wordIn, type LogicalLine } from './logical-line.ts';
import { plainWords } from './words.ts';

/** What every instruction has, before its arguments are read. */
export interface Statement {
  readonly line: LogicalLine;
  readonly escape: EscapeCharacter;
  readonly base: {
    readonly written: string;
    readonly keywordRange: SourceRange;
    readonly range: SourceRange;
    readonly text: string;
    readonly flags: readonly Flag[];
  };
  /** Offset in the line where the arguments start, behind the flags. */
  readonly from: number;
  readonly heredocs: readonly Heredoc[];
  readonly report: Report;
}

/** Reads the arguments of one kind of instruction; undefined after reporting why it cannot. */
export type StatementReader = (statement: Statement) => Instruction | undefined;

/** True where no arguments follow. */
export function isEmpty({ line, from }: Statement): boolean {
  return from >= line.text.length;
}

/** All arguments as one word. */
export function restOf({ line, from }: Statement): Word {
  return wordIn(line, Math.min(from, line.text.length), line.text.length);
}

/** Reports an error about the whole instruction. */
export function refuse({ base, report }: Statement, rule: string, message: string): undefined {
  report(error(rule, base.range, message));
}

export function flagsOf(
  statement: Statement,
  allowed: Readonly<Record<string, FlagKind>>,
): FlagSet | undefined {
  return checkFlags(
    statement.base.flags,
    statement.base.written.toUpperCase(),
    allowed,
    statement.report,
  );
}

/** ARG and STOPSIGNAL ignore flags in Docker, where every other instruction refuses those it does not know. */
export function warnFlags({ base, report }: Statement, keyword: string): void {
  for (const { name, range } of base.flags) {
    const message = `${keyword} takes no flags; --${name} is ignored. Remove it.`;
    report(warning('ignored-flag', range, message));
  }
}

/** Reads the arguments as a JSON array, or else as words between white space (COPY, ADD, VOLUME). */
export function jsonOrWords(statement: Statement): readonly Word[] | undefined {
  const json = readJson(statement.line, statement.from);
  if (json.kind === 'array') return json.words;
  if (json.kind === 'not-strings') return refuseNotStrings(statement);
  if (json.kind === 'broken') warnBrokenJson(statement);
  return plainWords(statement.line, statement.from);
}

/** Reads the arguments as a command in exec or shell form; `from` may lie behind a word such as CMD. */
export function commandLine(statement: Statement, from = statement.from): CommandLine | undefined {
  const { line } = statement;
  const json = readJson(line, from);
  const range = rangeIn(line, from, line.text.length);
  if (json.kind === 'array') return { form: 'exec', argv: json.words, range };
  if (json.kind === 'not-strings') return refuseNotStrings(statement);
  if (json.kind === 'broken') warnBrokenJson(statement, from);
  return { form: 'shell', line: wordIn(line, Math.min(from, line.text.length), line.text.length) };
}

function refuseNotStrings(statement: Statement): undefined {
  return refuse(
    statement,
    'json-not-strings',
    'A JSON array here may hold only strings. Put every element in double quotes.',
  );
}

/** Docker quietly takes broken JSON as shell form, which is hardly ever what was meant. */
function warnBrokenJson({ line, report }: Statement, from = 0): void {
  const start = line.text.indexOf('[', from);
  const text = line.text.slice(start);
  if (!looksLikeJson(text)) return;
  const range = rangeIn(line, start, line.text.length);
  report(
    warning(
      'broken-json',
      range,
      `This is no valid JSON array, so it is not read as one. ${jsonAdvice(text)}`,
    ),
  );
}

function jsonAdvice(text: string): string {
  if (/^\[\s*'/.test(text)) return 'Use double quotes instead of single quotes.';
  if (/\\(?!["\\/bfnrtu])/.test(text)) return 'Write each backslash twice.';
  return 'Check its quotes, commas and the closing bracket.';
}
