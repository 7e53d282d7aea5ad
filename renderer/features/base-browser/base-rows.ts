import type { BaseFamily, BaseTag, HostVerdictView } from '../../../shared/ipc/app-views.ts';

/** What the person looks for among the tags of a family; an empty string stands for any. */
export interface TagFilter {
  readonly text: string;
  readonly channel: string;
  readonly architecture: string;
  readonly pin: 'any' | 'pinned' | 'floating';
}

export const anyTag: TagFilter = { text: '', channel: '', architecture: '', pin: 'any' };

/** The tags that fit a filter, in their order. */
export function filterTags(tags: readonly BaseTag[], filter: TagFilter): readonly BaseTag[] {
  const words = filter.text.toLowerCase().split(/\s+/);
  return tags.filter(
    tag =>
      words.every(word => searchText(tag).includes(word)) &&
      (filter.channel === '' || tag.channel === filter.channel) &&
      (filter.architecture === '' || tag.architecture === filter.architecture) &&
      (filter.pin === 'any' || tag.pinned === (filter.pin === 'pinned')),
  );
}

function searchText({ tag, osVersion, releaseName, manifestDigest }: BaseTag): string {
  return [tag, osVersion, releaseName, manifestDigest].join(' ').toLowerCase();
}

/** One row is one tag on one platform. */
export function tagKey({ tag, manifestDigest }: BaseTag): string {
  return `${tag}@${manifestDigest}`;
}

/** The values of one property that occur, sorted, for a filter. */
export function valuesOf(
  tags: readonly BaseTag[],
  property: 'channel' | 'architecture',
): readonly string[] {
  return [...new Set(tags.flatMap(tag => tag[property] ?? []))].toSorted();
}

/** `FROM` by tag, or by a digest that never moves (the tag stays readable in front of it). */
export function fromReference(tag: BaseTag, by: 'tag' | 'digest'): string {
  return by === 'tag' ? tag.reference : `${tag.reference}@${tag.pinDigest}`;
}

/** The families with tags at hand first, both parts in the order of the catalogue. */
export function groupFamilies(families: readonly BaseFamily[]): readonly {
  readonly title: string;
  readonly families: readonly BaseFamily[];
}[] {
  const groups = [
    { title: 'In the store', families: families.filter(family => family.available) },
    { title: 'Catalogue', families: families.filter(family => !family.available) },
  ];
  return groups.filter(group => group.families.length > 0);
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
