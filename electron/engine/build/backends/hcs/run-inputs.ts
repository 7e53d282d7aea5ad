import type { RunStep } from '../../../../../shared/dockerfile/resolved-step.ts';
import { pairOf } from '../../../../../shared/dockerfile/variables.ts';
import { formatPlatform } from '../../../../../shared/oci/platform.ts';
import type { StepInputs } from '../../cache/inputs.ts';
import type { StepInput } from '../../steps/step.ts';
import type { MountSource } from './mounts/mount-sources.ts';

interface RunParts {
  readonly step: RunStep;
  readonly input: Pick<StepInput, 'chainId' | 'platform'>;
  readonly sources: readonly MountSource[];
  readonly compression: 'gzip' | 'zstd';
}

/**
 * What decides about a RUN: the files below it, the program, its environment, and what it sees besides. Not its
 * secrets, the content of its caches, its proxies, its limits and its isolation, as in BuildKit.
 */
export function runInputs({ step, input, sources, compression }: RunParts): StepInputs {
  const { commandLine, env, network, user, workingDir } = step;
  const mounts = sources.map(({ mount }, at) => [`mount ${at + 1}`, mountText(mount)]);
  return {
    parent: input.chainId,
    platform: formatPlatform(input.platform),
    instruction: {
      keyword: 'RUN',
      command: commandLine,
      user,
      folder: workingDir,
      network,
      ...Object.fromEntries(mounts),
    },
    variables: Object.fromEntries(env.map(pairOf)),
    sources: sources.flatMap(({ seed }) => (seed ? [seed] : [])),
    options: { compression },
  };
}

function mountText(mount: MountSource['mount']): string {
  switch (mount.type) {
    case 'bind':
      return `bind ${mount.target}${mount.readOnly ? '' : ' (writable)'}`;
    case 'cache':
      return `cache ${mount.cacheId} at ${mount.target}${mount.readOnly ? ' (read-only)' : ''}`;
    case 'secret':
      return `secret ${mount.secretId} at ${mount.target ?? ''} in ${mount.env ?? ''}`;
    case 'tmpfs':
    case 'ssh':
      return mount.type;
  }
}
