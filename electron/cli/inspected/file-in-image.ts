import { collected } from '../../engine/content/bytes.ts';
import { inspectChain } from '../../engine/inspect/chain-inspector.ts';
import type { InspectedImage } from '../../engine/inspect/inspected-image.ts';
import { detectContent, detectionLength } from '../../engine/inspect/preview/detect-content.ts';
import type { EntryAt } from '../../engine/layer/tree-node.ts';

/** Larger texts are neither shown nor compared; in bytes. */
export const mostText = 8 * 1024 * 1024;

/** A file of an image that has a content. */
export interface FileInImage extends EntryAt {
  readonly path: string;
  readonly size: number;
  /** First 32 hex digits of the sha256. */
  readonly contentHash: string;
}

/** Where a file that somebody names may be: `C:\app\a.dll` and `app/a.dll` are below `Files`. */
export function pathsOf(file: string): readonly string[] {
  const below = file
    .replace(/^[a-z]:/i, '')
    .replaceAll('\\', '/')
    .replace(/^\/+/, '');
  return [below, `Files/${below}`];
}

/** The file that somebody names, after layer `top`; undefined where there is none with a content. */
export function findFile(
  image: InspectedImage,
  top: number,
  file: string,
): FileInImage | undefined {
  const { layersBaseFirst } = image.tree(top);
  const chain = inspectChain(layersBaseFirst);
  for (const candidate of pathsOf(file)) {
    const found = chain.contentAt(top, candidate);
    const index = found && layersBaseFirst[found.at.layerIndex];
    if (!index) continue;
    const { at, path } = found;
    const contentHash = Buffer.from(index.contentHashAt(at.entryNumber)).toString('hex');
    return { ...at, path, size: index.sizeAt(at.entryNumber), contentHash };
  }
  return undefined;
}

/** The text of a file; undefined where it is none, or too large. */
export async function textOfFile(
  image: InspectedImage,
  file: FileInImage,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (file.size > mostText) return undefined;
  const bytes = await collected(image.content(file, undefined, signal));
  const detected = detectContent(bytes.subarray(0, detectionLength));
  if (detected.kind === 'empty') return '';
  return detected.kind === 'text' ? new TextDecoder(detected.encoding).decode(bytes) : undefined;
}
