import type { Position, SourceRange } from '../../source-range.ts';
import type { CommandLine, Heredoc, Word } from '../ast.ts';
import { LineWord } from '../logical-line.ts';
import { rangeBetween, sourceOf } from '../source.ts';

export type ShellKind = 'cmd' | 'powershell' | 'other';

/** One program or cmdlet with its arguments, out of a RUN, CMD, ENTRYPOINT or HEALTHCHECK. */
export interface SimpleCommand {
  /** In lower case, without folder and `.exe`. */
  readonly name: string;
  /** The words behind the name; quotes around whole words removed. */
  readonly args: readonly string[];
  readonly text: string;
  readonly range: SourceRange;
  /** What reads the command. */
  readonly shell: ShellKind;
  /** What stands between this command and the next one: `&&`, `;`, `|`, a line end... Empty for the last one. */
  readonly separator: string;
}

/** A script as a shell gets it. */
export interface Script {
  readonly text: string;
  readonly shell: ShellKind;
  readonly range: (start: number, end: number) => SourceRange;
}

/** The scripts of a command: its line, or its here-documents; exec form gives the arguments joined. */
export function scriptsOf(
  command: CommandLine,
  heredocs: readonly Heredoc[],
  shell: ShellKind,
): Script[] {
  if (command.form === 'exec') return [execScript(command.argv, command.range)];
  if (heredocs.length > 0) return heredocs.map(heredoc => heredocScript(heredoc, shell));
  return [lineScript(command.line, shell)];
}

/** An exec form has no shell; of `powershell -Command ...` the inner script is looked at. */
function execScript(argv: readonly Word[], whole: SourceRange): Script {
  const text = argv.map(({ text: word }) => (/\s/.test(word) ? `"${word}"` : word)).join(' ');
  return { text, shell: 'other', range: () => whole };
}

function lineScript(word: Word, shell: ShellKind): Script {
  const { text } = word;
  const range = (start: number, end: number): SourceRange =>
    word instanceof LineWord ? word.part(start, end).range : word.range;
  return { text, shell, range };
}

function heredocScript(heredoc: Heredoc, shell: ShellKind): Script {
  const { content } = heredoc;
  const source = sourceOf(content);
  const firstLine = heredoc.range.start.line;
  const range = (start: number, end: number): SourceRange => {
    const newline = content.indexOf('\n', start);
    // A command that goes over several lines is marked on its first one.
    const place = rangeBetween(source, start, newline < 0 ? end : Math.min(end, newline));
    return { start: moved(place.start, firstLine), end: moved(place.end, firstLine) };
  };
  return { text: content, shell: shellOfScript(content, shell), range };
}

function moved({ line, character }: Position, lines: number): Position {
  return { line: line + lines, character };
}

/** A `#!` on the first line chooses the program that reads a here-document. */
function shellOfScript(content: string, shell: ShellKind): ShellKind {
  const [, program] = /^#!\s*(\S+)/.exec(content) ?? [];
  if (program === undefined) return shell;
  return shellKind(program);
}

/** Which shell a program is. */
export function shellKind(program: string): ShellKind {
  const name = programName(program);
  if (name === 'powershell' || name === 'pwsh') return 'powershell';
  return name === 'cmd' ? 'cmd' : 'other';
}

/** `C:\Windows\System32\MSIEXEC.EXE` is `msiexec`. */
export function programName(program: string): string {
  const bare = program.replace(/^["']|["']$/g, '').toLowerCase();
  const last = bare.split(/[\\/]/).at(-1) ?? '';
  return last.replace(/\.(?:exe|cmd|bat)$/, '');
}

/** The longest script that is taken apart, in UTF-16 units. */
const longestScript = 200_000;

/** Takes a script apart into its commands, those in `powershell -Command` and `cmd /c` too. */
export function commandsOf(script: Script): SimpleCommand[] {
  const { text, shell, range } = script;
  const commands: SimpleCommand[] = [];
  for (const piece of pieces(text.slice(0, longestScript), shell)) {
    const start = piece.start + leadLength(piece.text);
    const body = piece.text.slice(leadLength(piece.text)).trimEnd();
    if (body === '') continue;
    const words = wordsOf(body);
    const [program = ''] = words;
    const command: SimpleCommand = {
      name: programName(program),
      args: words.slice(1),
      text: body,
      range: range(start, start + body.length),
      shell,
      separator: piece.separator,
    };
    commands.push(command);
    const inner = innerScript(command, body);
    if (inner === undefined) continue;
    const from = start + inner.start;
    const nested = commandsOf({
      text: inner.text,
      shell: inner.shell,
      range: (a, b) => range(from + a, from + b),
    });
    commands.push(...nested);
  }
  return commands;
}

/** Blanks, opening brackets and `@`, `&` or `if` before a command. */
function leadLength(text: string): number {
  return /^[\s({@&]*(?:(?:if|try|else)\b[^{]*\{\s*)?/.exec(text)?.[0].length ?? 0;
}

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly separator: string;
}

/** Splits at what stands between commands, outside of quotes. cmd knows no single quotes and no `;`. */
function pieces(text: string, shell: ShellKind): Piece[] {
  const found: Piece[] = [];
  const separators = shell === 'cmd' ? /^(?:&&|\|\||&|\||\r?\n)/ : /^(?:&&|\|\||;|\||\r?\n)/;
  let start = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote && text.charAt(at - 1) !== '\\') quote = '';
      continue;
    }
    if (character === '"' || (character === "'" && shell !== 'cmd')) quote = character;
    const [separator] = separators.exec(text.slice(at, at + 2)) ?? [];
    if (quote !== '' || separator === undefined) continue;
    found.push({ text: text.slice(start, at), start, separator });
    at += separator.length - 1;
    start = at + 1;
  }
  found.push({ text: text.slice(start), start, separator: '' });
  return found;
}

function wordsOf(text: string): string[] {
  const words = text.match(/(?:"(?:\\"|[^"])*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map(word => /^(["'])(.*)\1$/s.exec(word)?.[2] ?? word);
}

interface InnerScript {
  readonly text: string;
  readonly start: number;
  readonly shell: ShellKind;
}

/** What `powershell -Command` (also without the switch) and `cmd /c` are given to run. */
function innerScript({ name }: SimpleCommand, body: string): InnerScript | undefined {
  const isPowerShell = name === 'powershell' || name === 'pwsh';
  if (!isPowerShell && name !== 'cmd') return undefined;
  const opening = isPowerShell
    ? /^\S+(?:\s+-(?!c(?:ommand)?\b)(?!f(?:ile)?\b)(?!e\w*c?\b)\w+(?:\s+(?!-)(?:bypass|remotesigned|unrestricted|allsigned|hidden|normal|text))?)*\s+(?:-c(?:ommand)?\s+)?/i
    : /^\S+(?:\s+\/(?![ck]\b)\w(?::\w+)?)*\s+\/[ck]\s+/i;
  const [lead] = opening.exec(body) ?? [];
  if (lead === undefined) return undefined;
  let start = lead.length;
  let text = body.slice(start);
  if (text === '' || text.startsWith('-')) return undefined;
  const [, quote, quoted] = /^(["'])(.*)\1$/s.exec(text) ?? [];
  if (quote !== undefined && quoted !== undefined) {
    start += 1;
    text = quoted;
  }
  return { text, start, shell: isPowerShell ? 'powershell' : 'cmd' };
}
