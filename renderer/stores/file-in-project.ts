/** A file of the project, relative to its folder; undefined where it is not in there. */
export function fileInProject(file: string, projectDir: string | undefined): string | undefined {
  if (projectDir === undefined) return undefined;
  const wanted = file.replaceAll('\\', '/');
  const folder = `${projectDir.replaceAll('\\', '/').replace(/\/+$/, '')}/`;
  return wanted.startsWith(folder) ? wanted.slice(folder.length) : undefined;
}
