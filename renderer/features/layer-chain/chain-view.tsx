import { useMemo } from 'react';
import type { ImageDetail } from '../../../shared/ipc/image-views.ts';
import { chainLayout, type ChainBlock, type ChainImage } from './chain-layout.ts';
import { ChainLegend } from './chain-legend.tsx';
import { ChainPicture } from './chain-picture.tsx';
import { ChainTable } from './chain-table.tsx';
import type { LayerAt, ShownLayer } from './selection.ts';
import type { ChainState } from './use-chain-state.ts';
import './chain-picture.css';

export interface ChainViewProps {
  readonly details: readonly ImageDetail[];
  readonly selected: ShownLayer | undefined;
  readonly compared: ShownLayer | undefined;
  readonly state: ChainState;
}

/** The chains, as a picture or as a table. */
export function ChainView({ details, selected, compared, state }: ChainViewProps) {
  const images = useMemo<readonly ChainImage[]>(
    () => details.map(({ summary, links }) => ({ reference: summary.reference, links })),
    [details],
  );
  const layout = useMemo(() => chainLayout(images), [images]);
  if (state.form === 'table') {
    return (
      <ChainTable
        images={images}
        selected={selected?.at}
        onSelect={(reference, layerIndex) => state.select({ reference, layerIndex })}
        onInstruction={state.showInstruction}
      />
    );
  }
  return (
    <div className="chain-view">
      <ChainPicture
        layout={layout}
        selectedKey={selected?.layer.chainId}
        comparedKey={state.tab === 'compare' ? compared?.layer.chainId : undefined}
        onSelect={block => state.select(atOf(block, selected))}
        onCompare={block => state.compareWith(atOf(block, selected))}
        onInstruction={state.showInstruction}
      />
      <ChainLegend />
    </div>
  );
}

/** Names the layer by the image that is being looked at, where it has it. */
function atOf({ references, layer }: ChainBlock, selected: ShownLayer | undefined): LayerAt {
  const kept = references.find(reference => reference === selected?.at.reference);
  return { reference: kept ?? references[0] ?? '', layerIndex: layer.layerIndex };
}
