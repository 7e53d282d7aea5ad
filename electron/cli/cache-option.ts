import path from 'node:path';
import type { CachePlace, CacheTarget } from '../../shared/ipc/cache-place.ts';
import { canonicalReference } from '../../shared/oci/reference.ts';
import { optionFields, refusedOption } from './option-fields.ts';

const fromFlag = '--cache-from';
const toFlag = '--cache-to';

/**
 * Reads `type=registry,ref=...` or `type=local,src=<folder>`; a reference alone means a registry, as with Docker. Throws
 * `bad-request` or `reference-invalid`.
 */
export function parseCacheFrom(text: string, cwd: string): CachePlace {
  if (!text.includes('=')) return registry(text);
  const fields = optionFields(fromFlag, text, ['type', 'ref', 'src']);
  return placeOf(fromFlag, fields, 'src', cwd);
}

/** Reads `type=registry,ref=...` or `type=local,dest=<folder>`, both with `mode=min|max`. Throws as `parseCacheFrom`. */
export function parseCacheTo(text: string, cwd: string): CacheTarget {
  if (!text.includes('=')) return { place: registry(text), mode: 'min' };
  const fields = optionFields(toFlag, text, ['type', 'ref', 'dest', 'mode']);
  const mode = fields.get('mode') ?? 'min';
  if (mode !== 'min' && mode !== 'max') throw refusedOption(toFlag, 'mode must be min or max');
  return { place: placeOf(toFlag, fields, 'dest', cwd), mode };
}

function placeOf(
  flag: string,
  fields: ReadonlyMap<string, string>,
  folder: 'src' | 'dest',
  cwd: string,
): CachePlace {
  const wanted = fields.get('type') === 'registry' ? 'ref' : folder;
  const value = fields.get(wanted) ?? '';
  switch (fields.get('type')) {
    case 'registry':
      if (value === '')
        throw refusedOption(flag, 'ref must name a repository, such as acme/shop:cache');
      return registry(value);
    case 'local':
      if (value === '') throw refusedOption(flag, `${folder} must name a folder`);
      return { type: 'local', dir: path.resolve(cwd, value) };
    default:
      throw refusedOption(flag, 'type must be one of registry, local');
  }
}

/** A wrong name is told before anything is built. */
function registry(ref: string): CachePlace {
  canonicalReference(ref);
  return { type: 'registry', ref };
}
