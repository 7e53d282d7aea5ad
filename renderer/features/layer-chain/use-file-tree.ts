import { useEffect, useRef, useState } from 'react';
import type { ChangeKind, LayerView } from '../../../shared/ipc/image-views.ts';
import { useApp } from '../../app/context.tsx';
import { settled } from '../../stores/loadable.ts';
import {
  emptyTree,
  isIncomplete,
  toggled,
  withFailure,
  withoutFailure,
  withPage,
  type FileTree,
} from './file-tree.ts';
import type { LayerAt } from './selection.ts';

/** Which files, and in what order. */
export interface FileQuery {
  readonly view: LayerView;
  readonly sort: 'name' | 'size' | 'change';
  /** Only these kinds; all where empty. */
  readonly changes: readonly ChangeKind[];
}

export interface FileTreeState {
  readonly tree: FileTree;
  readonly toggle: (directory: string) => void;
  /** Asks for the next page of a directory, unless it is being asked for or all there. */
  readonly more: (directory: string) => void;
  readonly retry: (directory: string) => void;
}

const pageRows = 300;

/** The files of a layer, read directory by directory and page by page as they are looked at. */
export function useFileTree(at: LayerAt, query: FileQuery): FileTreeState {
  const { api } = useApp();
  const question = JSON.stringify([at, query]);
  const [state, setState] = useState({ of: question, tree: emptyTree });
  // What was opened stays open when the order or the filter changes; what was loaded does not fit any more.
  const tree: FileTree =
    state.of === question ? state.tree : { ...emptyTree, expanded: state.tree.expanded };
  const asking = useRef(new Map<string, AbortController>());

  const change = (edit: (tree: FileTree) => FileTree) =>
    setState(before => ({
      of: question,
      tree: edit(
        before.of === question ? before.tree : { ...emptyTree, expanded: before.tree.expanded },
      ),
    }));

  async function load(directory: string, offset: number): Promise<void> {
    const controller = new AbortController();
    asking.current.set(directory, controller);
    const { changes, ...rest } = query;
    const page = {
      offset,
      limit: pageRows,
      ...(changes.length === 0 ? {} : { changes: [...changes] }),
    };
    const answer = await settled(
      api.request('layer.children', { ...at, ...rest, ...page, directory }, controller.signal),
    );
    if (controller.signal.aborted) return;
    asking.current.delete(directory);
    if (answer.kind === 'ready') change(tree => withPage(tree, directory, offset, answer.value));
    if (answer.kind === 'failed') change(tree => withFailure(tree, directory, answer.failure));
  }

  function more(directory: string): void {
    if (asking.current.has(directory) || !isIncomplete(tree, directory)) return;
    void load(directory, tree.directories.get(directory)?.rows.length ?? 0);
  }

  useEffect(() => {
    const asked = asking.current;
    for (const directory of ['', ...tree.expanded]) void load(directory, 0);
    return () => {
      for (const controller of asked.values()) controller.abort();
      asked.clear();
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `question` stands for the layer and the query
  }, [api, question]);

  return {
    tree,
    more,
    toggle(directory) {
      change(tree => toggled(tree, directory));
      if (!tree.expanded.has(directory)) more(directory);
    },
    retry(directory) {
      change(tree => withoutFailure(tree, directory));
      void load(directory, tree.directories.get(directory)?.rows.length ?? 0);
    },
  };
}
