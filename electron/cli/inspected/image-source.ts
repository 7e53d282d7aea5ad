import path from 'node:path';
import { exists } from '../../engine/content/file-system.ts';

/** Where an image to be looked into is. */
export type ImageSource =
  | { readonly kind: 'store'; readonly reference: string }
  /** An archive or image layout; `name` chooses among several images. */
  | { readonly kind: 'file'; readonly path: string; readonly name?: string }
  | { readonly kind: 'registry'; readonly reference: string };

/**
 * Reads what the command line names: `docker://REF` for a registry, `oci:PATH[:NAME]`, `oci-archive:...` and
 * `docker-archive:...` as skopeo has them, a path of something that exists, else a reference in the store.
 */
export async function parseImageSource(text: string, cwd: string): Promise<ImageSource> {
  if (text.startsWith('docker://')) return { kind: 'registry', reference: text.slice(9) };
  const prefixed = /^(?:oci|oci-archive|docker-archive):(.+)$/.exec(text)?.[1];
  if (prefixed !== undefined) return await fileSource(prefixed, cwd);
  const looksLikePath = /^(?:\.{0,2}[/\\]|[a-z]:[/\\])/i.test(text) || /\.tar$/i.test(text);
  return looksLikePath || (await exists(path.resolve(cwd, text, 'oci-layout')))
    ? { kind: 'file', path: path.resolve(cwd, text) }
    : { kind: 'store', reference: text };
}

/** A path may contain colons itself: what exists as a whole has no name behind it. */
async function fileSource(text: string, cwd: string): Promise<ImageSource> {
  const whole = path.resolve(cwd, text);
  const colon = text.indexOf(':', /^[a-z]:[/\\]/i.test(text) ? 2 : 0);
  if (colon < 0 || (await exists(whole))) return { kind: 'file', path: whole };
  const name = text.slice(colon + 1);
  return { kind: 'file', path: path.resolve(cwd, text.slice(0, colon)), name };
}

/** `REF@2` names layer 2 (base first, from 0) of an image. */
export function splitLayer(text: string): { readonly image: string; readonly layer?: number } {
  const [, image = text, layer] = /^(.+)@(\d{1,4})$/.exec(text) ?? [];
  return layer === undefined ? { image } : { image, layer: Number(layer) };
}
