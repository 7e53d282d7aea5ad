import type { App } from './context.tsx';
import { loadImages } from './default-commands.ts';

/**
 * Takes what is dropped on the window. In the desktop app the preload hands it to the host; a browser does not tell
 * where a dropped file is, and left alone it would show the file in place of the app. Gives a function that ends it.
 */
export function takeDrops({ api, stores, navigate }: App): () => void {
  const stop = new AbortController();
  const options = { capture: true, signal: stop.signal };
  window.addEventListener('dragover', event => hasFiles(event) && event.preventDefault(), options);
  window.addEventListener(
    'drop',
    event => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const { info } = stores.appInfo.getState();
      if (info.kind !== 'ready' || info.value.mode === 'electron') return;
      // Nothing else in the page may take it, such as the editor, which would write down its name.
      event.stopPropagation();
      stores.notices.getState().tell({
        tone: 'info',
        message: 'A browser does not tell where a dropped folder is.',
        advice: 'Use “Open folder…” and type its path, or drop it on the desktop app.',
        action: {
          label: 'Open folder…',
          run: () => stores.commands.getState().run('project.openFolder'),
        },
      });
    },
    options,
  );
  const ends = api.on('project.fileWanted', ({ file }) => {
    navigate.show('editor');
    void stores.project.getState().openFile(file);
  });
  const endsArchives = api.on('image.archiveWanted', ({ file }) => {
    const { tellError } = stores.notices.getState();
    loadImages({ api, stores, navigate }, file).catch((error: unknown) =>
      tellError(error, 'Load images'),
    );
  });
  return () => {
    stop.abort();
    ends();
    endsArchives();
  };
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false;
}
