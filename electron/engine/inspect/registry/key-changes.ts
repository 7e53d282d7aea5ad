import type {
  RegistryChangeKind,
  RegistryValueChange,
} from '../../../../shared/ipc/inspect-views.ts';
import type { StoredValue } from '../../hive/hive-reader.ts';
import { tolerant, type HiveDamage } from '../../hive/hive-cells.ts';
import { layerSemantics } from '../../hive/regf.ts';
import {
  isSameKey,
  layeredSubkeys,
  layeredValues,
  topPart,
  type LayeredKey,
} from './layered-key.ts';
import { valueFacts } from './value-text.ts';

/** A key that two views do not share, before and after; at least one is there. */
export interface VisitedKey {
  /** Names below the root of the hive. */
  readonly names: readonly string[];
  readonly before: LayeredKey | undefined;
  readonly after: LayeredKey | undefined;
}

/** Visits every key that may differ, each before its subkeys, sorted by name. What both views share is left out. */
export function* changedKeys(
  before: LayeredKey | undefined,
  after: LayeredKey | undefined,
): Generator<VisitedKey> {
  const waiting: VisitedKey[] = [{ names: [], before, after }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (isSameKey(next.before, next.after)) continue;
    yield next;
    const [old, now] = [layeredSubkeys(next.before), layeredSubkeys(next.after)];
    const upperNames = [...new Set([...old.keys(), ...now.keys()])].sort().reverse();
    for (const upper of upperNames) {
      const [one, other] = [old.get(upper), now.get(upper)];
      const name = (other ?? one)?.name ?? upper;
      waiting.push({ names: [...next.names, name], before: one, after: other });
    }
  }
}

/** What happened to a key: to itself and its values, not to its subkeys. */
export function keyChange({ before, after }: VisitedKey): RegistryChangeKind | undefined {
  if (!before) return 'added';
  if (!after) return 'deleted';
  return valueChanges({ before, after }, 1).length > 0 ? 'modified' : undefined;
}

/** The values of a key that differ, at most `limit`. A value that cannot be read is told to `report`. */
export function valueChanges(
  { before, after }: Pick<VisitedKey, 'before' | 'after'>,
  limit: number,
  report: (damage: HiveDamage) => void = () => undefined,
): RegistryValueChange[] {
  const [old, now] = [layeredValues(before), layeredValues(after)];
  const changes: RegistryValueChange[] = [];
  for (const upper of new Set([...old.keys(), ...now.keys()])) {
    if (changes.length >= limit) break;
    const [one, other] = [old.get(upper)?.value, now.get(upper)?.value];
    const change = tolerant(() => valueChange(one, other), report);
    if (change) changes.push(change);
  }
  return changes;
}

function valueChange(
  before: StoredValue | undefined,
  after: StoredValue | undefined,
): RegistryValueChange | undefined {
  const [old, now] = [before?.read(), after?.read()];
  if (old && now && old.type === now.type && Buffer.compare(old.data, now.data) === 0) {
    return undefined;
  }
  return {
    name: (after ?? before)?.name ?? '',
    change: old ? (now ? 'modified' : 'deleted') : 'added',
    ...(old && { before: valueFacts(old) }),
    ...(now && { after: valueFacts(now) }),
  };
}

const semanticsNames: Readonly<Record<number, string>> = {
  [layerSemantics.tombstone]: 'tombstone',
  [layerSemantics.supersedeLocal]: 'supersedes this key',
  [layerSemantics.supersedeTree]: 'supersedes this key and all below it',
};

/** What the delta hive of the layer says of a key, beyond its values. */
export function marksOf(after: LayeredKey | undefined): string[] {
  const part = after && topPart(after);
  if (part?.file.kind !== 'delta') return [];
  const name = semanticsNames[part.key.layerSemantics];
  const tombstones = part.key.values().filter(value => value.tombstone).length;
  return [
    ...(name === undefined ? [] : [name]),
    ...(tombstones === 0 ? [] : [`tombstones of ${tombstones} values`]),
  ];
}
