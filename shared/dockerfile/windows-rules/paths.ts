import { fileNameProblem } from '../../windows/file-names.ts';
import type { Word } from '../ast.ts';
import type { LintStep } from './lint-file.ts';
import { links } from './links.ts';
import type { WindowsRule } from './rule.ts';
import { commandsOfFile, dockerfile, forCommands, stepsOfFile } from './walk.ts';

const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022';
const linuxFolder = /^\/(?:bin|etc|home|lib|opt|root|sbin|tmp|usr|var)(?:\/|$)/;
/** MAX_PATH: what most programs can open. */
const longestPath = 259;

/** Paths as Windows reads them. */
export const pathRules: readonly WindowsRule[] = [
  {
    name: 'escape-directive-missing',
    severity: 'info',
    what: 'Windows paths are written with backslashes, and the backslash is the escape character.',
    why: "A backslash at a line's end swallows the next line, and in ENV, COPY and WORKDIR it can vanish.",
    fix: 'Put # escape=` on the first line, or write paths with /.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN mkdir C:\\app && \\', '    mkdir C:\\logs'),
    good: dockerfile('# escape=`', core, 'RUN mkdir C:\\app && `', '    mkdir C:\\logs'),
    *check({ dockerfile: { escape, instructions } }) {
      if (escape !== '\\') return;
      const first = instructions.find(
        ({ range, text, keyword }) =>
          keyword === 'RUN' && range.end.line > range.start.line && /\b[a-z]:\\/i.test(text),
      );
      if (first) yield { range: first.keywordRange };
    },
  },
  {
    name: 'drive-relative-path',
    severity: 'warning',
    what: 'A path has a drive but no slash behind it.',
    why: '"C:app" means "app in the current folder of drive C:", wherever that is.',
    fix: 'Write C:/app.',
    link: links.fileNames,
    bad: dockerfile(core, 'COPY site C:site'),
    good: dockerfile(core, 'COPY site C:/site'),
    *check(file) {
      for (const { word } of pathWords(file))
        if (/^[a-z]:[^\\/]/i.test(word.text))
          yield {
            range: word.range,
            fix: {
              title: 'Put / behind the drive',
              edits: [
                { range: word.range, newText: `${word.text.slice(0, 2)}/${word.text.slice(2)}` },
              ],
            },
          };
    },
  },
  {
    name: 'linux-path',
    severity: 'info',
    what: 'A path of Linux is used in a Windows image.',
    why: 'It is made below C:\\, where no Windows program looks for it.',
    fix: 'Use a folder such as C:/app or C:/ProgramData.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'WORKDIR /usr/src/app'),
    good: dockerfile(core, 'WORKDIR C:/app'),
    *check(file) {
      for (const { word } of pathWords(file))
        if (linuxFolder.test(word.text)) yield { range: word.range };
    },
  },
  {
    name: 'reserved-name',
    severity: 'warning',
    what: 'A name in a path cannot exist on Windows.',
    why: 'CON, NUL, COM1 and their like are devices; names cannot end in a dot or a blank or hold < > : " | ? *.',
    fix: 'Choose another name.',
    link: links.fileNames,
    bad: dockerfile(core, 'COPY a.txt C:/data/aux.txt'),
    good: dockerfile(core, 'COPY a.txt C:/data/a.txt'),
    *check(file) {
      for (const { word } of pathWords(file)) {
        const problem = namesIn(word.text)
          .map(fileNameProblem)
          .find(found => found !== undefined);
        if (problem !== undefined) yield { range: word.range };
      }
    },
  },
  {
    name: 'long-path',
    severity: 'info',
    what: `A path is longer than ${longestPath} characters.`,
    why: 'Many programs, msbuild and cmd among them, cannot open it.',
    fix: 'Shorten it.',
    link: links.fileNames,
    bad: dockerfile(core, `COPY a.txt C:/${'deeply-nested/'.repeat(20)}a.txt`),
    good: dockerfile(core, 'COPY a.txt C:/a.txt'),
    *check(file) {
      for (const { word } of pathWords(file))
        if (word.text.length > longestPath) yield { range: word.range };
    },
  },
  {
    name: 'chmod-on-windows',
    severity: 'info',
    what: '--chmod is given for a Windows image.',
    why: 'Windows has access control lists, and no mode bits to set.',
    fix: 'Remove it; use icacls in a RUN step where access has to be limited.',
    link: links.dockerfile,
    bad: dockerfile(core, 'COPY --chmod=755 run.cmd C:/'),
    good: dockerfile(core, 'COPY run.cmd C:/'),
    *check(file) {
      for (const { stage, step } of stepsOfFile(file)) {
        const { instruction } = step;
        if (stage.kind === 'linux') continue;
        if ((instruction.keyword === 'COPY' || instruction.keyword === 'ADD') && instruction.chmod)
          yield { range: instruction.chmod.range };
      }
    },
  },
  {
    name: 'caret-continuation',
    severity: 'warning',
    what: 'A line ends with ^, which continues lines in batch files only.',
    why: 'In a Dockerfile the instruction ends there, and the next line is read as an instruction.',
    fix: 'End the line with the escape character.',
    link: links.dockerfile,
    bad: dockerfile(core, 'RUN mkdir C:\\app ^', 'RUN echo'),
    good: dockerfile(core, 'RUN mkdir C:\\app'),
    *check(file) {
      for (const { step } of stepsOfFile(file)) {
        const { instruction } = step;
        if (
          instruction.keyword === 'RUN' &&
          instruction.heredocs.length === 0 &&
          /\s\^\s*$/.test(instruction.text)
        )
          yield { range: instruction.range };
      }
    },
  },
  {
    name: 'env-percent-variable',
    severity: 'warning',
    what: '%NAME% in ENV is not replaced.',
    why: 'Only a shell expands it; the variable holds the text %NAME% itself, and PATH then finds nothing.',
    fix: 'Write ${NAME}, for example ENV PATH="C:/tools;${PATH}".',
    link: links.dockerfile,
    bad: dockerfile(core, 'ENV PATH="C:/tools;%PATH%"'),
    good: dockerfile(core, 'ENV PATH="C:/tools;${PATH}"'),
    *check(file) {
      for (const { value } of envPairs(file))
        if (/%[A-Za-z_]\w*%/.test(value.text)) yield { range: value.range };
    },
  },
  {
    name: 'env-powershell-variable',
    severity: 'warning',
    what: '$env:NAME in ENV is read as the variable "env".',
    why: 'Docker replaces $env by nothing, and ":NAME" is left.',
    fix: 'Write ${NAME}.',
    link: links.dockerfile,
    bad: dockerfile(core, 'ENV PATH="C:/tools;$env:PATH"'),
    good: dockerfile(core, 'ENV PATH="C:/tools;${PATH}"'),
    *check(file) {
      for (const { value } of envPairs(file))
        if (/\$env:/i.test(value.text)) yield { range: value.range };
    },
  },
  {
    name: 'path-replaced',
    severity: 'warning',
    what: 'ENV PATH is set without the PATH that was there.',
    why: 'Windows\\System32 is no longer found: neither cmd nor PowerShell starts.',
    fix: 'Append ;${PATH}, or list C:\\Windows\\System32 too.',
    link: links.environment,
    bad: dockerfile(core, 'ENV PATH=C:/tools'),
    good: dockerfile(core, 'ENV PATH="C:/tools;${PATH}"'),
    *check(file) {
      for (const { name, value } of envPairs(file))
        if (/^path$/i.test(name.text) && !/path|system32|%/i.test(value.text))
          yield { range: value.range };
    },
  },
  {
    name: 'path-with-colons',
    severity: 'warning',
    what: 'The folders of PATH are separated by colons.',
    why: 'Windows separates them by semicolons; with a colon the whole text is one folder that does not exist.',
    fix: 'Write ENV PATH="C:/tools;${PATH}".',
    link: links.environment,
    bad: dockerfile(core, 'ENV PATH="C:/tools:${PATH}"'),
    good: dockerfile(core, 'ENV PATH="C:/tools;${PATH}"'),
    *check(file) {
      for (const { name, value } of envPairs(file))
        if (/^path$/i.test(name.text) && /:\$\{?path\b|\$\{?path\}?:/i.test(value.text))
          yield { range: value.range };
    },
  },
  {
    name: 'volume-of-system',
    severity: 'warning',
    what: 'VOLUME names the root of C: or a folder of Windows.',
    why: 'A volume must be an empty or new folder, or another drive; the container does not start.',
    fix: 'Name a folder of its own, such as C:/data.',
    link: links.dockerfile,
    bad: dockerfile(core, 'VOLUME C:/Windows/Temp'),
    good: dockerfile(core, 'VOLUME C:/data'),
    *check(file) {
      for (const { step } of stepsOfFile(file)) {
        if (step.instruction.keyword !== 'VOLUME') continue;
        for (const { text, range } of step.instruction.paths)
          if (
            /^c:[\\/]*$|^(?:c:)?[\\/]+(?:windows|program files(?: \(x86\))?|users)(?:[\\/]|$)/i.test(
              text,
            )
          )
            yield { range };
      }
    },
  },
  {
    name: 'single-backslash-in-json',
    severity: 'warning',
    what: 'The command of an exec form has lost its backslashes.',
    why: 'In JSON a backslash begins an escape: "C:\\app\\tool" with single ones holds a tab, and no path.',
    fix: 'Write each backslash twice, or /.',
    link: links.dockerfile,
    bad: dockerfile(core, 'ENTRYPOINT ["C:\\bin\\tool.exe"]'),
    good: dockerfile(core, 'ENTRYPOINT ["C:\\\\bin\\\\tool.exe"]'),
    // eslint-disable-next-line no-control-regex -- what single backslashes became
    check: forCommands(
      commandsOfFile,
      ({ command }) => command.shell === 'other' && /[a-z]:[\b\f\t]/i.test(command.text),
    ),
  },
];

/** Destinations and folders that instructions name. */
function* pathWords(
  file: Parameters<WindowsRule['check']>[0],
): Generator<{ word: Word; step: LintStep }> {
  for (const { stage, step } of stepsOfFile(file)) {
    if (stage.kind === 'linux') continue;
    const { instruction } = step;
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD')
      yield { word: instruction.destination, step };
    if (instruction.keyword === 'WORKDIR') yield { word: instruction.path, step };
    if (instruction.keyword === 'VOLUME')
      for (const word of instruction.paths) yield { word, step };
  }
}

function* envPairs(file: Parameters<WindowsRule['check']>[0]) {
  for (const { stage, step } of stepsOfFile(file))
    if (stage.kind !== 'linux' && step.instruction.keyword === 'ENV') yield* step.instruction.pairs;
}

/** The names of a path, without drive and variables. */
function namesIn(path: string): string[] {
  return path
    .replace(/^[a-z]:/i, '')
    .split(/[\\/]/)
    .filter(name => name !== '' && name !== '.' && name !== '..' && !name.includes('$'));
}
