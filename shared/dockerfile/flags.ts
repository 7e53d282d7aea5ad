import type { Flag, Word } from './ast.ts';
import { error, type Report } from './finding.ts';
import { rangeIn, type LogicalLine } from './logical-line.ts';
import { didYouMean } from './suggest.ts';
import type { RawFlag } from './words.ts';

/** How a flag may be used: `switch` may stand alone, `value` needs one, `list` may be repeated. */
export type FlagKind = 'switch' | 'value' | 'list';

/** Splits `--name=value` and places its parts. */
export function readFlag(line: LogicalLine, raw: RawFlag): Flag {
  const { text, range } = raw.word;
  const equals = text.indexOf('=');
  const name = text.slice(2, equals < 0 ? undefined : equals);
  const at = line.text.indexOf('=', raw.start);
  const valueStart = equals < 0 || at < 0 ? raw.end : at + 1;
  const valueRange = rangeIn(line, valueStart, raw.end);
  return { name, range, valueRange, ...(equals >= 0 && { value: text.slice(equals + 1) }) };
}

/** The flags of one instruction, checked. */
export interface FlagSet {
  value(name: string): Word | undefined;
  list(name: string): readonly Word[];
  /** Undefined where the flag is absent. */
  isOn(name: string): boolean | undefined;
}

/**
 * Checks flags against what `keyword` allows. Returns undefined after reporting when one is unknown, repeated,
 * or lacks its value.
 */
export function checkFlags(
  flags: readonly Flag[],
  keyword: string,
  allowed: Readonly<Record<string, FlagKind>>,
  report: Report,
): FlagSet | undefined {
  const seen = new Set<string>();
  let ok = true;
  for (const flag of flags) {
    const problem = flagProblem(flag, keyword, allowed, seen);
    seen.add(flag.name);
    if (problem === undefined) continue;
    ok = false;
    report(error('invalid-flag', flag.range, problem));
  }
  return ok ? flagSet(flags) : undefined;
}

function flagProblem(
  flag: Flag,
  keyword: string,
  allowed: Readonly<Record<string, FlagKind>>,
  seen: ReadonlySet<string>,
): string | undefined {
  const kind = Object.hasOwn(allowed, flag.name) ? allowed[flag.name] : undefined;
  if (kind === undefined) return unknownFlag(flag, keyword, Object.keys(allowed));
  if (kind !== 'list' && seen.has(flag.name)) return `--${flag.name} is given twice. Keep one.`;
  if (kind === 'switch') return switchProblem(flag);
  return flag.value === undefined
    ? `--${flag.name} needs a value: --${flag.name}=<value>.`
    : undefined;
}

function unknownFlag(flag: Flag, keyword: string, names: readonly string[]): string {
  const known = names.map(name => `--${name}`).join(', ');
  const takesCommand = keyword === 'CMD' || keyword === 'ENTRYPOINT';
  const none = takesCommand
    ? 'Put -- before the command, or write it as a JSON array.'
    : 'It takes no flags.';
  const rest = names.length === 0 ? ` ${none}` : ` It takes ${known}.`;
  return `${keyword} has no flag --${flag.name}.${didYouMean(flag.name, names, '--') || rest}`;
}

function switchProblem(flag: Flag): string | undefined {
  if (flag.value === undefined || /^(?:true|false)$/i.test(flag.value)) return undefined;
  return `--${flag.name} is either true or false, not ${flag.value === '' ? 'empty' : flag.value}.`;
}

function flagSet(flags: readonly Flag[]): FlagSet {
  const list = (name: string): Word[] =>
    flags
      .filter(flag => flag.name === name)
      .map(flag => ({ text: flag.value ?? '', range: flag.valueRange }));
  return {
    list,
    value: name => list(name)[0],
    isOn(name) {
      const flag = flags.find(flag => flag.name === name);
      return flag === undefined ? undefined : (flag.value ?? 'true').toLowerCase() === 'true';
    },
  };
}
