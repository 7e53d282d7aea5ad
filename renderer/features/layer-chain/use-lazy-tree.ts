import { useEffect, useRef, useState } from 'react';
import { settled } from '../../stores/loadable.ts';
import {
  emptyTree,
  isIncomplete,
  parentsOf,
  revealed,
  toggled,
  withFailure,
  withoutFailure,
  withPage,
  type LazyTree,
  type PageOf,
} from './lazy-tree.ts';

export interface LazyTreeState<R> {
  readonly tree: LazyTree<R>;
  readonly toggle: (directory: string) => void;
  /** Asks for the next page of a directory, unless it is being asked for or all there. */
  readonly more: (directory: string) => void;
  readonly retry: (directory: string) => void;
  /** Opens what is above a path. */
  readonly reveal: (path: string) => void;
}

/** Opens what is above of something, once for each such object: hidden panels run their effects anew when shown. */
export function useReveal(
  state: { readonly reveal: (path: string) => void },
  wanted: { readonly path: string } | undefined,
): void {
  const done = useRef<object>(undefined);
  useEffect(() => {
    if (wanted === undefined || done.current === wanted) return;
    done.current = wanted;
    state.reveal(wanted.path);
    // oxlint-disable-next-line react/exhaustive-deps -- once for each wish, not when the tree changes
  }, [wanted]);
}

export interface LazyTreeQuestion<R> {
  /** Everything that the rows depend on: other rows are loaded where it changes. */
  readonly question: string;
  readonly separator: string;
  readonly load: (directory: string, offset: number, signal: AbortSignal) => Promise<PageOf<R>>;
}

/**
 * A tree that is read directory by directory and page by page as it is looked at. What was opened stays open when
 * the question changes; what was loaded does not fit any more.
 */
export function useLazyTree<R>(asked: LazyTreeQuestion<R>): LazyTreeState<R> {
  const { question, separator } = asked;
  const [state, setState] = useState({ of: question, tree: emptyTree<R>() });
  const treeNow = (known: typeof state): LazyTree<R> =>
    known.of === question ? known.tree : emptyTree<R>(known.tree.expanded);
  const tree = treeNow(state);
  const asking = useRef(new Map<string, AbortController>());

  const change = (edit: (tree: LazyTree<R>) => LazyTree<R>) =>
    setState(before => ({ of: question, tree: edit(treeNow(before)) }));

  async function load(directory: string, offset: number): Promise<void> {
    const controller = new AbortController();
    asking.current.set(directory, controller);
    const answer = await settled(asked.load(directory, offset, controller.signal));
    if (controller.signal.aborted) return;
    asking.current.delete(directory);
    if (answer.kind === 'ready') change(known => withPage(known, directory, offset, answer.value));
    if (answer.kind === 'failed') change(known => withFailure(known, directory, answer.failure));
  }

  function more(directory: string): void {
    if (asking.current.has(directory) || !isIncomplete(tree, directory)) return;
    void load(directory, tree.directories.get(directory)?.rows.length ?? 0);
  }

  useEffect(() => {
    const running = asking.current;
    for (const directory of ['', ...tree.expanded]) more(directory);
    return () => {
      for (const controller of running.values()) controller.abort();
      running.clear();
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `question` stands for what is loaded and from where
  }, [question]);

  return {
    tree,
    more,
    toggle(directory) {
      change(known => toggled(known, directory));
      if (!tree.expanded.has(directory)) more(directory);
    },
    retry(directory) {
      change(known => withoutFailure(known, directory));
      void load(directory, tree.directories.get(directory)?.rows.length ?? 0);
    },
    reveal(path) {
      change(known => revealed(known, path, separator));
      for (const parent of parentsOf(path, separator)) more(parent);
    },
  };
}
