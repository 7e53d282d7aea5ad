import type { WhatIf } from '../../../../shared/ipc/inspect-views.ts';
import { moveEdit } from './dockerfile-edit.ts';
import type { WastedContent } from './layer-bytes.ts';
import type { Touching } from './touching-layers.ts';
import { leastSaving, packedBytes, predictedSize, type LayerFacts } from './what-if.ts';

const shownMoves = 5;

/**
 * What moving a step up to the one whose files it replaces or deletes would save: for pairs of RUN steps with other
 * steps between them, where none of those touches what the moved step does.
 */
export async function moveWhatIfs(
  wasted: readonly WastedContent[],
  facts: LayerFacts,
  touching: Touching,
): Promise<WhatIf[]> {
  const own = wasted.filter(({ layerIndex }) => layerIndex >= facts.firstOwnLayer);
  const pairs = Map.groupBy(own, ({ layerIndex, byLayer }) => `${layerIndex}-${byLayer}`);
  const found: WhatIf[] = [];
  for (const lost of pairs.values()) {
    const [{ layerIndex: from, byLayer: to } = { layerIndex: 0, byLayer: 0 }] = lost;
    const savedBytes = lost.reduce((sum, { bytes }) => sum + bytes, 0);
    if (savedBytes < leastSaving) continue;
    const edit = moveEdit(facts.instructions, from, to);
    if (!edit || (await touchesBetween(touching, from, to))) continue;
    const savedPackedBytes = packedBytes(lost, facts);
    found.push({
      kind: 'move',
      title: `Move the step of layer ${to} up to that of layer ${from}, into one RUN`,
      fromLayer: from,
      toLayer: to,
      savedBytes,
      savedPackedBytes,
      predictedSize: predictedSize(facts, savedPackedBytes),
      ...edit,
    });
  }
  found.sort((one, other) => other.savedBytes - one.savedBytes);
  return found.slice(0, shownMoves);
}

async function touchesBetween(touching: Touching, from: number, to: number): Promise<boolean> {
  for (let between = from + 1; between < to; between++) {
    if (await touching(between, to)) return true;
  }
  return false;
}
