import { AppError } from '../../../shared/failure.ts';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import type { NamePage, RemoteTag } from '../../../shared/ipc/registry-views.ts';
import {
  familiarReference,
  parseReference,
  type ImageReference,
} from '../../../shared/oci/reference.ts';
import { monthsBehind } from '../../../shared/windows/months-behind.ts';
import { registryName, type ConnectionFlags } from '../../engine/remote/connection-settings.ts';
import { describeRemoteTag, type DescribeParts } from '../../engine/remote/describe-tag.ts';
import { createDocumentCache } from '../../engine/remote/document-cache.ts';
import { createNameLists } from '../../engine/remote/name-lists.ts';
import { sideBySide } from '../../engine/transfer/side-by-side.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import { fittedTable } from '../text/sections.ts';
import type { Column } from '../text/table.ts';
import { formatAge, formatBytes } from '../text/units.ts';
import { withRegistries, type Connected } from './registries.ts';

export interface CatalogFlags extends ConnectionFlags {
  readonly json?: boolean;
}

export interface TagsFlags extends CatalogFlags {
  readonly limit: string;
  /** Only the names, which is one question for all of them. */
  readonly namesOnly?: boolean;
}

const everything = { offset: 0, limit: Number.MAX_SAFE_INTEGER, fresh: true };
/** Tags that are looked up at a time. */
const parallel = 6;

/** `layerwright catalog`: the repositories of a registry. */
export async function catalog(
  context: CommandContext,
  registry: string,
  search: string | undefined,
  flags: CatalogFlags,
): Promise<number> {
  const { signal, terminal } = context;
  const query = { ...everything, search: search ?? '' };
  const page = await withRegistries(context, flags, async ({ client }) =>
    createNameLists().repositories(client, registryName(registry), query, signal),
  );
  if (flags.json === true) terminal.json(page.names);
  else for (const name of page.names) terminal.line(name);
  if (page.names.length === 0) {
    const like = search === undefined ? '' : ` with "${search}" in its name`;
    terminal.note(`${registryName(registry)} has no repository${like}`);
  }
  noteCut(context, page);
  return exitCodes.ok;
}

/** `layerwright tags`: the tags of a repository, with what each names. */
export async function tags(
  context: CommandContext,
  repository: string,
  search: string | undefined,
  flags: TagsFlags,
): Promise<number> {
  const { signal, terminal } = context;
  const named = repositoryNamed(repository);
  const query = { ...everything, search: search ?? '' };
  return await withRegistries(context, flags, async connected => {
    const page = await createNameLists().tags(connected.client, named, query, signal);
    noteCut(context, page);
    if (page.names.length === 0) {
      const like = search === undefined ? '' : ` with "${search}" in it`;
      terminal.note(`${repository} has no tag${like}`);
    }
    if (flags.namesOnly === true) {
      if (flags.json === true) terminal.json(page.names);
      else for (const name of page.names) terminal.line(name);
      return exitCodes.ok;
    }
    const limit = Number(flags.limit);
    const wanted = page.names.slice(0, limit);
    const { registry, repository: path } = named;
    const place = familiarReference({ registry, repository: path });
    const found = await describe(connected, place, wanted, signal);
    if (flags.json === true) terminal.json(found);
    else for (const line of tagLines(found, terminal.width)) terminal.line(line);
    if (page.total > limit) {
      terminal.note(
        `the first ${limit} of ${page.total} tags; say which ones (layerwright tags ${place} ltsc2022), or more with --limit`,
      );
    }
    return exitCodes.ok;
  });
}

/** `localhost:5000` alone would be a tag of Docker Hub's `localhost`, which nobody means. Throws `bad-request`. */
function repositoryNamed(text: string): ImageReference {
  if (!/^(?:localhost|[\w-]+(?:\.[\w-]+)+):\d+$/.test(text)) return parseReference(text);
  const problem = `${text} is a registry; "layerwright catalog ${text}" lists its repositories`;
  throw new AppError({ code: 'bad-request', field: 'repository', problem });
}

async function describe(
  { client, store }: Connected,
  place: string,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<readonly RemoteTag[]> {
  const parts: DescribeParts = {
    client,
    store: store.blobs,
    names: store.names,
    host: thisHost(),
    cache: createDocumentCache(),
  };
  return await sideBySide(
    wanted,
    parallel,
    async (tag, turn, stop) =>
      await turn(async () => await describeRemoteTag(`${place}:${tag}`, parts, stop)),
    signal,
  );
}

/** A tag for a platform; without a Windows image there is no platform to tell of. */
interface Row {
  readonly tag: RemoteTag;
  readonly image?: BaseTag;
}

function rowsOf(tag: RemoteTag): readonly Row[] {
  return tag.candidates.length === 0 ? [{ tag }] : tag.candidates.map(image => ({ tag, image }));
}

function tagLines(found: readonly RemoteTag[], width: number): readonly string[] {
  const images = found.flatMap(({ candidates }) => candidates);
  return fittedTable(columnsFor(images, Date.now()), found.flatMap(rowsOf), width);
}

function columnsFor(images: readonly BaseTag[], now: number): readonly Column<Row>[] {
  return [
    { title: 'TAG', cell: ({ tag }) => tag.tag },
    {
      title: 'OS VERSION',
      cell: ({ image, tag }) => image?.osVersion ?? tag.otherPlatforms[0] ?? '-',
    },
    { title: 'ARCH', cell: ({ image }) => image?.architecture ?? '-' },
    { title: 'MADE', cell: ({ image }) => formatAge(image?.created, now) },
    { title: 'BEHIND', side: 'right', cell: ({ image }) => behind(image, images) },
    { title: 'SIZE', side: 'right', cell: ({ image }) => (image ? formatBytes(image.size) : '-') },
    {
      title: 'TO FETCH',
      side: 'right',
      cell: ({ image }) => (image ? formatBytes(image.downloadBytes) : '-'),
    },
    {
      title: 'ON THIS HOST',
      cell: ({ image }) => (image ? verdictText(image) : 'not for Windows'),
    },
  ];
}

/** Months behind the newest of its release among those that are listed; `-` where that is not known. */
function behind(image: BaseTag | undefined, images: readonly BaseTag[]): string {
  const months = image === undefined ? undefined : monthsBehind(image, images);
  if (months === undefined) return '-';
  return months === 0 ? 'newest' : `${months} mo`;
}

function verdictText({ verdict }: BaseTag): string {
  const words = {
    process: 'runs (process)',
    'hyperv-only': 'Hyper-V only',
    impossible: 'cannot run',
    unknown: 'unknown',
    'not-windows': 'builds here',
  } as const;
  return words[verdict.kind];
}

function noteCut({ terminal }: CommandContext, { cut, total }: NamePage): void {
  if (cut) terminal.note(`the registry has more; only the first ${total} were read`);
}
