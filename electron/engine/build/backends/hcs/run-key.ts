import type { RunStep } from '../../../../../shared/dockerfile/resolved-step.ts';
import type { Digest } from '../../../../../shared/oci/digest.ts';
import { stepKey } from '../../step-cache.ts';
import type { MountSource } from './mounts/mount-sources.ts';

interface RunKeyInputs {
  readonly chainId: Digest | undefined;
  readonly step: RunStep;
  readonly sources: readonly MountSource[];
  readonly compression: 'gzip' | 'zstd';
}

/**
 * What decides about a RUN: the files below it, the program, its environment, and what it sees besides. Not its
 * secrets, the content of its caches, its proxies, its limits and its isolation, as in BuildKit.
 */
export function runKey({ chainId, step, sources, compression }: RunKeyInputs): string {
  const { commandLine, env, user, workingDir, network } = step;
  const mounts = sources.map(({ mount, key }) => [mountKey(mount), key ?? '']);
  return stepKey([
    chainId,
    ['run', commandLine, env, user, workingDir, network, mounts],
    compression,
  ]);
}

function mountKey(mount: MountSource['mount']): unknown {
  switch (mount.type) {
    case 'bind':
      return ['bind', mount.target, mount.readOnly];
    case 'cache':
      return ['cache', mount.target, mount.readOnly, mount.cacheId];
    case 'secret':
      return ['secret', mount.secretId, mount.target ?? '', mount.env ?? ''];
    case 'tmpfs':
    case 'ssh':
      return [mount.type];
  }
}
