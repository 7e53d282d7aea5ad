import type { Keyword } from '../../../../shared/dockerfile/ast.ts';

export interface FlagReference {
  readonly flag: string;
  readonly text: string;
  /** Values to offer; a flag without any is free text, `switch` takes none. */
  readonly values?: readonly string[];
  readonly isSwitch?: boolean;
}

export interface InstructionReference {
  readonly syntax: string;
  readonly text: string;
  readonly flags: readonly FlagReference[];
  /** What completion inserts; `$1` and `${1:text}` are places to fill in. */
  readonly snippet: string;
}

const from: FlagReference = {
  flag: 'from',
  text: 'Takes files from a stage or an image instead of the build context.',
};
const chown: FlagReference = {
  flag: 'chown',
  text: 'Makes a Windows account or SID the owner, such as `ContainerUser`.',
  values: ['ContainerAdministrator', 'ContainerUser'],
};
const chmod: FlagReference = {
  flag: 'chmod',
  text: 'Sets Unix permission bits. They have no meaning on Windows.',
};
const link: FlagReference = {
  flag: 'link',
  text: 'Makes the layer independent of those below it, so that it stays cached when they change.',
  isSwitch: true,
};
const exclude: FlagReference = {
  flag: 'exclude',
  text: 'Leaves out files that match a pattern. May be given several times.',
};

/** The instructions, in our own words. Facts: Dockerfile reference, and Microsoft's "Dockerfile on Windows". */
export const instructionReference: { readonly [K in Keyword]: InstructionReference } = {
  ADD: {
    syntax: 'ADD [flags] <source>... <destination>',
    text: 'Copies files into the image, downloads URLs, and unpacks local tar archives. Prefer COPY where you only copy.',
    snippet: 'ADD ${1:source} ${2:destination}',
    flags: [
      chown,
      chmod,
      link,
      exclude,
      { flag: 'checksum', text: 'Refuses a download that has another digest (`sha256:...`).' },
      { flag: 'keep-git-dir', text: 'Keeps the `.git` folder of a Git source.', isSwitch: true },
      { flag: 'unpack', text: 'Says whether archives are unpacked.', values: ['true', 'false'] },
    ],
  },
  ARG: {
    syntax: 'ARG <name>[=<default>]',
    text: 'Declares a value that a build can be given. Above the first FROM it can be used in FROM only; a stage that needs it declares it again. It is no secret: it stays in the history.',
    snippet: 'ARG ${1:name}=${2:value}',
    flags: [],
  },
  CMD: {
    syntax: 'CMD ["program", "argument"...] or CMD <line for the shell>',
    text: 'What a container starts, unless it is told otherwise; with an ENTRYPOINT, its arguments. Only the last CMD of a stage counts.',
    snippet: 'CMD ["${1:program.exe}"]',
    flags: [],
  },
  COPY: {
    syntax: 'COPY [flags] <source>... <destination>',
    text: 'Copies files and folders from the build context, a stage or an image. A destination that ends with / is a folder. Write paths with /, or put `# escape=`` at the top.',
    snippet: 'COPY ${1:source} ${2:destination}',
    flags: [
      from,
      chown,
      chmod,
      link,
      { flag: 'parents', text: 'Keeps the folders above each source.', isSwitch: true },
      exclude,
    ],
  },
  ENTRYPOINT: {
    syntax: 'ENTRYPOINT ["program", "argument"...]',
    text: 'The program that a container always starts; CMD and the command line add arguments. Write it as a JSON array: then no shell stands between.',
    snippet: 'ENTRYPOINT ["${1:program.exe}"]',
    flags: [],
  },
  ENV: {
    syntax: 'ENV <name>=<value>...',
    text: 'Sets environment variables for the instructions below and for containers. On Windows, names do not tell upper from lower case.',
    snippet: 'ENV ${1:NAME}=${2:value}',
    flags: [],
  },
  EXPOSE: {
    syntax: 'EXPOSE <port>[/tcp|udp]...',
    text: 'Says on which ports a container listens. It opens none by itself.',
    snippet: 'EXPOSE ${1:80}',
    flags: [],
  },
  FROM: {
    syntax: 'FROM [--platform=<platform>] <image> [AS <stage>]',
    text: 'Begins a stage from a base image. For process isolation its Windows build has to fit the host: see Bases.',
    snippet: 'FROM ${1:mcr.microsoft.com/windows/nanoserver:ltsc2022}',
    flags: [
      {
        flag: 'platform',
        text: 'Chooses one platform of the image, with the OS version where it matters.',
        values: [
          'windows/amd64',
          'windows(10.0.20348)/amd64',
          'windows(10.0.26100)/amd64',
          'windows/arm64',
        ],
      },
    ],
  },
  HEALTHCHECK: {
    syntax: 'HEALTHCHECK [flags] CMD <command> or HEALTHCHECK NONE',
    text: 'A command that tells whether the container works: exit code 0 is healthy, 1 is not.',
    snippet: 'HEALTHCHECK --interval=${1:30s} CMD ${2:command}',
    flags: [
      { flag: 'interval', text: 'Time between two checks, such as `30s`.' },
      { flag: 'timeout', text: 'How long one check may take.' },
      { flag: 'start-period', text: 'Time to start up, in which failures do not count.' },
      { flag: 'start-interval', text: 'Time between two checks while starting up.' },
      { flag: 'retries', text: 'Failures in a row that make a container unhealthy.' },
    ],
  },
  LABEL: {
    syntax: 'LABEL <name>=<value>...',
    text: 'Notes for people and tools, kept in the config of the image.',
    snippet: 'LABEL ${1:org.opencontainers.image.source}="${2:value}"',
    flags: [],
  },
  MAINTAINER: {
    syntax: 'MAINTAINER <name>',
    text: 'Out of use. Write `LABEL org.opencontainers.image.authors=...` instead.',
    snippet: 'LABEL org.opencontainers.image.authors="${1:name}"',
    flags: [],
  },
  ONBUILD: {
    syntax: 'ONBUILD <instruction>',
    text: 'Keeps an instruction in the image for the builds that start from it; it runs right after their FROM.',
    snippet: 'ONBUILD ${1:COPY . .}',
    flags: [],
  },
  RUN: {
    syntax: 'RUN [flags] <line for the shell> or RUN ["program", "argument"...]',
    text: 'Runs a command and keeps what it changed as a layer. The shell is `cmd /S /C` unless SHELL says otherwise.',
    snippet: 'RUN ${1:command}',
    flags: [
      {
        flag: 'mount',
        text: 'Makes a folder or a file available to this command only.',
        values: ['type=bind,source=,target=', 'type=cache,target=', 'type=secret,id='],
      },
      {
        flag: 'network',
        text: 'Which network the command sees.',
        values: ['default', 'none', 'host'],
      },
      { flag: 'security', text: 'How much the command may do.', values: ['sandbox', 'insecure'] },
    ],
  },
  SHELL: {
    syntax: 'SHELL ["program", "argument"...]',
    text: 'The shell for the shell forms of RUN, CMD and ENTRYPOINT below. A stage built on this one has it, too.',
    snippet:
      'SHELL ["${1:powershell}", "-Command", "\\$ErrorActionPreference = \'Stop\'; \\$ProgressPreference = \'SilentlyContinue\';"]',
    flags: [],
  },
  STOPSIGNAL: {
    syntax: 'STOPSIGNAL <signal>',
    text: 'The signal that ends a container. Windows has no signals; containers get Ctrl+C and a shutdown event.',
    snippet: 'STOPSIGNAL ${1:SIGTERM}',
    flags: [],
  },
  USER: {
    syntax: 'USER <account>',
    text: 'The Windows account for the commands below and for containers. Nano Server starts as ContainerUser, others as ContainerAdministrator.',
    snippet: 'USER ${1|ContainerUser,ContainerAdministrator|}',
    flags: [],
  },
  VOLUME: {
    syntax: 'VOLUME ["C:/folder"...]',
    text: 'Folders whose content is kept outside of the container. On Windows the folder has to be empty or missing in the image, and is not the drive itself.',
    snippet: 'VOLUME ["${1:C:/data}"]',
    flags: [],
  },
  WORKDIR: {
    syntax: 'WORKDIR <path>',
    text: 'The folder in which the instructions below work and containers start; it is made if need be.',
    snippet: 'WORKDIR ${1:C:/app}',
    flags: [],
  },
};

/** Parser directives, which stand at the top of the file. */
export const directiveReference: Readonly<Record<string, string>> = {
  escape:
    'The character that escapes and that continues lines. With ` a backslash in a Windows path means itself.',
  syntax: 'The frontend that BuildKit should use. Layerwright builds with its own.',
  check: 'Which build checks to skip, and whether they stop the build.',
};

/** What is known of an instruction, in any case of letters. */
export function referenceOf(keyword: string): InstructionReference | undefined {
  const upper = keyword.toUpperCase();
  return isKeyword(upper) ? instructionReference[upper] : undefined;
}

function isKeyword(word: string): word is Keyword {
  return Object.hasOwn(instructionReference, word);
}
