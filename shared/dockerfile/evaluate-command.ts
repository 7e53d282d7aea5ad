import type { CmdInstruction, EntrypointInstruction, RunInstruction, Word } from './ast.ts';
import { isProxyArg } from './build-args.ts';
import type { Evaluation, Evaluator } from './evaluation.ts';
import { heredocMarker, heredocText } from './heredoc.ts';
import { resolveMount } from './mount.ts';
import type { RunStep } from './resolved-step.ts';
import { resolveSource } from './stage-source.ts';
import type { StageState } from './stage-state.ts';
import { windowsCommandLine } from './windows-command-line.ts';

/** The shell of shell forms: that of SHELL, or the platform's default. */
function shellOf({ config, context }: StageState): readonly string[] {
  const shell = config.Shell ?? [];
  if (shell.length > 0) return shell;
  return context.platform.os === 'windows' ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c'];
}

/**
 * CMD and ENTRYPOINT. On Windows a shell form is stored as one finished command line with ArgsEscaped, and an exec
 * form as arguments without it, as the image spec says and Docker on Windows does. BuildKit always stores arguments,
 * and marks every CMD as escaped, which breaks program paths with spaces.
 */
export function evaluateCommand(
  instruction: CmdInstruction | EntrypointInstruction,
  evaluator: Evaluator,
): Evaluation {
  const { state } = evaluator;
  const { command, keyword } = instruction;
  const isShell = command.form === 'shell' && command.line.text !== '';
  const argv =
    command.form === 'exec' ? command.argv.map(word => word.text) : shellForm(command.line, state);
  const { ArgsEscaped: wasEscaped = false, ...config } = state.config;
  const escaped = argv.length === 0 ? wasEscaped : isShell && evaluator.isWindows;
  warnMixedForms(instruction, evaluator, escaped);
  const createdBy = `${keyword} [${argv.map(goQuoted).join(' ')}]`;
  const changed =
    keyword === 'CMD' ? { Cmd: argv } : { Entrypoint: argv, ...(!state.hasCmd && { Cmd: [] }) };
  const next = { ...config, ...changed, ...(escaped && { ArgsEscaped: true }) };
  return evaluator.finish(createdBy, {
    config: withoutEmpty(next),
    hasCmd: state.hasCmd || keyword === 'CMD',
  });
}

/** An empty Cmd or Entrypoint is left out of the config. */
function withoutEmpty(config: StageState['config']): StageState['config'] {
  const { Cmd, Entrypoint, ...rest } = config;
  return {
    ...rest,
    ...(Entrypoint && Entrypoint.length > 0 && { Entrypoint }),
    ...(Cmd && Cmd.length > 0 && { Cmd }),
  };
}

function shellForm(line: Word, state: StageState): string[] {
  if (line.text === '') return [];
  const shell = shellOf(state);
  if (state.context.platform.os === 'windows') return [`${shell.join(' ')} ${line.text}`];
  return [...shell, line.text];
}

/** One ArgsEscaped holds for both, so a shell form beside an exec form is started with wrong quotes. */
function warnMixedForms(
  instruction: CmdInstruction | EntrypointInstruction,
  evaluator: Evaluator,
  escaped: boolean,
): void {
  const { config, hasCmd } = evaluator.state;
  const isCmd = instruction.keyword === 'CMD';
  const other = isCmd ? config.Entrypoint : hasCmd ? config.Cmd : undefined;
  if (
    !evaluator.isWindows ||
    !other ||
    other.length === 0 ||
    (config.ArgsEscaped ?? false) === escaped
  )
    return;
  const message = `${instruction.keyword} and ${isCmd ? 'ENTRYPOINT' : 'CMD'} have different forms. On Windows they share one way of quoting: write both as JSON arrays.`;
  evaluator.warn('mixed-command-forms', instruction.range, message);
}

/** RUN: nothing is run here, but everything that has to be known for it is put together. */
export function evaluateRun(instruction: RunInstruction, evaluator: Evaluator): Evaluation {
  const { state } = evaluator;
  const shell = shellOf(state);
  const { command } = instruction;
  const argv =
    command.form === 'exec'
      ? command.argv.map(word => word.text)
      : [...shell, scriptOf(instruction, evaluator, command.line)];
  if (argv.length === 0)
    evaluator.fail('missing-argument', instruction.range, 'RUN needs a command.');
  const isRaw = command.form === 'shell' && evaluator.isWindows;
  const step: RunStep = {
    kind: 'run',
    form: command.form,
    commandLine: isRaw ? argv.join(' ') : windowsCommandLine(argv),
    argv,
    mounts: mountsOf(instruction, evaluator),
    network: instruction.network,
    security: instruction.security,
    env: state.variables.entries(),
    proxyEnv: proxyEnv(state),
    user: state.config.User ?? '',
    workingDir: state.config.WorkingDir ?? '',
  };
  return evaluator.finish(`RUN ${[...usedArgs(state), ...argv].join(' ')}`, {}, step);
}

/**
 * The text for the shell. A line that is nothing but one here-document is its content; otherwise the shell gets the
 * line and the here-documents behind it and has to understand them itself.
 */
function scriptOf({ heredocs }: RunInstruction, evaluator: Evaluator, line: Word): string {
  const [first] = heredocs;
  if (first === undefined) return line.text;
  if (heredocMarker(line.text) === undefined) {
    const lines = heredocs.map(({ content, name }) => `\n${content}${name}`).join('');
    warnShellHeredoc(
      evaluator,
      line,
      'cmd and PowerShell do not know here-documents. Write RUN <<EOF alone, and use SHELL to choose the program.',
    );
    return line.text + lines;
  }
  const text = heredocText(first);
  if (text.trimEnd().includes('\n')) {
    warnShellHeredoc(
      evaluator,
      line,
      'cmd runs only the first line of a here-document. Put SHELL ["powershell", "-Command"] above, or join the lines with &&.',
      /^cmd(?:\.exe)?$/i,
    );
  }
  return text;
}

function warnShellHeredoc(
  evaluator: Evaluator,
  line: Word,
  message: string,
  shell = /^(?:cmd|powershell|pwsh)(?:\.exe)?$/i,
): void {
  const [program = ''] = shellOf(evaluator.state);
  const name = program.split(/[\\/]/).at(-1) ?? '';
  if (evaluator.isWindows && shell.test(name))
    evaluator.warn('windows-heredoc', line.range, message);
}

function mountsOf({ mounts }: RunInstruction, evaluator: Evaluator): RunStep['mounts'] {
  const { context } = evaluator.state;
  return mounts.flatMap(flag => {
    const fields = flag.fields.map(field => {
      if (field.value === undefined) return field;
      return { ...field, value: { text: evaluator.value(field.value), range: field.value.range } };
    });
    const result = resolveMount({ ...flag, fields });
    if (!result.ok) {
      evaluator.fail('invalid-mount', result.range, result.problem);
      return [];
    }
    const { mount } = result;
    const name = 'from' in mount ? mount.from : undefined;
    if (name === undefined) return [{ mount }];
    const from = resolveSource(context.scope, context.index, name, 'mount');
    if (from.ok) return [{ mount, from: from.source }];
    evaluator.fail('bad-source', flag.range, from.problem);
    return [];
  });
}

function proxyEnv({ context, declaredArgs }: StageState): string[] {
  return [...context.buildArgs].flatMap(([name, value]) =>
    isProxyArg(name) && !declaredArgs.has(name) ? [`${name}=${value}`] : [],
  );
}

/** `|2 A=1 B=2`: the declared arguments as they stand before the command in the history. */
function usedArgs({ declaredArgs, variables }: StageState): string[] {
  if (declaredArgs.size === 0) return [];
  const args = Array.from(
    declaredArgs,
    ([name, value]) => `${name}=${variables.get(name) ?? value ?? ''}`,
  );
  return [`|${args.length}`, ...args];
}

/** Go's %q, in which Docker writes commands into the history. */
function goQuoted(text: string): string {
  return JSON.stringify(text).replace(/\\u00(?=[0-7])/g, '\\x');
}
