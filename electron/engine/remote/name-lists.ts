import type { NamePage } from '../../../shared/ipc/registry-views.ts';
import { compareTags } from '../../../shared/windows/image-tags.ts';
import { createSharedWork } from '../content/shared-work.ts';
import type { RegistryReader, Repository } from '../registry/registry-client.ts';

export interface NameQuery {
  /** Every word of it must be in the name. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
  readonly fresh: boolean;
}

/** The repositories of registries and the tags of repositories, remembered for some minutes. */
export interface NameLists {
  repositories(
    client: RegistryReader,
    registry: string,
    query: NameQuery,
    signal?: AbortSignal,
  ): Promise<NamePage>;
  tags(
    client: RegistryReader,
    repository: Repository,
    query: NameQuery,
    signal?: AbortSignal,
  ): Promise<NamePage>;
  /** Forgets all: somebody else is signed in, or another mirror is asked. */
  clear(): void;
}

interface Listing {
  readonly names: readonly string[];
  readonly cut: boolean;
  readonly readAt: number;
}

const rememberedMs = 5 * 60_000;
const mostListings = 50;
/** No list that a person looks through is longer; a hostile registry's may be endless. */
const mostNames = 50_000;
const compareNames = new Intl.Collator('en', { numeric: true }).compare;

export function createNameLists(now = Date.now): NameLists {
  const listings = new Map<string, Listing>();
  const reading = createSharedWork<string, Listing>();

  async function listing(
    key: string,
    { fresh }: NameQuery,
    read: (signal: AbortSignal) => Promise<Listing>,
    signal: AbortSignal | undefined,
  ): Promise<Listing> {
    const known = listings.get(key);
    if (!fresh && known !== undefined && now() - known.readAt < rememberedMs) return known;
    const found = await reading(key, read, signal);
    listings.delete(key);
    listings.set(key, found);
    for (const [oldest] of listings) if (listings.size > mostListings) listings.delete(oldest);
    return found;
  }

  return {
    async repositories(client, registry, query, signal) {
      const read = async (stop: AbortSignal) =>
        await readNames(client.catalog(registry, stop), compareNames, now());
      return pageOf(await listing(`catalog ${registry}`, query, read, signal), query);
    },
    async tags(client, repository, query, signal) {
      const read = async (stop: AbortSignal) =>
        await readNames(client.tags(repository, stop), compareTags, now());
      const key = `tags ${repository.registry}/${repository.repository}`;
      return pageOf(await listing(key, query, read, signal), query);
    },
    clear: () => listings.clear(),
  };
}

async function readNames(
  found: AsyncIterable<string>,
  compare: (one: string, other: string) => number,
  readAt: number,
): Promise<Listing> {
  const names = new Set<string>();
  for await (const name of found) {
    if (names.size === mostNames) return { names: [...names].toSorted(compare), cut: true, readAt };
    names.add(name);
  }
  return { names: [...names].toSorted(compare), cut: false, readAt };
}

function pageOf({ names, cut }: Listing, { search, offset, limit }: NameQuery): NamePage {
  const words = search.toLowerCase().split(/\s+/);
  const fitting = names.filter(name => words.every(word => name.toLowerCase().includes(word)));
  return { names: fitting.slice(offset, offset + limit), total: fitting.length, cut };
}
