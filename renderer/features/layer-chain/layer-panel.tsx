import {
  AppWindow,
  Braces,
  FolderTree,
  GitCompare,
  KeyRound,
  LayoutDashboard,
  Recycle,
  Search,
  Variable,
} from 'lucide-react';
import { Activity, useState, type ReactNode } from 'react';
import type { ImageDetail } from '../../../shared/ipc/image-views.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Tabs, type TabItem } from '../../components/tabs.tsx';
import { CompareTab } from './compare-tab.tsx';
import { EnvironmentTab } from './environment-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { LayerHead } from './layer-head.tsx';
import { MetadataTab } from './metadata-tab.tsx';
import { ProgramsTab } from './programs-tab.tsx';
import { RegistryTab } from './registry-tab.tsx';
import { SearchTab } from './search-tab.tsx';
import type { ShownLayer } from './selection.ts';
import { TreemapTab } from './treemap-tab.tsx';
import { WasteTab } from './waste-tab.tsx';
import type { ChainState, LayerTab } from './use-chain-state.ts';
import './layer-panel.css';
import './inspection.css';

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
  { value: 'search', label: 'Search', icon: <Search aria-hidden="true" /> },
  { value: 'compare', label: 'Compare', icon: <GitCompare aria-hidden="true" /> },
  { value: 'registry', label: 'Registry', icon: <KeyRound aria-hidden="true" /> },
  { value: 'environment', label: 'Environment', icon: <Variable aria-hidden="true" /> },
  { value: 'metadata', label: 'Metadata', icon: <Braces aria-hidden="true" /> },
  { value: 'waste', label: 'Waste', icon: <Recycle aria-hidden="true" /> },
  { value: 'programs', label: 'Programs', icon: <AppWindow aria-hidden="true" /> },
];

/** What is known of the selected layer and its image. */
export function LayerPanel(props: LayerPanelProps) {
  const { selected, state } = props;
  if (selected === undefined) {
    return <EmptyState title="This image has no layers" />;
  }
  return (
    <section className="layer-panel" aria-label="Selected layer">
      <LayerHead shown={selected} />
      <Tabs label="Selected layer" items={items} value={state.tab} onValueChange={state.setTab}>
        <KeptPanels {...props} selected={selected} />
      </Tabs>
    </section>
  );
}

type PanelProps = LayerPanelProps & { readonly selected: ShownLayer };

const mostKept = 18;

/** Keeps what was shown of an image, hidden, so that going back to it loses nothing: open folders, scroll, search. */
function KeptPanels(props: PanelProps) {
  const { selected, state } = props;
  const now = `${state.tab} ${selected.at.reference}`;
  const [kept, setKept] = useState<readonly string[]>([]);
  if (kept.at(-1) !== now) {
    setKept([...kept.filter(panel => panel !== now), now].slice(-mostKept));
  }
  // In one order always: a panel that is moved in the page would lose its scroll.
  return kept.toSorted().map(panel => (
    <Held key={panel} active={panel === now}>
      <Panel {...props} />
    </Held>
  ));
}

/** Shows its content; while it is not active it stays as it was and asks nothing. */
function Held({ active, children }: { readonly active: boolean; readonly children: ReactNode }) {
  const [held, setHeld] = useState(children);
  if (active && held !== children) setHeld(children);
  return <Activity mode={active ? 'visible' : 'hidden'}>{active ? children : held}</Activity>;
}

function Panel({ selected, compared, details, layers, state }: PanelProps) {
  const { files, setFiles } = state;
  const inspected = { selected, layers, state };
  switch (state.tab) {
    case 'files':
      return <FilesTab {...inspected} />;
    case 'treemap':
      return (
        <TreemapTab
          at={selected.at}
          chainId={selected.layer.chainId}
          view={files.view}
          onView={view => setFiles({ ...files, view })}
        />
      );
    case 'search':
      return <SearchTab {...inspected} />;
    case 'compare':
      return <CompareTab layers={layers} left={compared} right={selected} state={state} />;
    case 'registry':
      return <RegistryTab {...inspected} />;
    case 'environment':
      return <EnvironmentTab {...inspected} />;
    case 'metadata':
      return (
        <MetadataTab
          {...inspected}
          detail={details.find(({ summary }) => summary === selected.summary)}
        />
      );
    case 'waste':
      return <WasteTab {...inspected} />;
    case 'programs':
      return <ProgramsTab {...inspected} />;
  }
}
