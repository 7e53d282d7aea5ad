import { AppError } from '../../../../shared/failure.ts';
import type {
  RegistryChangeKind,
  RegistryChangesPage,
  RegistryGroup,
  RegistryKeyPage,
  RegistryKeyRow,
} from '../../../../shared/ipc/inspect-views.ts';
import { binaryToSddl } from '../../../../shared/windows/security-descriptor.ts';
import { tolerant } from '../../hive/hive-cells.ts';
import { upperName } from '../../hive/regf.ts';
import { currentControlSet, type ImageRegistry, type MountedHive } from './image-registry.ts';
import { keyChange } from './key-changes.ts';
import {
  findLayered,
  isSameKey,
  layeredSubkeys,
  layeredValues,
  topPart,
  type LayeredKey,
} from './layered-key.ts';
import { valueFacts } from './value-text.ts';

/** Which part of a list is wanted. */
export interface PageQuery {
  readonly offset: number;
  readonly limit: number;
}

/** A key with its subkeys and values, page by page; with an empty path, the hives. Throws bad-request. */
export async function registryKeyPage(
  registry: ImageRegistry,
  layerIndex: number,
  query: PageQuery & { readonly path: string },
  signal?: AbortSignal,
): Promise<RegistryKeyPage> {
  const hives = await registry.hives(layerIndex, signal);
  const below = layerIndex === 0 ? [] : await registry.hives(layerIndex - 1, signal);
  const path = canonicalPath(query.path);
  if (isAboveHives(hives, path)) {
    const views = hives.map(({ view }) => view).filter(({ mount }) => startsWith(mount, path));
    return { ...emptyPage, path, hives: views, notes: await registry.notes(layerIndex, signal) };
  }
  const place = placeIn(hives, path);
  const found = place && findLayered(place.hive.root, place.rest);
  if (!found) {
    throw new AppError({ code: 'not-in-image', what: 'registry-key', path });
  }
  const before = findLayered(
    below.find(({ view }) => view.mount === place.hive.view.mount)?.root,
    place.rest,
  );
  const spelled = [place.hive.view.mount, place.rest].filter(part => part !== '').join('\\');
  const page = keyPage(found, before, { ...query, path: spelled });
  // Last, as damage only comes to light where it is met.
  return { ...page, notes: await registry.notes(layerIndex, signal), hives: [] };
}

const emptyPage = { keys: [], totalKeys: 0, values: [], totalValues: 0 };

function keyPage(
  key: LayeredKey,
  before: LayeredKey | undefined,
  { path, offset, limit }: PageQuery & { readonly path: string },
): Omit<RegistryKeyPage, 'notes' | 'hives'> {
  const subkeys = [...layeredSubkeys(key)].sort(([one], [other]) => (one < other ? -1 : 1));
  const olds = layeredSubkeys(before);
  const values = [...layeredValues(key)].sort(([one], [other]) => (one < other ? -1 : 1));
  const sddl = sddlOf(key);
  return {
    path,
    keys: subkeys
      .slice(offset, offset + limit)
      .map(([upper, subkey]) => keyRow(subkey, olds.get(upper), path)),
    totalKeys: subkeys.length,
    values: values.slice(offset, offset + limit).flatMap(([, { value, layerIndex }]) => {
      const read = tolerant(() => value.read(), ignored);
      return read ? [{ name: value.name, ...valueFacts(read), layerIndex }] : [];
    }),
    totalValues: values.length,
    modified: modifiedOf(key),
    ...(sddl !== undefined && { sddl }),
  };
}

function keyRow(key: LayeredKey, before: LayeredKey | undefined, path: string): RegistryKeyRow {
  const change = isSameKey(before, key)
    ? undefined
    : tolerant(() => keyChange({ names: [], before, after: key }), ignored);
  return {
    name: key.name,
    path: `${path}\\${key.name}`,
    subkeys: layeredSubkeys(key).size,
    values: layeredValues(key).size,
    modified: modifiedOf(key),
    layerIndex: topPart(key)?.file.layerIndex ?? 0,
    ...(change !== undefined && { change }),
  };
}

// Damage is told by the notes of the hive.
function ignored(): void {
  return undefined;
}

function modifiedOf(key: LayeredKey): string {
  const time = topPart(key)?.key.modified ?? 0n;
  const milliseconds = Number(time / 1_000_000n);
  // A FILETIME reaches further than a Date.
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : '';
}

function sddlOf(key: LayeredKey): string | undefined {
  const descriptor = topPart(key)?.key.securityDescriptor();
  if (!descriptor) return undefined;
  try {
    return binaryToSddl(descriptor);
  } catch {
    return undefined;
  }
}

/** `HKEY_LOCAL_MACHINE/software` and the like as mounts spell it. */
function canonicalPath(path: string): string {
  return path
    .replaceAll('/', '\\')
    .replace(/^(?:computer\\)?hkey_local_machine(?=\\|$)/i, 'HKLM')
    .replace(/^(?:computer\\)?hkey_users(?=\\|$)/i, 'HKU')
    .replace(/\\+$/, '');
}

function isAboveHives(hives: readonly MountedHive[], path: string): boolean {
  const isMount = hives.some(({ view }) => upperName(view.mount) === upperName(path));
  return !isMount && (path === '' || hives.some(({ view }) => startsWith(view.mount, path)));
}

/** Whether `path` is `start` or below it. */
function startsWith(path: string, start: string): boolean {
  return start === '' || `${path}\\`.toUpperCase().startsWith(`${start}\\`.toUpperCase());
}

function placeIn(
  hives: readonly MountedHive[],
  path: string,
): { readonly hive: MountedHive; readonly rest: string } | undefined {
  const hive = hives.find(({ view }) => startsWith(path, view.mount));
  if (!hive) return undefined;
  const rest = path.slice(hive.view.mount.length + 1);
  const control = /^currentcontrolset(?=\\|$)/i;
  if (!control.test(rest) || !/\\SYSTEM$/i.test(hive.view.mount)) return { hive, rest };
  // Windows makes this link when it starts.
  return { hive, rest: rest.replace(control, currentControlSet(hive.root) ?? '$&') };
}

/** What changes are wanted, and which part of them. */
export interface ChangesQuery extends PageQuery {
  readonly group?: RegistryGroup | undefined;
  readonly text?: string | undefined;
}

/** What a layer changed in the registry, page by page. */
export async function registryChangesPage(
  registry: ImageRegistry,
  layerIndex: number,
  { group, text = '', offset, limit }: ChangesQuery,
  signal?: AbortSignal,
): Promise<RegistryChangesPage> {
  const { rows, ...rest } = await registry.changes(layerIndex, signal);
  const wanted = text.toLowerCase();
  const found = rows.filter(row => {
    if (group !== undefined && row.group !== group) return false;
    if (wanted === '') return true;
    const texts = [row.title, row.path, ...row.values.flatMap(searchedTexts)];
    return texts.some(each => each.toLowerCase().includes(wanted));
  });
  return { ...rest, rows: found.slice(offset, offset + limit), total: found.length };
}

function searchedTexts(value: {
  readonly name: string;
  readonly change: RegistryChangeKind;
  readonly before?: { readonly text: string };
  readonly after?: { readonly text: string };
}): string[] {
  return [value.name, value.before?.text ?? '', value.after?.text ?? ''];
}
