import { posix, win32 } from 'node:path';

/** The environment variable that says where the store is. */
const storeVariable = 'LAYERWRIGHT_STORE';

/**
 * Where the store is: what LAYERWRIGHT_STORE says, else the place for local data of the operating system
 * (%LOCALAPPDATA%, ~/Library/Application Support, $XDG_DATA_HOME as in the XDG Base Directory Specification).
 */
export function storeLocation(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
  homeDir: string,
): string {
  const chosen = environment[storeVariable];
  if (chosen !== undefined && chosen !== '') return chosen;
  switch (platform) {
    case 'win32': {
      const local = environment['LOCALAPPDATA'] ?? win32.join(homeDir, 'AppData', 'Local');
      return win32.join(local, 'Layerwright', 'store');
    }
    case 'darwin':
      return posix.join(homeDir, 'Library', 'Application Support', 'Layerwright', 'store');
    default: {
      const data = environment['XDG_DATA_HOME'];
      // The specification: relative paths are to be ignored.
      const base =
        data !== undefined && posix.isAbsolute(data)
          ? data
          : posix.join(homeDir, '.local', 'share');
      return posix.join(base, 'layerwright', 'store');
    }
  }
}
