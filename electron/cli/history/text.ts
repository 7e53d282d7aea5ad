import { isSecretName } from '../../../shared/dockerfile/secret-names.ts';
import type { BuildDetail, BuildSummary } from '../../../shared/ipc/build-views.ts';
import { tellCacheStory } from '../../../shared/ipc/cache-words.ts';
import type {
  BuildComparison,
  InputDifference,
  StepPair,
  StepRun,
} from '../../../shared/ipc/history-views.ts';
import { explain } from '../../../shared/failure.ts';
import { fittedTable, wrapped } from '../text/sections.ts';
import type { Column } from '../text/table.ts';
import { formatBytes, formatDuration, timeTeller } from '../text/units.ts';

/** The table of `layerwright history ls`. */
export function buildColumns(now: number): readonly Column<BuildSummary>[] {
  const tellTime = timeTeller(now);
  return [
    { title: 'BUILD', cell: ({ buildId }) => buildId },
    { title: 'STATUS', cell: ({ status }) => status },
    { title: 'STARTED', cell: ({ startedAt }) => tellTime(startedAt) },
    { title: 'TIME', side: 'right', cell: build => timeText(durationOf(build)) },
    { title: 'CACHED', side: 'right', cell: ({ cachedSteps, steps }) => `${cachedSteps}/${steps}` },
    { title: 'IMAGE', cut: 'start', cell: ({ tags }) => tags[0] ?? '-' },
    { title: 'FOLDER', cut: 'start', cell: ({ contextDir }) => contextDir },
  ];
}

/** What `layerwright history show` tells. */
export function detailLines(
  { request, summary }: BuildDetail,
  steps: readonly StepRun[],
  width: number,
): readonly string[] {
  const { buildId, contextDir, dockerfile, failure, layerBytes, logLines, result, startedAt } =
    summary;
  const inputs = Object.entries(request.buildArgs).map(
    ([name, value]) => `argument   ${name}=${isSecretName(name) ? '(hidden)' : value}`,
  );
  return [
    `build      ${buildId}`,
    `status     ${summary.status}`,
    `started    ${new Date(startedAt).toISOString()}`,
    `took       ${timeText(durationOf(summary))}`,
    `folder     ${contextDir}`,
    `dockerfile ${dockerfile}`,
    `backend    ${summary.backend}`,
    ...summary.tags.map(tag => `tag        ${tag}`),
    ...(summary.target === undefined ? [] : [`target     ${summary.target}`]),
    ...inputs,
    ...(result === undefined ? [] : [`image      ${result.manifestDigest}`]),
    ...(layerBytes === undefined
      ? []
      : [`layers     ${formatBytes(layerBytes)} made by its steps`]),
    `log        ${logLines.toLocaleString('en')} lines (layerwright history logs ${buildId})`,
    ...(failure === undefined ? [] : wrapped(`failed     ${explain(failure).message}`, width, '')),
    '',
    ...(steps.length === 0 ? [] : fittedTable(stepColumns, steps, width)),
  ];
}

const stepColumns: readonly Column<StepRun>[] = [
  { title: 'STEP', cell: ({ stepId }) => stepId },
  { title: 'OUTCOME', cell: ({ outcome }) => outcome },
  { title: 'TIME', side: 'right', cell: ({ durationMs }) => timeText(durationMs) },
  { title: 'LAYER', side: 'right', cell: ({ layer }) => (layer ? formatBytes(layer.bytes) : '-') },
  { title: 'INSTRUCTION', cell: ({ text }) => text.replaceAll(/\s+/g, ' ') },
];

/** What `layerwright history compare` tells. */
export function comparisonLines(comparison: BuildComparison, width: number): readonly string[] {
  const { after, before, inputs, largerBytes, sameImage, slowerMs, steps } = comparison;
  return [
    `before ${before.buildId}  ${before.status}  ${timeText(durationOf(before))}`,
    `after  ${after.buildId}  ${after.status}  ${timeText(durationOf(after))}${slowerMs === undefined ? '' : `  (${slowerText(slowerMs)})`}`,
    ...(sameImage === undefined
      ? []
      : [sameImage ? 'both made the same image' : 'they made different images']),
    ...(largerBytes === undefined ? [] : [`layers: ${largerText(largerBytes)}`]),
    ...(inputs.length === 0 ? [] : ['', 'asked for in another way:']),
    ...inputs.map(inputLine),
    '',
    ...fittedTable(pairColumns, steps, width),
    ...steps.flatMap(pair => reasonLines(pair, width)),
  ];
}

function inputLine({ after, before, field }: InputDifference): string {
  const hidden = isSecretName(field.slice(field.lastIndexOf('.') + 1));
  const shown = (value: string | undefined) =>
    value === undefined ? 'nothing' : hidden ? '(hidden)' : value;
  return `  ${field}: ${shown(before)} -> ${shown(after)}`;
}

const marks: Readonly<Record<StepPair['kind'], string>> = {
  same: ' ',
  changed: '~',
  added: '+',
  removed: '-',
};

const pairColumns: readonly Column<StepPair>[] = [
  { title: '', cell: ({ kind }) => marks[kind] },
  { title: 'BEFORE', side: 'right', cell: ({ before }) => runText(before) },
  { title: 'AFTER', side: 'right', cell: ({ after }) => runText(after) },
  {
    title: 'SLOWER',
    side: 'right',
    cell: pair => (pair.slowerMs === undefined ? '-' : signed(pair.slowerMs)),
  },
  {
    title: 'LAYER',
    cell: ({ sameLayer }) => (sameLayer === undefined ? '-' : sameLayer ? 'same' : 'other'),
  },
  {
    title: 'INSTRUCTION',
    cell: pair => ((pair.after ?? pair.before)?.text ?? '').replaceAll(/\s+/g, ' '),
  },
];

/** Why a step ran that the build before had. */
function reasonLines({ after }: StepPair, width: number): readonly string[] {
  if (after?.cache === undefined || after.outcome !== 'ran') return [];
  const story = tellCacheStory(after.cache, time => new Date(time).toISOString());
  return wrapped(`${after.stepId} ran: ${story}`, width);
}

function runText(run: StepRun | undefined): string {
  if (run === undefined) return '-';
  return run.durationMs === undefined
    ? run.outcome
    : `${run.outcome} ${formatDuration(run.durationMs)}`;
}

function slowerText(ms: number): string {
  return ms === 0 ? 'as long' : `${formatDuration(Math.abs(ms))} ${ms > 0 ? 'longer' : 'shorter'}`;
}

function largerText(bytes: number): string {
  return bytes === 0
    ? 'as large'
    : `${formatBytes(Math.abs(bytes))} ${bytes > 0 ? 'more' : 'less'}`;
}

function signed(ms: number): string {
  if (Math.abs(ms) < 50) return '0.0s';
  return `${ms < 0 ? '-' : '+'}${formatDuration(Math.abs(ms))}`;
}

function durationOf({ finishedAt, startedAt }: BuildSummary): number | undefined {
  return finishedAt === undefined ? undefined : finishedAt - startedAt;
}

function timeText(ms: number | undefined): string {
  return ms === undefined ? '-' : formatDuration(ms);
}
