import { pathKey } from '../../../shared/windows/windows-path.ts';
import { binaryToSddl } from '../../../shared/windows/security-descriptor.ts';
import type { EntryDetail } from '../../../shared/ipc/image-views.ts';
import type { LayerEntry } from '../layer/entry.ts';
import { byteString } from '../layer/node-builder.ts';
import { attributeNames } from './attribute-names.ts';
import { entryIn, nodeSize } from './entry-change.ts';
import { isoTime } from './iso-time.ts';
import type { ChainView, Pair } from './layer-view.ts';
import { pathHistory } from './path-history.ts';
import { findPair, nameIn, rowOf, shownNode } from './rows.ts';

/** Everything known of one entry of a view; undefined if the view has none at `path`. */
export function entryDetail(view: ChainView, path: string): EntryDetail | undefined {
  const { layersBaseFirst, topLayer } = view;
  const found = findPair(view, path);
  if (!found || found.path === '') return undefined;
  const entry = entryIn({ node: shownNode(found.pair), layersBaseFirst });
  const history = pathHistory(layersBaseFirst.slice(0, topLayer + 1), found.path);
  return {
    row: rowOf(view, found.pair, found.path),
    ...(entry ? metadataOf(entry) : unknownMetadata),
    streams: streamsOf(view, found.path, found.pair),
    history: history.changes.map(({ layerIndex, change, size }) => ({ layerIndex, change, size })),
  };
}

// A directory that only the files below it imply.
const unknownMetadata = { attributes: [], modified: '', extendedAttributes: [] };

function metadataOf(entry: LayerEntry) {
  const { created, changed, accessed, securityDescriptor } = entry;
  const sddl = securityDescriptor && sddlOf(securityDescriptor);
  return {
    attributes: attributeNames(entry.attributes),
    modified: isoTime(entry.modified),
    ...(created !== undefined && { created: isoTime(created) }),
    ...(changed !== undefined && { changed: isoTime(changed) }),
    ...(accessed !== undefined && { accessed: isoTime(accessed) }),
    ...(sddl !== undefined && { sddl }),
    extendedAttributes: [...(entry.extendedAttributes?.keys() ?? [])],
  };
}

function streamsOf(view: ChainView, path: string, pair: Pair): EntryDetail['streams'] {
  const parent = findPair(view, path.slice(0, Math.max(0, path.lastIndexOf('/'))))?.pair;
  if (!parent) return [];
  const start = `${byteString(pathKey(nameIn(view, pair)))}:`;
  return view
    .children(parent)
    .filter(child => child.after?.kind === 'stream' && child.after.key.startsWith(start))
    .map(child => {
      const name = nameIn(view, child);
      const node = shownNode(child);
      const size = nodeSize({ node, layersBaseFirst: view.layersBaseFirst });
      return { name: name.slice(name.indexOf(':') + 1), size };
    });
}

// Whatever stands in the layer is shown as far as it can be understood.
function sddlOf(descriptor: Uint8Array): string | undefined {
  try {
    return binaryToSddl(descriptor);
  } catch {
    return undefined;
  }
}
