/** A sort of project that templates fit. */
export type ProjectKind =
  | 'dotnet'
  | 'dotnet-framework'
  | 'dotnet-framework-web'
  | 'node'
  | 'python'
  | 'go'
  | 'rust'
  | 'java-maven'
  | 'java-gradle'
  | 'static-site'
  | 'powershell'
  | 'exe';

/** What a folder was found to be. */
export interface Detection {
  readonly kind: ProjectKind;
  /** The file that says so, relative to the folder with `/`. */
  readonly evidence: string;
  /** What was read off the files and why a version was chosen: whole sentences. */
  readonly found: readonly string[];
  /** What goes into the places of a template. Safe to stand in a Dockerfile. */
  readonly values: Readonly<Record<string, string>>;
}

/** The files of a folder, as far as they tell what it is. */
export interface ProjectFiles {
  /** Files of the folder and a few levels below it: relative with `/`, in order of depth, then of name. */
  readonly paths: readonly string[];
  /** The text of a file that matters here; undefined for any other, and for one that is large. */
  text(path: string): string | undefined;
}

/** The files of the folder itself that match. */
export function rootFiles({ paths }: ProjectFiles, pattern: RegExp): readonly string[] {
  return paths.filter(file => !file.includes('/') && pattern.test(file));
}

/** The first of these files that is there. */
export function firstThere(files: ProjectFiles, names: readonly string[]): string | undefined {
  return names.find(name => files.paths.includes(name));
}

/** `name` if it can stand in a Dockerfile as it is: as a part of a path, unquoted unless `spaces` are allowed. */
export function plainName(name: string | undefined, spaces = false): string | undefined {
  const pattern = spaces ? /^[\w.+@()/-][\w.+@()/ -]*$/u : /^[\w.+@/][\w.+@/-]*$/u;
  if (name === undefined || name.length > 200 || name.split('/').includes('..')) return undefined;
  return pattern.test(name) ? name : undefined;
}

/** What to say of a name that cannot stand in a Dockerfile as it is; nothing where it can. */
export function oddNameNote(name: string, plain: string | undefined): readonly string[] {
  if (plain !== undefined) return [];
  return [`"${name}" has characters that mean something in a Dockerfile: put it there yourself.`];
}

/** Values without those that are undefined: the template's own then stand. */
export function known(
  values: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Compares versions such as `1.25` by their numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map(version => version.split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
