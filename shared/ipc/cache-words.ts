import { shortDigest } from '../oci/digest.ts';
import type {
  CacheBypass,
  CacheDifference,
  EarlierStep,
  FileDifference,
  StepCacheStory,
} from './step-cache.ts';

/** How a time in ms since 1970 is told. */
export type TellTime = (time: number) => string;

/** Says in one sentence why a step ran, or what it was taken from. */
export function tellCacheStory(story: StepCacheStory, tellTime: TellTime): string {
  switch (story.kind) {
    case 'matched': {
      const layer = story.layer === undefined ? 'no change of files' : shortDigest(story.layer);
      return `same as ${earlierText(story.earlier, tellTime)}: ${layer}`;
    }
    case 'base':
      return `${story.reference} is ${shortDigest(story.digest)}`;
    case 'asked':
      return bypassText(story.by);
    case 'never-built':
      return 'never built before';
    case 'pruned':
      return `its record was removed from the cache (${tellTime(story.prunedAt)}); nothing else is different`;
    case 'layer-gone':
      return `its layer ${shortDigest(story.layer)} is no longer in the store; nothing else is different`;
    case 'no-record':
      return story.problem;
    case 'differs': {
      const [first, ...more] = story.differences;
      if (first === undefined) return 'it differs from what was built before';
      const rest = more.length === 0 ? '' : ` (and ${counted(more.length, 'more difference')})`;
      return `${tellDifference(first)}${rest}`;
    }
  }
}

/** Says all that is known, one line each, without the first sentence. */
export function cacheStoryDetails(story: StepCacheStory, tellTime: TellTime): readonly string[] {
  if (story.kind !== 'differs') return [];
  const lines = story.differences.flatMap((difference, at) => {
    const named = at === 0 ? [] : [tellDifference(difference)];
    if (difference.kind !== 'files') return named;
    const { added, changed, files, removed } = difference;
    const more = changed + added + removed - files.length;
    const listed = files.map(file => `  ${fileText(file)}`);
    if (files.length === 1 && more === 0) return named;
    return [...named, ...listed, ...(more > 0 ? [`  and ${counted(more, 'more file')}`] : [])];
  });
  return [...lines, `compared with ${earlierText(story.earlier, tellTime)}`];
}

/** Says what is different. */
function tellDifference(difference: CacheDifference): string {
  switch (difference.kind) {
    case 'base': {
      const { before, now, reference } = difference;
      if (before === undefined || now === undefined) return `the base is now ${reference}`;
      return `the base ${reference} is now ${shortDigest(now)}, was ${shortDigest(before)}`;
    }
    case 'instruction':
      return changeText(`the ${difference.part}`, difference);
    case 'variable': {
      const { hidden, name } = difference;
      return hidden === true
        ? `the value of ${name} changed (not shown)`
        : changeText(name, difference);
    }
    case 'files':
      return filesText(difference);
    case 'source':
      return `the content of ${difference.from} changed`;
    case 'parent': {
      const { before, stepId, text } = difference;
      if (stepId !== undefined) return `a step below ran: ${firstLine(text)}`;
      return before === undefined
        ? `the layers below are others, up to ${firstLine(text)}`
        : `below it stands ${firstLine(text)}, was ${firstLine(before)}`;
    }
    case 'option':
      return changeText(`the ${difference.name}`, difference);
  }
}

function filesText(difference: Extract<CacheDifference, { kind: 'files' }>): string {
  const { added, changed, files, from, removed } = difference;
  const [first] = files;
  const total = added + changed + removed;
  if (first === undefined) return `files of ${from} changed`;
  if (total === 1) return fileText(first);
  const counts = [
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(added > 0 ? [`${added} new`] : []),
    ...(removed > 0 ? [`${removed} gone`] : []),
  ];
  return `${fileText(first)}, and ${counted(total - 1, 'more file')} (${counts.join(', ')})`;
}

function fileText({ before, now, path }: FileDifference): string {
  if (before === undefined) return `${path} is new (${short(now)})`;
  if (now === undefined) return `${path} is gone (was ${short(before)})`;
  return `${path} changed (${short(before)} → ${short(now)})`;
}

/** Marks such as `folder` are no hashes, and stand as they are. */
function short(hash = ''): string {
  return hash.slice(0, 12);
}

function changeText(
  what: string,
  { before, now }: { readonly before?: string; readonly now?: string },
): string {
  // Long texts are kept in part: what is different may stand behind it.
  if (before === now) return `${what} changed`;
  if (before === undefined) return `${what} is new: ${quoted(now)}`;
  if (now === undefined) return `${what} is gone, was ${quoted(before)}`;
  const from = Math.max(0, commonStart(before, now) - shownBefore);
  return `${what} is now ${quoted(now, from)}, was ${quoted(before, from)}`;
}

const longestQuote = 80;
/** How much of what is the same is shown before the first difference. */
const shownBefore = 30;

/** A long text is shown from a little before `from` on. */
function quoted(text = '', from = 0): string {
  const line = text.replaceAll(/\r?\n/g, ' ⏎ ');
  if (line.length <= longestQuote) return `"${line}"`;
  const part = line.slice(from, from + longestQuote - 1);
  return `"${from > 0 ? '…' : ''}${part}${from + part.length < line.length ? '…' : ''}"`;
}

function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function firstLine(text: string): string {
  const [first = '', ...more] = text.split('\n');
  return more.length === 0 ? first : `${first} …`;
}

function earlierText({ buildId, builtAt, from }: EarlierStep, tellTime: TellTime): string {
  if (from !== undefined) return `in the shared cache ${from}`;
  const time = tellTime(builtAt);
  return buildId === undefined ? time : `build ${buildId} (${time})`;
}

function bypassText(by: CacheBypass): string {
  switch (by.kind) {
    case 'no-cache':
      return 'asked to run without cache (--no-cache)';
    case 'no-cache-filter':
      return `asked to run the stage ${by.stage} without cache (--no-cache-filter)`;
    case 'from-line':
      return `asked to run from line ${by.line} on without cache (--rerun-from)`;
  }
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
