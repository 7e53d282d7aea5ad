import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InspectedImage } from '../../../../electron/engine/inspect/inspected-image.ts';
import { indexLayer } from '../../../../electron/engine/layer/index-layer.ts';
import { layerIndexOf } from '../../../../electron/engine/layer/layer-index.ts';
import { createLayerTree } from '../../../../electron/engine/layer/layer-tree.ts';
import type { HiveValue } from '../../../../electron/engine/hive/hive-value.ts';
import { encodeHive, type NewKey } from '../../../../electron/engine/hive/hive-writer.ts';
import { sddlToBinary } from '../../../../shared/windows/security-descriptor.ts';
import { dir, pieces, writeLayer, type Planned } from '../layer/support.ts';

/** An image of layers that are written, indexed and read for real, in memory. */
export async function imageOf(layers: readonly (readonly Planned[])[]): Promise<InspectedImage> {
  const made = await Promise.all(
    layers.map(async planned => {
      const { written, blob } = await writeLayer(withParents(planned));
      return { blob, index: layerIndexOf(await indexLayer(pieces(blob), written)) };
    }),
  );
  const indexes = made.map(({ index }) => index);
  return {
    layerCount: made.length,
    tree: top => createLayerTree(indexes.slice(0, top + 1)),
    async *content({ layerIndex, entryNumber }, range) {
      const { blob, index } = made[layerIndex]!;
      const start = index.contentOffsetAt(entryNumber);
      const whole = blob.subarray(start, start + index.sizeAt(entryNumber));
      const { offset, length } = range ?? { offset: 0, length: whole.length };
      yield* pieces(whole.subarray(offset, offset + length));
    },
    newScratchPath: async () => join(tmpdir(), `layerwright-scratch-${randomUUID()}`),
  };
}

/** Puts the directories that entries need before them. */
function withParents(planned: readonly Planned[]): Planned[] {
  const seen = new Set<string>();
  return planned.flatMap(each => {
    const [{ path }] = each;
    const parents = path.split('/').slice(0, -1);
    const missing = parents
      .map((_, index) => parents.slice(0, index + 1).join('/'))
      .filter(parent => !seen.has(parent));
    for (const known of [...missing, path]) seen.add(known);
    return [...missing.map(parent => dir(parent)), each];
  });
}

const securityDescriptor = sddlToBinary('O:BAG:SYD:P(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)');

/** A key for tests: values, or subkeys by name, or both. */
export interface KeyTree {
  readonly values?: readonly HiveValue[];
  readonly [subkey: `\\${string}`]: KeyTree;
}

function keyOf(name: string, tree: KeyTree): NewKey {
  const subkeys = Object.entries(tree).filter(([key]) => key.startsWith('\\'));
  return {
    name,
    modified: 1_700_000_000_000_000_000n,
    values: tree.values ?? [],
    subkeys: subkeys.map(([key, below]) => keyOf(key.slice(1), below as KeyTree)),
  };
}

export function hiveOf(tree: KeyTree): Buffer {
  return Buffer.from(encodeHive(keyOf('ROOT', tree), { fileName: 'TEST', securityDescriptor }));
}

/** Marks a key of a delta hive: byte 13 of a key node holds the layer semantics (regf specification). */
export function markKey(hive: Buffer, name: string, semantics: number): Buffer {
  for (let at = hive.indexOf('nk'); at >= 0; at = hive.indexOf('nk', at + 1)) {
    const length = hive.readUInt16LE(at + 72);
    if (hive.toString('latin1', at + 76, at + 76 + length) === name) hive[at + 13] = semantics;
  }
  return hive;
}

/** Marks a value of a delta hive as a tombstone. */
export function markValue(hive: Buffer, name: string): Buffer {
  for (let at = hive.indexOf('vk'); at >= 0; at = hive.indexOf('vk', at + 1)) {
    const length = hive.readUInt16LE(at + 2);
    if (hive.toString('latin1', at + 20, at + 20 + length) === name) {
      hive.writeUInt16LE(hive.readUInt16LE(at + 16) | 2, at + 16);
    }
  }
  return hive;
}

export const config = 'Files/Windows/System32/config';
