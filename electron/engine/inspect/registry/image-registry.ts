import type {
  InspectNote,
  RegistryChangeRow,
  RegistryChangesPage,
  RegistryGroup,
  RegistryHiveView,
} from '../../../../shared/ipc/inspect-views.ts';
import { registryGroups } from '../../../../shared/ipc/inspect-views.ts';
import type { InspectedImage } from '../inspected-image.ts';
import { createTurns } from '../turns.ts';
import { createChangeRows, numberOf } from './change-rows.ts';
import { hiveFilesAt, hiveFilesOfLayer, type HiveFiles } from './hive-files.ts';
import { tolerant } from '../../hive/hive-cells.ts';
import { changedKeys } from './key-changes.ts';
import { findLayered, layeredRoot, type KeyPart, type LayeredKey } from './layered-key.ts';
import { createOpenHives, type OpenedHive, type OpenHives } from './open-hives.ts';

/** A hive of the registry as the layers up to one of them put it together. */
export interface MountedHive {
  readonly view: RegistryHiveView;
  /** Absent where the hive cannot be read. */
  readonly root?: LayeredKey;
}

/** Everything that a layer changed in the registry. */
export type LayerChanges = Pick<RegistryChangesPage, 'groups' | 'files' | 'notes'> & {
  readonly rows: readonly RegistryChangeRow[];
};

/** The registry of an image. Dispose it to remove what it has on disk. */
export interface ImageRegistry extends AsyncDisposable {
  readonly layerCount: number;
  /** The hives of the cumulative view up to a layer, base first from 0. Reads their files when first asked. */
  hives(layerIndex: number, signal?: AbortSignal): Promise<readonly MountedHive[]>;
  /** What cannot be read or is not known about the hives of that view. */
  notes(layerIndex: number, signal?: AbortSignal): Promise<readonly InspectNote[]>;
  changes(layerIndex: number, signal?: AbortSignal): Promise<LayerChanges>;
}

/** Changes of layers that stay in memory. */
const keptChanges = 4;

/** Opens the registry of an image; nothing is read until it is asked for. */
export function openRegistry(image: InspectedImage): ImageRegistry {
  const opened = createOpenHives(image);
  const roots = new Map<string, LayeredKey | undefined>();
  const changes = new Map<number, LayerChanges>();

  async function mount(files: HiveFiles, signal?: AbortSignal): Promise<MountedHive> {
    const hives: OpenedHive[] = [];
    for (const file of files.files) hives.push(await opened.open(file, signal));
    const view = {
      mount: files.mount,
      files: files.files.map(({ layerIndex, path, kind, size }) => ({
        layerIndex,
        path,
        kind,
        size,
      })),
    };
    const broken = hives.find(hive => 'problem' in hive);
    if (broken && 'problem' in broken) {
      return { view: { ...view, problem: `${broken.file.path}: ${broken.problem}` } };
    }
    // One root for the same files, so that views that share them share their keys.
    const name = files.files.map(file => `${file.layerIndex}:${file.entryNumber}`).join(' ');
    if (!roots.has(name)) roots.set(name, layeredRoot(hives.flatMap(partOf)));
    const root = roots.get(name);
    return { view, ...(root && { root }) };
  }
  async function hives(layerIndex: number, signal?: AbortSignal): Promise<MountedHive[]> {
    const mounted: MountedHive[] = [];
    for (const files of hiveFilesAt(at => image.tree(at), layerIndex)) {
      mounted.push(await mount(files, signal));
    }
    return mounted;
  }
  const registry: ImageRegistry = {
    layerCount: image.layerCount,
    hives,
    notes: async (layerIndex, signal) => await hiveNotes(image, opened, layerIndex, signal),
    async changes(layerIndex, signal) {
      const known = changes.get(layerIndex);
      if (known) return known;
      const made = await layerChanges(image, registry, layerIndex, signal);
      changes.set(layerIndex, made);
      const [oldest] = changes.keys();
      if (changes.size > keptChanges && oldest !== undefined) changes.delete(oldest);
      return made;
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
  return registry;
}

function partOf(opened: OpenedHive): KeyPart[] {
  return 'hive' in opened ? [{ file: opened.file, key: opened.hive.root }] : [];
}

async function layerChanges(
  image: InspectedImage,
  registry: ImageRegistry,
  layerIndex: number,
  signal: AbortSignal | undefined,
): Promise<LayerChanges> {
  const files = hiveFilesOfLayer(image.tree(layerIndex), layerIndex);
  const before = layerIndex === 0 ? [] : await registry.hives(layerIndex - 1, signal);
  const after = await registry.hives(layerIndex, signal);
  const rows: RegistryChangeRow[] = [];
  const counts = new Map<RegistryGroup, { added: number; modified: number; deleted: number }>();
  const notes: InspectNote[] = [];
  const mounts = new Set([...after, ...before].map(({ view }) => view.mount));
  for (const mount of mounts) {
    const old = before.find(({ view }) => view.mount === mount)?.root;
    const now = after.find(({ view }) => view.mount === mount);
    // A hive that cannot be read has not lost its keys.
    if (now?.view.problem !== undefined) continue;
    const found = await hiveChanges({ mount, old, now: now?.root }, signal);
    rows.push(...found.rows);
    for (const [group, counted] of found.counts) addCounts(counts, group, counted);
    if (!old && found.rows.length > 0) notes.push(firstNote(mount));
  }
  const groups = registryGroups.flatMap(group => {
    const counted = counts.get(group);
    return counted ? [{ group, ...counted }] : [];
  });
  if (files.some(({ kind }) => kind === 'log')) notes.push(logNote);
  // Last, as damage only comes to light where the walk meets it.
  return { rows, groups, files, notes: [...(await registry.notes(layerIndex, signal)), ...notes] };
}

async function hiveChanges(
  hive: { mount: string; old: LayeredKey | undefined; now: LayeredKey | undefined },
  signal: AbortSignal | undefined,
) {
  // Of a hive that comes with the layer everything is new: only what people look for is listed.
  const countOnly = new Set<RegistryGroup>(hive.old ? [] : ['other', 'file-associations']);
  const rows = createChangeRows({ mount: hive.mount, countOnly });
  const turn = createTurns(signal);
  for (const visited of changedKeys(hive.old, hive.now)) {
    // What is damaged is told by the notes of the hive.
    tolerant(
      () => rows.add(visited),
      () => undefined,
    );
    const pause = turn();
    if (pause) await pause;
  }
  return { rows: rows.rows(), counts: rows.counts() };
}

const logNote: InspectNote = {
  kind: 'info',
  text: 'The layer also holds transaction logs of hives (.LOG1, .LOG2, .blf, .regtrans-ms): they are not read.',
};

function firstNote(mount: string): InspectNote {
  return {
    kind: 'info',
    text: `${mount} comes with this layer: keys of no group are counted, not listed.`,
  };
}

function addCounts(
  counts: Map<RegistryGroup, { added: number; modified: number; deleted: number }>,
  group: RegistryGroup,
  { added, modified, deleted }: { added: number; modified: number; deleted: number },
): void {
  const sum = counts.get(group) ?? { added: 0, modified: 0, deleted: 0 };
  counts.set(group, {
    added: sum.added + added,
    modified: sum.modified + modified,
    deleted: sum.deleted + deleted,
  });
}

async function hiveNotes(
  image: InspectedImage,
  opened: OpenHives,
  layerIndex: number,
  signal: AbortSignal | undefined,
): Promise<InspectNote[]> {
  const notes: InspectNote[] = [];
  const all = hiveFilesAt(at => image.tree(at), layerIndex).flatMap(({ files }) => files);
  for (const file of all) {
    const found = await opened.open(file, signal);
    if ('problem' in found) {
      notes.push({ kind: 'warning', text: `${file.path} cannot be read: ${found.problem}` });
      continue;
    }
    const [first] = found.damage;
    if (first) {
      const more = found.damage.length > 1 ? ` (and ${found.damage.length - 1} more places)` : '';
      const text = `${file.path} is damaged at offset ${first.offset}: ${first.problem}${more}. What could be read is shown.`;
      notes.push({ kind: 'warning', text });
    }
    if (found.hive.dirty) notes.push({ kind: 'warning', text: dirtyText(file.path) });
  }
  if (all.some(({ kind }) => kind === 'delta')) notes.push(deltaNote);
  return notes;
}

function dirtyText(path: string): string {
  return `${path} was not written to its end. Its transaction logs are not replayed, so the last changes may be missing.`;
}

const deltaNote: InspectNote = {
  kind: 'info',
  text:
    'Delta hives are merged by the published rules (US20170279678A1; regf specification, "Layered keys"). ' +
    'Microsoft documents no more about them; marks are shown as they stand in the hive.',
};

/** The control set that Windows starts with: `ControlSet001`; undefined where `Select\Current` names none. */
export function currentControlSet(system: LayeredKey | undefined): string | undefined {
  const current = numberOf(findLayered(system, 'Select'), 'Current');
  return current === undefined ? undefined : `ControlSet${String(current).padStart(3, '0')}`;
}
