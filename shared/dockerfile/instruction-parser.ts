import type { SourceRange } from '../source-range.ts';
import type {
  EscapeCharacter,
  Flag,
  Heredoc,
  Instruction,
  Keyword,
  OnbuildInstruction,
} from './ast.ts';
import { isSpace, isWordGap, skip, skipBack } from './characters.ts';
import { error, type Finding, type Report } from './finding.ts';
import { readFlag } from './flags.ts';
import { readHeredocs } from './heredoc.ts';
import { readJson } from './json-form.ts';
import { rangeIn, type LogicalLine } from './logical-line.ts';
import { readCmd, readEntrypoint, readHealthcheck, readRun, readShell } from './parse-command.ts';
import { readAdd, readCopy } from './parse-copy.ts';
import { readArg, readEnv, readLabel } from './parse-pairs.ts';
import {
  readExpose,
  readFrom,
  readMaintainer,
  readStopsignal,
  readUser,
  readVolume,
  readWorkdir,
} from './parse-simple.ts';
import { lineEnd, rangeBetween } from './source.ts';
import { flagsOf, isEmpty, refuse, type Statement, type StatementReader } from './statement.ts';
import { didYouMean } from './suggest.ts';
import { leadingFlags } from './words.ts';

const readers: Readonly<Record<Keyword, StatementReader>> = {
  ADD: readAdd,
  ARG: readArg,
  CMD: readCmd,
  COPY: readCopy,
  ENTRYPOINT: readEntrypoint,
  ENV: readEnv,
  EXPOSE: readExpose,
  FROM: readFrom,
  HEALTHCHECK: readHealthcheck,
  LABEL: readLabel,
  MAINTAINER: readMaintainer,
  ONBUILD: readOnbuild,
  RUN: readRun,
  SHELL: readShell,
  STOPSIGNAL: readStopsignal,
  USER: readUser,
  VOLUME: readVolume,
  WORKDIR: readWorkdir,
};
export const keywords: readonly string[] = Object.keys(readers);

const withHeredocs = new Set(['ADD', 'COPY', 'RUN']);

export interface StatementResult {
  readonly instruction: Instruction;
  /** The first physical line behind the instruction and its here-documents. */
  readonly nextLine: number;
}

/** Reads one logical line as an instruction. What is wrong with it goes to `report`. */
export function readInstruction(
  line: LogicalLine,
  escape: EscapeCharacter,
  report: Report,
): StatementResult {
  const reporting = { line, escape, report };
  const head = headOf(reporting, skip(line.text, 0, isSpace));
  const takesHeredocs = hasHeredocs(reporting, head);
  const { heredocs, nextLine } = takesHeredocs
    ? readHeredocs(line, report)
    : { heredocs: [], nextLine: line.nextLine };
  return { instruction: readStatement(reporting, head, heredocs), nextLine };
}

interface Reading {
  readonly line: LogicalLine;
  readonly escape: EscapeCharacter;
  readonly report: Report;
}

interface Head {
  readonly start: number;
  readonly keyword: string;
  readonly keywordEnd: number;
  readonly flags: readonly Flag[];
  readonly from: number;
}

/** The line without the white space at its end. */
function trimmed(line: LogicalLine): LogicalLine {
  const end = skipBack(line.text, 0, isSpace);
  return end === line.text.length ? line : { ...line, text: line.text.slice(0, end) };
}

function headOf({ line, escape }: Reading, start: number): Head {
  const keywordEnd = skip(line.text, start, code => !isWordGap(code));
  const { flags, rest } = leadingFlags(line, keywordEnd, escape);
  const keyword = line.text.slice(start, keywordEnd).toUpperCase();
  return { start, keyword, keywordEnd, flags: flags.map(flag => readFlag(line, flag)), from: rest };
}

/** ADD, COPY and RUN take here-documents, unless they are in exec form; so do they as ONBUILD's trigger. */
function hasHeredocs(reading: Reading, head: Head): boolean {
  if (!reading.line.text.includes('<<')) return false;
  const inner = head.keyword === 'ONBUILD' ? headOf(reading, head.from) : head;
  return (
    withHeredocs.has(inner.keyword) && readJson(trimmed(reading.line), inner.from).kind !== 'array'
  );
}

function readStatement(reading: Reading, head: Head, heredocs: readonly Heredoc[]): Instruction {
  const line = trimmed(reading.line);
  const statement: Statement = {
    line,
    escape: reading.escape,
    base: {
      written: line.text.slice(head.start, head.keywordEnd),
      keywordRange: rangeIn(line, head.start, head.keywordEnd),
      range: wholeRange(line, head.start, heredocs),
      text: line.text.slice(head.start),
      flags: head.flags,
    },
    from: head.from,
    heredocs,
    report: reading.report,
  };
  const reader = Object.hasOwn(readers, head.keyword)
    ? readers[head.keyword as Keyword]
    : undefined;
  if (reader === undefined) reportUnknown(statement);
  return reader?.(statement) ?? { keyword: 'INVALID', ...statement.base };
}

/** Reads the instruction that starts at `from` inside another one (the trigger of ONBUILD). */
function readTrigger(outer: Statement): Instruction {
  const reading = { line: outer.line, escape: outer.escape, report: outer.report };
  return readStatement(reading, headOf(reading, outer.from), outer.heredocs);
}

function wholeRange(line: LogicalLine, start: number, heredocs: readonly Heredoc[]): SourceRange {
  const range = rangeIn(line, start, line.text.length);
  const last = heredocs.at(-1);
  if (last === undefined) return range;
  const { source } = line;
  const terminator = Math.min(last.range.end.line, source.lineStarts.length - 1);
  const end = rangeBetween(source, 0, lineEnd(source, terminator)).end;
  return { start: range.start, end };
}

function reportUnknown({ base, report }: Statement): void {
  const { written, keywordRange } = base;
  if (written === '') {
    report(
      error(
        'unknown-instruction',
        base.range,
        'An escape character without an instruction. Remove this line.',
      ),
    );
    return;
  }
  const shown = written.length > 40 ? `${written.slice(0, 40)}...` : written;
  const hint =
    didYouMean(written, keywords) ||
    ' If it continues the line above, end that line with the escape character.';
  report(error('unknown-instruction', keywordRange, `Unknown instruction: ${shown}.${hint}`));
}

/** `ONBUILD instruction`. */
function readOnbuild(statement: Statement): OnbuildInstruction | undefined {
  if (flagsOf(statement, {}) === undefined) return undefined;
  if (isEmpty(statement))
    return refuse(statement, 'missing-argument', 'ONBUILD needs an instruction.');
  const findings: Finding[] = [];
  const trigger = readTrigger({ ...statement, report: finding => findings.push(finding) });
  const name = trigger.written.toUpperCase();
  if (name === 'ONBUILD' || name === 'FROM' || name === 'MAINTAINER') {
    const message = `${name} cannot be the trigger of ONBUILD. Use another instruction.`;
    statement.report(error('bad-trigger', trigger.keywordRange, message));
    return undefined;
  }
  findings.forEach(statement.report);
  if (trigger.keyword === 'INVALID') return undefined;
  const triggerText = [trigger.text, ...statement.heredocs.map(heredocLines)].join('\n');
  return { keyword: 'ONBUILD', ...statement.base, trigger, triggerText };
}

function heredocLines(heredoc: Heredoc): string {
  return `${heredoc.content}${heredoc.name}`;
}
