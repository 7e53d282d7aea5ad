import { throwIfCancelled } from '../../content/cancel.ts';
import type { LayerTree } from '../../layer/layer-tree.ts';
import { topTree, type InspectedImage } from '../inspected-image.ts';
import { createTurns } from '../turns.ts';
import { readApiSetSchema, type ApiSetSchema } from './api-sets.ts';
import type { FoundProgram } from './judge-program.ts';
import { readPe } from '../pe/pe-reader.ts';
import { pagedBytes, type RandomBytes } from '../pe/random-bytes.ts';

/** Reads the headers of all programs and libraries that layers from `firstLayer` up bring and the image still shows. */
export async function scanPrograms(
  image: InspectedImage,
  firstLayer: number,
  signal?: AbortSignal,
): Promise<FoundProgram[]> {
  const programs: FoundProgram[] = [];
  const turn = createTurns(signal);
  if (image.layerCount === 0) return programs;
  for (const { path, entry, content, layerIndex } of topTree(image).walk('Files')) {
    const pause = turn();
    if (pause) await pause;
    const isOwn =
      layerIndex >= firstLayer && content !== undefined && content.layerIndex >= firstLayer;
    // Further names of a file are not looked into twice.
    if (!isOwn || entry.kind !== 'file' || !/\.(?:exe|dll)$/i.test(path)) continue;
    throwIfCancelled(signal);
    const reading = await readPe(bytesAt(image, content, signal));
    if (reading.kind === 'none') continue;
    programs.push({ path, layerIndex, size: content.size, reading });
  }
  return programs;
}

/** The API set schema of a base; undefined where it has none that can be read. */
export async function schemaOf(
  image: InspectedImage,
  tree: LayerTree,
  signal?: AbortSignal,
): Promise<ApiSetSchema | undefined> {
  const content = tree.lookup('Files/Windows/System32/apisetschema.dll')?.content;
  return content && (await readApiSetSchema(bytesAt(image, content, signal)));
}

function bytesAt(
  image: InspectedImage,
  content: { readonly layerIndex: number; readonly entryNumber: number; readonly size: number },
  signal: AbortSignal | undefined,
): RandomBytes {
  return pagedBytes(content.size, (offset, length) =>
    image.content(content, { offset, length }, signal),
  );
}
