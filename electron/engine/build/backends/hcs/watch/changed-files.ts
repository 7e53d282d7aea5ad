import { watch } from 'node:fs';

/** Tells which files of a volume change. Windows tells of a whole tree at once (ReadDirectoryChangesW). */
export interface ChangedFiles extends Disposable {
  /** Below the volume's root, with `/`; undefined where nothing has changed yet or nothing is told. */
  last(): string | undefined;
}

/** Watches the folder `volumePath`; `onChange` hears of each change. Where that cannot be done, nothing is told. */
export function watchFiles(volumePath: string, onChange: (path: string) => void): ChangedFiles {
  let last: string | undefined;
  let close = (): void => undefined;
  try {
    const watcher = watch(volumePath, { recursive: true, persistent: false }, (_, name) => {
      if (name === null) return;
      last = name.replaceAll('\\', '/');
      onChange(last);
    });
    // More changes than fit the system's buffer, or a volume that went away: the step goes on without being watched.
    watcher.on('error', () => watcher.close());
    close = () => watcher.close();
  } catch {
    // As above.
  }
  return { last: () => last, [Symbol.dispose]: () => close() };
}
