import type { ChangeKind, FileRow, LayerView } from '../../../shared/ipc/image-views.ts';
import { useApp } from '../../app/context.tsx';
import { FileRowView } from './file-row.tsx';
import { LazyTreeView } from './lazy-tree-view.tsx';
import type { LayerAt } from './selection.ts';
import { useLazyTree, useReveal } from './use-lazy-tree.ts';

/** Which files, and in what order. */
export interface FileQuery {
  readonly view: LayerView;
  readonly sort: 'name' | 'size' | 'change';
  /** Only these kinds; all where empty. */
  readonly changes: readonly ChangeKind[];
}

export interface FilesProps {
  readonly at: LayerAt;
  /** Changes where the tag comes to name another image. */
  readonly chainId: string;
  readonly query: FileQuery;
  readonly selectedPath: string | undefined;
  readonly onSelect: (path: string) => void;
}

const pageRows = 300;

/** The files of a layer as a tree. */
export function FileTreeView(
  props: FilesProps & {
    /** A file to open the folders above of, once for each such object. */
    readonly wanted: { readonly path: string } | undefined;
  },
) {
  const { at, chainId, query, wanted } = props;
  const { api } = useApp();
  const { changes, ...rest } = query;
  const state = useLazyTree<FileRow>({
    question: JSON.stringify([at, chainId, query]),
    separator: '/',
    load: async (directory, offset, signal) =>
      await api.request(
        'layer.children',
        { ...at, ...rest, directory, offset, limit: pageRows, ...onlyChanges(changes) },
        signal,
      ),
  });
  useReveal(state, wanted);
  return (
    <LazyTreeView
      label="Files"
      state={state}
      opens={({ kind }) => kind === 'directory'}
      renderRow={row => <FileRowView row={row} />}
      selectedPath={props.selectedPath}
      onSelect={props.onSelect}
      words={{
        waiting: 'Reading the layer',
        failed: 'The files of this layer could not be read',
        empty:
          changes.length > 0 ? 'No file was changed in the ways that are chosen.' : 'No files.',
      }}
    />
  );
}

/** An empty filter is none. */
export function onlyChanges(changes: readonly ChangeKind[]): { changes?: ChangeKind[] } {
  return changes.length === 0 ? {} : { changes: [...changes] };
}
