import type { Mount } from '../../../../../../shared/dockerfile/mount.ts';
import {
  resolveContainerPath,
  type ContainerPath,
} from '../../../../../../shared/windows/windows-path.ts';

/** Where Docker puts secrets on Windows. */
export const secretsFolder = 'C:\\ProgramData\\Docker\\secrets';

/** The place that a mount gets in the container; undefined for a secret that becomes a variable and no file. */
export function mountTarget(mount: Mount, workingDir: string): ContainerPath | undefined {
  if (mount.type !== 'secret') return resolveContainerPath(workingDir, mount.target ?? '');
  const { target, env, secretId } = mount;
  if (target !== undefined) return resolveContainerPath(workingDir, target);
  return env === undefined ? resolveContainerPath(secretsFolder, secretId) : undefined;
}
