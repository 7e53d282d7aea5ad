/**
 * The form of an absolute path that has no limit of 260 characters and no reserved names (MSDN: Naming Files, Paths, and
 * Namespaces). Elsewhere than on Windows paths stay as they are.
 */
export function nativePath(file: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32') return file;
  const path = file.replaceAll('/', '\\');
  if (path.startsWith('\\\\?\\') || path.startsWith('\\\\.\\')) return path;
  return path.startsWith('\\\\') ? `\\\\?\\UNC\\${path.slice(2)}` : `\\\\?\\${path}`;
}
