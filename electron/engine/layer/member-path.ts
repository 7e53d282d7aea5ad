/** A path of a tar member, cut into what a layer entry needs, or why it cannot be one. */
export type MemberPath =
  | { readonly kind: 'plain'; readonly path: string }
  | { readonly kind: 'stream'; readonly path: string; readonly streamName: string }
  | { readonly kind: 'refused'; readonly problem: string };

/** Deeper trees exist only to exhaust the stack of whoever walks them. */
const maxDepth = 1024;

/**
 * Checks a path of a tar that may be hostile, and takes the stream name off its end. A trailing slash
 * and a leading `./`, which other writers use, go.
 */
export function memberPath(text: string): MemberPath {
  if (isOrdinary(text)) return { kind: 'plain', path: text };
  const path = text.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const problem = pathProblem(path);
  if (problem !== undefined) return { kind: 'refused', problem };
  const colon = path.indexOf(':');
  if (colon < 0) return { kind: 'plain', path };
  const streamName = path.slice(colon + 1).replace(/:\$DATA$/i, '');
  if (/[/:]/.test(streamName) || streamName === '' || path[colon - 1] === '/') {
    return { kind: 'refused', problem: 'its name has a ":" where no stream name can be' };
  }
  return { kind: 'stream', path: path.slice(0, colon), streamName };
}

const slash = 0x2f;
const dot = 0x2e;
/** NUL, the colon of streams and drives, and the backslash. */
const special = [0x00, 0x3a, 0x5c];
const ordinaryLength = 1000;

/** A path that needs no second look, as nearly all are: the checks below would find nothing. */
function isOrdinary(path: string): boolean {
  if (path.length > ordinaryLength) return false;
  let before = slash;
  for (let at = 0; at < path.length; at++) {
    const unit = path.charCodeAt(at);
    // No segment is empty or begins with a dot.
    if (before === slash && (unit === slash || unit === dot)) return false;
    if (unit === special[0] || unit === special[1] || unit === special[2]) return false;
    before = unit;
  }
  return before !== slash;
}

/** Why a path must not be used, or undefined. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'its name is empty';
  if (path.startsWith('/')) return 'its path is absolute';
  if (/^[A-Za-z]:/.test(path)) return 'its path has a drive letter';
  if (path.includes('\\')) return 'its name contains a backslash';
  if (path.includes('\0')) return 'its name contains a NUL character';
  if (path.length > 32_767) return 'its path is longer than Windows allows';
  const segments = path.split('/');
  if (segments.length > maxDepth) return `its path is nested deeper than ${maxDepth} directories`;
  if (segments.includes('..')) return 'its path leads out of the layer (..)';
  if (segments.some(segment => segment === '' || segment === '.')) {
    return 'its path has an empty segment or "."';
  }
  return undefined;
}
