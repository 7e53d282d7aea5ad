import type { LayerTree, TreeEntry } from '../../layer/layer-tree.ts';
import type { EntryAt } from '../../layer/tree-node.ts';

/** A file that holds a hive, or the changes to one. */
export interface HiveFile extends EntryAt {
  readonly path: string;
  readonly kind: 'whole' | 'delta';
  readonly size: number;
}

/** The files that a hive of the registry is made of, base first: a whole one, and deltas of the layers above it. */
export interface HiveFiles {
  /** Where Windows mounts it, such as `HKLM\SOFTWARE`. */
  readonly mount: string;
  readonly files: readonly HiveFile[];
}

const configFolder = 'Files/Windows/System32/config';

// Mount points: Microsoft, "Registry Hives". Names of delta hives: what Windows writes into the Hives folder of a layer
// (hcsshim imports and exports it as it is).
const machineHives: readonly { mount: string; fileName: string; delta?: string }[] = [
  { mount: 'HKLM\\SOFTWARE', fileName: 'SOFTWARE', delta: 'Hives/Software_Delta' },
  { mount: 'HKLM\\SYSTEM', fileName: 'SYSTEM', delta: 'Hives/System_Delta' },
  { mount: 'HKU\\.DEFAULT', fileName: 'DEFAULT', delta: 'Hives/DefaultUser_Delta' },
  { mount: 'HKLM\\SAM', fileName: 'SAM', delta: 'Hives/Sam_Delta' },
  { mount: 'HKLM\\SECURITY', fileName: 'SECURITY', delta: 'Hives/Security_Delta' },
  { mount: 'HKLM\\COMPONENTS', fileName: 'COMPONENTS' },
  { mount: 'HKLM\\DRIVERS', fileName: 'DRIVERS' },
];

/** The hives of the cumulative view up to `layerIndex`. Profiles have the names of their folders, as no SID is known. */
export function hiveFilesAt(
  tree: (layerIndex: number) => LayerTree,
  layerIndex: number,
): readonly HiveFiles[] {
  const top = tree(layerIndex);
  const machine = machineHives.map(({ mount, fileName, delta }) => {
    const whole = wholeFile(top.lookup(`${configFolder}/${fileName}`));
    // A whole hive replaces everything below it.
    const first = (whole?.layerIndex ?? -1) + 1;
    const deltas = delta === undefined ? [] : deltaFiles(tree, delta, first, layerIndex);
    return { mount, files: whole ? [whole, ...deltas] : deltas };
  });
  return [...machine, ...profileHives(top)].filter(({ files }) => files.length > 0);
}

/** The files at `path` that layers `first` to `last` themselves bring. */
function deltaFiles(
  tree: (layerIndex: number) => LayerTree,
  path: string,
  first: number,
  last: number,
): HiveFile[] {
  const files: HiveFile[] = [];
  for (let at = first; at <= last; at++) {
    const file = fileOf(tree(at).lookup(path), 'delta');
    if (file?.layerIndex === at) files.push(file);
  }
  return files;
}

function profileHives(top: LayerTree): HiveFiles[] {
  return (top.list('Files/Users') ?? []).flatMap(({ path, entry }) => {
    if (entry.kind !== 'directory') return [];
    const name = path.slice(path.lastIndexOf('/') + 1);
    const user = wholeFile(top.lookup(`${path}/NTUSER.DAT`));
    const classes = wholeFile(top.lookup(`${path}/AppData/Local/Microsoft/Windows/UsrClass.dat`));
    return [
      { mount: `HKU\\${name}`, files: user ? [user] : [] },
      { mount: `HKU\\${name}_Classes`, files: classes ? [classes] : [] },
    ];
  });
}

function wholeFile(found: TreeEntry | undefined): HiveFile | undefined {
  return fileOf(found, 'whole');
}

function fileOf(found: TreeEntry | undefined, kind: HiveFile['kind']): HiveFile | undefined {
  if (!found?.content) return undefined;
  const { layerIndex, entryNumber, size } = found.content;
  return { path: found.path, kind, layerIndex, entryNumber, size };
}

/** The hive files that a layer itself holds, with the logs beside them. */
export function hiveFilesOfLayer(
  tree: LayerTree,
  layerIndex: number,
): { path: string; kind: 'whole' | 'delta' | 'log'; size: number }[] {
  const own = (entries: readonly TreeEntry[] | undefined) =>
    (entries ?? []).filter(each => each.layerIndex === layerIndex && each.content !== undefined);
  const profiles = (tree.list('Files/Users') ?? []).flatMap(({ path }) => [
    ...own(tree.list(path)).filter(each => /^ntuser\.dat/i.test(nameOf(each))),
    ...own(tree.list(`${path}/AppData/Local/Microsoft/Windows`)).filter(each =>
      /^usrclass\.dat/i.test(nameOf(each)),
    ),
  ]);
  const known = new Set(machineHives.map(({ fileName }) => fileName));
  const config = own(tree.list(configFolder)).filter(
    each => isLog(nameOf(each)) || known.has(nameOf(each).toUpperCase()),
  );
  const deltas = own(tree.list('Hives'));
  return [...deltas, ...config, ...profiles].map(each => ({
    path: each.path,
    kind: isLog(nameOf(each)) ? 'log' : each.path.startsWith('Hives/') ? 'delta' : 'whole',
    size: each.content?.size ?? 0,
  }));
}

function nameOf({ path }: TreeEntry): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Transaction logs of a hive ("Types of files" of the regf specification). */
function isLog(name: string): boolean {
  return /\.(?:LOG\d?|blf|regtrans-ms)$/i.test(name);
}
