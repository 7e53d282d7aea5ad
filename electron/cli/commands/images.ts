import type { Digest } from '../../../shared/oci/digest.ts';
import { isIndex } from '../../../shared/oci/media-types.ts';
import { imageSizes, type ImageSizes } from '../../engine/content/image-sizes.ts';
import type { Store } from '../../engine/content/store.ts';
import { readImage } from '../../engine/image/read-image.ts';
import { listPresentImages } from '../../engine/image/select-image.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { shownReference } from '../../../shared/oci/reference.ts';
import { fittedTable } from '../text/sections.ts';
import type { Column } from '../text/table.ts';
import { formatAge, formatBytes, shortDigest } from '../text/units.ts';
import { withStore } from './store.ts';

export interface ImagesFlags {
  readonly json?: boolean;
  readonly osVersion?: string;
  readonly quiet?: boolean;
}

/**
 * One image, as `--json` gives it; an index gives one for each image in it. `size` is what the image takes
 * packed, `uniqueSize` what removing its name would free, both in bytes.
 */
interface ImageRow {
  /** Absent where the image has no name. */
  readonly reference?: string;
  readonly manifestDigest: Digest;
  /** The index that the image was found in. */
  readonly indexDigest?: Digest;
  readonly os: string;
  readonly architecture: string;
  readonly osVersion?: string;
  readonly created?: string;
  readonly layers: number;
  readonly size: number;
  readonly uniqueSize: number;
}

/** `layerwright images`: what is in the store, as a table or as JSON. */
export async function images(
  context: CommandContext,
  pattern: string | undefined,
  flags: ImagesFlags,
): Promise<number> {
  const { terminal, signal } = context;
  const rows = await withStore(context, async store => await readRows(store, signal));
  const shown = rows.filter(row => isWanted(row, pattern, flags.osVersion));
  if (flags.json === true) terminal.json(shown);
  else if (flags.quiet === true) for (const row of shown) terminal.line(row.manifestDigest);
  else
    for (const line of fittedTable(columnsAt(Date.now()), shown, terminal.width))
      terminal.line(line);
  if (shown.length === 0) {
    terminal.note(rows.length === 0 ? 'the store is empty' : 'no image of the store is like that');
  }
  return exitCodes.ok;
}

async function readRows(store: Store, signal: AbortSignal): Promise<readonly ImageRow[]> {
  const rows: ImageRow[] = [];
  for (const image of await imageSizes(store, signal)) {
    for (const row of await rowsOf(store, image, signal)) rows.push(row);
  }
  return rows.toSorted((a, b) => (a.reference ?? '~').localeCompare(b.reference ?? '~', 'en'));
}

async function rowsOf(
  store: Store,
  { reference, descriptor, uniqueSize }: ImageSizes,
  signal: AbortSignal,
): Promise<readonly ImageRow[]> {
  const candidates = await listPresentImages(store.blobs, descriptor, signal);
  const inIndex = isIndex(descriptor.mediaType);
  const rows: ImageRow[] = [];
  for (const candidate of candidates) {
    const { config, manifest } = await readImage(store.blobs, candidate.descriptor, signal);
    const parts = [candidate.descriptor, manifest.config, ...manifest.layers];
    const osVersion = config['os.version'];
    rows.push({
      ...(reference === undefined ? {} : { reference: shownReference(reference) }),
      manifestDigest: candidate.descriptor.digest,
      ...(inIndex ? { indexDigest: descriptor.digest } : {}),
      os: config.os,
      architecture: config.architecture,
      ...(osVersion === undefined ? {} : { osVersion }),
      ...(config.created === undefined ? {} : { created: config.created }),
      layers: manifest.layers.length,
      size: parts.reduce((sum, part) => sum + part.size, 0),
      uniqueSize,
    });
  }
  return rows;
}

function isWanted(
  row: ImageRow,
  pattern: string | undefined,
  osVersion: string | undefined,
): boolean {
  const named = pattern === undefined || globOf(pattern).test(row.reference ?? '');
  const version = osVersion === undefined || `${row.osVersion ?? ''}.`.startsWith(`${osVersion}.`);
  return named && version;
}

/** `*` stands for anything; without a tag any tag will do. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .split('*')
    .map(part => RegExp.escape(part))
    .join('.*');
  return new RegExp(`^${source}(?::[^/:]*)?(?:@.*)?$`);
}

function columnsAt(now: number): readonly Column<ImageRow>[] {
  return [
    { title: 'REFERENCE', cut: 'start', cell: row => row.reference ?? '<none>' },
    { title: 'OS VERSION', cell: row => row.osVersion ?? row.os },
    { title: 'ARCH', cell: row => row.architecture },
    { title: 'DIGEST', cell: row => shortDigest(row.manifestDigest) },
    { title: 'LAYERS', side: 'right', cell: row => String(row.layers) },
    { title: 'SIZE', side: 'right', cell: row => formatBytes(row.size) },
    { title: 'UNIQUE', side: 'right', cell: row => formatBytes(row.uniqueSize) },
    { title: 'CREATED', cell: row => formatAge(row.created, now) },
  ];
}
