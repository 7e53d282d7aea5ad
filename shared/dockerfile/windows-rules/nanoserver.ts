import { links } from './links.ts';
import type { WindowsRule } from './rule.ts';
import { commandsOfFile, dockerfile, forCommands, stepsOfFile } from './walk.ts';

const nano = 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022';
const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022';

/** What Nano Server does not have. */
export const nanoserverRules: readonly WindowsRule[] = [
  {
    name: 'nanoserver-no-powershell',
    severity: 'warning',
    what: 'Windows PowerShell is used on Nano Server, which does not have it.',
    why: 'The step ends with "powershell is not recognized" or cannot be started (0x2).',
    fix: 'Do this in a servercore stage and copy the result, or copy PowerShell 7 (pwsh) into the image.',
    link: links.baseImages,
    bad: dockerfile(nano, 'RUN powershell -Command Get-ChildItem C:/'),
    good: dockerfile(nano, 'RUN dir C:\\'),
    *check(file) {
      for (const { stage, step } of stepsOfFile(file)) {
        if (stage.kind !== 'nanoserver') continue;
        const { instruction } = step;
        if (instruction.keyword === 'SHELL' && /^powershell/i.test(instruction.argv[0]?.text ?? ''))
          yield { range: instruction.range };
        for (const command of step.commands)
          if (command.name === 'powershell') yield { range: command.range };
      }
    },
  },
  {
    name: 'nanoserver-no-msi',
    severity: 'warning',
    what: 'msiexec is used on Nano Server, which has no Windows Installer.',
    why: 'Nothing can be installed from an .msi there; the step fails.',
    fix: 'Install in a servercore stage, or take the .zip of the program and copy its folder.',
    link: links.baseImages,
    bad: dockerfile(nano, 'RUN msiexec /i C:\\node.msi /qn'),
    good: dockerfile(core, 'RUN msiexec /i C:\\node.msi /qn'),
    check: forCommands(
      commandsOfFile,
      ({ stage, command }) => stage.kind === 'nanoserver' && command.name === 'msiexec',
    ),
  },
  {
    name: 'nanoserver-no-chocolatey',
    severity: 'warning',
    what: 'Chocolatey is used on Nano Server, where it cannot run.',
    why: 'Chocolatey needs Windows PowerShell and the full .NET Framework; Nano Server has neither.',
    fix: 'Install in a servercore stage and copy the result from there.',
    link: links.baseImages,
    bad: dockerfile(nano, 'RUN choco install -y git'),
    good: dockerfile(core, 'RUN choco install -y git'),
    check: forCommands(
      commandsOfFile,
      ({ stage, command }) =>
        stage.kind === 'nanoserver' && (command.name === 'choco' || command.name === 'cinst'),
    ),
  },
  {
    name: 'nanoserver-no-features',
    severity: 'warning',
    what: 'A Windows feature is turned on in Nano Server, which has no servicing stack.',
    why: 'DISM and the ServerManager cmdlets are not there: no role can be added.',
    fix: 'Use a servercore base, or an image that has the role, such as mcr.microsoft.com/windows/servercore/iis.',
    link: links.baseImages,
    bad: dockerfile(nano, 'RUN dism /online /enable-feature /featurename:IIS-WebServer /quiet'),
    good: dockerfile(core, 'RUN dism /online /enable-feature /featurename:IIS-WebServer /quiet'),
    check: forCommands(
      commandsOfFile,
      ({ stage, command }) =>
        stage.kind === 'nanoserver' &&
        /^(?:dism|add-windowsfeature|install-windowsfeature|enable-windowsoptionalfeature)$/.test(
          command.name,
        ),
    ),
  },
  {
    name: 'nanoserver-no-dotnet-framework',
    severity: 'warning',
    what: 'A tool of the .NET Framework is used on Nano Server, which has no .NET Framework.',
    why: 'aspnet_regiis, InstallUtil, RegAsm, gacutil and ngen cannot run there.',
    fix: 'Use mcr.microsoft.com/dotnet/framework/runtime, or move the program to .NET.',
    link: links.baseImages,
    bad: dockerfile(nano, 'RUN InstallUtil.exe C:\\svc\\service.exe'),
    good: dockerfile(core, 'RUN InstallUtil.exe C:\\svc\\service.exe'),
    check: forCommands(
      commandsOfFile,
      ({ stage, command }) =>
        stage.kind === 'nanoserver' &&
        /^(?:installutil|regasm|gacutil|aspnet_regiis|ngen)$/.test(command.name),
    ),
  },
];
