import { instructionText } from './chain-words.ts';
import { findLayer, type LayerAt, type ShownLayer } from './selection.ts';

export interface LayerLinkProps {
  readonly at: LayerAt;
  readonly layers: readonly ShownLayer[];
  readonly onSelect: (at: LayerAt) => void;
}

/** Names a layer by its place and its instruction, and selects it. */
export function LayerLink({ at, layers, onSelect }: LayerLinkProps) {
  const layer = findLayer(layers, at);
  return (
    <button type="button" className="layer-link" onClick={() => onSelect(at)}>
      <span>Layer {at.layerIndex}</span>
      {layer && <code className="truncate muted">{instructionText(layer.link.createdBy)}</code>}
    </button>
  );
}
