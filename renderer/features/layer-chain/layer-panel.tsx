import { Braces, FolderTree, GitCompare, LayoutDashboard } from 'lucide-react';
import type { ImageDetail } from '../../../shared/ipc/image-views.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Tabs, type TabItem } from '../../components/tabs.tsx';
import { CompareTab } from './compare-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { JsonTab } from './json-tab.tsx';
import { LayerHead } from './layer-head.tsx';
import type { ShownLayer } from './selection.ts';
import { TreemapTab } from './treemap-tab.tsx';
import type { ChainState, LayerTab } from './use-chain-state.ts';
import './layer-panel.css';

export interface LayerPanelProps {
  readonly details: readonly ImageDetail[];
  readonly layers: readonly ShownLayer[];
  readonly selected: ShownLayer | undefined;
  readonly compared: ShownLayer | undefined;
  readonly state: ChainState;
}

const items: readonly TabItem<LayerTab>[] = [
  { value: 'files', label: 'Files', icon: <FolderTree aria-hidden="true" /> },
  { value: 'treemap', label: 'Treemap', icon: <LayoutDashboard aria-hidden="true" /> },
  { value: 'compare', label: 'Compare', icon: <GitCompare aria-hidden="true" /> },
  { value: 'json', label: 'Image JSON', icon: <Braces aria-hidden="true" /> },
];

/** What is known of the selected layer. */
export function LayerPanel(props: LayerPanelProps) {
  const { selected, state } = props;
  if (selected === undefined) {
    return <EmptyState title="This image has no layers" />;
  }
  return (
    <section className="layer-panel" aria-label="Selected layer">
      <LayerHead shown={selected} />
      <Tabs label="Selected layer" items={items} value={state.tab} onValueChange={state.setTab}>
        <Panel {...props} selected={selected} />
      </Tabs>
    </section>
  );
}

function Panel(props: LayerPanelProps & { readonly selected: ShownLayer }) {
  const { selected, compared, details, layers, state } = props;
  const { files, setFiles } = state;
  // A tag may come to name another image, whose layer at the same place is another one.
  const key = `${selected.at.reference} ${selected.layer.chainId}`;
  switch (state.tab) {
    case 'files':
      return (
        <FilesTab
          key={key}
          at={selected.at}
          layers={layers}
          query={files}
          onQuery={setFiles}
          onSelect={state.select}
        />
      );
    case 'treemap':
      return (
        <TreemapTab
          key={key}
          at={selected.at}
          view={files.view}
          onView={view => setFiles({ ...files, view })}
        />
      );
    case 'compare':
      return (
        <CompareTab
          layers={layers}
          left={compared}
          right={selected}
          onLeft={state.compareWith}
          onRight={state.select}
        />
      );
    case 'json':
      return <JsonTab detail={details.find(({ summary }) => summary === selected.summary)} />;
  }
}
