import type {
  ArgInstruction,
  EnvInstruction,
  ExposeInstruction,
  HealthcheckInstruction,
  Instruction,
  LabelInstruction,
  Pair,
  StopsignalInstruction,
  UserInstruction,
  VolumeInstruction,
} from './ast.ts';
import { formatDuration } from './duration.ts';
import type { Evaluation, Evaluator } from './evaluation.ts';
import { parsePort } from './ports.ts';
import { isSignal } from './signals.ts';
import { Variables } from './variables.ts';

/** More variables than this come from no real Dockerfile; each ENV copies them all. */
const mostVariables = 10_000;

type Metadata = Exclude<
  Instruction,
  { keyword: 'ADD' | 'COPY' | 'CMD' | 'ENTRYPOINT' | 'RUN' | 'WORKDIR' | 'FROM' | 'INVALID' }
>;

/** The instructions that change nothing but the config. */
export function evaluateMetadata(instruction: Metadata, evaluator: Evaluator): Evaluation {
  const { config } = evaluator.state;
  switch (instruction.keyword) {
    case 'ARG':
      return evaluateArg(instruction, evaluator);
    case 'ENV':
      return evaluateEnv(instruction, evaluator);
    case 'EXPOSE':
      return evaluateExpose(instruction, evaluator);
    case 'HEALTHCHECK':
      return evaluateHealthcheck(instruction, evaluator);
    case 'LABEL':
      return evaluateLabel(instruction, evaluator);
    case 'MAINTAINER': {
      const author = instruction.name.text;
      return evaluator.finish(`MAINTAINER ${author}`, { author });
    }
    case 'ONBUILD': {
      const OnBuild = [...(config.OnBuild ?? []), instruction.triggerText];
      return evaluator.finish(`ONBUILD ${instruction.triggerText}`, {
        config: { ...config, OnBuild },
      });
    }
    case 'SHELL': {
      const Shell = instruction.argv.map(word => word.text);
      return evaluator.finish(`SHELL [${Shell.join(' ')}]`, { config: { ...config, Shell } });
    }
    case 'STOPSIGNAL':
      return evaluateStopsignal(instruction, evaluator);
    case 'USER':
      return evaluateUser(instruction, evaluator);
    case 'VOLUME':
      return evaluateVolume(instruction, evaluator);
  }
}

/** ENV: all values see the environment as it was before the instruction. */
function evaluateEnv(instruction: EnvInstruction, evaluator: Evaluator): Evaluation {
  const { state } = evaluator;
  const pairs = evaluatePairs(instruction.pairs, evaluator, 'ENV');
  const variables = state.variables.with(pairs);
  if (variables.size > mostVariables) {
    evaluator.fail(
      'too-many-variables',
      instruction.range,
      `This stage has more than ${mostVariables} variables. Remove some.`,
    );
  }
  const Env = Variables.of(state.config.Env ?? [], evaluator.isWindows)
    .with(pairs)
    .entries();
  const createdBy = ['ENV', ...pairs.map(([name, value]) => `${name}=${value}`)].join(' ');
  return evaluator.finish(createdBy, { variables, config: { ...state.config, Env } });
}

function evaluateLabel(instruction: LabelInstruction, evaluator: Evaluator): Evaluation {
  const { config } = evaluator.state;
  const pairs = evaluatePairs(instruction.pairs, evaluator, 'LABEL');
  const Labels = Object.fromEntries([...Object.entries(config.Labels ?? {}), ...pairs]);
  const createdBy = ['LABEL', ...pairs.map(([name, value]) => `${name}=${value}`)].join(' ');
  return evaluator.finish(createdBy, { config: { ...config, Labels } });
}

function evaluatePairs(
  pairs: readonly Pair[],
  evaluator: Evaluator,
  keyword: string,
): [string, string][] {
  return pairs.map(({ name, value }) => {
    const key = evaluator.value(name);
    if (key === '')
      evaluator.fail(
        'bad-pair',
        name.range,
        `The name in ${keyword} is empty after expansion. Write a name.`,
      );
    return [key, evaluator.value(value)];
  });
}

/**
 * ARG: a value that was given for the build wins, then the default, then the value of a global ARG of that name. From
 * here on the value is a variable, also over an ENV of the same name (as in BuildKit).
 */
function evaluateArg(instruction: ArgInstruction, evaluator: Evaluator): Evaluation {
  const { state } = evaluator;
  const { buildArgs, globalArgs } = state.context;
  const declaredArgs = new Map(state.declaredArgs);
  const values: [string, string][] = [];
  for (const { name, value } of instruction.arguments) {
    const given = buildArgs.get(name.text);
    const known =
      given ?? (value === undefined ? globalArgs.get(name.text) : evaluator.value(value));
    declaredArgs.set(name.text, known);
    if (known !== undefined) values.push([name.text, known]);
  }
  const shown = instruction.arguments.map(({ name }) => {
    const value = declaredArgs.get(name.text);
    return value === undefined ? name.text : `${name.text}=${value}`;
  });
  const variables = state.variables.with(values);
  return evaluator.finish(['ARG', ...shown].join(' '), { declaredArgs, variables });
}

function evaluateExpose(instruction: ExposeInstruction, evaluator: Evaluator): Evaluation {
  const { config } = evaluator.state;
  const exposed: string[] = [];
  for (const word of instruction.ports.toSorted((a, b) => (a.text < b.text ? -1 : 1))) {
    for (const text of evaluator.values(word)) {
      const port = parsePort(text);
      if (!port.ok) {
        evaluator.fail('bad-port', word.range, port.problem);
        continue;
      }
      if (!port.protocolIsLowerCase) {
        evaluator.warn(
          'expose-proto-casing',
          word.range,
          `Write the protocol of ${text} in lower case.`,
        );
      }
      if (port.mapsHost) {
        const message = `EXPOSE takes only the container's port; the host part of ${text} has no effect. Remove it.`;
        evaluator.warn('expose-invalid-format', word.range, message);
      }
      for (const one of port.ports) exposed.push(one);
    }
  }
  const added = Object.fromEntries(exposed.map(port => [port, {}]));
  const ExposedPorts = { ...config.ExposedPorts, ...added };
  return evaluator.finish(`EXPOSE [${exposed.join(' ')}]`, { config: { ...config, ExposedPorts } });
}

function evaluateUser(instruction: UserInstruction, evaluator: Evaluator): Evaluation {
  const User = evaluator.value(instruction.user);
  const advice = evaluator.isWindows ? userAdvice(User) : undefined;
  if (advice !== undefined) evaluator.warn('windows-user', instruction.user.range, advice);
  return evaluator.finish(`USER ${User}`, { config: { ...evaluator.state.config, User } });
}

/** Windows knows accounts by name; groups and numbers behind USER are Linux's. */
function userAdvice(user: string): string | undefined {
  if (/^\d+(?::\d+)?$/.test(user))
    return 'Windows has no numeric user ids. Name an account, such as ContainerUser.';
  if (user.includes(':'))
    return 'Windows takes no group in USER. Name only the account, such as ContainerUser.';
  return undefined;
}

function evaluateVolume(instruction: VolumeInstruction, evaluator: Evaluator): Evaluation {
  const { config } = evaluator.state;
  const paths = instruction.paths.map(word => {
    const path = evaluator.value(word);
    if (path === '')
      evaluator.fail(
        'empty-volume',
        word.range,
        `${word.text} is empty after expansion. Write a path.`,
      );
    if (evaluator.isWindows && /^(?:c:)?[\\/]$/i.test(path)) {
      evaluator.warn(
        'windows-volume',
        word.range,
        'On Windows a volume cannot replace the root of drive C:. Name an empty folder or another drive.',
      );
    }
    return path;
  });
  const Volumes = { ...config.Volumes, ...Object.fromEntries(paths.map(path => [path, {}])) };
  return evaluator.finish(`VOLUME [${paths.join(' ')}]`, { config: { ...config, Volumes } });
}

function evaluateStopsignal(instruction: StopsignalInstruction, evaluator: Evaluator): Evaluation {
  const StopSignal = evaluator.value(instruction.signal);
  const { range } = instruction.signal;
  if (!isSignal(StopSignal)) {
    evaluator.fail(
      'bad-signal',
      range,
      `${StopSignal === '' ? 'An empty text' : StopSignal} is no signal. Write a name such as SIGTERM, or a number.`,
    );
  }
  if (evaluator.isWindows) {
    evaluator.warn(
      'windows-stopsignal',
      range,
      'Windows has no signals: containers end by CTRL_SHUTDOWN_EVENT whatever STOPSIGNAL says. Remove it.',
    );
  }
  return evaluator.finish(`STOPSIGNAL ${StopSignal}`, {
    config: { ...evaluator.state.config, StopSignal },
  });
}

/** HEALTHCHECK: zero durations and retries stay out of the config, so that Docker takes its defaults. */
function evaluateHealthcheck(
  instruction: HealthcheckInstruction,
  evaluator: Evaluator,
): Evaluation {
  const { check, times } = instruction;
  const { interval, timeout, startPeriod, startInterval, retries } = times;
  const Test = testOf(check);
  const Healthcheck = {
    Test,
    ...(interval > 0 && { Interval: interval }),
    ...(timeout > 0 && { Timeout: timeout }),
    ...(startPeriod > 0 && { StartPeriod: startPeriod }),
    ...(startInterval > 0 && { StartInterval: startInterval }),
    ...(retries > 0 && { Retries: retries }),
  };
  const [shown1, shown2, shown3, shown4] = [interval, timeout, startPeriod, startInterval].map(
    formatDuration,
  );
  const createdBy = `HEALTHCHECK {Test:[${Test.join(' ')}] Interval:${shown1} Timeout:${shown2} StartPeriod:${shown3} StartInterval:${shown4} Retries:${retries}}`;
  return evaluator.finish(createdBy, { config: { ...evaluator.state.config, Healthcheck } });
}

function testOf(check: HealthcheckInstruction['check']): string[] {
  if (check.kind === 'none') return ['NONE'];
  const { command } = check;
  return command.form === 'exec'
    ? ['CMD', ...command.argv.map(word => word.text)]
    : ['CMD-SHELL', command.line.text];
}
