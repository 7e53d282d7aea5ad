import type { SourceRange } from '../source-range.ts';
import type { ZCommand, ZImage, ZMetadata, ZPair, ZStage, ZStep } from './zimagefile.ts';

/** A Dockerfile that was made of a ZImagefile. */
export interface MadeDockerfile {
  readonly text: string;
  /** By line of the text, from 0: what it was made of. Absent for lines that stand for nothing. */
  readonly origins: readonly (SourceRange | undefined)[];
}

/** A piece of the Dockerfile, of one or more lines. */
interface Piece {
  readonly text: string;
  readonly range?: SourceRange;
}

/**
 * Writes the Dockerfile that a ZImagefile means, in ZLayer's order: env, workdir, steps, labels, expose, user, volumes,
 * healthcheck, stopsignal, entrypoint, cmd; what the file says for all goes to the last stage.
 */
export function toDockerfile(image: ZImage): MadeDockerfile {
  const pieces: Piece[] = [{ text: '# escape=`' }, ...image.args.map(argument)];
  image.stages.forEach((stage, index) => {
    pieces.push({ text: '' }, from(stage), ...declaredArgs(image, stage));
    pieces.push(...stagePieces(stage));
    if (index === image.stages.length - 1 && image.metadata)
      pieces.push(...startPieces(image.metadata), ...endPieces(image.metadata));
  });
  const lines = pieces.flatMap(({ text, range }) =>
    text.split('\n').map(line => ({ line, range })),
  );
  return {
    text: `${lines.map(({ line }) => line).join('\n')}\n`,
    origins: lines.map(({ range }) => range),
  };
}

function from({ base, name, platform }: ZStage): Piece {
  const words = [
    'FROM',
    ...(platform === undefined ? [] : [`--platform=${word(platform)}`]),
    word(base.value),
    ...(name === undefined ? [] : ['AS', name.value]),
  ];
  return { text: words.join(' '), range: base.range };
}

/** Arguments of the file reach a stage only where it says so; only those that it uses are declared. */
function declaredArgs({ args }: ZImage, stage: ZStage): readonly Piece[] {
  const used = JSON.stringify([stage.steps, stage.metadata]);
  const own = new Set(stage.args.map(({ name }) => name.value));
  const inherited = args.filter(({ name }) => !own.has(name.value) && used.includes(name.value));
  return [
    ...inherited.map(({ name }) => ({ text: `ARG ${name.value}`, range: name.range })),
    ...stage.args.map(argument),
  ];
}

function stagePieces({ metadata, steps }: ZStage): readonly Piece[] {
  return [...startPieces(metadata), ...steps.map(stepPiece), ...endPieces(metadata)];
}

/** What counts for the steps behind it. */
function startPieces({ env, workdir }: ZMetadata): readonly Piece[] {
  return [...env.map(pair => pairPiece('ENV', pair)), ...textPiece('WORKDIR', workdir)];
}

function endPieces(metadata: ZMetadata): readonly Piece[] {
  const { labels, expose, user, volumes, healthcheck, stopsignal, entrypoint, cmd } = metadata;
  return [
    ...labels.map(pair => pairPiece('LABEL', pair)),
    ...expose.map(({ value, range }) => ({ text: `EXPOSE ${value}`, range })),
    ...textPiece('USER', user),
    ...volumes.map(({ value, range }) => ({ text: `VOLUME ${json([value])}`, range })),
    ...(healthcheck
      ? [
          {
            text: [
              'HEALTHCHECK',
              ...healthcheck.flags,
              'CMD',
              commandText(healthcheck.command),
            ].join(' '),
            range: healthcheck.range,
          },
        ]
      : []),
    ...textPiece('STOPSIGNAL', stopsignal),
    ...commandPiece('ENTRYPOINT', entrypoint),
    ...commandPiece('CMD', cmd),
  ];
}

function argument({ name, value }: ZPair): Piece {
  const text =
    value.value === '' ? `ARG ${name.value}` : `ARG ${name.value}=${quoted(value.value)}`;
  return { text, range: name.range };
}

function pairPiece(keyword: 'ENV' | 'LABEL', { name, value }: ZPair): Piece {
  const key = keyword === 'LABEL' ? quoted(name.value) : name.value;
  return { text: `${keyword} ${key}=${quoted(value.value)}`, range: name.range };
}

function textPiece(
  keyword: string,
  text: { readonly value: string; readonly range: SourceRange } | undefined,
): readonly Piece[] {
  return text === undefined ? [] : [{ text: `${keyword} ${word(text.value)}`, range: text.range }];
}

function commandPiece(keyword: string, command: ZCommand | undefined): readonly Piece[] {
  return command === undefined
    ? []
    : [{ text: `${keyword} ${commandText(command)}`, range: command.range }];
}

function stepPiece(step: ZStep): Piece {
  const { range } = step;
  switch (step.kind) {
    case 'run':
      return { text: runText(step), range };
    case 'copy':
    case 'add': {
      const { chmod, from: source, kind, owner, sources, to } = step;
      const flags = [
        ...(source === undefined ? [] : [`--from=${word(source)}`]),
        ...(owner === undefined ? [] : [`--chown=${word(owner)}`]),
        ...(chmod === undefined ? [] : [`--chmod=${word(chmod)}`]),
      ];
      return { text: [kind.toUpperCase(), ...flags, json([...sources, to])].join(' '), range };
    }
    case 'env':
      return { text: step.env.map(pair => pairPiece('ENV', pair).text).join('\n'), range };
    case 'workdir':
    case 'user':
      return { text: `${step.kind.toUpperCase()} ${word(step.text)}`, range };
  }
}

function runText({ cache, command, env }: Extract<ZStep, { kind: 'run' }>): string {
  const mounts = cache.map(({ target, cacheName, readonly, sharing }) =>
    [
      `--mount=type=cache,target=${target}`,
      ...(cacheName === undefined ? [] : [`id=${cacheName}`]),
      ...(sharing === undefined ? [] : [`sharing=${sharing}`]),
      ...(readonly ? ['readonly'] : []),
    ].join(','),
  );
  return ['RUN', ...mounts, scriptText(withEnv(command, env))].join(' ');
}

/** Variables for one command alone: cmd, the shell of these files, sets them in front of it. */
function withEnv(command: ZCommand, env: readonly ZPair[]): ZCommand {
  if (env.length === 0) return command;
  const line = command.form === 'shell' ? command.line : command.argv.map(cmdWord).join(' ');
  const sets = env.map(({ name, value }) => `set "${name.value}=${value.value}"`);
  return { form: 'shell', line: [...sets, line].join(' && '), range: command.range };
}

function cmdWord(argument: string): string {
  return /[\s"&|<>^]/.test(argument) || argument === '' ? `"${argument}"` : argument;
}

/** A line that the instruction would take for something else, or that would go on in the next one, has cmd written out. */
function commandText(command: ZCommand): string {
  if (command.form === 'exec') return json(command.argv);
  const line = oneLine(command.line);
  return /^(?:\[|--)|`$/.test(line) ? json(['cmd', '/S', '/C', line]) : line;
}

/** A script of several lines, or one that the instruction would take for something else, is a here-document. */
function scriptText(command: ZCommand): string {
  if (command.form === 'exec') return json(command.argv);
  const script = command.line.trimEnd();
  if (!script.includes('\n') && !/^(?:\s|\[|--|<<|#|$)/.test(script) && !/`\s*$/.test(script))
    return script;
  const end = endMark(script);
  return `<<'${end}'\n${script}\n${end}`;
}

/** A word that is no line of the script. */
function endMark(script: string): string {
  const lines = new Set(script.split('\n').map(line => line.trim()));
  let mark = 'EOF';
  while (lines.has(mark)) mark += '_';
  return mark;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** JSON is the form in which nothing has to be escaped for the Dockerfile. */
function json(words: readonly string[]): string {
  return `[${words.map(one => JSON.stringify(one)).join(', ')}]`;
}

/** In double quotes the backtick escapes itself and the quote; `$` still means a variable. */
function quoted(text: string): string {
  return `"${oneLine(text).replaceAll('`', '``').replaceAll('"', '`"')}"`;
}

/** One word of an instruction, or the rest of its line. */
function word(text: string): string {
  return oneLine(text).replaceAll('`', '``');
}
