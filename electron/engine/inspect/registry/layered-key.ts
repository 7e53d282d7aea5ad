import type { HiveKey, StoredValue } from '../../hive/hive-reader.ts';
import { layerSemantics, upperName } from '../../hive/regf.ts';

/** A key of one hive file. */
export interface KeyPart {
  /** The hive file; the same for all its keys. */
  readonly file: {
    readonly layerIndex: number;
    readonly entryNumber: number;
    readonly kind: 'whole' | 'delta';
  };
  readonly key: HiveKey;
}

/**
 * A key of the registry that several layers put together. The rules are those that are published: Microsoft's patent
 * US20170279678A1 and "Layered keys" of Maxim Suhanov's "Windows registry file format specification".
 */
export interface LayeredKey {
  /** As the topmost layer spells it. */
  readonly name: string;
  readonly partsBaseFirst: readonly KeyPart[];
  /** Parts before this one give no values: a later one supersedes them. */
  readonly firstWithValues: number;
}

/** A value, and the layer that wrote it. */
export interface LayeredValue {
  readonly value: StoredValue;
  readonly layerIndex: number;
}

/** The root of a hive; undefined without parts. */
export function layeredRoot(partsBaseFirst: readonly KeyPart[]): LayeredKey | undefined {
  return partsBaseFirst.reduce<LayeredKey | undefined>(
    (below, part) => withPart(below, part),
    undefined,
  );
}

/** The key with one more part on top; undefined where the part says that it is gone. */
function withPart(below: LayeredKey | undefined, part: KeyPart): LayeredKey | undefined {
  const { key } = part;
  const alone = { name: key.name, partsBaseFirst: [part], firstWithValues: 0 };
  const semantics = part.file.kind === 'delta' ? key.layerSemantics : layerSemantics.merge;
  if (semantics === layerSemantics.tombstone) return undefined;
  if (!below || semantics === layerSemantics.supersedeTree) return alone;
  const partsBaseFirst = [...below.partsBaseFirst, part];
  const isLocal = semantics === layerSemantics.supersedeLocal;
  return {
    name: key.name,
    partsBaseFirst,
    firstWithValues: isLocal ? partsBaseFirst.length - 1 : below.firstWithValues,
  };
}

/** The subkeys by `upperName`, in no order. */
export function layeredSubkeys(key: LayeredKey | undefined): Map<string, LayeredKey> {
  const subkeys = new Map<string, LayeredKey>();
  for (const { file, key: own } of key?.partsBaseFirst ?? []) {
    for (const subkey of own.subkeys()) {
      const name = upperName(subkey.name);
      const merged = withPart(subkeys.get(name), { file, key: subkey });
      if (merged) subkeys.set(name, merged);
      else subkeys.delete(name);
    }
  }
  return subkeys;
}

/** The values by `upperName`. Of a name that a damaged hive holds twice, the first counts, as it does for Windows. */
export function layeredValues(key: LayeredKey | undefined): Map<string, LayeredValue> {
  const values = new Map<string, LayeredValue>();
  for (const { file, key: own } of key?.partsBaseFirst.slice(key.firstWithValues) ?? []) {
    const seen = new Set<string>();
    for (const value of own.values()) {
      const name = upperName(value.name);
      if (seen.has(name)) continue;
      seen.add(name);
      if (file.kind === 'delta' && value.tombstone) values.delete(name);
      else values.set(name, { value, layerIndex: file.layerIndex });
    }
  }
  return values;
}

/** The key at a path below `key`, in any case; undefined where there is none. */
export function findLayered(key: LayeredKey | undefined, path: string): LayeredKey | undefined {
  let found = key;
  for (const name of path.split('\\').filter(part => part !== '')) {
    found = layeredSubkeys(found).get(upperName(name));
  }
  return found;
}

/** Whether both are put together from the same keys of the same files, so that all below them is the same. */
export function isSameKey(one: LayeredKey | undefined, other: LayeredKey | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.partsBaseFirst.length === other.partsBaseFirst.length &&
    one.partsBaseFirst.every((part, index) => {
      const same = other.partsBaseFirst[index];
      return same?.file === part.file && same.key.cellOffset === part.key.cellOffset;
    })
  );
}

/** The topmost part. */
export function topPart(key: LayeredKey): KeyPart | undefined {
  return key.partsBaseFirst.at(-1);
}
