import { AppError } from '../../../../shared/failure.ts';
import { volumePath, type ImageFiles } from './image-files.ts';

/** As many links in a row as Linux follows before it says ELOOP. */
const mostLinks = 40;

/**
 * Where `path` of the image really lies: links and junctions that the image has on the way are followed (a copy to
 * `C:\Documents and Settings\x` goes to `C:\Users\x`), parts that exist get the image's spelling.
 * Fails with `destination-refused` for links in a circle.
 */
export async function resolveTarget(
  files: ImageFiles,
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  let pending = path.split('/').filter(part => part !== '');
  let resolved: string[] = [];
  let links = 0;
  while (pending.length > 0) {
    const [part = '', ...rest] = pending;
    pending = rest;
    if (part === '.') continue;
    if (part === '..') {
      resolved = resolved.slice(0, -1);
      continue;
    }
    const entry = await files.find([...resolved, part].join('/'), signal);
    if (entry?.kind !== 'symlink') {
      resolved = entry ? volumePath(entry.path).split('/') : [...resolved, part];
      continue;
    }
    if (++links > mostLinks) {
      throw new AppError({
        code: 'destination-refused',
        path,
        problem: 'its links lead in a circle.',
      });
    }
    const target = linkTarget(entry.target);
    if (target.absolute) resolved = [];
    pending = [...target.parts, ...pending];
  }
  return resolved.join('/');
}

/** Reads `..\x`, `\x`, `C:\x` and `\??\C:\x`, which is how Windows stores a junction's target. */
function linkTarget(target: string): { readonly absolute: boolean; readonly parts: string[] } {
  const slashed = target.replaceAll('\\', '/');
  const path = slashed.replace(/^(?:\/\?\?\/|\/\/\?\/)?[a-z]:\/?/iu, '/');
  return { absolute: path.startsWith('/'), parts: path.split('/').filter(part => part !== '') };
}
