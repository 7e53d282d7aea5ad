import { app, standIn } from './electron.ts';
import type { MenuItem, Recorded } from './stand-in.ts';

/** What a test may ask of the process, with its answer. */
export interface Controls {
  endpoint(): Promise<string>;
  recorded(): Recorded[];
  answerDialogs(answers: unknown[]): void;
  menu(): MenuItem[];
  clickMenu(label: string): boolean;
  askPermission(permission: string): boolean;
  openUrl(url: string): void;
  crash(): Promise<void>;
  closeWindow(): void;
  windows(): number;
  drop(file: string): Promise<void>;
  setBounds(bounds: { x: number; y: number; width: number; height: number }): void;
  quit(): void;
}

const controls: Controls = {
  endpoint: async () => (await standIn.browser).endpoint,
  recorded: () => standIn.recorded,
  answerDialogs(answers) {
    for (const answer of answers) {
      const open = standIn.openDialogs.shift();
      if (open === undefined) standIn.dialogAnswers.push(answer);
      else open(answer);
    }
  },
  menu: () => JSON.parse(JSON.stringify(standIn.menu)),
  clickMenu(label) {
    const item = itemsOf(standIn.menu).find(({ label: own }) => own?.replace('&', '') === label);
    item?.click?.();
    return item?.click !== undefined;
  },
  askPermission(permission) {
    let allowed = false;
    standIn.permissionHandler?.({}, permission, answer => (allowed = answer));
    return allowed;
  },
  openUrl: url => void app.emit('open-url', { preventDefault: () => undefined }, url),
  async crash() {
    for (const window of standIn.windows) await window.webContents.crash();
  },
  closeWindow: () => standIn.windows.forEach(window => window.close()),
  windows: () => standIn.windows.size,
  async drop(file) {
    for (const window of standIn.windows) await window.webContents.drop(file);
  },
  setBounds: bounds => standIn.windows.forEach(window => window.setBounds(bounds)),
  quit: () => app.quit(),
};

function itemsOf(items: readonly MenuItem[]): MenuItem[] {
  return items.flatMap(item => [item, ...itemsOf(item.submenu ?? [])]);
}

/** Answers the test's messages `{callId, name, args}`. */
export function listenToTest(): void {
  process.on(
    'message',
    ({ callId, name, args }: { callId: number; name: keyof Controls; args: unknown[] }) => {
      const control = controls[name] as (...args: unknown[]) => unknown;
      Promise.resolve(control(...args)).then(
        value => process.send?.({ callId, value }),
        (error: unknown) => process.send?.({ callId, error: String(error) }),
      );
    },
  );
  process.on('disconnect', () => app.quit());
}
