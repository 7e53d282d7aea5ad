import { pathKey } from '../../../../shared/windows/windows-path.ts';
import type { LayerIndex } from '../../layer/layer-index.ts';
import type { Turn } from './layer-bytes.ts';

/** Tells of two layers by their numbers whether one brings, changes or removes what the other does, or what lies in it. */
export type Touching = (one: number, other: number) => Promise<boolean>;

/** Compares what layers themselves hold; each layer is gone through once. */
export function createTouching(layersBaseFirst: readonly LayerIndex[], turn: Turn): Touching {
  const known = new Map<number, Promise<ReadonlySet<string>>>();
  const pathsOf = (layerIndex: number): Promise<ReadonlySet<string>> => {
    const found = known.get(layerIndex) ?? ownPaths(layersBaseFirst[layerIndex], turn);
    known.set(layerIndex, found);
    return found;
  };
  return async (one, other) => {
    const [mine, theirs] = [await pathsOf(one), await pathsOf(other)];
    return (await reaches(mine, theirs, turn)) || (await reaches(theirs, mine, turn));
  };
}

/** Keys of all that is no directory: directories on the way to files stand in many layers and mean nothing. */
async function ownPaths(index: LayerIndex | undefined, turn: Turn): Promise<Set<string>> {
  const count = index?.count ?? 0;
  const keys = new Set<string>();
  for (let number = 0; number < count; number++) {
    if (index && index.kindAt(number) !== 'directory') keys.add(pathKey(index.pathAt(number)));
    const pause = turn();
    if (pause) await pause;
  }
  return keys;
}

/** Whether a path of `inner` is one of `outer`, or below one. */
async function reaches(
  outer: ReadonlySet<string>,
  inner: ReadonlySet<string>,
  turn: Turn,
): Promise<boolean> {
  for (const key of inner) {
    for (let end = key.length; end > 0; end = key.lastIndexOf('/', end - 1)) {
      if (outer.has(key.slice(0, end))) return true;
    }
    const pause = turn();
    if (pause) await pause;
  }
  return false;
}
