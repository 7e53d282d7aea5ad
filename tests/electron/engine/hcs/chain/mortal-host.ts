import type {
  BackupFile,
  BackupFiles,
  LayerStorage,
} from '../../../../../electron/engine/hcs/host.ts';
import type { FolderHost } from './folder-host.ts';

/** A host whose process is dead from the `deadAt`-th call on, counted from 0: nothing has an effect any more. */
export interface MortalHost {
  readonly files: BackupFiles;
  readonly layers: LayerStorage;
  readonly calls: () => number;
}

export class Killed extends Error {}

export function createMortalHost(host: FolderHost, deadAt: number): MortalHost {
  let calls = 0;
  const live = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls > deadAt) throw new Killed('the process was killed');
    return await work();
  };
  const { files, layers } = host;
  const mortalFile = (file: BackupFile): BackupFile => ({
    write: bytes => live(() => file.write(bytes)),
    setBasicInfo: info => live(() => file.setBasicInfo(info)),
    close: () => live(() => file.close()),
  });
  return {
    calls: () => calls,
    files: {
      create: async (path, kind) => mortalFile(await live(() => files.create(path, kind))),
      async *read(path, withSecurity) {
        await live(() => Promise.resolve());
        yield* files.read(path, withSecurity);
      },
      basicInfo: path => live(() => files.basicInfo(path)),
      setBasicInfo: (path, info) => live(() => files.setBasicInfo(path, info)),
      hardLink: (path, target) => live(() => files.hardLink(path, target)),
      remove: path => live(() => files.remove(path)),
    },
    layers: {
      importLayer: (...args) => live(() => layers.importLayer(...args)),
      exportLayer: (...args) => live(() => layers.exportLayer(...args)),
      destroyLayer: dir => live(() => layers.destroyLayer(dir)),
      processBaseLayer: dir => live(() => layers.processBaseLayer(dir)),
      processUtilityVm: dir => live(() => layers.processUtilityVm(dir)),
    },
  };
}
