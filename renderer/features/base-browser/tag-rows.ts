import type { BaseTag, HostVerdictView } from '../../../shared/ipc/app-views.ts';
import type { RemoteTag } from '../../../shared/ipc/registry-views.ts';
import { releaseOfBuild } from '../../../shared/windows/builds.ts';
import { compareTags, readTag, type TagMeaning } from '../../../shared/windows/image-tags.ts';
import type { Loadable } from '../../stores/loadable.ts';

/** A tag of a repository, with the images that the store has under it. */
export interface TagRow {
  readonly reference: string;
  readonly tag: string;
  readonly stored: readonly BaseTag[];
  readonly inRegistry: boolean;
  /** What the name alone says. */
  readonly meaning: TagMeaning;
}

/** The tags of a registry and of the store as one list, the ones that one looks for first. */
export function tagRows(
  repository: string,
  names: readonly string[],
  stored: readonly BaseTag[],
): readonly TagRow[] {
  const storedBy = Map.groupBy(stored, ({ tag }) => tag);
  const listed = new Set(names);
  return [...new Set([...names, ...storedBy.keys()])].toSorted(compareTags).map(tag => ({
    reference: `${repository}:${tag}`,
    tag,
    stored: storedBy.get(tag) ?? [],
    inRegistry: listed.has(tag),
    meaning: readTag(tag),
  }));
}

/** The images of a tag, the best for this host first: what the registry says, else what the store has. */
export function imagesOf(
  { stored }: TagRow,
  detail: Loadable<RemoteTag> | undefined,
): readonly BaseTag[] {
  return detail?.kind === 'ready' && detail.value.candidates.length > 0
    ? detail.value.candidates
    : stored;
}

/** Whether the registry's tag names something else than the store has under it. */
export function hasMoved(detail: Loadable<RemoteTag> | undefined): boolean {
  if (detail?.kind !== 'ready') return false;
  const { digest, storedDigest } = detail.value;
  return storedDigest !== undefined && storedDigest !== digest;
}

/** What the person looks for among the tags; an empty string stands for any. */
export interface TagFilter {
  readonly text: string;
  readonly channel: string;
  readonly architecture: string;
  readonly pin: 'any' | 'pinned' | 'floating' | 'stored';
}

export const anyTag: TagFilter = { text: '', channel: '', architecture: '', pin: 'any' };

/** The tags that fit a filter, in their order. A tag that does not say its architecture fits every one. */
export function filterTags(rows: readonly TagRow[], filter: TagFilter): readonly TagRow[] {
  const words = filter.text.toLowerCase().split(/\s+/);
  return rows.filter(row => {
    const text = searchText(row);
    const architecture = row.meaning.architecture ?? row.stored[0]?.architecture;
    return (
      words.every(word => text.includes(word)) &&
      (filter.channel === '' || channelOf(row) === filter.channel) &&
      (filter.architecture === '' ||
        (architecture ?? filter.architecture) === filter.architecture) &&
      fitsPin(row, filter.pin)
    );
  });
}

function fitsPin(row: TagRow, pin: TagFilter['pin']): boolean {
  switch (pin) {
    case 'any':
      return true;
    case 'stored':
      return row.stored.length > 0;
    case 'pinned':
    case 'floating':
      return isPinned(row) === (pin === 'pinned');
  }
}

/** Microsoft never moves a tag that carries a whole version. */
export function isPinned({ meaning }: TagRow): boolean {
  return meaning.osVersion !== undefined;
}

function searchText({ tag, stored }: TagRow): string {
  const known = stored.flatMap(image => [image.osVersion, image.releaseName, image.manifestDigest]);
  return [tag, ...known].join(' ').toLowerCase();
}

/** `ltsc2022` for every tag of that release, as far as name or store say. */
export function channelOf({ meaning, stored }: TagRow): string | undefined {
  const build = meaning.build;
  return (
    (build === undefined ? undefined : releaseOfBuild(build, 'server')?.imageTag) ??
    stored[0]?.channel
  );
}

/** The values that occur, sorted, for a filter. */
export function valuesOf(
  rows: readonly TagRow[],
  property: 'channel' | 'architecture',
): readonly string[] {
  const values = rows.flatMap(row =>
    property === 'channel'
      ? (channelOf(row) ?? [])
      : (row.meaning.architecture ?? row.stored[0]?.architecture ?? []),
  );
  return [...new Set(values)].toSorted();
}

/** `FROM` by tag, or by a digest that never moves (the tag stays readable in front of it). */
export function fromReference(
  { reference }: Pick<TagRow, 'reference'>,
  pinDigest: string | undefined,
): string {
  return pinDigest === undefined ? reference : `${reference}@${pinDigest}`;
}

type VerdictWords = {
  readonly label: string;
  readonly tone: 'ok' | 'warn' | 'bad' | 'note' | 'neutral';
};

const verdictWords: { readonly [K in HostVerdictView['kind']]: VerdictWords } = {
  process: { label: 'Process isolation', tone: 'ok' },
  'hyperv-only': { label: 'Hyper-V only', tone: 'warn' },
  impossible: { label: 'Cannot run here', tone: 'bad' },
  unknown: { label: 'Unknown', tone: 'neutral' },
  'not-windows': { label: 'Builds here', tone: 'note' },
};

/** How a verdict is named and coloured; words carry the meaning, colour only helps. */
export function wordsOfVerdict({ kind }: HostVerdictView): VerdictWords {
  return verdictWords[kind];
}

/** `newest of its release`, `3 months behind`. */
export function behindWords(months: number | undefined): string {
  if (months === undefined) return 'not known';
  if (months === 0) return 'newest';
  return months === 1 ? '1 month' : `${months} months`;
}
