import type {
  RegistryChangeKind,
  RegistryChangeRow,
  RegistryGroup,
  RegistryValueChange,
} from '../../../../shared/ipc/inspect-views.ts';
import { valueContent } from '../../hive/hive-value.ts';
import { upperName } from '../../hive/regf.ts';
import { marksOf, valueChanges, type VisitedKey } from './key-changes.ts';
import { layeredValues, type LayeredKey } from './layered-key.ts';
import { placeOf } from './registry-groups.ts';

/** Values that a row lists; more are counted. */
const listedValues = 200;
/** Rows that a layer's changes list; more are counted. */
const listedRows = 50_000;

/** What the walk over a hive has found so far. */
export interface ChangeRows {
  /** Takes the next changed key; keys come each before its subkeys. */
  add(visited: VisitedKey): void;
  /** The rows in the order of their keys. */
  rows(): RegistryChangeRow[];
  /** How many rows there are in each group, also of those that are not listed. */
  counts(): ReadonlyMap<RegistryGroup, Readonly<Record<RegistryChangeKind, number>>>;
}

interface Item extends VisitedKey {
  readonly group: RegistryGroup;
  readonly path: string;
  readonly depth: number;
}

interface DraftRow {
  readonly item: Item;
  readonly values: RegistryValueChange[];
  totalValues: number;
}

export interface ChangeRowOptions {
  readonly mount: string;
  /** Groups of which things are only counted, whatever their values; for hives that are new as a whole. */
  readonly countOnly: ReadonlySet<RegistryGroup>;
}

/** Gathers changed keys to what people look for: all keys of a service are one row, each variable is one. */
export function createChangeRows({ mount, countOnly }: ChangeRowOptions): ChangeRows {
  const drafts: DraftRow[] = [];
  const single: RegistryChangeRow[] = [];
  const counts = new Map<RegistryGroup, Record<RegistryChangeKind, number>>();
  let item: Item | undefined;
  let draft: DraftRow | undefined;

  function count(group: RegistryGroup, change: RegistryChangeKind): void {
    const counted = counts.get(group) ?? { added: 0, modified: 0, deleted: 0 };
    counted[change] += 1;
    counts.set(group, counted);
  }
  function enter(visited: VisitedKey): Item {
    const { group, depth } = placeOf(mount, visited.names);
    const path = [mount, ...visited.names.slice(0, depth)].join('\\');
    if (item?.path === path && visited.names.length > depth) return item;
    draft = undefined;
    const named = group === 'services' ? serviceGroup(visited.after ?? visited.before) : group;
    return { ...visited, group: named, path, depth };
  }
  return {
    add(visited) {
      item = enter(visited);
      if (countOnly.has(item.group)) {
        if (!draft) count(item.group, itemChange(item));
        draft ??= { item, values: [], totalValues: 0 };
        return;
      }
      const changes = valueChanges(visited, Infinity);
      if (visited.before && visited.after && changes.length === 0) return;
      if (eachValue.has(item.group)) {
        for (const value of changes) {
          count(item.group, value.change);
          if (single.length < listedRows) single.push(valueRow(item, value));
        }
        return;
      }
      if (!draft) {
        draft = { item, values: [], totalValues: 0 };
        count(item.group, itemChange(item));
        if (drafts.length < listedRows) drafts.push(draft);
      }
      addValues(draft, visited, changes);
    },
    rows: () => [...single, ...drafts.map(draftRow)],
    counts: () => counts,
  };
}

/** Groups in which people look for values, not for keys. */
const eachValue: ReadonlySet<RegistryGroup> = new Set(['environment', 'run-keys', 'fonts']);

function addValues(
  draft: DraftRow,
  { names }: VisitedKey,
  changes: readonly RegistryValueChange[],
): void {
  draft.totalValues += changes.length;
  const below = names.slice(draft.item.depth).join('\\');
  for (const value of changes.slice(0, listedValues - draft.values.length)) {
    draft.values.push(below === '' ? value : { ...value, name: `${below}\\${value.name}` });
  }
}

function itemChange({ before, after }: Item): RegistryChangeKind {
  if (!before) return 'added';
  return after ? 'modified' : 'deleted';
}

function valueRow(item: Item, value: RegistryValueChange): RegistryChangeRow {
  return {
    group: item.group,
    title: value.name === '' ? '(default)' : value.name,
    path: item.path,
    change: value.change,
    facts: [],
    values: [value],
    totalValues: 1,
    marks: marksOf(item.after),
  };
}

function draftRow({ item, values, totalValues }: DraftRow): RegistryChangeRow {
  const { title, facts } = described(item);
  const { group, path } = item;
  const change = itemChange(item);
  return { group, title, path, change, facts, values, totalValues, marks: marksOf(item.after) };
}

type Fact = RegistryChangeRow['facts'][number];

function described(item: Item): { title: string; facts: Fact[] } {
  const key = item.after ?? item.before;
  const name = item.path.slice(item.path.lastIndexOf('\\') + 1);
  const display = textOf(key, 'DisplayName');
  const start = numberOf(key, 'Start');
  switch (item.group) {
    case 'services':
    case 'drivers':
      return {
        // Windows replaces `@file,-number` by a text of that file.
        title: display === undefined || display.startsWith('@') ? name : `${display} (${name})`,
        facts: [
          ...fact('start', start === undefined ? undefined : (startNames[start] ?? `${start}`)),
          ...fact('image', textOf(key, 'ImagePath')),
          ...fact('account', textOf(key, 'ObjectName')),
        ],
      };
    case 'programs':
      return {
        title: display ?? name,
        facts: [
          ...fact('version', textOf(key, 'DisplayVersion')),
          ...fact('publisher', textOf(key, 'Publisher')),
          ...fact('folder', textOf(key, 'InstallLocation')),
          ...fact('architecture', /\\wow6432node\\/i.test(item.path) ? '32-bit' : undefined),
        ],
      };
    default:
      return { title: name, facts: [] };
  }
}

// Microsoft, "CreateServiceW": dwStartType and dwServiceType.
const startNames: Readonly<Record<number, string>> = {
  0: 'boot',
  1: 'system',
  2: 'automatic',
  3: 'manual',
  4: 'disabled',
};
const driverTypes = 0x1 | 0x2 | 0x8;

function serviceGroup(key: LayeredKey | undefined): RegistryGroup {
  return ((numberOf(key, 'Type') ?? 0) & driverTypes) === 0 ? 'services' : 'drivers';
}

function fact(name: string, value: string | undefined): Fact[] {
  return value === undefined || value === '' ? [] : [{ name, value }];
}

/** The text of a value; undefined where there is none or it is no text. */
export function textOf(key: LayeredKey | undefined, name: string): string | undefined {
  const content = contentOf(key, name);
  return content?.kind === 'text' ? content.text : undefined;
}

/** The number in a value; undefined where there is none or it is no number. */
export function numberOf(key: LayeredKey | undefined, name: string): number | undefined {
  const content = contentOf(key, name);
  return content?.kind === 'number' ? Number(content.number) : undefined;
}

function contentOf(key: LayeredKey | undefined, name: string) {
  const found = layeredValues(key).get(upperName(name));
  return found && valueContent(found.value.read());
}
