import { AppError } from '../../../shared/failure.ts';
import type {
  RegistryChangeRow,
  RegistryChangesPage,
  RegistryFoundPage,
  RegistryGroup,
  RegistryHit,
  RegistryKeyPage,
} from '../../../shared/ipc/inspect-views.ts';
import {
  registryChangesPage,
  registryKeyPage,
} from '../../engine/inspect/registry/registry-pages.ts';
import {
  searchRegistry,
  type RegistryQuery,
} from '../../engine/inspect/registry/search-registry.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withImage, type ImageFlags } from '../inspected/with-image.ts';
import { fittedTable, wrapped } from '../text/sections.ts';
import { neutralized } from '../text/neutralize.ts';
import { fit } from '../text/width.ts';
import { counted, formatBytes } from '../text/units.ts';

export interface RegFlags extends ImageFlags {
  readonly layer?: number;
  readonly changes?: boolean;
  readonly group?: RegistryGroup;
  readonly search?: string;
  readonly glob?: string;
  readonly in?: RegistryHit['found'];
  readonly onlyLayer?: boolean;
  /** Decimal. */
  readonly limit: string;
}

const all = { offset: 0, limit: Infinity };

/** `layerwright reg`: a key of the registry, what a layer changed in it, or what is found in it. */
export async function reg(
  context: CommandContext,
  image: string,
  key: string | undefined,
  flags: RegFlags,
): Promise<number> {
  const { terminal, signal } = context;
  const { layer, group, search } = flags;
  const width = terminal.width;
  const wanted = viewOf(key, flags);
  const show = <T>(view: T, lines: (view: T, width: number) => string[]) => {
    if (flags.json === true) terminal.json(view);
    else for (const line of lines(view, width)) terminal.line(line);
    return exitCodes.ok;
  };
  return await withImage(context, image, flags, async found => {
    const { registry, image: inspected } = await found.inspect();
    const last = inspected.layerCount - 1;
    checkLayer(layer, last);
    const at = layer ?? last;
    if (wanted === 'changes' && last >= 0) {
      const query = { ...all, group, text: search };
      return show(await registryChangesPage(registry, at, query, signal), changeLines);
    }
    if (wanted === 'found' && last >= 0) {
      const query = foundQuery(flags);
      return show(await searchRegistry(registry, at, query, signal), foundLines);
    }
    const query = { ...all, path: key ?? '' };
    return show(await registryKeyPage(registry, at, query, signal), keyLines);
  });
}

/** What is wanted. Throws `bad-request` for flags that contradict each other. */
function viewOf(key: string | undefined, flags: RegFlags): 'key' | 'changes' | 'found' {
  const { layer, glob } = flags;
  const filters = filtersOf(flags);
  const [filter] = filters;
  if (key !== undefined && filter !== undefined) {
    refuse(filter, 'it is for all hives, so it takes no key');
  }
  if (glob !== undefined && filters.length > 1) refuse('--glob', `it cannot go with ${filter}`);
  if (filter === '--changes' || filter === '--group') return 'changes';
  if (filter !== undefined) return 'found';
  return key === undefined && layer !== undefined ? 'changes' : 'key';
}

function filtersOf({ changes, group, search, glob }: RegFlags): readonly string[] {
  const given = { '--changes': changes, '--group': group, '--search': search, '--glob': glob };
  return Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
}

function refuse(field: string, problem: string): never {
  throw new AppError({ code: 'bad-request', field, problem });
}

function foundQuery({ search: text, glob, in: part, onlyLayer, limit }: RegFlags): RegistryQuery {
  if (!/^[1-9]\d{0,6}$/.test(limit)) {
    refuse('--limit', 'it must be a number from 1 to 9999999');
  }
  const parts = part && [part];
  return { text, glob, parts, onlyThisLayer: onlyLayer, offset: 0, limit: Number(limit) };
}

const foundWords = { key: 'key  ', name: 'value', data: 'data ' } as const;

function foundLines(page: RegistryFoundPage, width: number): string[] {
  const { rows, total, searchedKeys } = page;
  const cut = (text: string) => fit(neutralized(text), width);
  const rest =
    total > rows.length ? `; the first ${rows.length.toLocaleString('en')} are shown` : '';
  return [
    ...rows.flatMap(({ found, path, layerIndex, value }) => [
      cut(`${foundWords[found]} ${path}  (layer ${layerIndex})`),
      ...(value ? [cut(`      ${nameOf(value.name)}  ${value.type}  ${value.text}`)] : []),
    ]),
    `${counted(total, 'place')} found in ${counted(searchedKeys, 'key')}${rest}`,
    ...notesOf(page, width),
  ];
}

function nameOf(name: string): string {
  return name === '' ? '(default)' : name;
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
    ...page.values.map(({ name, type, text }) => cut(`    ${nameOf(name)}  ${type}  ${text}`)),
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
      return cut(`    ${signs[change]} ${nameOf(name)} = ${text}`);
    }),
    ...(more > 0 ? [`    and ${more} more values`] : []),
  ];
}

function notesOf({ notes }: Pick<RegistryKeyPage, 'notes'>, width: number): string[] {
  return notes.flatMap(({ text }) => ['', ...wrapped(`note: ${text}`, width)]);
}
