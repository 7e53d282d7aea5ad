import type { SimpleCommand } from './commands.ts';
import { links } from './links.ts';
import type { LintStep } from './lint-file.ts';
import type { WindowsRule } from './rule.ts';
import {
  commandsOfFile,
  dockerfile,
  forCommands,
  hasSwitch,
  runCommands,
  windowsStages,
} from './walk.ts';

const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022';
const shell = 'SHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"]';
const bareShell = 'SHELL ["powershell", "-Command"]';
const webRequests = /^(?:invoke-webrequest|iwr)$/;
/** Words between commands that are no command: assignments, keywords, variables. */
const isCmdlet = (name: string): boolean => /^[a-z]+-[a-z]\w*$/.test(name);

/** PowerShell in RUN. */
export const powershellRules: readonly WindowsRule[] = [
  {
    name: 'powershell-error-action',
    severity: 'warning',
    what: "PowerShell goes on after an error, because $ErrorActionPreference is not 'Stop'.",
    why: 'A failed download or copy is only printed, the step counts as done, and the image is broken.',
    fix: 'Begin with SHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"].',
    link: links.preferences,
    bad: dockerfile(core, bareShell, 'RUN Copy-Item C:/a C:/b; Remove-Item C:/a'),
    good: dockerfile(core, shell, 'RUN Copy-Item C:/a C:/b; Remove-Item C:/a'),
    *check(file) {
      for (const stage of windowsStages(file)) {
        let inForce = '';
        for (const step of stage.steps) {
          if (step.instruction.keyword === 'SHELL') inForce = step.instruction.text;
          if (step.instruction.keyword !== 'RUN' || setsErrorAction(inForce)) continue;
          const cmdlets = step.commands.filter(
            ({ shell: kind, name }) => kind === 'powershell' && isCmdlet(name),
          );
          const [first] = cmdlets;
          if (first && cmdlets.length > 1 && !setsErrorAction(scriptOf(step)))
            yield { range: first.range };
        }
      }
    },
  },
  {
    name: 'powershell-exit-code',
    severity: 'info',
    what: 'A program runs in the middle of a PowerShell step, and its exit code is not looked at.',
    why: "PowerShell fails only for the last program; even $ErrorActionPreference = 'Stop' does not stop for others.",
    fix: "Add: if ($LASTEXITCODE -ne 0) { throw 'it failed' }, or make it a step of its own.",
    link: links.preferences,
    bad: dockerfile(core, shell, 'RUN npm ci; Remove-Item C:/temp'),
    good: dockerfile(core, shell, 'RUN npm ci', 'RUN Remove-Item C:/temp'),
    *check(file) {
      for (const { step, command } of runCommands(file)) {
        if (command.shell !== 'powershell' || !nativeTools.has(command.name)) continue;
        if (command.separator !== ';' && !command.separator.endsWith('\n')) continue;
        if (!scriptOf(step).includes('LASTEXITCODE') && step.commands.at(-1) !== command)
          yield { range: command.range };
      }
    },
  },
  {
    name: 'powershell-progress',
    severity: 'info',
    what: 'Invoke-WebRequest draws its progress bar during a build.',
    why: 'In Windows PowerShell the bar makes large downloads many times slower.',
    fix: "Put $ProgressPreference = 'SilentlyContinue'; in front, or use curl.exe -fSLo.",
    link: links.preferences,
    bad: dockerfile(
      core,
      bareShell,
      'RUN Invoke-WebRequest -UseBasicParsing https://x.test/a.zip -OutFile a.zip',
    ),
    good: dockerfile(core, 'RUN curl.exe -fSLo a.zip https://x.test/a.zip'),
    *check(file) {
      for (const stage of windowsStages(file)) {
        let inForce = '';
        for (const step of stage.steps) {
          if (step.instruction.keyword === 'SHELL') inForce = step.instruction.text;
          if (/progresspreference/i.test(inForce + scriptOf(step))) continue;
          for (const { name, shell: kind, range } of step.commands)
            if (kind === 'powershell' && webRequests.test(name)) yield { range };
        }
      }
    },
  },
  {
    name: 'powershell-basic-parsing',
    severity: 'warning',
    what: 'Invoke-WebRequest is called without -UseBasicParsing.',
    why: 'Windows PowerShell then wants the engine of Internet Explorer, which fails in a container before the first run.',
    fix: 'Add -UseBasicParsing, or use curl.exe -fSLo.',
    link: links.webRequest,
    bad: dockerfile(core, shell, 'RUN Invoke-WebRequest https://x.test/a.zip -OutFile a.zip'),
    good: dockerfile(
      core,
      shell,
      'RUN Invoke-WebRequest -UseBasicParsing https://x.test/a.zip -OutFile a.zip',
    ),
    check: forCommands(
      runCommands,
      ({ command, step }) =>
        command.shell === 'powershell' &&
        webRequests.test(command.name) &&
        !hasSwitch(command, 'usebasicparsing') &&
        !/UseBasicParsing/i.test(scriptOf(step)) &&
        !/\bpwsh\b/i.test(scriptOf(step)),
    ),
  },
  {
    name: 'powershell-chain-operator',
    severity: 'warning',
    what: '&& or || is used in Windows PowerShell, which does not know it.',
    why: 'Version 5.1, the one in servercore, refuses the whole line: "The token \'&&\' is not a valid statement separator".',
    fix: 'Write ; and check $LASTEXITCODE, or use several RUN steps.',
    link: links.operators,
    bad: dockerfile(core, bareShell, 'RUN npm ci && npm test'),
    good: dockerfile(core, 'RUN npm ci && npm test'),
    check: forCommands(
      commandsOfFile,
      ({ command, step }) =>
        command.shell === 'powershell' &&
        (command.separator === '&&' || command.separator === '||') &&
        !usesPwsh(step),
    ),
  },
  {
    name: 'powershell-alias-curl',
    severity: 'warning',
    what: 'curl or wget is used in Windows PowerShell, where it is an alias.',
    why: 'It runs Invoke-WebRequest, which knows none of the switches of curl and wget.',
    fix: 'Write curl.exe, which Windows Server 2019 and later have.',
    link: links.aliases,
    bad: dockerfile(core, shell, 'RUN curl -L -o a.zip https://x.test/a.zip'),
    good: dockerfile(core, shell, 'RUN curl.exe -L -o a.zip https://x.test/a.zip'),
    check: forCommands(
      runCommands,
      ({ command, step }) =>
        command.shell === 'powershell' && /^(?:curl|wget)\s/i.test(command.text) && !usesPwsh(step),
    ),
  },
  {
    name: 'start-process-not-waited',
    severity: 'warning',
    what: 'Start-Process is called without -Wait.',
    why: 'The step ends while the installer still runs, and what it has not written is not in the layer.',
    fix: 'Add -Wait (and -PassThru to check ExitCode).',
    link: links.startProcess,
    bad: dockerfile(core, shell, 'RUN Start-Process C:/setup.exe -ArgumentList /quiet'),
    good: dockerfile(core, shell, 'RUN Start-Process C:/setup.exe -ArgumentList /quiet -Wait'),
    check: forCommands(
      runCommands,
      ({ command, step }) =>
        /^(?:start-process|saps)$/.test(command.name) &&
        !command.args.some(arg => /^-wait\b/i.test(arg)) &&
        !/\bwait-process\b|\.waitforexit\(/i.test(scriptOf(step)),
    ),
  },
  {
    name: 'powershell-in-cmd',
    severity: 'warning',
    what: 'PowerShell is written where cmd reads the line.',
    why: 'Without SHELL ["powershell", ...] a RUN line goes to cmd /S /C, which knows no cmdlets and no $env:.',
    fix: 'Put SHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"] above it.',
    link: links.dockerfile,
    bad: dockerfile(core, 'RUN New-Item -ItemType Directory C:/app'),
    good: dockerfile(core, shell, 'RUN New-Item -ItemType Directory C:/app'),
    check: forCommands(
      commandsOfFile,
      ({ command }) =>
        command.shell === 'cmd' &&
        (cmdletVerbs.test(command.name) || /\$env:/i.test(withoutInner(command))),
    ),
  },
  {
    name: 'cmd-in-powershell',
    severity: 'warning',
    what: 'cmd syntax is written where PowerShell reads the line.',
    why: 'PowerShell does not expand %NAME% and knows no "if exist" and no "set NAME=value".',
    fix: "Write $env:NAME, Test-Path and $env:NAME = 'value'.",
    link: links.environment,
    bad: dockerfile(core, shell, 'RUN Copy-Item a.txt %TEMP%'),
    good: dockerfile(core, shell, 'RUN Copy-Item a.txt $env:TEMP'),
    check: forCommands(
      commandsOfFile,
      ({ command }) =>
        command.shell === 'powershell' &&
        (/%[A-Za-z_]\w*%/.test(command.text) ||
          /^if\s+(?:not\s+)?exist\b/i.test(command.text) ||
          /^set\s+\w+=/i.test(command.text)),
    ),
  },
  {
    name: 'powershell-nested-quotes',
    severity: 'warning',
    what: 'Double quotes stand inside the double quotes of powershell -Command.',
    why: 'The command line is split at them, and PowerShell gets the words without their quotes.',
    fix: 'Use single quotes inside, or choose PowerShell with SHELL and write the script plainly.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN powershell -Command "Write-Host "hello world""'),
    good: dockerfile(core, 'RUN powershell -Command "Write-Host \'hello world\'"'),
    check: forCommands(commandsOfFile, ({ command }) => {
      if (command.shell !== 'cmd' || command.name !== 'powershell') return false;
      const [, quoted = ''] = /-c(?:ommand)?\s+"(.*)"\s*$/is.exec(command.text) ?? [];
      return /(?<!\\)"/.test(quoted);
    }),
  },
  {
    name: 'bits-in-container',
    severity: 'warning',
    what: 'Start-BitsTransfer is used in a build.',
    why: 'BITS needs a user who is logged on; in a container it ends with 0x800704DD.',
    fix: 'Use curl.exe -fSLo, or Invoke-WebRequest -UseBasicParsing.',
    link: links.bits,
    bad: dockerfile(core, shell, 'RUN Start-BitsTransfer https://x.test/a.zip a.zip'),
    good: dockerfile(core, shell, 'RUN curl.exe -fSLo a.zip https://x.test/a.zip'),
    check: forCommands(runCommands, ({ command }) =>
      /^(?:start-bitstransfer|bitsadmin)$/.test(command.name),
    ),
  },
];

const cmdletVerbs =
  /^(?:add|clear|copy|expand|export|get|import|install|invoke|join|move|new|out|register|remove|rename|resolve|set|start|stop|test|write)-[a-z]\w+$/;

/** Programs that report failure by their exit code only. */
const nativeTools: ReadonlySet<string> = new Set([
  'cargo',
  'choco',
  'cmake',
  'dism',
  'dotnet',
  'git',
  'go',
  'gradle',
  'java',
  'msbuild',
  'mvn',
  'node',
  'npm',
  'npx',
  'nuget',
  'pip',
  'python',
  'robocopy',
  'yarn',
]);

function setsErrorAction(text: string): boolean {
  return /erroractionpreference|-erroraction\s+stop|-ea\s+stop/i.test(text);
}

/** The whole text that the step runs, here-documents included. */
function scriptOf({ instruction }: LintStep): string {
  const heredocs =
    instruction.keyword === 'RUN' ? instruction.heredocs.map(({ content }) => content) : [];
  return [instruction.text, ...heredocs].join('\n');
}

function usesPwsh(step: LintStep): boolean {
  return /\bpwsh\b/i.test(scriptOf(step)) || step.shellProgram === 'pwsh';
}

/** The command without what it hands to another shell. */
function withoutInner({ name, text }: SimpleCommand): string {
  return name === 'powershell' || name === 'pwsh' ? '' : text;
}
