import type {
  BaseVerdict,
  ProgramBases,
  ProgramRow,
  ProgramsPage,
} from '../../../../shared/ipc/inspect-views.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';
import type { LayerTree } from '../../layer/layer-tree.ts';
import { topTree, type InspectedImage } from '../inspected-image.ts';
import {
  judgeProgram,
  missingLibraries,
  type FoundProgram,
  type ProgramPlace,
} from './judge-program.ts';
import { isApiSet } from './api-sets.ts';
import { createLibrarySearch } from './library-search.ts';
import { scanPrograms, schemaOf } from './scan-programs.ts';

/** A base image that the programs of an image could run on. */
export interface KnownBase {
  readonly reference: string;
  readonly manifestDigest: Digest;
  /** Bytes as stored. */
  readonly packedSize: number;
  readonly architecture: string;
  open(signal?: AbortSignal): Promise<InspectedImage>;
}

/** What is known of an image besides its files. */
export interface ProgramsInput {
  /** Layers below are those of the base. */
  readonly firstOwnLayer: number;
  readonly architecture: string;
  /** Folders of PATH, such as `C:\Program Files\Git\cmd`. */
  readonly pathFolders: readonly string[];
}

/** All programs of an image with verdicts. */
export type ImagePrograms = Pick<ProgramsPage, 'hasWow64' | 'apiSets' | 'notes'> & {
  readonly rows: readonly ProgramRow[];
  /** Tries the programs on other bases: each is opened for it, which may take a while. Smallest first. */
  judge(bases: readonly KnownBase[], signal?: AbortSignal): Promise<ProgramBases>;
};

const wow64Folder = 'Files/Windows/SysWOW64';
const listedMissing = 50;

/** Scans the programs that an image adds to its base. */
export async function inspectPrograms(
  image: InspectedImage,
  input: ProgramsInput,
  signal?: AbortSignal,
): Promise<ImagePrograms> {
  if (image.layerCount === 0) {
    const judge = async () => ({ bases: [] });
    return { rows: [], hasWow64: false, apiSets: 'rule', notes: [], judge };
  }
  const found = await scanPrograms(image, input.firstOwnLayer, signal);
  const top = topTree(image);
  const schema = await schemaOf(image, top, signal);
  const folders = input.pathFolders.flatMap(layerFolder);
  const find = (path: string) => top.lookup(path)?.path;
  const place: ProgramPlace = {
    architecture: input.architecture,
    hasWow64: top.lookup(wow64Folder) !== undefined,
    search: createLibrarySearch({ find, schema }, folders),
  };
  const trial = { image, found, input, folders };
  return {
    rows: found.map(program => judgeProgram(program, place)),
    hasWow64: place.hasWow64,
    apiSets: schema ? 'schema' : 'rule',
    notes: notesOf(schema !== undefined),
    judge: async (bases, stop) => await judgeBases(trial, bases, stop),
  };
}

function notesOf(hasSchema: boolean): ImagePrograms['notes'] {
  const limit = {
    kind: 'info',
    text: 'Only libraries that headers name are checked: what a program loads while it runs cannot be seen here.',
  } as const;
  if (hasSchema) return [limit];
  return [
    limit,
    {
      kind: 'info',
      text: 'The base has no apisetschema.dll that can be read: hosts of API sets are those that Microsoft documents, by rule.',
    },
  ];
}

/** `C:\Program Files\Git` as a path of a layer; nothing for other drives. */
function layerFolder(folder: string): string[] {
  const below = /^"?c:[\\/]+(.*?)[\\/]*"?$/i.exec(folder.trim())?.[1];
  return below === undefined ? [] : [`Files/${below.replaceAll('\\', '/')}`];
}

interface BaseTrial {
  readonly image: InspectedImage;
  readonly found: readonly FoundProgram[];
  readonly input: ProgramsInput;
  readonly folders: readonly string[];
}

async function judgeBases(
  trial: BaseTrial,
  known: readonly KnownBase[],
  signal: AbortSignal | undefined,
): Promise<ProgramBases> {
  const bases: BaseVerdict[] = [];
  const sorted = known.toSorted((one, other) => one.packedSize - other.packedSize);
  for (const base of sorted) bases.push(await judgeBase(trial, base, signal));
  const smallest = bases.find(({ satisfied }) => satisfied);
  return { bases, ...(smallest && { smallestBase: smallest.reference }) };
}

async function judgeBase(
  { image, found, input, folders }: BaseTrial,
  base: KnownBase,
  signal: AbortSignal | undefined,
): Promise<BaseVerdict> {
  const opened = await base.open(signal);
  const tree = topTree(opened);
  // To read it, a whole layer of the base is unpacked.
  const schema = found.some(importsApiSet) ? await schemaOf(opened, tree, signal) : undefined;
  const hasWow64 = tree.lookup(wow64Folder) !== undefined;
  const find = finderOn(topTree(image), input.firstOwnLayer, tree);
  const search = createLibrarySearch({ find, schema }, folders);
  const rows = found.map(program =>
    judgeProgram(program, { architecture: base.architecture, hasWow64, search }),
  );
  const isUnsuitable = ({ verdict }: ProgramRow) =>
    verdict === 'wrong-architecture' || verdict === 'needs-wow64';
  const missing = new Map<string, string>();
  // What cannot run anyway lacks all its libraries, too: that would say nothing new.
  for (const row of rows.filter(each => !isUnsuitable(each))) {
    for (const library of missingLibraries(row.imports))
      missing.set(library.toUpperCase(), library);
  }
  const unsuitable = rows.filter(isUnsuitable).length;
  const { reference, manifestDigest, packedSize } = base;
  return {
    reference,
    manifestDigest,
    packedSize,
    hasWow64,
    satisfied: missing.size === 0 && unsuitable === 0,
    missing: [...missing.values()].sort().slice(0, listedMissing),
    unsuitable,
  };
}

function importsApiSet({ reading }: FoundProgram): boolean {
  return reading.kind === 'pe' && reading.facts.imports.some(({ library }) => isApiSet(library));
}

/** The image's own files on top of another base. */
function finderOn(
  own: LayerTree,
  firstOwnLayer: number,
  base: LayerTree,
): (path: string) => string | undefined {
  return path => {
    const found = own.lookup(path);
    if (found && found.layerIndex >= firstOwnLayer) return found.path;
    return base.lookup(path)?.path;
  };
}

/** Which programs are wanted, and which part of them. */
export interface ProgramsQuery {
  readonly offset: number;
  readonly limit: number;
  readonly layerIndex?: number | undefined;
  readonly problemsOnly: boolean;
  readonly text?: string | undefined;
}

/** One page of the programs of an image; those with problems first. */
export function programsPage(
  { rows, hasWow64, apiSets, notes }: ImagePrograms,
  { offset, limit, layerIndex, problemsOnly, text = '' }: ProgramsQuery,
): ProgramsPage {
  const wanted = text.toLowerCase().replaceAll('\\', '/');
  const found = rows.filter(
    row =>
      (layerIndex === undefined || row.layerIndex === layerIndex) &&
      (!problemsOnly || row.verdict !== 'runs') &&
      (row.path.toLowerCase().includes(wanted) ||
        row.imports.some(({ library }) => library.toLowerCase().includes(wanted))),
  );
  found.sort((one, other) => rank(one) - rank(other) || (one.path < other.path ? -1 : 1));
  const count = (verdict: ProgramRow['verdict']) =>
    found.filter(row => row.verdict === verdict).length;
  return {
    hasWow64,
    apiSets,
    notes,
    rows: found.slice(offset, offset + limit),
    total: found.length,
    totals: {
      programs: found.filter(({ kind }) => kind !== 'library').length,
      libraries: found.filter(({ kind }) => kind === 'library').length,
      runs: count('runs'),
      missingLibraries: count('missing-libraries'),
      wrongArchitecture: count('wrong-architecture'),
      needsWow64: count('needs-wow64'),
      damaged: count('damaged'),
    },
  };
}

function rank({ verdict }: ProgramRow): number {
  return verdict === 'runs' ? 1 : 0;
}
