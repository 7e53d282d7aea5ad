import type {
  CmdInstruction,
  EntrypointInstruction,
  HealthcheckInstruction,
  HealthTimes,
  MountFlag,
  RunInstruction,
  ShellInstruction,
  Word,
} from './ast.ts';
import { isSpace, skip } from './characters.ts';
import { parseDuration } from './duration.ts';
import { error, warning } from './finding.ts';
import type { FlagSet } from './flags.ts';
import { commandLine, flagsOf, isEmpty, refuse, type Statement } from './statement.ts';
import { readMountFlag, resolveMount } from './mount.ts';

/** `RUN [flags] command`. */
export function readRun(statement: Statement): RunInstruction | undefined {
  const flags = flagsOf(statement, {
    mount: 'list',
    network: 'value',
    security: 'value',
    device: 'list',
  });
  const command = commandLine(statement);
  if (flags === undefined || command === undefined) return undefined;
  if (isEmpty(statement)) return refuse(statement, 'missing-argument', 'RUN needs a command.');
  const network = oneOf(statement, flags.value('network'), ['default', 'none', 'host'] as const);
  const security = oneOf(statement, flags.value('security'), ['sandbox', 'insecure'] as const);
  const mounts = statement.base.flags.filter(flag => flag.name === 'mount').map(readMountFlag);
  if (network === undefined || security === undefined || !mountsAreValid(statement, mounts))
    return undefined;
  warnLostBackslashes(statement, mounts);
  for (const device of flags.list('device')) {
    const message =
      'RUN --device asks for a Linux CDI device; a Windows build ignores it. Remove it.';
    statement.report(warning('ignored-flag', device.range, message));
  }
  const { heredocs } = statement;
  return { keyword: 'RUN', ...statement.base, command, heredocs, mounts, network, security };
}

/** The first of `allowed` is the default; undefined after reporting that the word is none of them. */
function oneOf<T extends string>(
  { report }: Statement,
  word: Word | undefined,
  allowed: readonly [T, ...T[]],
): T | undefined {
  if (word === undefined) return allowed[0];
  const found = allowed.find(value => value === word.text);
  if (found === undefined) {
    report(
      error(
        'invalid-flag',
        word.range,
        `${word.text || 'An empty value'} is not allowed here. Use ${allowed.join(', ').replace(/, (?=[^,]*$)/, ' or ')}.`,
      ),
    );
  }
  return found;
}

/** `target=C:\\dir` reaches the builder as `C:dir` where the backslash escapes: that is hardly ever meant. */
function warnLostBackslashes({ escape, report }: Statement, mounts: readonly MountFlag[]): void {
  if (escape !== '\\') return;
  for (const { key, value } of mounts.flatMap(mount => mount.fields)) {
    if (value === undefined || key !== 'target' || !/^[a-z]:[^\\/]/i.test(value.text)) continue;
    const message = `The target is ${value.text}, without a slash behind the drive. A backslash is the escape character here: write / instead.`;
    report(warning('backslash-escapes', value.range, message));
  }
}

/** Checks what can be checked before variables have values. */
function mountsAreValid({ report }: Statement, mounts: readonly MountFlag[]): boolean {
  let ok = true;
  for (const mount of mounts) {
    const problem = mountProblem(mount);
    if (problem === undefined) continue;
    ok = false;
    report(error('invalid-mount', problem.range, problem.message));
  }
  return ok;
}

function mountProblem(mount: MountFlag): { range: Word['range']; message: string } | undefined {
  const from = mount.fields.find(field => field.key === 'from');
  if (from?.value?.text.includes('$')) {
    const message =
      'The mount option from cannot hold a variable. Name a stage with FROM ... AS <name> and use that name.';
    return { range: from.range, message };
  }
  if (mount.fields.some(field => field.value?.text.includes('$'))) return undefined;
  const result = resolveMount(mount);
  return result.ok ? undefined : { range: result.range, message: result.problem };
}

/** `CMD command`; empty is allowed and clears the command. */
export function readCmd(statement: Statement): CmdInstruction | undefined {
  if (flagsOf(statement, {}) === undefined) return undefined;
  const command = commandLine(statement);
  return command && { keyword: 'CMD', ...statement.base, command };
}

/** `ENTRYPOINT command`. */
export function readEntrypoint(statement: Statement): EntrypointInstruction | undefined {
  if (flagsOf(statement, {}) === undefined) return undefined;
  const command = commandLine(statement);
  return command && { keyword: 'ENTRYPOINT', ...statement.base, command };
}

/** `SHELL ["program", "argument"...]`. */
export function readShell(statement: Statement): ShellInstruction | undefined {
  if (flagsOf(statement, {}) === undefined) return undefined;
  const command = commandLine(statement);
  if (command === undefined) return undefined;
  if (command.form === 'shell') {
    return refuse(
      statement,
      'shell-not-json',
      'SHELL needs a JSON array, such as SHELL ["cmd", "/S", "/C"].',
    );
  }
  if (command.argv.length === 0)
    return refuse(statement, 'missing-argument', 'SHELL needs at least a program.');
  return { keyword: 'SHELL', ...statement.base, argv: command.argv };
}

const healthFlags = {
  interval: 'value',
  timeout: 'value',
  'start-period': 'value',
  'start-interval': 'value',
  retries: 'value',
} as const;
const noTimes: HealthTimes = {
  interval: 0,
  timeout: 0,
  startPeriod: 0,
  startInterval: 0,
  retries: 0,
};

/** `HEALTHCHECK [flags] CMD command` or `HEALTHCHECK NONE`. */
export function readHealthcheck(statement: Statement): HealthcheckInstruction | undefined {
  const { line, from } = statement;
  if (isEmpty(statement))
    return refuse(statement, 'missing-argument', 'HEALTHCHECK needs CMD <command> or NONE.');
  const typeEnd = skip(line.text, from, code => !isSpace(code));
  const type = line.text.slice(from, typeEnd).toUpperCase();
  const commandStart = skip(line.text, typeEnd, isSpace);
  if (type === 'NONE') return readNone(statement, commandStart);
  if (type !== 'CMD')
    return refuse(statement, 'bad-healthcheck', `HEALTHCHECK takes CMD or NONE, not ${type}.`);
  const flags = flagsOf(statement, healthFlags);
  const command = commandLine(statement, commandStart);
  if (flags === undefined || command === undefined) return undefined;
  const isMissing = command.form === 'shell' ? command.line.text === '' : command.argv.length === 0;
  if (isMissing) return refuse(statement, 'missing-argument', 'HEALTHCHECK CMD needs a command.');
  const times = readTimes(statement, flags);
  return (
    times && {
      keyword: 'HEALTHCHECK',
      ...statement.base,
      check: { kind: 'command', command },
      times,
    }
  );
}

function readNone(statement: Statement, rest: number): HealthcheckInstruction | undefined {
  if (rest < statement.line.text.length) {
    return refuse(statement, 'bad-healthcheck', 'HEALTHCHECK NONE takes no arguments.');
  }
  return { keyword: 'HEALTHCHECK', ...statement.base, check: { kind: 'none' }, times: noTimes };
}

function readTimes(statement: Statement, flags: FlagSet): HealthTimes | undefined {
  const interval = readTime(statement, flags.value('interval'));
  const timeout = readTime(statement, flags.value('timeout'));
  const startPeriod = readTime(statement, flags.value('start-period'));
  const startInterval = readTime(statement, flags.value('start-interval'));
  const retries = readRetries(statement, flags.value('retries'));
  if (interval === undefined || timeout === undefined || startPeriod === undefined)
    return undefined;
  if (startInterval === undefined || retries === undefined) return undefined;
  return { interval, timeout, startPeriod, startInterval, retries };
}

function readTime({ report }: Statement, word: Word | undefined): number | undefined {
  if (word === undefined || word.text === '') return 0;
  const time = parseDuration(word.text);
  if (time !== undefined && (time === 0 || time >= 1e6)) return time;
  const message =
    time === undefined
      ? `${word.text} is no duration. Write a number with a unit, such as 30s, 1m30s or 500ms.`
      : `${word.text} is too short. The shortest duration is 1ms; 0s stands for the default.`;
  report(error('bad-duration', word.range, message));
  return undefined;
}

function readRetries({ report }: Statement, word: Word | undefined): number | undefined {
  if (word === undefined || word.text === '') return 0;
  const retries = /^[+]?\d{1,10}$/.test(word.text) ? Number(word.text) : NaN;
  if (retries <= 0x7fffffff) return retries;
  report(
    error(
      'bad-retries',
      word.range,
      `--retries must be a whole number that is not negative, not ${word.text}.`,
    ),
  );
  return undefined;
}
