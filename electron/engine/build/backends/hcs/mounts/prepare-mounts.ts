import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Mount } from '../../../../../../shared/dockerfile/mount.ts';
import type { RunStep } from '../../../../../../shared/dockerfile/resolved-step.ts';
import { AppError } from '../../../../../../shared/failure.ts';
import { containerPath, pathKey } from '../../../../../../shared/windows/windows-path.ts';
import type { ContainerMount } from '../../../../hcs/host.ts';
import type { Releases } from '../releases.ts';
import { cacheFolder } from './cache-folder.ts';
import type { MountSource } from './mount-sources.ts';
import { mountTarget, secretsFolder } from './mount-target.ts';
import type { ReadSecret } from './secrets.ts';

/** A single file that is mounted: HCS maps folders only, so it is a link into one. */
export interface FileLink {
  /** Below `C:\`. */
  readonly parts: readonly string[];
  /** In the container. */
  readonly target: string;
}

/** What a RUN sees besides its image. */
export interface PreparedMounts {
  readonly mounts: readonly ContainerMount[];
  readonly links: readonly FileLink[];
  readonly env: Readonly<Record<string, string>>;
  /** Values that may be shown and kept nowhere. */
  readonly secrets: readonly string[];
}

export interface MountContext {
  /** `<store>/windows/cache-mounts` */
  readonly cachesDir: string;
  /** A path at which nothing is yet. */
  readonly newPath: () => Promise<string>;
  readonly readSecret: ReadSecret;
  readonly releases: Releases;
  readonly note: (line: string) => void;
}

/** Where the folders are mapped that links lead into. */
const linkedFolder = 'C:\\ProgramData\\Layerwright\\mounts';

/** Makes the folders that a RUN is to see. They go when `context.releases` do, but for caches. */
export async function prepareMounts(
  { workingDir }: RunStep,
  sources: readonly MountSource[],
  context: MountContext,
  signal?: AbortSignal,
): Promise<PreparedMounts> {
  const mounts: ContainerMount[] = [];
  const links: FileLink[] = [];
  const secrets = createSecrets(context);
  for (const source of sources) {
    const { mount } = source;
    const parts = partsOf(mount, workingDir);
    if (mount.type === 'secret') await secrets.add(mount, parts);
    if (mount.type === 'cache') {
      const hostPath = await cacheFolder(mount, source, context, signal);
      mounts.push({ hostPath, containerPath: containerPath(parts), readOnly: mount.readOnly });
    }
    if (mount.type === 'bind') {
      const hostPath = await context.newPath();
      context.releases.add(`the mount ${mount.target}`, async () => await removeFolder(hostPath));
      const file = await source.write?.(hostPath, signal);
      const { readOnly } = mount;
      if (file === undefined)
        mounts.push({ hostPath, containerPath: containerPath(parts), readOnly });
      else {
        const folder = `${linkedFolder}\\${mounts.length}`;
        mounts.push({ hostPath, containerPath: folder, readOnly });
        links.push({ parts, target: `${folder}\\${file}` });
      }
    }
  }
  const secret = secrets.result();
  return {
    mounts: [...mounts, ...secret.mounts],
    links: [...links, ...secret.links],
    env: secret.env,
    secrets: secret.values,
  };
}

/** Empty for a secret that is no file. */
function partsOf(mount: Mount, workingDir: string): readonly string[] {
  const target = mountTarget(mount, workingDir);
  if (target === undefined) return [];
  if (target.kind === 'inside' && target.parts.length > 0) return target.parts;
  const problem = target.kind === 'inside' ? 'it is the root of the drive.' : `${target.reason}.`;
  const { target: path = '' } = mount;
  throw new AppError({ code: 'destination-refused', path, problem });
}

async function removeFolder(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}

/** All secrets of a RUN lie in one folder, which is mapped read-only and never part of a layer. */
function createSecrets({ newPath, readSecret, releases }: MountContext) {
  const links: FileLink[] = [];
  const env: Record<string, string> = {};
  const values: string[] = [];
  const folderKey = pathKey(secretsFolder);
  let dir: string | undefined;
  let count = 0;

  async function ownDir(): Promise<string> {
    if (dir !== undefined) return dir;
    const made = await newPath();
    await mkdir(made, { recursive: true, mode: 0o700 });
    releases.add('the folder of the secrets', async () => await removeFolder(made));
    dir = made;
    return made;
  }
  return {
    async add(mount: Extract<Mount, { type: 'secret' }>, parts: readonly string[]): Promise<void> {
      const { secretId, required } = mount;
      const value = await readSecret(secretId);
      if (value === undefined) {
        if (!required) return;
        const problem = 'it is required, and the build was not given it.';
        throw new AppError({ code: 'secret-unusable', secretId, problem });
      }
      const text = Buffer.from(value).toString('utf8');
      values.push(text);
      if (mount.env !== undefined) env[mount.env || secretId] = text;
      const name = parts.at(-1);
      if (name === undefined) return;
      const isInFolder = pathKey(containerPath(parts.slice(0, -1))) === folderKey;
      const file = isInFolder ? name : `layerwright-${(count += 1)}`;
      await writeFile(path.join(await ownDir(), file), value, { mode: 0o600 });
      if (!isInFolder) links.push({ parts, target: `${secretsFolder}\\${file}` });
    },
    result() {
      const mount = { containerPath: secretsFolder, readOnly: true };
      return {
        mounts: dir === undefined ? [] : [{ hostPath: dir, ...mount }],
        links,
        env,
        values,
      };
    },
  };
}
