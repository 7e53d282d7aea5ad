import type { SourceRange } from '../source-range.ts';
import type { Text } from './yaml-reader.ts';
import type { ZMetadata, ZStage } from './zimagefile.ts';

const bases: Readonly<Record<string, string>> = {
  'windows-nanoserver': 'nanoserver',
  windows_nanoserver: 'nanoserver',
  nanoserver: 'nanoserver',
  'windows-servercore': 'servercore',
  windows_servercore: 'servercore',
  'windows-server-core': 'servercore',
  servercore: 'servercore',
};

/** The stage that one of ZLayer's Windows runtimes stands for: app.exe on a pinned base. Undefined for any other. */
export function windowsRuntime({ value, range }: Text): ZStage | undefined {
  const kind = bases[value.toLowerCase()];
  if (kind === undefined) return undefined;
  const metadata: ZMetadata = {
    env: [],
    labels: [],
    expose: [],
    volumes: [],
    cmd: { form: 'exec', argv: [String.raw`C:\app\app.exe`], range },
  };
  return {
    base: { value: `mcr.microsoft.com/windows/${kind}:ltsc2022`, range },
    args: [],
    steps: [
      { kind: 'user', text: 'ContainerAdministrator', range },
      { kind: 'workdir', text: String.raw`C:\app`, range },
      copyProgram(range),
    ],
    metadata,
  };
}

function copyProgram(range: SourceRange): ZStage['steps'][number] {
  return { kind: 'copy', sources: ['app.exe'], to: String.raw`C:\app\app.exe`, range };
}
