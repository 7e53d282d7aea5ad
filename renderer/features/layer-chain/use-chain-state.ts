import { useEffect, useState } from 'react';
import { useApp } from '../../app/context.tsx';
import type { FileQuery } from './file-tree-view.tsx';
import { mostImages, type LayerAt } from './selection.ts';

export const layerTabs = [
  'files',
  'treemap',
  'search',
  'compare',
  'registry',
  'environment',
  'metadata',
  'waste',
  'programs',
] as const;
export type LayerTab = (typeof layerTabs)[number];

/** A file that is to be shown in the tree of its layer, once for each such object. */
export interface WantedFile {
  readonly at: LayerAt;
  readonly path: string;
}

/** What the person looks at. */
export interface ChainState {
  readonly chosen: readonly string[];
  readonly selected: LayerAt | undefined;
  readonly compared: LayerAt | undefined;
  readonly form: 'picture' | 'table';
  readonly tab: LayerTab;
  /** Which files of a layer are wanted; stays when another layer is selected. */
  readonly files: FileQuery;
  readonly wanted: WantedFile | undefined;
  /** The instruction (place in the history) that is pointed out among those of its image. */
  readonly instruction: { readonly reference: string; readonly position: number } | undefined;
  readonly setChosen: (chosen: readonly string[]) => void;
  readonly select: (at: LayerAt) => void;
  /** Shows how a layer differs from the selected one. */
  readonly compareWith: (at: LayerAt) => void;
  readonly setForm: (form: 'picture' | 'table') => void;
  readonly setTab: (tab: LayerTab) => void;
  readonly setFiles: (files: FileQuery) => void;
  /** Goes to a file in the tree of a layer. */
  readonly showFile: (at: LayerAt, path: string) => void;
  /** Goes to an instruction in the list of all of them. */
  readonly showInstruction: (reference: string, position: number) => void;
}

/** The state of the surface. It goes where other surfaces ask it to (`layers` of the ui store). */
export function useChainState(): ChainState {
  const { stores } = useApp();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [selected, setSelected] = useState<LayerAt>();
  const [compared, setCompared] = useState<LayerAt>();
  const [form, setForm] = useState<'picture' | 'table'>('picture');
  const [tab, setTab] = useState<LayerTab>('files');
  const [files, setFiles] = useState<FileQuery>({ view: 'layer', sort: 'size', changes: [] });
  const [wanted, setWanted] = useState<WantedFile>();
  const [instruction, setInstruction] = useState<ChainState['instruction']>();
  useEffect(() => {
    const follow = () => {
      const taken = stores.ui.getState().take('layers');
      if (taken === undefined) return;
      const { reference, layerIndex } = taken;
      setChosen(before => (before.includes(reference) ? before : [reference]));
      // No layer has the index -1, and then the uppermost one is shown.
      setSelected({ reference, layerIndex: layerIndex ?? -1 });
      setCompared(undefined);
    };
    follow();
    return stores.ui.subscribe(follow);
  }, [stores]);
  return {
    chosen,
    selected,
    compared,
    form,
    tab,
    files,
    wanted,
    instruction,
    setChosen: chosen => setChosen([...new Set(chosen)].slice(0, mostImages)),
    select: setSelected,
    compareWith(at) {
      setCompared(at);
      setTab('compare');
    },
    setForm,
    setTab,
    setFiles,
    showFile(at, path) {
      setSelected(at);
      setFiles({ ...files, view: 'layer', changes: [] });
      setWanted({ at, path });
      setTab('files');
    },
    showInstruction(reference, position) {
      setInstruction({ reference, position });
      setTab('metadata');
    },
  };
}
