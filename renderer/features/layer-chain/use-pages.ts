import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../shared/failure.ts';
import { loading, settled, type Loadable } from '../../stores/loadable.ts';
import type { PageOf } from './lazy-tree.ts';

export interface Pages<P extends PageOf<unknown>> {
  /** The first page, with all that it tells of the whole. While another question is asked, that of the former. */
  readonly first: Loadable<P>;
  /** The rows of all pages that came. */
  readonly rows: readonly P['rows'][number][];
  /** Why the next page could not be had. */
  readonly failure?: Failure;
  /** Asks for the next page, unless it is being asked for or all there. */
  readonly more: () => void;
  /** Asks for the next page again after a failure. */
  readonly moreAgain: () => void;
  readonly retry: () => void;
  readonly cancel: () => void;
}

interface Known<P extends PageOf<unknown>> {
  readonly of: string;
  readonly first: Loadable<P>;
  readonly rows: readonly P['rows'][number][];
  readonly failure?: Failure;
}

/** A long answer, read page by page as it is looked at. It is asked anew where `question` changes. */
export function usePages<P extends PageOf<unknown>>(
  question: string,
  ask: (offset: number, signal: AbortSignal) => Promise<P>,
): Pages<P> {
  const [known, setKnown] = useState<Known<P>>({ of: '', first: loading, rows: [] });
  const [tries, setTries] = useState(0);
  const running = useRef<AbortController>(undefined);

  async function load(offset: number): Promise<void> {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const answer = await settled(ask(offset, controller.signal));
    if (controller.signal.aborted) return;
    running.current = undefined;
    setKnown(before => withAnswer(before, { of: question, offset, answer }));
  }

  useEffect(() => {
    void load(0);
    return () => {
      running.current?.abort();
      running.current = undefined;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `question` stands for what is asked
  }, [question, tries]);

  const { first, rows, failure } = known;
  const total = first.kind === 'ready' ? first.value.total : 0;
  return {
    first,
    rows,
    ...(failure === undefined ? {} : { failure }),
    more() {
      const isComplete = known.of !== question || rows.length >= total || failure !== undefined;
      if (!isComplete && running.current === undefined) void load(rows.length);
    },
    moreAgain() {
      setKnown({ of: known.of, first, rows });
      void load(rows.length);
    },
    retry: () => setTries(tries + 1),
    cancel() {
      running.current?.abort();
      running.current = undefined;
      setKnown({
        of: question,
        first: { kind: 'failed', failure: { code: 'cancelled' } },
        rows: [],
      });
    },
  };
}

function withAnswer<P extends PageOf<unknown>>(
  before: Known<P>,
  {
    of,
    offset,
    answer,
  }: { readonly of: string; readonly offset: number; readonly answer: Loadable<P> },
): Known<P> {
  if (offset === 0) {
    return { of, first: answer, rows: answer.kind === 'ready' ? answer.value.rows : [] };
  }
  if (before.of !== of || before.rows.length !== offset) return before;
  if (answer.kind === 'failed') return { ...before, failure: answer.failure };
  return answer.kind === 'ready'
    ? { ...before, rows: [...before.rows, ...answer.value.rows] }
    : before;
}
