import { AppError } from '../../../shared/failure.ts';
import type {
  RegistryChangeRow,
  RegistryChangesPage,
  RegistryGroup,
  RegistryKeyPage,
} from '../../../shared/ipc/inspect-views.ts';
import {
  registryChangesPage,
  registryKeyPage,
} from '../../engine/inspect/registry/registry-pages.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withImage, type ImageFlags } from '../inspected/with-image.ts';
import { fittedTable, wrapped } from '../text/sections.ts';
import { neutralized } from '../text/neutralize.ts';
import { fit } from '../text/width.ts';
import { formatBytes } from '../text/units.ts';

export interface RegFlags extends ImageFlags {
  readonly layer?: number;
  readonly group?: RegistryGroup;
  readonly search?: string;
}

const all = { offset: 0, limit: Infinity };

/** `layerwright reg`: a key of the registry, or what a layer changed in it. */
export async function reg(
  context: CommandContext,
  image: string,
  key: string | undefined,
  flags: RegFlags,
): Promise<number> {
  const { terminal, signal } = context;
  const { layer, group, search } = flags;
  const width = terminal.view.columns;
  return await withImage(context, image, flags, async found => {
    const inspection = await found.inspect();
    const last = inspection.image.layerCount - 1;
    checkLayer(layer, last);
    const wantsChanges = isOfChanges(key, flags);
    if (wantsChanges && last >= 0) {
      const query = { ...all, group, text: search };
      const page = await registryChangesPage(inspection.registry, layer ?? last, query, signal);
      if (flags.json === true) terminal.json(page);
      else for (const line of changeLines(page, width)) terminal.line(line);
      return exitCodes.ok;
    }
    const query = { ...all, path: key ?? '' };
    const page = await registryKeyPage(inspection.registry, layer ?? last, query, signal);
    if (flags.json === true) terminal.json(page);
    else for (const line of keyLines(page, width)) terminal.line(line);
    return exitCodes.ok;
  });
}

/** Throws `bad-request` for a key together with what only filters changes. */
function isOfChanges(key: string | undefined, { layer, group, search }: RegFlags): boolean {
  const filter = group === undefined ? search && '--search' : '--group';
  if (filter === undefined) return key === undefined && layer !== undefined;
  if (key === undefined) return true;
  const problem = 'it is for what a layer changed, so it takes no key';
  throw new AppError({ code: 'bad-request', field: filter, problem });
}

/** Throws `bad-request` of `field`, which named the layer, for one that the image lacks. */
export function checkLayer(layer: number | undefined, last: number, field = '--layer'): void {
  if (layer === undefined || layer <= last) return;
  const problem = `there is no layer ${layer}: the image has layers 0 to ${last}`;
  throw new AppError({ code: 'bad-request', field, problem });
}

function keyLines(page: RegistryKeyPage, width: number): string[] {
  const hives = fittedTable(
    [
      { title: 'HIVE', cell: hive => hive.mount },
      {
        title: 'FILES',
        cell: hive =>
          hive.problem ??
          hive.files
            .map(({ layerIndex, kind, size }) => `layer ${layerIndex} ${kind} ${formatBytes(size)}`)
            .join(', '),
      },
    ],
    page.hives,
    width,
  );
  const cut = (text: string) => fit(neutralized(text), width);
  return [
    ...headOf(page, hives, cut),
    ...page.values.map(({ name, type, text }) =>
      cut(`    ${name === '' ? '(default)' : name}  ${type}  ${text}`),
    ),
    ...page.keys.map(({ name, subkeys, values, change }) =>
      cut(
        `  ${name}\\  (${subkeys} keys, ${values} values)${change === undefined ? '' : ` ${change}`}`,
      ),
    ),
    ...notesOf(page, width),
  ];
}

function headOf(
  { hives, path }: RegistryKeyPage,
  hiveTable: readonly string[],
  cut: (text: string) => string,
): readonly string[] {
  if (hives.length > 0) return hiveTable;
  return [path === '' ? 'The image has no registry hives.' : cut(path)];
}

const signs = { added: '+', modified: '~', deleted: '-' } as const;

function changeLines(page: RegistryChangesPage, width: number): string[] {
  const counts = page.groups.map(
    ({ group, added, modified, deleted }) =>
      `${group}: ${added} added, ${modified} modified, ${deleted} deleted`,
  );
  const groups = Map.groupBy(page.rows, ({ group }) => group);
  return [
    ...(page.groups.length === 0 ? ['This layer changes nothing in the registry.'] : counts),
    ...[...groups].flatMap(([group, rows]) => [
      '',
      group.toUpperCase(),
      ...rows.flatMap(row => rowLines(row, width)),
    ]),
    ...notesOf(page, width),
  ];
}

function rowLines(row: RegistryChangeRow, width: number): string[] {
  const facts = row.facts.map(({ name, value }) => `${name} ${value}`).join(', ');
  const cut = (text: string) => fit(neutralized(text), width);
  const more = row.totalValues - row.values.length;
  return [
    cut(`${signs[row.change]} ${row.title}${facts === '' ? '' : `  (${facts})`}`),
    cut(`    ${row.path}${row.marks.length === 0 ? '' : `  [${row.marks.join(', ')}]`}`),
    ...row.values.map(({ name, change, before, after }) => {
      const text = [before?.text, after?.text].filter(each => each !== undefined).join(' -> ');
      return cut(`    ${signs[change]} ${name === '' ? '(default)' : name} = ${text}`);
    }),
    ...(more > 0 ? [`    and ${more} more values`] : []),
  ];
}

function notesOf({ notes }: Pick<RegistryKeyPage, 'notes'>, width: number): string[] {
  return notes.flatMap(({ text }) => ['', ...wrapped(`note: ${text}`, width)]);
}
