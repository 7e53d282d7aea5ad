import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export interface BundleFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
};

/**
 * Reads a file of the renderer bundle for the path of a URL. Gives `undefined` for whatever is not a
 * file of a known kind really inside `bundleDir`: dot segments in any encoding, back slashes,
 * drive letters, NUL and links that lead out all end there.
 */
export async function readBundleFile(
  bundleDir: string,
  urlPath: string,
): Promise<BundleFile | undefined> {
  const relative = decodedPath(urlPath);
  if (relative === undefined) return undefined;
  const contentType = contentTypes[path.extname(relative).toLowerCase()];
  if (contentType === undefined) return undefined;
  try {
    const root = await realpath(bundleDir);
    const file = await realpath(path.join(root, relative));
    if (!file.startsWith(root + path.sep) || !(await stat(file)).isFile()) return undefined;
    return { content: await readFile(file), contentType };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function decodedPath(urlPath: string): string | undefined {
  let decoded;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (!decoded.startsWith('/') || /[\\:\0%]/.test(decoded)) return undefined;
  const segments = decoded === '/' ? ['index.html'] : decoded.slice(1).split('/');
  const plain = segments.every(segment => segment !== '' && !segment.startsWith('.'));
  return plain ? segments.join('/') : undefined;
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP';
}
