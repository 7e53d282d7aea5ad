import type { RegistryFoundPage, RegistryHit } from '../../../../shared/ipc/inspect-views.ts';
import { tolerant } from '../../hive/hive-cells.ts';
import { valueContent, type HiveValue } from '../../hive/hive-value.ts';
import { parseWildcards } from '../glob.ts';
import { createTurns } from '../turns.ts';
import type { ImageRegistry } from './image-registry.ts';
import {
  layeredSubkeys,
  layeredValues,
  topPart,
  type LayeredKey,
  type LayeredValue,
} from './layered-key.ts';
import type { PageQuery } from './registry-pages.ts';
import { valueFacts } from './value-text.ts';

/** What is looked for in a registry. */
export interface RegistryQuery extends PageQuery {
  /** A part of a name or of data, in any case. */
  readonly text?: string | undefined;
  /** The whole of a name or of data: `*` stands for anything, `?` for one character. With a `\` it is a key's path. */
  readonly glob?: string | undefined;
  /** Where to look; everywhere otherwise. */
  readonly parts?: readonly RegistryHit['found'][] | undefined;
  /** Only what this layer itself wrote, and not all that is there up to it. */
  readonly onlyThisLayer?: boolean | undefined;
}

/** Binary data is searched as hexadecimal digits, so far. */
const searchedBinary = 4096;

/**
 * Finds keys, names of values and data in all hives up to a layer, in the order of the hives, each key before its
 * values and these before its subkeys. It walks all keys and holds none of them but those of the page.
 */
export async function searchRegistry(
  registry: ImageRegistry,
  layerIndex: number,
  query: RegistryQuery,
  signal?: AbortSignal,
): Promise<RegistryFoundPage> {
  const turn = createTurns(signal);
  const search = createSearch(layerIndex, query);
  let keys = 0;
  for (const { view, root } of await registry.hives(layerIndex, signal)) {
    for (const visited of keysBelow(root, view.mount)) {
      keys += 1;
      // What is damaged is told by the notes of the hive.
      tolerant(
        () => search.visit(visited),
        () => undefined,
      );
      const pause = turn();
      if (pause) await pause;
    }
  }
  const notes = await registry.notes(layerIndex, signal);
  return { rows: search.rows, total: search.total(), searchedKeys: keys, notes };
}

interface Visited {
  readonly key: LayeredKey;
  /** From the mount. */
  readonly path: string;
}

function* keysBelow(root: LayeredKey | undefined, mount: string): Generator<Visited> {
  const waiting: Visited[] = root ? [{ key: root, path: mount }] : [];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const { path } = next;
    const subkeys = [...layeredSubkeys(next.key)].sort(([one], [other]) => (one < other ? 1 : -1));
    for (const [, key] of subkeys) waiting.push({ key, path: `${path}\\${key.name}` });
  }
}

function createSearch(layerIndex: number, query: RegistryQuery) {
  const { parts = ['key', 'name', 'data'], onlyThisLayer = false, offset, limit } = query;
  const matches = matcherOf(query);
  const byPath = query.glob?.includes('\\') === true;
  const rows: RegistryHit[] = [];
  let total = 0;
  const isWanted = (at: number) => !onlyThisLayer || at === layerIndex;
  const add = (row: () => RegistryHit) => {
    if (total >= offset && total < offset + limit) rows.push(row());
    total += 1;
  };
  function visitValue(path: string, { value, layerIndex: at }: LayeredValue): void {
    if (!isWanted(at)) return;
    const byName = parts.includes('name') && matches(value.name);
    if (!byName && !parts.includes('data')) return;
    const read = value.read();
    const found = byName ? 'name' : 'data';
    if (!byName && !searchedTexts(read).some(matches)) return;
    const view = { name: value.name, ...valueFacts(read), layerIndex: at };
    add(() => ({ found, path, layerIndex: at, value: view }));
  }
  return {
    rows,
    total: () => total,
    visit({ key, path }: Visited): void {
      const at = topPart(key)?.file.layerIndex ?? 0;
      if (parts.includes('key') && isWanted(at) && matches(byPath ? path : key.name)) {
        add(() => ({ found: 'key', path, layerIndex: at }));
      }
      for (const value of layeredValues(key).values()) {
        tolerant(
          () => visitValue(path, value),
          () => undefined,
        );
      }
    },
  };
}

function matcherOf({ text, glob }: RegistryQuery): (found: string) => boolean {
  if (glob !== undefined) return parseWildcards(glob);
  const wanted = (text ?? '').toUpperCase();
  return found => found.toUpperCase().includes(wanted);
}

/** All that the data of a value may be looked for as. */
function searchedTexts(value: HiveValue): readonly string[] {
  const content = valueContent(value);
  switch (content.kind) {
    case 'text':
      return [content.text];
    case 'texts':
      return content.texts;
    case 'number':
      return [String(content.number), `0x${content.number.toString(16)}`];
    case 'binary':
      return [Buffer.from(content.data.subarray(0, searchedBinary)).toString('hex')];
  }
}
