import { EventEmitter } from 'node:events';
import type { StandIn } from './stand-in.ts';
import { openPage, type PageHost } from './page-host.ts';

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Options extends Partial<Bounds> {
  readonly show?: boolean;
  readonly webPreferences?: Record<string, unknown>;
}

/** Settings of the page that the stand-in does not have: with other values it would prove nothing. */
const demanded: Readonly<Record<string, unknown>> = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
};

let lastContentsId = 0;

type OpenHandler = (details: { url: string }) => { action: 'deny' | 'allow' };

/** `webContents`: a page, and its successor where it crashed. */
export class StandInContents extends EventEmitter {
  readonly id = ++lastContentsId;
  openHandler: OpenHandler = () => ({ action: 'allow' });
  #host: PageHost | undefined;
  #destroyed = false;
  #crashed = false;
  readonly #standIn: StandIn;
  readonly #preloadFile: string;

  constructor(standIn: StandIn, preloadFile: string) {
    super();
    this.#standIn = standIn;
    this.#preloadFile = preloadFile;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getURL(): string {
    return this.#standIn.protocols.fromBrowser(this.#host?.url() ?? '');
  }

  async loadURL(url: string): Promise<void> {
    if (this.#host === undefined || this.#crashed) await this.#replacePage();
    await this.#host?.load(this.#standIn.protocols.toBrowser(url));
    this.emit('did-finish-load');
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    void this.#host?.send(channel, args);
  }

  async destroy(): Promise<void> {
    this.#destroyed = true;
    await this.#host?.close();
    this.emit('destroyed');
  }

  /** Drops a file of this machine on the middle of the page, as the person's hand would. */
  async drop(file: string): Promise<void> {
    await this.#host?.drop(file);
  }

  async crash(): Promise<void> {
    await this.#host?.page.goto('chrome://crash').catch(() => undefined);
  }

  async #replacePage(): Promise<void> {
    const former = this.#host;
    this.#host = await openPage((await this.#standIn.browser).context, this.#preloadFile, {
      invoke: async (channel, args) => await this.#invoke(channel, args),
      windowOpen: url => this.openHandler({ url }),
      crashed: () => {
        this.#crashed = true;
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
      },
      request: (url, navigation) => this.#allows(url, navigation),
      navigated: url => this.emit('did-navigate', {}, this.#standIn.protocols.fromBrowser(url)),
    });
    this.#crashed = false;
    await former?.close();
  }

  #allows(browserUrl: string, navigation: boolean): boolean {
    const url = this.#standIn.protocols.fromBrowser(browserUrl);
    if (navigation) {
      let prevented = false;
      this.emit('will-navigate', { preventDefault: () => (prevented = true) }, url);
      if (prevented) this.#standIn.record({ kind: 'navigation-prevented', url });
      return !prevented;
    }
    // Anything that is neither our own protocol nor made up in the page would leave the machine.
    const own = url !== browserUrl || /^(data|blob|about|chrome):/.test(url);
    if (!own) this.#standIn.record({ kind: 'request-left', url });
    return own;
  }

  async #invoke(channel: string, args: unknown[]): Promise<unknown> {
    const handler = this.#standIn.handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const senderFrame = { url: this.getURL(), parent: null };
    return await handler({ sender: this, senderFrame }, ...args);
  }
}

/** Makes the class that the module `electron` exports. */
export function browserWindowClass(standIn: StandIn) {
  return class BrowserWindow extends EventEmitter {
    readonly webContents: StandInContents;
    #bounds: Bounds;
    #maximized = false;
    #destroyed = false;

    constructor(options: Options) {
      super();
      if (!standIn.isReady) throw new Error('Cannot create BrowserWindow before app is ready');
      const preferences = options.webPreferences ?? {};
      for (const [key, value] of Object.entries(demanded)) {
        if (preferences[key] !== value)
          throw new Error(`stand-in: ${key} must be ${String(value)}`);
      }
      const { x = 40, y = 40, width = 800, height = 600 } = options;
      this.#bounds = { x, y, width, height };
      this.webContents = new StandInContents(standIn, String(preferences['preload']));
      this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
      standIn.windows.add(this);
      standIn.app.emit('web-contents-created', {}, this.webContents);
    }

    /** As in Electron, whoever listens to `close` may keep the window open. */
    close(): void {
      if (this.#destroyed) return;
      let prevented = false;
      this.emit('close', { preventDefault: () => (prevented = true) });
      if (prevented) return;
      this.#destroyed = true;
      void this.webContents.destroy().then(() => {
        standIn.windows.delete(this);
        this.emit('closed');
        if (standIn.windows.size === 0) standIn.app.emit('window-all-closed');
      });
    }

    isDestroyed = (): boolean => this.#destroyed;
    getNormalBounds = (): Bounds => ({ ...this.#bounds });
    setBounds(bounds: Bounds): void {
      this.#bounds = { ...bounds };
      this.emit('resize');
      this.emit('move');
    }
    maximize(): void {
      this.#maximized = true;
    }
    isMaximized = (): boolean => this.#maximized;
    isMinimized = (): boolean => false;
    restore(): void {}
    show(): void {
      standIn.record({ kind: 'window-shown' });
    }
    focus(): void {
      standIn.record({ kind: 'window-focused' });
    }
  };
}
