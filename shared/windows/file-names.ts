/** NTFS' limit of one component, in UTF-16 units. */
const maxNameLength = 255;
/** What a path may have at most with a `\\?\` prefix, in UTF-16 units. */
const maxPathLength = 32_767;
/** What programs may use that are not aware of long paths, without the closing NUL. */
const classicPathLength = 259;

// Windows' "Naming Files, Paths, and Namespaces"; the superscript digits count as digits there.
const devicePattern = /^(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[1-9¹²³])$/i;
const forbiddenPattern = /[<>:"/\\|?*]/;

/**
 * Why Windows cannot hold a file of this name, as a phrase that follows the name ("is reserved for a device"),
 * or undefined where it can. `name` is one component, not a path.
 */
export function fileNameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name === '.' || name === '..') return 'stands for a directory, not for a file';
  const forbidden = forbiddenPattern.exec(name)?.[0];
  if (forbidden !== undefined)
    return `contains ${forbidden}, which Windows does not allow in names`;
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  const control = /[\x00-\x1f]/.exec(name)?.[0];
  if (control !== undefined) return `contains the control character ${codeOf(control)}`;
  if (name.endsWith('.')) return 'ends with a dot, which Windows strips';
  if (name.endsWith(' ')) return 'ends with a space, which Windows strips';
  if (isDeviceName(name)) return 'is reserved for a device';
  if (name.length > maxNameLength) return `is longer than ${maxNameLength} UTF-16 units`;
  return undefined;
}

/** Tells whether Windows takes this name for a device: `NUL`, `aux.txt`, `COM¹ .log`. */
export function isDeviceName(name: string): boolean {
  const [base = ''] = name.split('.', 1);
  return devicePattern.test(base.trimEnd());
}

/** A component of a path that Windows cannot hold. */
export interface PathProblem {
  readonly name: string;
  readonly problem: string;
}

/** The first component of a path with `/` that Windows cannot hold, or undefined. `path` is below a volume's root. */
export function pathProblem(path: string): PathProblem | undefined {
  for (const name of path.split('/')) {
    const problem = fileNameProblem(name);
    if (problem !== undefined) return { name, problem };
  }
  if (path.length + 'C:\\'.length > maxPathLength) {
    return { name: path, problem: `is longer than ${maxPathLength} UTF-16 units` };
  }
  return undefined;
}

/** Tells whether programs that are not aware of long paths cannot open `C:\<path>` (MAX_PATH, 260 with the NUL). */
export function exceedsClassicPath(path: string): boolean {
  return path.length + 'C:\\'.length > classicPathLength;
}

function codeOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
