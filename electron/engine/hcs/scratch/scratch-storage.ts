import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../shared/failure.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import type { Libraries } from '../../win32/libraries.ts';
import type { ScratchOptions, ScratchStorage } from '../host.ts';
import { describeLayers } from '../layers/layer-guids.ts';
import { destroyLayer } from '../layers/layer-storage.ts';
import { scratchLayerOf } from './scratch-layer.ts';
import { createScratchVerbs, type ScratchVerbs } from './scratch-verbs.ts';

/**
 * Writable layers by vmcompute.dll, in the order of hcsshim (CreateScratchLayer, mountProcessIsolatedWCIFSLayers):
 * create, expand, activate, prepare, ask for the volume. Only the scratch is activated, never its parents.
 */
export function createScratchStorage(libraries: Libraries): ScratchStorage {
  const { vmcompute } = libraries;
  const verbs = createScratchVerbs(libraries);
  const parentsOf = async (parentsNearestFirst: readonly string[], signal?: AbortSignal) => {
    if (parentsNearestFirst.length === 0) throw new AppError({ code: 'no-parent-layers' });
    const parents = await describeLayers(vmcompute, parentsNearestFirst);
    throwIfCancelled(signal);
    return parents;
  };
  return {
    async open(dir, parentsNearestFirst, options, signal) {
      const parents = await parentsOf(parentsNearestFirst, signal);
      await mkdir(path.dirname(dir), { recursive: true });
      const layer = scratchLayerOf({ dir, parents, verbs });
      try {
        await vmcompute.createSandboxLayer(dir, parents, parents.length);
        await expandAndMount(layer, libraries, options, signal);
        return layer;
      } catch (error) {
        // What already failed says more than what fails because of it.
        await layer.release().catch(() => undefined);
        throw error;
      }
    },
    async reopen(dir, parentsNearestFirst, options, signal) {
      const parents = await parentsOf(parentsNearestFirst, signal);
      const layer = scratchLayerOf({ dir, parents, verbs });
      try {
        if (options.activate) await layer.mount(signal);
        return layer;
      } catch (error) {
        await layer.detach().catch(() => undefined);
        throw error;
      }
    },
    async sweep(dir) {
      await forgetMounts(verbs, dir);
      await destroyLayer(libraries, dir);
    },
  };
}

async function expandAndMount(
  layer: ReturnType<typeof scratchLayerOf>,
  { vmcompute }: Libraries,
  { sizeBytes, activate }: ScratchOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (sizeBytes !== undefined) await vmcompute.expandSandboxSize(layer.dir, sizeBytes);
  throwIfCancelled(signal);
  if (activate) await layer.mount(signal);
}

/** Nobody knows how far a process that died had come: each step is undone, and says so itself where it was not done. */
async function forgetMounts(verbs: ScratchVerbs, dir: string): Promise<void> {
  await verbs.unprepare(dir).catch(() => undefined);
  await verbs.deactivate(dir).catch(() => undefined);
}
