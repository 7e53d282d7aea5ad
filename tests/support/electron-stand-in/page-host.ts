import { readFile } from 'node:fs/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { makeCodec } from './worlds.ts';
import { worldScripts } from './worlds-source.ts';

const worldName = 'preload';
const codec = makeCodec();

/** What a page tells the main process. */
export interface PageEvents {
  invoke(channel: string, args: unknown[]): Promise<unknown>;
  windowOpen(url: string): void;
  crashed(): void;
  /** False stops it. `navigation`: the page itself goes elsewhere. */
  request(url: string, navigation: boolean): boolean;
  navigated(url: string): void;
}

/** One page of the browser with a preload in an isolated world. */
export interface PageHost {
  readonly page: Page;
  url(): string;
  load(url: string): Promise<void>;
  send(channel: string, args: unknown[]): Promise<void>;
  drop(file: string): Promise<void>;
  close(): Promise<void>;
}

export async function openPage(
  context: BrowserContext,
  preloadFile: string,
  events: PageEvents,
): Promise<PageHost> {
  // Chromium starts with an empty tab: the first window takes that one.
  const [first] = context.pages();
  const page = first?.url() === 'about:blank' ? first : await context.newPage();
  const session = await context.newCDPSession(page);
  const world = await installWorlds(session, preloadFile, events);
  let loading = true;

  await session.send('Page.enable');
  session.on('Page.windowOpen', ({ url }) => events.windowOpen(url));
  page.on('crash', () => events.crashed());
  page.on('framenavigated', frame => {
    if (frame === page.mainFrame()) events.navigated(frame.url());
  });
  await page.route('**/*', async route => {
    const request = route.request();
    const navigation = request.isNavigationRequest() && request.frame() === page.mainFrame();
    const allowed = events.request(request.url(), navigation && !loading);
    await (allowed ? route.continue() : route.abort('aborted')).catch(() => undefined);
  });

  return {
    page,
    url: () => page.url(),
    async load(url) {
      loading = true;
      await page.goto(url).finally(() => (loading = false));
    },
    send: async (channel, args) =>
      await world.receive({ kind: 'event', channel, args: args.map(arg => codec.encode(arg)) }),
    async drop(file) {
      await world.receive({ kind: 'dropping', file });
      await dropFile(session, page, file);
    },
    close: async () => await page.close().catch(() => undefined),
  };
}

/** Real events of a drag (`isTrusted`), by the debugging protocol. */
async function dropFile(session: CDPSession, page: Page, file: string): Promise<void> {
  const { innerWidth, innerHeight } = await page.evaluate(() => ({
    innerWidth: window.innerWidth,
    innerHeight: window.innerHeight,
  }));
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  const at = { x: innerWidth / 2, y: innerHeight / 2, data };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at });
  }
}

interface World {
  receive(message: object): Promise<void>;
}

async function installWorlds(
  session: CDPSession,
  preloadFile: string,
  events: PageEvents,
): Promise<World> {
  const scripts = worldScripts(await readFile(preloadFile, 'utf8'));
  let contextId: number | undefined;
  // Frames have no preload, as with Electron's default nodeIntegrationInSubFrames.
  const topFrame = (await session.send('Page.getFrameTree')).frameTree.frame.id;

  async function receive(message: object): Promise<void> {
    if (contextId === undefined) return;
    const expression = `standInReceive(${JSON.stringify(JSON.stringify(message))})`;
    // The page may be gone by now: then nobody waits for it.
    await session.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined);
  }

  async function answer(text: string): Promise<void> {
    const { callId, channel, args } = JSON.parse(text);
    try {
      const result = await events.invoke(
        channel,
        args.map((arg: unknown) => codec.decode(arg)),
      );
      await receive({ kind: 'result', callId, value: codec.encode(result) });
    } catch (error) {
      // Electron hands on the message only, and says where it comes from.
      const message = `Error invoking remote method '${channel}': ${String(error)}`;
      await receive({ kind: 'failure', callId, message });
    }
  }

  session.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.name === worldName && context.auxData?.['frameId'] === topFrame)
      contextId = context.id;
  });
  session.on('Runtime.bindingCalled', ({ payload }) => void answer(payload));
  await session.send('Runtime.enable');
  await session.send('Page.enable');
  await session.send('Runtime.addBinding', {
    name: 'standInCall',
    executionContextName: worldName,
  });
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.page });
  await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: scripts.preload,
    worldName,
  });
  return { receive };
}
