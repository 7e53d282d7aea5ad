import { resolveMount } from '../../../shared/dockerfile/mount.ts';
import type { BuildStage } from '../../../shared/dockerfile/stages.ts';
import type { PlannedSecret } from '../../../shared/ipc/build-views.ts';

/** The secrets that the RUNs of stages mount, as far as no variable stands in for their names; each once. */
export function plannedSecrets(stages: readonly BuildStage[]): readonly PlannedSecret[] {
  const found = new Map<string, PlannedSecret>();
  for (const instruction of stages.flatMap(({ instructions }) => instructions)) {
    if (instruction.keyword !== 'RUN') continue;
    for (const flag of instruction.mounts) {
      const result = resolveMount(flag);
      if (!result.ok || result.mount.type !== 'secret') continue;
      const { secretId, required } = result.mount;
      if (secretId.includes('$')) continue;
      found.set(secretId, {
        secretId,
        required: required || found.get(secretId)?.required === true,
      });
    }
  }
  return [...found.values()];
}
