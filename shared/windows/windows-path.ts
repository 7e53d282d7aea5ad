/** How a Windows path begins, and its components below that (Windows' "Naming Files, Paths, and Namespaces"). */
export type WindowsPath =
  /** `dir\file` */
  | { readonly kind: 'relative'; readonly parts: readonly string[] }
  /** `\dir\file`: from the root of the current drive */
  | { readonly kind: 'rooted'; readonly parts: readonly string[] }
  /** `C:dir\file`: from the current directory of drive C */
  | { readonly kind: 'drive-relative'; readonly drive: string; readonly parts: readonly string[] }
  /** `C:\dir\file` */
  | { readonly kind: 'absolute'; readonly drive: string; readonly parts: readonly string[] }
  /** `\\server\share\dir\file` */
  | {
      readonly kind: 'unc';
      readonly server: string;
      readonly share: string;
      readonly parts: readonly string[];
    }
  /** `\\.\pipe\docker_engine`, `\\?\Volume{...}\dir` */
  | { readonly kind: 'device'; readonly device: string; readonly parts: readonly string[] };

/**
 * Reads a path. Separators may be `\` or `/`, doubled ones count once, drive letters come out in upper case.
 * `.` and `..` stay: `resolveParts` takes them out. After `\\?\` they and `/` mean themselves, as Windows has it.
 */
export function parseWindowsPath(text: string): WindowsPath {
  if (text.startsWith('\\\\?\\')) return parseVerbatim(text.slice(4));
  const unified = text.replaceAll('/', '\\');
  if (unified.startsWith('\\\\.\\')) {
    const [device = '', ...parts] = split(unified.slice(4));
    return { kind: 'device', device, parts };
  }
  if (unified.startsWith('\\\\')) return unc(split(unified));
  const drive = driveOf(unified);
  if (drive === undefined) {
    return { kind: unified.startsWith('\\') ? 'rooted' : 'relative', parts: split(unified) };
  }
  const rest = unified.slice(2);
  return {
    kind: rest.startsWith('\\') ? 'absolute' : 'drive-relative',
    drive,
    parts: split(rest),
  };
}

function parseVerbatim(text: string): WindowsPath {
  const drive = driveOf(text);
  if (drive !== undefined && (text.length === 2 || text[2] === '\\')) {
    return { kind: 'absolute', drive, parts: split(text.slice(2)) };
  }
  if (/^UNC\\/i.test(text)) return unc(split(text.slice(4)));
  const [device = '', ...parts] = split(text);
  return { kind: 'device', device, parts };
}

function unc([server = '', share = '', ...parts]: readonly string[]): WindowsPath {
  return { kind: 'unc', server, share, parts };
}

function driveOf(text: string): string | undefined {
  return /^[a-z]:/i.test(text) ? text.slice(0, 1).toUpperCase() : undefined;
}

function split(text: string): string[] {
  return text.split('\\').filter(part => part !== '');
}

/** Writes a path with `\`. A path that `parseWindowsPath` read with doubled or other separators comes out tidy. */
export function formatWindowsPath(path: WindowsPath): string {
  const below = path.parts.join('\\');
  switch (path.kind) {
    case 'relative':
      return below === '' ? '.' : below;
    case 'rooted':
      return `\\${below}`;
    case 'drive-relative':
      return `${path.drive}:${below}`;
    case 'absolute':
      return `${path.drive}:\\${below}`;
    case 'unc':
      return ['\\', '', path.server, path.share, ...path.parts].join('\\').slice(1);
    case 'device':
      return ['\\', '', '.', path.device, ...path.parts].join('\\').slice(1);
  }
}

/** Takes out `.` and `..`. At the root `..` stays there, as on Windows: the result never leaves the root. */
export function resolveParts(parts: readonly string[]): string[] {
  const resolved: string[] = [];
  for (const part of parts) {
    if (part === '..') resolved.pop();
    else if (part !== '.') resolved.push(part);
  }
  return resolved;
}

/** A place on the only volume of a container. `parts` are its components below `C:\`. */
export type ContainerPath =
  | { readonly kind: 'inside'; readonly path: string; readonly parts: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * The place that `path` means inside a container whose working directory is `workingDirectory`. `C:dir` goes from the
 * working directory. Other drives, network shares and devices are refused: an image has no place for them.
 */
export function resolveContainerPath(workingDirectory: string, path: string): ContainerPath {
  const target = parseWindowsPath(path);
  if (target.kind === 'unc') return refused('it is a network share, which is no part of an image');
  if (target.kind === 'device') return refused('it is a device, which is no part of an image');
  if ('drive' in target && target.drive !== 'C') {
    return refused(`an image has only drive C:, not ${target.drive}:`);
  }
  const isRooted = target.kind === 'absolute' || target.kind === 'rooted';
  const base = isRooted ? [] : parseWindowsPath(workingDirectory).parts;
  const parts = resolveParts([...base, ...target.parts]);
  return { kind: 'inside', path: containerPath(parts), parts };
}

/** The path of a place in a container, of its components below `C:\`. */
export function containerPath(parts: readonly string[]): string {
  return `C:\\${parts.join('\\')}`;
}

function refused(reason: string): ContainerPath {
  return { kind: 'refused', reason };
}

/**
 * The key under which NTFS finds a path: names that differ only by case have the same key. `\` counts as `/`.
 * NTFS maps UTF-16 units one to one by its $UpCase table; we take JavaScript's mapping where it is one to one and
 * reversible, and the final sigma. Newer letters may differ from the table of a given volume.
 */
export function pathKey(path: string): string {
  const unified = path.replaceAll('\\', '/');
  // eslint-disable-next-line no-control-regex -- the range of ASCII
  if (/^[\x00-\x7f]*$/.test(unified)) return unified.toUpperCase();
  let key = '';
  for (let index = 0; index < unified.length; index++) key += upcase(unified.charAt(index));
  return key;
}

function upcase(unit: string): string {
  const upper = unit.toUpperCase();
  const isPair = upper.length === 1 && upper.toLowerCase() === unit;
  return isPair || unit === 'ς' ? upper : unit;
}
