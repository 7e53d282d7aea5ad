import type {
  BaseVerdict,
  ProgramBases,
  ProgramRow,
  ProgramsPage,
} from '../../../shared/ipc/inspect-views.ts';
import { programsPage } from '../../engine/inspect/programs/image-programs.ts';
import { basesInStore } from '../../engine/inspect/programs/store-bases.ts';
import type { CommandContext } from '../command.ts';
import { showView } from '../inspected/show-view.ts';
import type { ImageFlags } from '../inspected/with-image.ts';
import { shownReference } from '../../../shared/oci/reference.ts';
import { fittedTable, wrapped } from '../text/sections.ts';
import type { Column } from '../text/table.ts';
import { counted, formatBytes } from '../text/units.ts';

export interface ProgramsFlags extends ImageFlags {
  readonly layer?: number;
  readonly problems?: boolean;
}

/** `layerwright programs`: architecture and missing libraries of what an image adds to its base. */
export async function programs(
  context: CommandContext,
  image: string,
  flags: ProgramsFlags,
): Promise<number> {
  const { signal } = context;
  const query = { layerIndex: flags.layer, problemsOnly: flags.problems === true };
  return await showView(context, image, flags, {
    take: async found => {
      const inspection = await found.inspect();
      const { architecture } = inspection.stored.config;
      const bases = await basesInStore(found.store, found.access, architecture, signal);
      const programs = await inspection.programs(signal);
      const page = programsPage(programs, { ...query, offset: 0, limit: Infinity });
      return { ...page, ...(await programs.judge(bases, signal)) };
    },
    lines: programLines,
  });
}

function programLines(view: ProgramsPage & ProgramBases, width: number): string[] {
  const { totals, rows, bases, smallestBase, notes } = view;
  return [
    `${counted(totals.programs, 'program')} and ${totals.libraries.toLocaleString('en')} libraries above the base; ${totals.runs.toLocaleString('en')} without a problem`,
    `32-bit programs ${view.hasWow64 ? 'can run (Windows\\SysWOW64 is there)' : 'cannot run (no Windows\\SysWOW64)'}; API sets by ${view.apiSets}`,
    ...(rows.length === 0 ? [] : ['', ...fittedTable(programColumns, rows, width)]),
    ...rows.flatMap(({ path, problem }) =>
      problem === undefined ? [] : ['', ...wrapped(`! ${path}: ${problem}`, width)],
    ),
    '',
    ...(bases.length === 0
      ? ['There is no Windows base image in the store to try.']
      : fittedTable(baseColumns, bases, width)),
    ...(smallestBase === undefined
      ? []
      : ['', `The smallest that would do: ${shownReference(smallestBase)}`]),
    ...notes.flatMap(({ text }) => ['', ...wrapped(`note: ${text}`, width)]),
  ];
}

const programColumns: readonly Column<ProgramRow>[] = [
  { title: 'VERDICT', cell: row => row.verdict },
  { title: 'ARCH', cell: row => `${row.architecture}${row.managed ? ' .NET' : ''}` },
  { title: 'KIND', cell: row => row.kind },
  { title: 'LAYER', side: 'right', cell: row => String(row.layerIndex) },
  { title: 'PATH', cut: 'start', cell: row => row.path },
];

const baseColumns: readonly Column<BaseVerdict>[] = [
  { title: 'BASE', cut: 'start', cell: row => shownReference(row.reference) },
  { title: 'SIZE', side: 'right', cell: row => formatBytes(row.packedSize) },
  {
    title: 'WOULD DO',
    cell: row => {
      if (row.satisfied) return 'yes';
      const unsuitable =
        row.unsuitable === 0 ? '' : `${counted(row.unsuitable, 'program')} cannot run`;
      const missing = row.missing.length === 0 ? '' : `lacks ${row.missing.join(', ')}`;
      return `no: ${[unsuitable, missing].filter(part => part !== '').join('; ')}`;
    },
  },
];
