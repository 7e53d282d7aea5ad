import { EventEmitter } from 'node:events';
import { startBrowser, type StandInBrowser } from './browser.ts';
import { startProtocolServer, type ProtocolServer } from './protocol-server.ts';

/** What happened that a test may want to know. */
export type Recorded =
  | { readonly kind: 'navigation-prevented'; readonly url: string }
  | { readonly kind: 'request-left'; readonly url: string }
  | { readonly kind: 'opened-external'; readonly url: string }
  | { readonly kind: 'dialog'; readonly method: string; readonly options: unknown }
  | { readonly kind: 'theme'; readonly source: string }
  | { readonly kind: 'window-shown' }
  | { readonly kind: 'window-focused' }
  | { readonly kind: 'quit' };

export interface StandInWindow extends EventEmitter {
  readonly webContents: EventEmitter & {
    crash(): Promise<void>;
    drop(file: string): Promise<void>;
  };
  close(): void;
  isDestroyed(): boolean;
  setBounds(bounds: { x: number; y: number; width: number; height: number }): void;
}

type InvokeHandler = (event: object, ...args: unknown[]) => unknown;
type PermissionHandler = (
  contents: object,
  permission: string,
  answer: (ok: boolean) => void,
) => void;

/** The state behind the module `electron` of one process. */
export interface StandIn {
  readonly app: EventEmitter;
  readonly windows: Set<StandInWindow>;
  readonly handlers: Map<string, InvokeHandler>;
  readonly protocols: ProtocolServer;
  /** Starts with the process, and is waited for by the first window. */
  readonly browser: Promise<StandInBrowser>;
  readonly recorded: Recorded[];
  /** Answers that the test has given to dialogs that will come, the first one first. */
  readonly dialogAnswers: unknown[];
  /** Dialogs that wait for an answer of the test, where it asked for that. */
  readonly openDialogs: ((answer: unknown) => void)[];
  isReady: boolean;
  menu: readonly MenuItem[];
  permissionHandler: PermissionHandler | undefined;
  record(what: Recorded): void;
}

export interface MenuItem {
  readonly label?: string;
  readonly role?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly MenuItem[];
  readonly click?: () => void;
}

export async function createStandIn(): Promise<StandIn> {
  const recorded: Recorded[] = [];
  return {
    app: new EventEmitter(),
    windows: new Set(),
    handlers: new Map(),
    protocols: await startProtocolServer(),
    browser: startBrowser(),
    recorded,
    dialogAnswers: [],
    openDialogs: [],
    isReady: false,
    menu: [],
    permissionHandler: undefined,
    record: what => void recorded.push(what),
  };
}
