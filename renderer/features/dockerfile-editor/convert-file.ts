import { AppError } from '../../../shared/failure.ts';
import { parseZImagefile } from '../../../shared/zlayer/parse-zimagefile.ts';
import { toDockerfile } from '../../../shared/zlayer/to-dockerfile.ts';
import type { App } from '../../app/context.tsx';
import { textOf } from '../../stores/files.ts';

/** The Dockerfile that a ZImagefile becomes: `web/Dockerfile.db` for `web/ZImagefile.db`. */
export function dockerfileFor(file: string): string {
  const slash = file.lastIndexOf('/') + 1;
  const name = file.slice(slash);
  const made = /^zimagefile/i.test(name)
    ? name.replace(/^zimagefile/i, 'Dockerfile')
    : name.replace(/\.zimagefile$/i, '.dockerfile');
  return file.slice(0, slash) + made;
}

/**
 * Writes the Dockerfile that a ZImagefile means beside it, and opens it. Never overwrites: where one stands already it
 * fails as `file.write` does. Throws `dockerfile-invalid` for a file with errors.
 */
export async function convertFile({ api, stores }: App, file: string): Promise<void> {
  const loaded = stores.project.getState().files.get(file);
  if (loaded?.kind !== 'ready') return;
  const { findings, image } = parseZImagefile(textOf(loaded.value));
  if (image === undefined) {
    const problems = findings.map(({ message, range }) => ({ message, range }));
    throw new AppError({ code: 'dockerfile-invalid', file, problems });
  }
  const target = dockerfileFor(file);
  // The version of a file that is not there.
  const version = '';
  await api
    .request('file.write', { file: target, text: toDockerfile(image).text, version })
    .catch((error: unknown) => {
      const isThere = error instanceof AppError && error.failure.code === 'file-changed';
      throw isThere ? new AppError({ code: 'file-exists', path: target }) : error;
    });
  await stores.project.getState().load();
  await stores.project.getState().openFile(target);
}
