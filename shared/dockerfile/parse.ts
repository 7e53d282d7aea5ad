import { startOfText } from '../source-range.ts';
import type { Dockerfile, EscapeCharacter, Instruction } from './ast.ts';
import { applyChecks } from './checks.ts';
import { readDirectives } from './directives.ts';
import {
  collector,
  error,
  inOrder,
  warning,
  type Collector,
  type Finding,
  type Report,
} from './finding.ts';
import { keywords, readInstruction } from './instruction-parser.ts';
import { contentStart, isComment, readLogicalLine, type LogicalLine } from './logical-line.ts';
import { lint } from './lint.ts';
import { lineEnd, rangeBetween, sourceOf, type Source } from './source.ts';

/** The largest Dockerfile that is read, in UTF-16 units. */
export const largestDockerfile = 16 * 1024 * 1024;
/** Docker's own parser refuses lines of this many bytes and more (Go's bufio.MaxScanTokenSize). */
const docker64k = 65_535;

/**
 * Reads a Dockerfile. Never throws: whatever is wrong becomes a finding with its place, and the rest is still
 * read. The result may be built when no finding is an error. Time is linear in the length of the text.
 */
export function parseDockerfile(text: string): Dockerfile {
  if (text.length > largestDockerfile) return tooLarge();
  const source = sourceOf(text);
  const collected = collector();
  const { findings, report } = collected;
  reportBinary(source, report);
  const { directives, escape, nextLine } = readDirectives(source, report);
  const instructions = readInstructions(source, { escape, firstLine: nextLine }, collected);
  if (instructions.length === 0) {
    report(
      error(
        'no-instructions',
        rangeBetween(source, 0, 0),
        'This Dockerfile has no instructions. Start with FROM <image>.',
      ),
    );
  }
  checkStages(instructions, report);
  lint(instructions, report);
  return { directives, escape, instructions, findings: inOrder(applyChecks(findings, directives)) };
}

function tooLarge(): Dockerfile {
  const message = `This Dockerfile is larger than ${largestDockerfile / 1024 / 1024} MiB. Move data out of it, into files that COPY takes.`;
  const findings = [error('too-large', startOfText, message)];
  return { directives: [], escape: '\\', instructions: [], findings };
}

/** A NUL is in no text; UTF-16 that was read as UTF-8 is full of them. */
function reportBinary(source: Source, report: Report): void {
  const at = source.text.indexOf('\0');
  if (at < 0) return;
  const message = 'This is no text in UTF-8: it holds a NUL character. Save the file as UTF-8.';
  report(error('not-text', rangeBetween(source, at, at + 1), message));
}

function readInstructions(
  source: Source,
  { escape, firstLine }: { escape: EscapeCharacter; firstLine: number },
  { report, isFull }: Collector,
): Instruction[] {
  const instructions: Instruction[] = [];
  for (let line = firstLine; line < source.lineStarts.length && !isFull();) {
    const logical = readLogicalLine(source, line, escape);
    if (logical === undefined) {
      line++;
      continue;
    }
    reportLine(logical, report);
    const { instruction, nextLine } = readInstruction(logical, escape, report);
    instructions.push(instruction);
    line = nextLine;
  }
  return instructions;
}

function reportLine(line: LogicalLine, report: Report): void {
  const { source } = line;
  for (const empty of line.emptyLines) {
    const start = source.lineStarts[empty] ?? 0;
    const range = rangeBetween(source, start, lineEnd(source, empty));
    const next = source.lineStarts[empty + 1] ?? source.text.length;
    const fix = {
      title: 'Remove the empty line',
      edits: [{ range: rangeBetween(source, start, next), newText: '' }],
    };
    const message =
      'An empty line inside an instruction is deprecated and will become an error in Docker. Remove it, or make it a comment.';
    report(warning('no-empty-continuation', range, message, fix));
  }
  for (let at = line.firstLine; at < Math.min(line.nextLine, source.lineStarts.length); at++)
    reportPhysical(line, at, report);
}

function reportPhysical({ source, firstLine }: LogicalLine, line: number, report: Report): void {
  const start = source.lineStarts[line] ?? 0;
  const end = lineEnd(source, line);
  if (end - start > docker64k / 3 && bytesOf(source.text.slice(start, end)) >= docker64k) {
    const message = `This line is longer than ${docker64k} bytes, which Docker refuses. Layerwright reads it. Break it up to stay compatible.`;
    report(warning('long-line', rangeBetween(source, start, end), message));
  }
  if (line > firstLine && !isComment(source, line)) reportSwallowed(source, line, report);
}

/** `COPY a C:\dir\` swallows the next line: nothing but a path stands before the backslash, and a keyword behind. */
function reportSwallowed(source: Source, line: number, report: Report): void {
  const start = contentStart(source, line);
  const keyword = /^[A-Za-z]+(?=[ \t])/.exec(source.text.slice(start, start + 16))?.[0] ?? '';
  if (!keywords.includes(keyword)) return;
  const above = lineEnd(source, line - 1);
  const path = /[^\s\\]\\$/.test(source.text.slice(Math.max(0, above - 2), above));
  if (!path) return;
  const message = `The backslash at its end continues this line, so ${keyword} below becomes part of it. Write / instead, or put # escape=\` on the first line.`;
  const range = rangeBetween(source, above - 1, above);
  const fix = { title: 'Write / instead of \\', edits: [{ range, newText: '/' }] };
  report(warning('swallowed-instruction', range, message, fix));
}

function bytesOf(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
}

/** Only ARG may stand before the first FROM, and there must be one. */
function checkStages(instructions: readonly Instruction[], report: Report): void {
  const first = instructions.findIndex(({ written }) => written.toUpperCase() === 'FROM');
  const outside = first < 0 ? instructions : instructions.slice(0, first);
  for (const { keyword, written, range } of outside) {
    if (keyword === 'ARG' || keyword === 'INVALID') continue;
    const message = `${written.toUpperCase()} stands before the first FROM. Only ARG may; put FROM above it.`;
    report(error('no-stage', range, message));
  }
  const last = outside.at(-1);
  if (first < 0 && last?.keyword === 'ARG') {
    report(
      error(
        'no-stage',
        last.range,
        'This Dockerfile has no FROM, so there is nothing to build. Add FROM <image>.',
      ),
    );
  }
}

/** An ONBUILD trigger from a base image's config, read as one instruction. */
export interface Trigger {
  /** Absent where the text is no single, legal instruction; findings then hold an error. */
  readonly instruction?: Instruction;
  /** Ranges count within the trigger's text. */
  readonly findings: readonly Finding[];
}

/** Reads an ONBUILD trigger (`OnBuild` of an image config). Never throws. */
export function parseOnbuildTrigger(text: string, escape: EscapeCharacter): Trigger {
  const source = sourceOf(text.slice(0, largestDockerfile));
  const collected = collector();
  const { findings } = collected;
  const instructions = readInstructions(source, { escape, firstLine: 0 }, collected);
  const [instruction] = instructions;
  const isForbidden = /^(?:FROM|ONBUILD|MAINTAINER)$/i.test(instruction?.written ?? '');
  if (instruction === undefined || instructions.length > 1 || isForbidden) {
    const range = instruction?.range ?? rangeBetween(source, 0, source.text.length);
    const message =
      'The base image has an ONBUILD trigger that is no single instruction that may be a trigger. Use another base image.';
    return { findings: [...findings, error('bad-trigger', range, message)] };
  }
  return instruction.keyword === 'INVALID' ? { findings } : { instruction, findings };
}
