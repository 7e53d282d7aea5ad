import { Menu, type MenuItemConstructorOptions } from 'electron';

/** Asks the window for an action of its command registry. */
type Run = (command: string) => void;

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The application menu. Its commands are those of the window, by the same names. */
export function setApplicationMenu(run: Run, os: NodeJS.Platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(run, os)));
}

function menuTemplate(run: Run, os: NodeJS.Platform): MenuItemConstructorOptions[] {
  const item = itemMaker(run);
  return [
    ...(os === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    fileMenu(item, os),
    { role: 'editMenu' },
    {
      label: '&Build',
      submenu: [
        item('&Build image', 'build.start', 'CmdOrCtrl+B'),
        item('Build without the &cache', 'build.startNoCache', 'CmdOrCtrl+Shift+B'),
        item('&Pre-flight', 'build.preflight', 'CmdOrCtrl+Alt+P'),
        item('&Stop the build', 'build.cancel', 'CmdOrCtrl+Alt+X'),
        separator,
        item('Show the &latest build', 'build.showLatest', 'CmdOrCtrl+Alt+L'),
      ],
    },
    viewMenu(item),
    {
      role: 'help',
      submenu: [
        item('&Keyboard shortcuts', 'help.shortcuts', 'CmdOrCtrl+/'),
        item('&About Layerwright', 'help.about'),
      ],
    },
  ];
}

type ItemMaker = (
  label: string,
  command: string,
  accelerator?: string,
) => MenuItemConstructorOptions;

function itemMaker(run: Run): ItemMaker {
  return (label, command, accelerator) => ({
    label,
    click: () => run(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
}

function fileMenu(item: ItemMaker, os: NodeJS.Platform): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      item('&Open folder…', 'project.openFolder', 'CmdOrCtrl+O'),
      item('Open the &sample project', 'project.openSample'),
      item('&Close folder', 'project.close'),
      separator,
      item('&Save', 'file.save', 'CmdOrCtrl+S'),
      item('Save &all', 'file.saveAll', 'CmdOrCtrl+Alt+S'),
      separator,
      item('&Load images…', 'images.load'),
      ...(os === 'darwin' ? [] : [separator, { role: 'quit' } as const]),
    ],
  };
}

function viewMenu(item: ItemMaker): MenuItemConstructorOptions {
  const surfaces = ['editor', 'bases', 'builds', 'layers', 'images', 'storage', 'settings'];
  return {
    label: '&View',
    submenu: [
      item('&Command palette…', 'view.commandPalette', 'CmdOrCtrl+Shift+P'),
      separator,
      ...surfaces.map((surface, index) =>
        item(titled(surface), `view.${surface}`, `CmdOrCtrl+${index + 1}`),
      ),
      separator,
      item('&Larger text', 'view.zoomIn', 'CmdOrCtrl+Alt+='),
      item('&Smaller text', 'view.zoomOut', 'CmdOrCtrl+Alt+-'),
      separator,
      { role: 'togglefullscreen' },
    ],
  };
}

function titled(surface: string): string {
  return `&${surface.slice(0, 1).toUpperCase()}${surface.slice(1)}`;
}
