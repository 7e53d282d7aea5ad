import { arch } from 'node:os';
import path from 'node:path';
import type { HostVerdictView } from '../../../shared/ipc/app-views.ts';
import type {
  PreflightBase,
  PreflightCommand,
  PreflightFinding,
  PreflightView,
} from '../../../shared/ipc/preflight-views.ts';
import { storedBaseImages } from '../../engine/build/base-image.ts';
import { hcsOfThisMachine } from '../../engine/build/backends/hcs/this-machine.ts';
import { preflight } from '../../engine/build/preflight/preflight.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import { sampleRegistry } from '../../engine/sample/with-samples.ts';
import { withBuildFile } from '../build-file.ts';
import { buildRequestOf, type BuildFlags } from '../build-request.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../text/table.ts';
import { counted, formatBytes } from '../text/units.ts';
import { withStore } from './store.ts';

export interface PlanFlags extends Pick<
  BuildFlags,
  'file' | 'target' | 'platform' | 'buildArg' | 'buildContext' | 'pull' | 'backend'
> {
  readonly commands?: boolean;
  readonly json?: boolean;
}

/** `layerwright plan`: what is known of a build before a byte is fetched. */
export async function plan(
  context: CommandContext,
  contextDir: string,
  flags: PlanFlags,
): Promise<number> {
  const { readInput, signal, terminal } = context;
  const rest = {
    cache: true,
    compression: 'gzip',
    progress: 'auto',
    timestamps: 'normalize',
  } as const;
  const request = await withBuildFile(buildRequestOf(contextDir, { ...flags, ...rest }, context));
  const input = request.dockerfile === '-' ? { standardInput: await readInput() } : {};
  const host = thisHost();
  const view = await withStore(context, async store => {
    const hcs = await hcsOfThisMachine(store, host);
    return await preflight(
      request,
      {
        baseImages: storedBaseImages(store),
        blobs: store.blobs,
        storeDir: store.dir,
        host,
        ...(hcs ? { hcs } : {}),
        buildPlatform: { os: 'windows', architecture: arch() === 'x64' ? 'amd64' : arch() },
        isSample: registry => registry === sampleRegistry,
        today: new Date().toISOString().slice(0, 10),
        ...input,
      },
      signal,
    );
  });
  if (flags.json === true) terminal.json(view);
  else for (const line of planLines(view, context.cwd, flags)) terminal.line(line);
  return view.findings.some(({ severity }) => severity === 'error')
    ? exitCodes.failed
    : exitCodes.ok;
}

function planLines(
  view: PreflightView,
  cwd: string,
  { commands = false }: PlanFlags,
): readonly string[] {
  const file = view.file === '-' ? '-' : path.relative(cwd, view.file) || view.file;
  const { context, disk } = view;
  return [
    `${file}: ${counted(view.stages, 'stage')}, ${counted(view.steps, 'step')}`,
    `backend: ${view.backend === undefined ? 'none that can build it here' : `${view.backend.backend}, because ${view.backend.reason}`}`,
    '',
    ...table(baseColumns, view.bases),
    '',
    `context: ${counted(context.files, 'file')}, ${formatBytes(context.bytes)}${context.isCut ? ' and more' : ''}; .dockerignore leaves out ${context.ignored.toLocaleString('en')} of its entries`,
    ...context.biggest
      .slice(0, 5)
      .map(
        ({ bytes, files, path: name }) =>
          `  ${name}: ${formatBytes(bytes)} in ${counted(files, 'file')}`,
      ),
    ...(disk ? [`disk: ${formatBytes(disk.free)} free in ${disk.dir}`] : []),
    ...(commands ? view.commands.flatMap(commandLines) : []),
    '',
    ...view.findings.map(finding => findingLine(finding, file)),
    verdictLine(view.findings),
  ];
}

const sources: { readonly [S in PreflightBase['source']]: string } = {
  store: 'in the store',
  registry: 'to be pulled',
  sample: 'sample, to be made',
  stage: 'earlier stage',
  scratch: 'nothing',
};

const verdicts: { readonly [K in HostVerdictView['kind']]: string } = {
  process: 'runs',
  'hyperv-only': 'runs with Hyper-V isolation',
  impossible: 'does not run',
  unknown: 'not known',
  'not-windows': 'no Windows here',
};

const baseColumns = [
  { title: 'STAGE', cell: ({ stage, stageName }: PreflightBase) => stageName ?? String(stage) },
  { title: 'BASE', cell: ({ reference }: PreflightBase) => reference },
  { title: 'WHERE', cell: ({ source }: PreflightBase) => sources[source] },
  { title: 'WINDOWS', cell: ({ osVersion = '' }: PreflightBase) => osVersion },
  { title: 'HERE', cell: ({ verdict }: PreflightBase) => (verdict ? verdicts[verdict.kind] : '') },
];

const readers = {
  cmd: 'cmd runs',
  powershell: 'PowerShell runs',
  program: 'arguments',
} as const;

function commandLines({
  commandLine,
  keyword,
  notes,
  range,
  reader,
  received,
}: PreflightCommand): readonly string[] {
  return [
    '',
    `${keyword} in line ${range.start.line + 1} starts: ${commandLine}`,
    ...received.map(text => `  ${readers[reader]}: ${text}`),
    ...notes.map(note => `  note: ${note}`),
  ];
}

function findingLine({ message, range, rule, severity }: PreflightFinding, file: string): string {
  const place =
    range === undefined ? '' : `${file}:${range.start.line + 1}:${range.start.character + 1}: `;
  return `${severity}: ${place}${message}${rule === undefined ? '' : ` [${rule}]`}`;
}

function verdictLine(findings: readonly PreflightFinding[]): string {
  const count = (severity: PreflightFinding['severity']): number =>
    findings.filter(finding => finding.severity === severity).length;
  const errors = count('error');
  const rest = `${counted(count('warning'), 'warning')}, ${counted(count('info'), 'hint')}`;
  return errors === 0
    ? `Nothing stands in the way: ${rest}.`
    : `${counted(errors, 'error')} in the way of the build, ${rest}.`;
}
