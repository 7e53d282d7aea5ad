/**
 * The Dockerfile line that sets a variable to exactly `value`. It means the same with either escape character where
 * that is possible; otherwise it is for `# escape=` and a backtick, which Windows Dockerfiles use.
 */
export function envLine(name: string, value: string): string {
  const escaped = value.replaceAll('`', '``').replaceAll('"', '`"').replaceAll('$', '`$');
  return `ENV ${name}="${escaped}"`;
}

/** A PATH for `envLine`: a backslash at its end would escape the quote in a Dockerfile without `# escape`. */
export function pathText(folders: readonly string[]): string {
  return folders.join(';').replace(/\\+$/, '');
}
