import type { Rightful } from '../builds-anywhere.ts';
import type { OtherEngine } from '../elevated-builds.ts';
import type { KeptHandlers } from './kept.ts';

/**
 * Work in kept steps, done by the elevated engine where only it may run containers. What is only read from the disk is
 * answered here, and nobody is asked for rights over a step that is not there.
 */
export function keptElevated(local: KeptHandlers, { builds, isNeeded }: Rightful): KeptHandlers {
  async function engineFor(buildId: string, signal: AbortSignal): Promise<OtherEngine | undefined> {
    const kept = await local['kept.list']({}, signal);
    const isThere = kept.some(step => step.buildId === buildId);
    return isThere && (await isNeeded()) ? await builds.engine() : undefined;
  }
  return {
    ...local,
    async 'kept.run'(input, signal) {
      const engine = await engineFor(input.buildId, signal);
      if (engine) return await engine.request('kept.run', input, signal);
      return await local['kept.run'](input, signal);
    },
    async 'kept.files'(input, signal) {
      const engine = await engineFor(input.buildId, signal);
      if (engine) return await engine.request('kept.files', input, signal);
      return await local['kept.files'](input, signal);
    },
    async 'kept.drop'(input, signal) {
      const engine = await engineFor(input.buildId, signal);
      if (engine) return await engine.request('kept.drop', input, signal);
      return await local['kept.drop'](input, signal);
    },
    async 'kept.close'(input, signal) {
      await local['kept.close'](input, signal);
      // An engine that does not run has nothing open.
      if (builds.isRunning()) await (await builds.engine()).request('kept.close', input, signal);
      return null;
    },
  };
}
