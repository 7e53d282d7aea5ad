import type { RunStep } from './resolved-step.ts';
import { splitCommandLine } from './split-command-line.ts';
import { Variables } from './variables.ts';
import { windowsCommandLine } from './windows-command-line.ts';

/** What a RUN, CMD or ENTRYPOINT comes to on Windows. */
export interface EffectiveCommand {
  /** What CreateProcess gets, to the letter. */
  readonly commandLine: string;
  /** What reads the line behind the program's name. */
  readonly reader: 'cmd' | 'powershell' | 'program';
  /** For cmd and PowerShell the text that they run, after their own quotes are gone; for others one argument a line. */
  readonly received: readonly string[];
  /** What surprises people about it. */
  readonly notes: readonly string[];
}

/** CreateProcess takes no more (lpCommandLine); cmd reads no more ("Command prompt line string limitation"). */
const longestLine = 32_767;
const longestForCmd = 8191;

/** What a RUN starts. */
export function commandOfRun({ commandLine, env }: RunStep): EffectiveCommand {
  return effectiveCommand(commandLine, env);
}

interface ContainerConfig {
  readonly Cmd?: readonly string[] | null | undefined;
  readonly Entrypoint?: readonly string[] | null | undefined;
  readonly Env?: readonly string[] | null | undefined;
  readonly ArgsEscaped?: boolean | undefined;
}

/**
 * What a container starts: the entry point with the command behind it. With `ArgsEscaped` the first of them is a finished
 * line, as Docker on Windows takes it (moby, oci_windows.go). Undefined where the config has neither.
 */
export function commandOfContainer(config: ContainerConfig): EffectiveCommand | undefined {
  const [first, ...others] = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  if (first === undefined) return undefined;
  const isRaw = config.ArgsEscaped === true;
  const start = isRaw ? first : windowsCommandLine([first]);
  const line = [start, ...others.map(one => windowsCommandLine([one]))].join(' ');
  return effectiveCommand(line, config.Env ?? []);
}

function effectiveCommand(commandLine: string, env: readonly string[]): EffectiveCommand {
  if (commandLine.length > longestLine) return tooLong(commandLine);
  const argv = splitCommandLine(commandLine);
  const reader = readerOf(argv[0] ?? '');
  if (reader === 'cmd') {
    const { text, notes } = readByCmd(commandLine, env);
    return {
      commandLine,
      reader,
      received: [text],
      notes: [...notes, ...cmdLengthNotes(commandLine)],
    };
  }
  if (reader === 'powershell') {
    const { text, notes } = readByPowershell(commandLine, argv);
    return { commandLine, reader, received: [text], notes };
  }
  return { commandLine, reader, received: argv.slice(1), notes: [] };
}

function readerOf(program: string): EffectiveCommand['reader'] {
  const name = (program.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  if (name === 'cmd') return 'cmd';
  return name === 'powershell' || name === 'pwsh' ? 'powershell' : 'program';
}

function tooLong(commandLine: string): EffectiveCommand {
  const note = `The line has ${commandLine.length} characters; Windows takes at most ${longestLine}.`;
  return { commandLine, reader: 'program', received: [], notes: [note] };
}

function cmdLengthNotes({ length }: string): string[] {
  if (length <= longestForCmd) return [];
  return [`The line has ${length} characters; cmd takes at most ${longestForCmd}.`];
}

interface Reading {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * `cmd /?`: with /S the first quote behind /C and the last one of the line go; without it they stay only where there are
 * exactly two, with blanks and no special characters between them. Then `%NAME%` becomes the variable's value.
 */
function readByCmd(line: string, env: readonly string[]): Reading {
  const [, switches = '', rest] =
    /^\s*(?:"[^"]*"|\S+)((?:\s+\/\w(?::\w+)?)*?\s+\/[ck])\s*(.*)$/is.exec(line) ?? [];
  if (rest === undefined)
    return { text: '', notes: ['Without /C cmd waits for input, which never comes.'] };
  const keeps = !/\/s\b/i.test(switches) && /^"[^"&<>()@^|]*\s[^"&<>()@^|]*"$/.test(rest);
  const text = rest.startsWith('"') && !keeps ? withoutOuterQuotes(rest) : rest;
  const expanded = expandPercent(text, env);
  return {
    text: expanded,
    notes: expanded === text ? [] : ['Variables between percent signs have their values here.'],
  };
}

function withoutOuterQuotes(text: string): string {
  const last = text.lastIndexOf('"');
  return last <= 0 ? text.slice(1) : text.slice(1, last) + text.slice(last + 1);
}

/** On the command line, cmd leaves a name that has no value as it is. */
function expandPercent(text: string, env: readonly string[]): string {
  const values = Variables.of(env, true);
  return text.replace(/%([^%\s:=]{1,200})%/g, (all, name: string) => values.get(name) ?? all);
}

/** PowerShell splits its line as every program does and joins what is behind -Command with blanks: quotes get lost. */
function readByPowershell(line: string, argv: readonly string[]): Reading {
  const at = argv.findIndex(
    (one, index) => index > 0 && /^[-/](?:c|co|com|comm|comma|comman|command)$/i.test(one),
  );
  const encoded = argv.findIndex((one, index) => index > 0 && /^[-/]e(?:c|n[a-z]*)?$/i.test(one));
  if (encoded > 0 && (at < 0 || encoded < at)) return readEncoded(argv[encoded + 1] ?? '');
  if (at < 0) return { text: argv.slice(1).join(' '), notes: [] };
  const text = argv.slice(at + 1).join(' ');
  const written = line
    .slice(line.search(/\s[-/]c(?:o|om|omm|omma|omman|ommand)?\s/i))
    .replace(/^\s\S+\s+/, '');
  return { text, notes: [...lostQuotes(written, text), ...lostBlanks(written, text)] };
}

function lostQuotes(written: string, text: string): string[] {
  // Those that were escaped are still there.
  return countOf(written, '"') > countOf(text, '"')
    ? [
        String.raw`Double quotes are taken away before PowerShell reads the line. Use single quotes, or \" to keep one.`,
      ]
    : [];
}

/** Between commands nobody notices; in a text it is another text. */
function lostBlanks(written: string, text: string): string[] {
  const spaced = (written.match(/'[^'\n]*'/g) ?? []).filter(one => /[ \t]{2}/.test(one));
  return spaced.some(one => !text.includes(one))
    ? [
        'Several blanks in a row become one before PowerShell reads the line, also in single quotes.',
      ]
    : [];
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** -EncodedCommand is base64 of UTF-16, little endian. */
function readEncoded(base64: string): Reading {
  const bytes = bytesOfBase64(base64);
  if (bytes === undefined)
    return { text: base64, notes: ['-EncodedCommand is not followed by base64.'] };
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode((bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256);
  return { text, notes: ['The command was given in base64.'] };
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Node and browsers have different functions for this. */
function bytesOfBase64(text: string): number[] | undefined {
  const digits = text.replace(/={0,2}$/, '');
  if (!/^[\w+/]+$/.test(digits) || digits.includes('_')) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | base64Digits.indexOf(digit)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return bytes;
}
