import { links } from './links.ts';
import type { WindowsRule } from './rule.ts';
import {
  commandsOfFile,
  dockerfile,
  forCommands,
  hasSwitch,
  runCommands,
  stepsOfFile,
} from './walk.ts';

const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022';
const linuxManagers: ReadonlySet<string> = new Set([
  'apt',
  'apt-get',
  'yum',
  'dnf',
  'apk',
  'zypper',
  'pacman',
  'brew',
  'dpkg',
]);
const linuxShells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'zsh', 'dash']);
const linuxTools: ReadonlySet<string> = new Set([
  'chmod',
  'chown',
  'cp',
  'export',
  'grep',
  'ln',
  'ls',
  'mv',
  'rm',
  'sed',
  'source',
  'sudo',
  'touch',
  'unzip',
  'useradd',
  'wget',
]);

/** Package managers, and habits from Linux. */
export const packageRules: readonly WindowsRule[] = [
  {
    name: 'linux-package-manager',
    severity: 'warning',
    what: 'A Linux package manager is used in a Windows image.',
    why: 'apt, yum, apk and their like do not exist on Windows.',
    fix: 'Use Chocolatey on servercore, or copy what you need from another stage.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN apt-get update && apt-get install -y curl'),
    good: dockerfile(core, 'RUN choco install -y curl'),
    check: forCommands(commandsOfFile, ({ command }) => linuxManagers.has(command.name)),
  },
  {
    name: 'linux-shell',
    severity: 'warning',
    what: 'A Linux shell is started in a Windows image.',
    why: 'Windows base images have cmd, and servercore has Windows PowerShell; there is no sh or bash.',
    fix: 'Write the step for cmd or PowerShell, and choose PowerShell with SHELL.',
    link: links.dockerfile,
    bad: dockerfile(core, 'RUN bash -c "echo hello"'),
    good: dockerfile(core, 'RUN echo hello'),
    *check(file) {
      for (const { stage, step } of stepsOfFile(file)) {
        if (stage.kind === 'linux') continue;
        const { instruction } = step;
        if (instruction.keyword === 'SHELL' && isLinuxShell(instruction.argv[0]?.text ?? ''))
          yield { range: instruction.range };
        for (const { name, range } of step.commands) if (linuxShells.has(name)) yield { range };
        if (instruction.keyword !== 'RUN') continue;
        for (const { content, range } of instruction.heredocs)
          if (/^#!\s*\S*\/(?:env\s+)?(?:ba|da|z)?sh\b/.test(content)) yield { range };
      }
    },
  },
  {
    name: 'linux-command',
    severity: 'warning',
    what: 'A Linux command is used where cmd reads the line.',
    why: 'cmd knows no rm, cp, mv, chmod or export: "is not recognized as an internal or external command".',
    fix: 'Use del, rmdir, copy, xcopy, move, set or icacls, or choose PowerShell with SHELL.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN mv C:\\a.txt C:\\b.txt'),
    good: dockerfile(core, 'RUN move C:\\a.txt C:\\b.txt'),
    check: forCommands(
      commandsOfFile,
      ({ command }) => command.shell === 'cmd' && linuxTools.has(command.name),
    ),
  },
  {
    name: 'powershell-rm-rf',
    severity: 'warning',
    what: 'rm -rf is used in PowerShell.',
    why: 'rm is an alias of Remove-Item there, and -rf is not one of its parameters.',
    fix: 'Write Remove-Item -Recurse -Force.',
    link: links.aliases,
    bad: dockerfile(core, 'SHELL ["powershell"]', 'RUN rm -rf C:/temp'),
    good: dockerfile(core, 'SHELL ["powershell"]', 'RUN Remove-Item -Recurse -Force C:/temp'),
    check: forCommands(
      commandsOfFile,
      ({ command }) =>
        command.shell === 'powershell' &&
        command.name === 'rm' &&
        command.args.some(arg => /^-(?:rf|fr)$/.test(arg)),
    ),
  },
  {
    name: 'linux-mkdir-p',
    severity: 'warning',
    what: 'mkdir -p makes a folder called -p on Windows.',
    why: "cmd's mkdir makes all folders of a path by itself and takes -p for a name.",
    fix: 'Write mkdir without -p.',
    link: links.windowsDockerfile,
    bad: dockerfile(core, 'RUN mkdir -p C:\\app\\logs'),
    good: dockerfile(core, 'RUN mkdir C:\\app\\logs'),
    check: forCommands(
      commandsOfFile,
      ({ command }) =>
        command.shell === 'cmd' && /^(?:mkdir|md)$/.test(command.name) && command.args[0] === '-p',
    ),
  },
  {
    name: 'winget-in-container',
    severity: 'warning',
    what: 'winget is used in a container image.',
    why: 'winget comes with the App Installer from the Store, which no Windows base image has.',
    fix: 'Use Chocolatey on servercore, or download the installer.',
    link: links.winget,
    bad: dockerfile(core, 'RUN winget install --id Git.Git -e'),
    good: dockerfile(core, 'RUN choco install -y git'),
    check: forCommands(commandsOfFile, ({ command }) => command.name === 'winget'),
  },
  {
    name: 'choco-needs-yes',
    severity: 'warning',
    what: 'choco is called without -y.',
    why: 'It asks before it runs scripts; nobody answers in a build, so the step waits and then fails.',
    fix: 'Add -y.',
    link: links.chocolatey,
    bad: dockerfile(core, 'RUN choco install git'),
    good: dockerfile(core, 'RUN choco install -y git'),
    check: forCommands(
      runCommands,
      ({ command }) =>
        command.name === 'choco' &&
        /^(?:install|upgrade|uninstall)$/i.test(command.args[0] ?? '') &&
        !hasSwitch(command, 'y', 'yes', 'confirm') &&
        !command.args.some(arg => /^-[a-z]*y[a-z]*$/i.test(arg)),
    ),
  },
  {
    name: 'choco-unpinned',
    severity: 'info',
    what: 'choco installs whatever version is newest on the day of the build.',
    why: 'The same Dockerfile gives another image next month.',
    fix: 'Add --version=<version>.',
    link: links.chocolatey,
    bad: dockerfile(core, 'RUN choco install -y git'),
    good: dockerfile(core, 'RUN choco install -y git --version=2.47.1'),
    check: forCommands(
      runCommands,
      ({ command }) =>
        command.name === 'choco' &&
        /^install$/i.test(command.args[0] ?? '') &&
        !hasSwitch(command, 'version') &&
        !command.args.some(arg => /\.config$/i.test(arg)),
    ),
  },
  {
    name: 'windows-update-in-image',
    severity: 'warning',
    what: 'Windows Update is run inside an image.',
    why: 'Containers are not serviced in place: updates fail, or make a huge layer that the next base undoes.',
    fix: "Take the newest tag of the base image instead; it has the month's updates.",
    link: links.updates,
    bad: dockerfile(core, 'RUN wuauclt /detectnow /updatenow'),
    good: dockerfile('FROM mcr.microsoft.com/windows/servercore:ltsc2025'),
    check: forCommands(runCommands, ({ command }) =>
      /^(?:wuauclt|usoclient|install-windowsupdate|get-windowsupdate|wusa)$/.test(command.name),
    ),
  },
];

function isLinuxShell(program: string): boolean {
  return linuxShells.has(program.split('/').at(-1) ?? '');
}
