import { dialog, type BrowserWindow } from 'electron';
import { explain, type Failure } from '../../shared/failure.ts';
import type { Dialogs } from '../ipc/host.ts';

/** The system's own dialogs. `parent` gives the window that they belong to, while there is one. */
export function nativeDialogs(parent: () => BrowserWindow | undefined): Dialogs {
  async function open(title: string, property: 'openDirectory' | 'openFile') {
    const options: Electron.OpenDialogOptions = { title, properties: [property] };
    const window = parent();
    const result = window
      ? await dialog.showOpenDialog(window, options)
      : await dialog.showOpenDialog(options);
    return result.canceled ? undefined : result.filePaths[0];
  }

  return {
    openFolder: async () => await open('Open folder', 'openDirectory'),
    openFile: async title => await open(title, 'openFile'),
    async saveFile(title, suggestedName) {
      const options = { title, defaultPath: suggestedName };
      const window = parent();
      const result = window
        ? await dialog.showSaveDialog(window, options)
        : await dialog.showSaveDialog(options);
      return result.canceled ? undefined : result.filePath;
    },
    async confirmFolder(dir) {
      const options: Electron.MessageBoxOptions = {
        type: 'question',
        message: 'Open this folder?',
        detail: `${dir}\n\nIt was never opened here before. Opening it builds nothing.`,
        buttons: ['Open', 'Cancel'],
        defaultId: 1,
        cancelId: 1,
      };
      const window = parent();
      const result = window
        ? await dialog.showMessageBox(window, options)
        : await dialog.showMessageBox(options);
      return result.response === 0;
    },
  };
}

/** Says why the app cannot start. True where the person saw to it and wants to try again. */
export async function asksToRetry(failure: Failure): Promise<boolean> {
  const { message, advice } = explain(failure);
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: `Layerwright cannot start. ${message}`,
    ...(advice === undefined ? {} : { detail: advice }),
    buttons: ['Try again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

/** Says what failed where there is no page to say it, or the page did not ask for it. */
export async function tellFailure(failure: Failure, window: BrowserWindow | undefined) {
  const { message, advice } = explain(failure);
  const options: Electron.MessageBoxOptions = {
    type: 'error',
    message,
    ...(advice === undefined ? {} : { detail: advice }),
  };
  await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
}
