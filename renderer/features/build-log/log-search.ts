import { createStore, type StoreApi } from 'zustand/vanilla';
import { failureOf, type Failure } from '../../../shared/failure.ts';
import type { LogMatches } from '../../../shared/ipc/build-views.ts';

export interface SearchState {
  readonly text: string;
  readonly matchCase: boolean;
  /** Numbers of the lines that match, in order. */
  readonly lines: readonly number[];
  readonly searching: boolean;
  /** There are more matches than are kept. */
  readonly capped: boolean;
  /** Position in `lines` of the match one is at; -1 before the first. */
  readonly at: number;
  readonly failure?: Failure | undefined;
}

export interface LogSearch {
  readonly state: StoreApi<SearchState>;
  readonly setQuery: (text: string, matchCase: boolean) => void;
  /** Searches on in what the log has grown by, to `total` lines. */
  readonly grew: (total: number) => void;
  /** Goes to the next or the previous match, round the ends; gives its line. */
  readonly step: (by: 1 | -1) => number | undefined;
  readonly close: () => void;
}

/** Asks for the lines with `text` from line `fromLine` of the build on. */
export type FindInLog = (
  query: { readonly text: string; readonly matchCase: boolean; readonly fromLine: number },
  signal: AbortSignal,
) => Promise<LogMatches>;

const mostMatches = 200_000;
const typingPauseMs = 150;
const nothing = { lines: [], searching: false, capped: false, at: -1, failure: undefined };

/** Searches the log of one build, and goes on while it grows. */
export function createLogSearch(find: FindInLog): LogSearch {
  const state = createStore<SearchState>()(() => ({ text: '', matchCase: false, ...nothing }));
  let stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known = 0;
  /** Lines before this one have been searched. */
  let searchedTo = 0;

  async function search(from: number, signal: AbortSignal): Promise<void> {
    const { text, matchCase } = state.getState();
    state.setState({ searching: true });
    const upTo = known;
    try {
      for (let next: number | undefined = from; next !== undefined;) {
        const found: LogMatches = await find({ text, matchCase, fromLine: next }, signal);
        if (signal.aborted) return;
        next = take(found.lines) ? found.nextLine : undefined;
      }
      searchedTo = Math.max(searchedTo, upTo);
      state.setState({ searching: false });
    } catch (error) {
      if (!signal.aborted) state.setState({ searching: false, failure: failureOf(error) });
    }
  }

  /** Adds matches; gives whether there is room for more. A log that grows may have told some already. */
  function take(found: readonly number[]): boolean {
    const { lines } = state.getState();
    const last = lines.at(-1) ?? -1;
    const all = [...lines, ...found.filter(line => line > last)];
    const capped = all.length > mostMatches;
    state.setState({ lines: capped ? all.slice(0, mostMatches) : all, capped });
    return !capped;
  }

  return {
    state,
    setQuery(text, matchCase) {
      stop.abort();
      clearTimeout(timer);
      stop = new AbortController();
      const { signal } = stop;
      searchedTo = 0;
      state.setState({ text, matchCase, ...nothing, searching: text !== '' });
      if (text !== '') timer = setTimeout(() => void search(0, signal), typingPauseMs);
    },
    grew(total) {
      known = total;
      const { text, searching, capped } = state.getState();
      if (text === '' || searching || capped || total <= searchedTo) return;
      void search(searchedTo, stop.signal);
    },
    step(by) {
      const { lines, at } = state.getState();
      if (lines.length === 0) return undefined;
      const next = at < 0 && by < 0 ? lines.length - 1 : (at + by + lines.length) % lines.length;
      state.setState({ at: next });
      return lines[next];
    },
    close() {
      clearTimeout(timer);
      stop.abort();
    },
  };
}

/** Where `text` occurs in a line, as pairs of start and end (UTF-16). */
export function occurrences(
  line: string,
  text: string,
  matchCase: boolean,
): readonly (readonly [number, number])[] {
  if (text === '') return [];
  const folded = line.toLowerCase();
  // A few characters change their length with their case; then places would be wrong.
  const sameLength = folded.length === line.length;
  const within = matchCase || !sameLength ? line : folded;
  const wanted = matchCase || !sameLength ? text : text.toLowerCase();
  const found: (readonly [number, number])[] = [];
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length)) {
    found.push([at, at + wanted.length]);
  }
  return found;
}
