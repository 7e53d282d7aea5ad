import { links } from './links.ts';
import type { WindowsRule } from './rule.ts';
import { dockerfile, forCommands, runCommands, stepsOfFile } from './walk.ts';

const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022';
const nano = 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022';
const isContainerUser = (user: string | undefined): boolean =>
  /^(?:"?user manager\\)?containeruser$/i.test(user ?? '');
/** Where ContainerUser may not write. */
const protectedFolder = /(?:^|[\s"'=])(?:c:)?[\\/]+(?!users[\\/]|temp\b)[\w.-]/i;

/** Who runs the steps and the container. */
export const userRules: readonly WindowsRule[] = [
  {
    name: 'container-user-writes',
    severity: 'warning',
    what: 'ContainerUser writes where it may not.',
    why: 'Only administrators may make folders on C:\\, in Program Files and in Windows: "Access is denied".',
    fix: 'Write USER ContainerAdministrator before this step and USER ContainerUser behind it.',
    link: links.security,
    bad: dockerfile(nano, 'USER ContainerUser', 'RUN mkdir C:\\app'),
    good: dockerfile(
      nano,
      'USER ContainerAdministrator',
      'RUN mkdir C:\\app',
      'USER ContainerUser',
    ),
    check: forCommands(
      runCommands,
      ({ stage, step, command }) =>
        (isContainerUser(step.user) ||
          (step.user === undefined && stage.kind === 'nanoserver' && !stage.continues)) &&
        /^(?:mkdir|md|copy|xcopy|move|new-item|copy-item|move-item|msiexec|setx)$/.test(
          command.name,
        ) &&
        (protectedFolder.test(command.text) ||
          /\/m\b/i.test(command.name === 'setx' ? command.text : '')),
    ),
  },
  {
    name: 'linux-user',
    severity: 'warning',
    what: 'USER names a user of Linux.',
    why: 'Windows has no root and no user numbers; the step or the container does not start.',
    fix: 'Use ContainerUser or ContainerAdministrator.',
    link: links.security,
    bad: dockerfile(core, 'USER root'),
    good: dockerfile(core, 'USER ContainerAdministrator'),
    *check(file) {
      for (const { stage, step } of stepsOfFile(file)) {
        if (stage.kind === 'linux' || step.instruction.keyword !== 'USER') continue;
        const { user } = step.instruction;
        if (/^(?:root|nobody|www-data|\d+(?::\d+)?|root:root)$/i.test(user.text))
          yield { range: user.range };
      }
    },
  },
  {
    name: 'runs-as-administrator',
    severity: 'info',
    what: 'The finished image runs as ContainerAdministrator.',
    why: 'Whoever breaks into the program then owns the whole container.',
    fix: 'Put USER ContainerUser at the end, where the program can do with it.',
    link: links.security,
    bad: dockerfile(core, 'USER ContainerAdministrator', 'RUN mkdir C:\\app'),
    good: dockerfile(
      core,
      'USER ContainerAdministrator',
      'RUN mkdir C:\\app',
      'USER ContainerUser',
    ),
    *check({ stages }) {
      const user = stages
        .at(-1)
        ?.steps.map(({ instruction }) => instruction)
        .findLast(({ keyword }) => keyword === 'USER');
      if (user?.keyword === 'USER' && /containeradministrator$/i.test(user.user.text))
        yield { range: user.range };
    },
  },
];
