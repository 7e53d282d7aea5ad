import path from 'node:path';

/** Where this machine keeps data of programs; the parts of `process` and `os` that decide it. */
export interface Host {
  readonly os: NodeJS.Platform;
  readonly homeDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The folder of the store: LAYERWRIGHT_STORE, else the user's data folder (`%LOCALAPPDATA%` on Windows,
 * `~/Library/Application Support` on macOS, elsewhere `$XDG_DATA_HOME` or `~/.local/share`).
 */
export function defaultStoreDir({ os, homeDir, environment }: Host): string {
  const chosen = environment['LAYERWRIGHT_STORE'];
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  switch (os) {
    case 'win32': {
      const local = environment['LOCALAPPDATA'] ?? path.win32.join(homeDir, 'AppData', 'Local');
      return path.win32.join(local, 'Layerwright', 'store');
    }
    case 'darwin':
      return path.posix.join(homeDir, 'Library', 'Application Support', 'Layerwright', 'store');
    default: {
      // The XDG specification says to ignore relative paths here.
      const data = environment['XDG_DATA_HOME'] ?? '';
      const absolute = path.posix.isAbsolute(data);
      return path.posix.join(
        absolute ? data : path.posix.join(homeDir, '.local/share'),
        'layerwright',
      );
    }
  }
}
