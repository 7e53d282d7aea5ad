import { delay, throwIfCancelled } from '../../content/cancel.ts';
import { isWin32 } from '../../win32/failures.ts';
import type { LayerDescriptor } from '../../win32/layer-parameters.ts';
import type { Libraries } from '../../win32/libraries.ts';
import { textUntilNul } from '../../win32/wide-text.ts';
import { destroyLayer } from '../layers/layer-storage.ts';

/** What is done to the disk of a scratch; each fails as its function of vmcompute.dll does. */
export interface ScratchVerbs {
  /** Attaches the disk and puts the filter over it. Undone where it fails. */
  mount(dir: string, parents: readonly LayerDescriptor[], signal?: AbortSignal): Promise<void>;
  prepare(dir: string, parents: readonly LayerDescriptor[]): Promise<void>;
  unprepare(dir: string): Promise<void>;
  deactivate(dir: string): Promise<void>;
  /** `\\?\Volume{GUID}\`. */
  volumePath(dir: string): Promise<string>;
  destroy(dir: string): Promise<void>;
}

const errorNotReady = 21;
const errorDeviceNotConnected = 1167;
/** As hcsshim does: disks are reported late, above all on 1809 and when many are attached at once. */
const tries = 5;
const pauseMs = 100;

export function createScratchVerbs(libraries: Libraries): ScratchVerbs {
  const { vmcompute } = libraries;
  const oneAtATime = createQueue();
  // Several at a time run into timeouts of Windows (hcsshim preparelayer.go).
  const prepare = async (dir: string, parents: readonly LayerDescriptor[]) =>
    await oneAtATime(async () => {
      await vmcompute.prepareLayer(dir, parents, parents.length);
    });
  const activateAndPrepare = async (dir: string, parents: readonly LayerDescriptor[]) => {
    await vmcompute.activateLayer(dir);
    try {
      await prepare(dir, parents);
    } catch (error) {
      await vmcompute.deactivateLayer(dir).catch(() => undefined);
      throw error;
    }
  };
  return {
    async mount(dir, parents, signal) {
      for (let attempt = 1; ; attempt += 1) {
        throwIfCancelled(signal);
        try {
          await activateAndPrepare(dir, parents);
          return;
        } catch (error) {
          const isLate = isWin32(error, errorNotReady, errorDeviceNotConnected);
          if (!isLate || attempt === tries) throw error;
        }
        await delay(pauseMs, signal);
      }
    },
    prepare,
    unprepare: async dir => void (await vmcompute.unprepareLayer(dir)),
    deactivate: async dir => void (await vmcompute.deactivateLayer(dir)),
    volumePath: async dir => await volumePath(libraries, dir),
    destroy: async dir => await destroyLayer(libraries, dir),
  };
}

/** GetLayerMountPath is asked twice: for the length in UTF-16 units, NUL included, then for the path. */
async function volumePath({ vmcompute }: Libraries, dir: string): Promise<string> {
  const length = Buffer.alloc(8);
  await vmcompute.getLayerMountPath(dir, length, null);
  const units = Number(length.readBigUInt64LE(0));
  if (units === 0) return '';
  const path = Buffer.alloc(units * 2);
  await vmcompute.getLayerMountPath(dir, length, path);
  const text = textUntilNul(path);
  // Documents of schema 2 want the backslash at the end.
  return /^\\\\\?\\Volume\{[^\\]+$/i.test(text) ? `${text}\\` : text;
}

/** Runs tasks one after the other. */
function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async task => {
    const turn = last.then(task, task);
    last = turn.catch(() => undefined);
    return await turn;
  };
}
