import type { WasteCategoryView, WasteView, WhatIf } from '../../../shared/ipc/inspect-views.ts';
import type { CommandContext } from '../command.ts';
import { showView } from '../inspected/show-view.ts';
import type { ImageFlags } from '../inspected/with-image.ts';
import { fittedTable, wrapped } from '../text/sections.ts';
import type { Column } from '../text/table.ts';
import { counted, formatBytes } from '../text/units.ts';

const shownFiles = 5;

/** `layerwright waste`: what the layers of an image store in vain, and what would mend it. */
export async function waste(
  context: CommandContext,
  image: string,
  flags: ImageFlags,
): Promise<number> {
  return await showView(context, image, flags, {
    take: async found => (await found.inspect()).waste(context.signal),
    lines: wasteLines,
  });
}

function wasteLines(view: WasteView, width: number): string[] {
  return [
    `size        ${formatBytes(view.packedSize)} packed, ${formatBytes(view.contentSize)} of content`,
    `wasted      ${formatBytes(view.wastedBytes)}, of which your own steps ${formatBytes(view.yourWastedBytes)}`,
    `efficiency  ${(100 * view.efficiency).toFixed(1)} %`,
    ...wrapped(view.efficiencyFormula, width, '            '),
    ...(view.categories.length === 0
      ? []
      : [
          '',
          ...wrapped(tableTitle, width),
          ...fittedTable(categoryColumns, view.categories, width),
        ]),
    ...view.categories.flatMap(category => detailLines(category, width)),
    ...view.whatIfs.flatMap(whatIf => whatIfLines(whatIf, width)),
    ...view.notes.flatMap(({ text }) => ['', ...wrapped(`note: ${text}`, width)]),
  ];
}

const tableTitle =
  'What could be less. Only what was overwritten or deleted is wasted; the rest is in the image.';

const categoryColumns: readonly Column<WasteCategoryView>[] = [
  { title: 'BYTES', side: 'right', cell: row => formatBytes(row.bytes) },
  { title: 'YOURS', side: 'right', cell: row => formatBytes(row.yourBytes) },
  { title: 'FILES', side: 'right', cell: row => row.files.toLocaleString('en') },
  { title: 'WHAT', cell: row => row.title },
];

function detailLines({ title, yourBytes, largest, advice }: WasteCategoryView, width: number) {
  if (yourBytes === 0) return [];
  const files = largest.slice(0, shownFiles).map(({ path, bytes, layerIndex, byLayer }) => {
    const by = byLayer === undefined ? '' : `, done away with by layer ${byLayer}`;
    return wrapped(`${formatBytes(bytes)}  ${path} (layer ${layerIndex}${by})`, width, '  ');
  });
  return ['', title, ...files.flat(), ...wrapped(advice, width, '  ')];
}

function whatIfLines(whatIf: WhatIf, width: number): string[] {
  const { title, savedBytes, savedPackedBytes, predictedSize, edit, explanation } = whatIf;
  return [
    '',
    ...wrapped(
      `${title}: saves about ${formatBytes(savedPackedBytes)} packed (${formatBytes(savedBytes)} of content), then ${formatBytes(predictedSize)}`,
      width,
    ),
    ...wrapped(explanation, width, '  '),
    ...edit.replaces.map(line => `  - ${line}`),
    ...edit.lines.map(line => `  + ${line}`),
  ];
}

/** One line for `inspect`. */
export function wasteSummary(view: WasteView): string {
  return `wasted ${formatBytes(view.wastedBytes)}, efficiency ${(100 * view.efficiency).toFixed(1)} %, ${counted(view.whatIfs.length, 'proposal')} (layerwright waste)`;
}
