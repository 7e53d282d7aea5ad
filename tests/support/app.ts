import { mkdir, writeFile } from 'node:fs/promises';
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { productDir, provideBundles } from './bundled.ts';
import { chromiumFile, chromiumFlags } from './electron-stand-in/browser.ts';
import type { Controls } from './electron-stand-in/control.ts';

/** The two ways in: the window (main, preload and renderer bundles under the stand-in), and `serve`. */
export const modes = ['electron', 'serve'] as const;
export type Mode = (typeof modes)[number];

export interface LaunchOptions {
  readonly mode: Mode;
  readonly storeDir: string;
  /** Opened at the start; without it the app opens the sample, or what was open last. */
  readonly projectDir?: string;
  /** `serve`: the folder below which others may be opened. By default the one above the project. */
  readonly root?: string;
  /** Electron: more arguments, and a folder that single instances share. */
  readonly args?: readonly string[];
  readonly instanceDir?: string;
  /** Electron: a dialog waits until the test answers it, instead of being dismissed. */
  readonly patient?: boolean;
  /** Shows the welcome of the first start, which is otherwise said to have been seen. */
  readonly welcome?: boolean;
  /** Size of the page in CSS pixels. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Asks the stand-in's main process; see `Controls`. */
export type Main = {
  readonly [C in keyof Controls]: (
    ...args: Parameters<Controls[C]>
  ) => Promise<Awaited<ReturnType<Controls[C]>>>;
};

export interface RunningApp {
  readonly mode: Mode;
  /** The page that is shown now; another one after a crash. */
  readonly page: Page;
  /** What the page said on its console as errors, and exceptions that nobody caught. */
  readonly pageErrors: readonly string[];
  /** Present in electron mode. */
  readonly main?: Main;
  /** The process: its end is an end without farewell. */
  readonly process: ChildProcess;
  /** Kills the page's process and waits until it is shown again (`serve`: as if the person pressed reload). */
  crashPage(): Promise<void>;
  /** Ends the app as a person would, and waits for it. */
  close(): Promise<void>;
}

const startMs = 20_000;

/** Starts the app in one of its two ways. Bundles first where sources are newer. */
export async function launchApp(options: LaunchOptions): Promise<RunningApp> {
  await provideBundles();
  if (options.welcome !== true) await haveSeenWelcome(options.storeDir);
  return options.mode === 'electron' ? await launchElectron(options) : await launchServe(options);
}

/** A store whose user has seen the welcome; settings that are there stay as they are. */
export async function haveSeenWelcome(storeDir: string): Promise<void> {
  await mkdir(path.join(storeDir, 'state'), { recursive: true });
  const file = path.join(storeDir, 'state', 'settings.json');
  await writeFile(file, '{"welcomed": true}', { flag: 'wx' }).catch(() => undefined);
}

async function launchElectron(options: LaunchOptions): Promise<RunningApp> {
  const child = forkElectron(options);
  const main = controlsOf(child);
  const browser = await chromium.connectOverCDP(await main.endpoint());
  const context = soleContext(browser);
  const pages = watchPages(context, options);
  await pages.shown();

  return {
    mode: 'electron',
    get page() {
      return pages.current();
    },
    pageErrors: pages.errors,
    main,
    process: child,
    async crashPage() {
      const former = pages.current();
      await main.crash();
      await pages.shown(former);
    },
    async close() {
      await browser.close().catch(() => undefined);
      await ended(child, () => child.disconnect());
    },
  };
}

/** Starts the main bundle without waiting for a window: a second instance has none. */
export function forkElectron({
  storeDir,
  projectDir,
  args = [],
  instanceDir,
  patient,
}: LaunchOptions) {
  const run = path.join(import.meta.dirname, 'electron-stand-in/run.ts');
  const own = projectDir === undefined ? [] : [projectDir];
  return fork(run, [productDir, ...own, ...args], {
    env: {
      ...process.env,
      ...offline(storeDir),
      LAYERWRIGHT_STORE: storeDir,
      ...(patient === true ? { LAYERWRIGHT_TEST_PATIENT: '1' } : {}),
      ...(instanceDir === undefined ? {} : { LAYERWRIGHT_TEST_INSTANCE_DIR: instanceDir }),
    },
  });
}

/** Nothing but this machine can be reached, and Docker's configuration of this machine is not seen. */
function offline(storeDir: string): Readonly<Record<string, string>> {
  const proxy = 'http://127.0.0.1:9';
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    DOCKER_CONFIG: path.join(storeDir, '..', 'docker'),
  };
}

async function launchServe(options: LaunchOptions): Promise<RunningApp> {
  const { child, url } = await startServe(options);
  const browser = await chromium.launch({ executablePath: chromiumFile, args: chromiumFlags });
  const context = await browser.newContext();
  const pages = watchPages(context, options);
  const first = await context.newPage();
  await first.goto(url);
  await pages.shown();
  const address = new URL('/', url).href;

  return {
    mode: 'serve',
    get page() {
      return pages.current();
    },
    pageErrors: pages.errors,
    process: child,
    async crashPage() {
      const former = pages.current();
      await former.goto('chrome://crash').catch(() => undefined);
      await (await context.newPage()).goto(address);
      await pages.shown(former);
      await former.close();
    },
    async close() {
      await browser.close();
      await ended(child, () => child.kill('SIGINT'));
    },
  };
}

/** Starts `serve` in a process of its own and gives the address that it prints. */
async function startServe({ storeDir, projectDir, root }: LaunchOptions) {
  const script = new URL('./serve-process.ts', import.meta.url);
  const allowed = root ?? path.dirname(projectDir ?? storeDir);
  const own = projectDir === undefined ? [] : [projectDir];
  const env = { ...process.env, ...offline(storeDir) };
  const child = fork(script, [storeDir, allowed, ...own], { env });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', code => reject(new Error(`serve ended with ${code}`)));
    child.on('message', text => {
      const [address] = /http:\S+/.exec(text as string) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
  return { child, url };
}

function watchPages(context: BrowserContext, { viewport }: LaunchOptions) {
  const errors: string[] = [];
  let pages: Page[] = [];

  function add(page: Page): void {
    pages.push(page);
    page.on('pageerror', error => errors.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.once('close', () => (pages = pages.filter(other => other !== page)));
  }
  context.pages().forEach(add);
  context.on('page', add);

  /** The last one that was opened, and is not an empty tab. */
  function appPage(): Page | undefined {
    return pages.findLast(page => page.url().startsWith('http'));
  }

  function current(): Page {
    const page = appPage();
    if (page === undefined) throw new Error('no page is open');
    return page;
  }

  /** Waits until a page of the app other than `former` has something to show. */
  async function shown(former?: Page): Promise<void> {
    const until = Date.now() + startMs;
    while (Date.now() < until) {
      const page = appPage();
      const ready = page !== undefined && page !== former && (await isShown(page));
      if (ready && viewport !== undefined) await page.setViewportSize(viewport);
      if (ready) return;
      await new Promise(resolve => setTimeout(resolve, 30));
    }
    throw new Error(`the page did not appear: ${errors.join('; ')}`);
  }

  return { errors, current, shown };
}

async function isShown(page: Page): Promise<boolean> {
  try {
    return (await page.locator('#root > *, #reload').count()) > 0;
  } catch {
    // It is being navigated, or gone.
    return false;
  }
}

/** The persistent context that the stand-in opened. */
function soleContext(browser: Browser): BrowserContext {
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('the stand-in has no browser context');
  return context;
}

/** Speaks to the stand-in of a process. */
export function controlsOf(child: ChildProcess): Main {
  let lastCall = 0;
  const call = async (name: string, args: unknown[]): Promise<unknown> => {
    const callId = ++lastCall;
    const reply = Promise.withResolvers<unknown>();
    const onExit = (code: number | null) => reply.reject(new Error(`the app ended with ${code}`));
    const onMessage = (message: { callId: number; value?: unknown; error?: string }): void => {
      if (message.callId !== callId) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      if (message.error === undefined) reply.resolve(message.value);
      else reply.reject(new Error(message.error));
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send({ callId, name, args });
    return await reply.promise;
  };
  return new Proxy({} as Main, {
    get:
      (_target, name) =>
      async (...args: unknown[]) =>
        await call(String(name), args),
  });
}

async function ended(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>(resolve => child.once('exit', () => resolve()));
  ask();
  await exit;
}
