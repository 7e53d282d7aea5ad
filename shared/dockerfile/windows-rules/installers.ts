import { links } from './links.ts';
import type { WindowsRule } from './rule.ts';
import { commandsOfFile, dockerfile, forCommands, hasSwitch, runCommands } from './walk.ts';

const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022';
const shell = 'SHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"]';
const quietSwitches = [
  'q',
  'qn',
  'quiet',
  's',
  'silent',
  'verysilent',
  'passive',
  'qb',
  'unattended',
];
const isInstaller = (name: string): boolean =>
  /^(?:\S*setup\S*|\S*install(?:er)?|vc_redist\S*)$/.test(name);
const knownTools: ReadonlySet<string> = new Set(['install', 'npm-install', 'pip-install']);

/** Installers, and other programs that a build has to wait for. */
export const installerRules: readonly WindowsRule[] = [
  {
    name: 'msiexec-not-quiet',
    severity: 'warning',
    what: 'msiexec is called without /qn or /quiet.',
    why: 'It opens a window that nobody sees, and the step waits for ever.',
    fix: 'Add /qn (and /l*v <file> to have a log when it fails).',
    link: links.msiexec,
    bad: dockerfile(core, 'RUN msiexec /i C:\\node.msi'),
    good: dockerfile(core, 'RUN msiexec /i C:\\node.msi /qn'),
    check: forCommands(
      runCommands,
      ({ command }) =>
        command.name === 'msiexec' && !/[/-]q(?:n|b|uiet)?[!+-]*(?:\s|"|'|,|$)/i.test(command.text),
    ),
  },
  {
    name: 'msiexec-not-waited',
    severity: 'warning',
    what: 'PowerShell does not wait for msiexec.',
    why: 'It is a program with a window: PowerShell starts it and goes on, so the layer is written too early.',
    fix: 'Write Start-Process msiexec.exe -ArgumentList ... -Wait.',
    link: links.startProcess,
    bad: dockerfile(core, shell, 'RUN msiexec /i C:/node.msi /qn'),
    good: dockerfile(
      core,
      shell,
      "RUN Start-Process msiexec.exe -ArgumentList '/i C:/node.msi /qn' -Wait",
    ),
    check: forCommands(
      runCommands,
      ({ command }) =>
        command.shell === 'powershell' && command.name === 'msiexec' && command.separator !== '|',
    ),
  },
  {
    name: 'installer-not-quiet',
    severity: 'info',
    what: 'An installer is called without a switch for a silent installation.',
    why: 'If it opens a window, the step waits for ever.',
    fix: "Add the installer's silent switch: /quiet, /S, /VERYSILENT or /qn.",
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN C:\\temp\\setup.exe'),
    good: dockerfile(core, 'RUN C:\\temp\\setup.exe /quiet'),
    check: forCommands(
      runCommands,
      ({ command }) =>
        isInstaller(command.name) &&
        !knownTools.has(command.name) &&
        /\.exe\b/i.test(command.text) &&
        !hasSwitch(command, ...quietSwitches),
    ),
  },
  {
    name: 'installer-not-waited',
    severity: 'warning',
    what: 'PowerShell does not wait for an installer.',
    why: 'Most installers are programs with a window: PowerShell starts them and goes on, so half of it is missing.',
    fix: 'Write Start-Process <installer> -ArgumentList ... -Wait.',
    link: links.startProcess,
    bad: dockerfile(core, shell, 'RUN C:/temp/setup.exe /quiet'),
    good: dockerfile(core, shell, 'RUN Start-Process C:/temp/setup.exe -ArgumentList /quiet -Wait'),
    check: forCommands(
      runCommands,
      ({ command }) =>
        command.shell === 'powershell' &&
        isInstaller(command.name) &&
        /^\S+\.exe\b/i.test(command.text) &&
        command.separator !== '|',
    ),
  },
  {
    name: 'start-without-wait',
    severity: 'warning',
    what: "cmd's start is called without /wait.",
    why: 'The step ends while the program still runs, and what it has not written is not in the layer.',
    fix: 'Write start /wait, or call the program without start.',
    link: links.start,
    bad: dockerfile(core, 'RUN start C:\\setup.exe /quiet'),
    good: dockerfile(core, 'RUN start /wait C:\\setup.exe /quiet'),
    check: forCommands(
      runCommands,
      ({ command }) =>
        command.shell === 'cmd' &&
        command.name === 'start' &&
        !hasSwitch(command, 'w', 'wait', 'b'),
    ),
  },
  {
    name: 'restart-in-build',
    severity: 'warning',
    what: 'A restart is asked for in a build.',
    why: 'A container cannot restart Windows; the step fails or ends the container.',
    fix: 'Remove it. What must restart to take effect cannot be installed in an image.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN shutdown /r /t 0'),
    good: dockerfile(core, 'RUN echo done'),
    check: forCommands(runCommands, ({ command }) =>
      /^(?:shutdown|restart-computer)$/.test(command.name),
    ),
  },
  {
    name: 'waits-for-input',
    severity: 'warning',
    what: 'The step waits for somebody to press a key.',
    why: 'Nobody can answer in a build: it hangs until it is cancelled.',
    fix: 'Remove it.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN echo done && pause'),
    good: dockerfile(core, 'RUN echo done'),
    check: forCommands(runCommands, ({ command }) =>
      /^(?:pause|read-host|choice)$/.test(command.name),
    ),
  },
  {
    name: 'service-started-in-build',
    severity: 'info',
    what: 'A service is started in a RUN step.',
    why: "The step's container ends with it; in the image the service is not running.",
    fix: 'Start it in ENTRYPOINT, or set its start type to automatic.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN net start w3svc'),
    good: dockerfile(core, 'RUN sc config w3svc start= auto'),
    check: forCommands(
      runCommands,
      ({ command, step }) =>
        step.commands.length === 1 &&
        (command.name === 'start-service' ||
          (/^(?:net|sc)$/.test(command.name) && command.args[0]?.toLowerCase() === 'start')),
    ),
  },
  {
    name: 'environment-in-run',
    severity: 'warning',
    what: 'A variable is set in a RUN step of its own.',
    why: 'It ends with the step: no later step and no container sees it.',
    fix: 'Write ENV <name>=<value>.',
    link: links.set,
    bad: dockerfile(core, 'RUN set NODE_ENV=production'),
    good: dockerfile(core, 'ENV NODE_ENV=production'),
    check: forCommands(
      runCommands,
      ({ command, step }) =>
        step.commands.at(-1) === command &&
        (/^set\s+"?\w+=/i.test(command.text) || /^\$env:\w+\s*=/i.test(command.text)),
    ),
  },
  {
    name: 'cd-in-run',
    severity: 'warning',
    what: 'cd at the end of a RUN step changes nothing.',
    why: 'The next step begins in WORKDIR again.',
    fix: 'Write WORKDIR <path>.',
    link: links.dockerfile,
    bad: dockerfile(core, 'RUN cd C:\\app'),
    good: dockerfile(core, 'WORKDIR C:/app'),
    check: forCommands(
      runCommands,
      ({ command, step }) =>
        step.commands.at(-1) === command &&
        /^(?:cd|chdir|set-location|sl|pushd)$/.test(command.name),
    ),
  },
  {
    name: 'setx-path',
    severity: 'warning',
    what: 'PATH is changed in the registry.',
    why: 'Once the image has ENV PATH, that hides the registry; and setx cuts values off at 1024 characters.',
    fix: 'Write ENV PATH="<new folder>;${PATH}", which every builder understands.',
    link: links.setx,
    bad: dockerfile(core, 'RUN setx /M PATH "%PATH%;C:\\tools"'),
    good: dockerfile(core, 'ENV PATH="C:/tools;${PATH}"'),
    check: forCommands(
      runCommands,
      ({ command }) =>
        (command.name === 'setx' && command.args.some(arg => /^path$/i.test(arg))) ||
        /SetEnvironmentVariable\(\s*['"]path['"]/i.test(command.text),
    ),
  },
  {
    name: 'secret-in-command',
    severity: 'warning',
    what: 'A password or token stands in a command.',
    why: 'Everybody who has the image can read it in its history.',
    fix: 'Use RUN --mount=type=secret and read the file.',
    link: links.secrets,
    bad: dockerfile(core, 'RUN curl.exe -u admin:S3cretPass https://x.test/a.zip -o a.zip'),
    good: dockerfile(core, 'RUN curl.exe https://x.test/a.zip -o a.zip'),
    check: forCommands(commandsOfFile, ({ command }) =>
      /https?:\/\/[^\s/:@$%]+:[^\s/:@$%]{3,}@|(?:^|\s)(?:-{1,2}|\/)(?:password|passwd|pwd|token|api-?key|secret)[=:\s]\s*["']?(?![$%"'\s])[^\s$%]{4,}|(?:^|\s)-u\s+[^\s:$%]+:[^\s$%]{3,}/i.test(
        command.text,
      ),
    ),
  },
];
