import path from 'node:path';

export const deepLinkScheme = 'layerwright';

const longestPath = 4096;

/**
 * Reads a deep link: `layerwright://open?path=<absolute path>`, exactly one parameter and nothing else.
 * Any page can make such a link, so it can name a folder and no action. Network and device paths are
 * refused: merely looking at `\\server\share` sends the user's credentials there on Windows.
 */
export function folderOfDeepLink(link: string, os: NodeJS.Platform): string | undefined {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url === undefined || !isBareOpen(url)) return undefined;
  const [[key, value] = [], ...others] = [...url.searchParams];
  if (key !== 'path' || value === undefined || others.length > 0) return undefined;
  return isLocalPath(value, os) ? value : undefined;
}

/** `layerwright://open` or `layerwright://open/` before the question mark, and nothing behind the query. */
function isBareOpen(url: URL): boolean {
  const bare = [url.username, url.password, url.port, url.hash].every(part => part === '');
  const plainPath = url.pathname === '' || url.pathname === '/';
  return url.protocol === `${deepLinkScheme}:` && url.hostname === 'open' && bare && plainPath;
}

function isLocalPath(text: string, os: NodeJS.Platform): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (text.length > longestPath || /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.test(text)) {
    return false;
  }
  if (os === 'win32') return /^[A-Za-z]:[\\/][^:]*$/.test(text) && !hasDotSegments(text);
  return path.posix.isAbsolute(text) && !text.startsWith('//') && !hasDotSegments(text);
}

function hasDotSegments(text: string): boolean {
  return text.split(/[\\/]/).some(segment => segment === '.' || segment === '..');
}
