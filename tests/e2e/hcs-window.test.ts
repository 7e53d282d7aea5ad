import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeptSteps } from '../../electron/engine/build/backends/hcs/debug/kept-steps.ts';
import { createBuildManager } from '../../electron/engine/state/build-manager.ts';
import { openState } from '../../electron/engine/state/state.ts';
import type { Handlers } from '../../electron/ipc/answer.ts';
import { createBackend, type Backend } from '../../electron/ipc/backend.ts';
import { keptHandlers, type KeptHandlers } from '../../electron/ipc/handlers/kept.ts';
import { noDialogs } from '../../electron/ipc/host.ts';
import { serve, type RunningServer } from '../../electron/serve.ts';
import type { BuildEvent } from '../../shared/ipc/build-events.ts';
import { buildRequestSchema, type BuildRequest } from '../../shared/ipc/build-request.ts';
import { haveSeenWelcome } from '../support/app.ts';
import { productDir, provideBundles } from '../support/bundled.ts';
import { chromiumFile, chromiumFlags } from '../support/electron-stand-in/browser.ts';
import {
  dockerfile,
  hcsBench,
  supportOf,
  type HcsBench,
} from '../electron/engine/build/backends/hcs/hcs-bench.ts';
import { goTo, loaded, runCommand, surface } from './support/actions.ts';
import { usualViewport } from './support/app-in-modes.ts';
import { editorReady } from './support/editor.ts';
import { violations } from './support/axe.ts';
import { hasFocus } from './support/keyboard.ts';

const file = dockerfile(
  'WORKDIR C:/w',
  'RUN --mount=type=secret,id=feed-token echo half> half.txt && exit 7',
);

let at: HcsBench;
let backend: Backend;
let kept: KeptHandlers;
let server: RunningServer;
let browser: Browser;
let page: Page;
let buildId: string;
const started: BuildRequest[] = [];
const errors: string[] = [];

/** Builds with the doubles of Windows, and puts it on record as the app does. */
async function recordFailedBuild(): Promise<string> {
  const state = openState(at.store.dir);
  const run = { keepFailed: true };
  const builds = createBuildManager(state, async ({ buildId: id, emit }) => {
    const onEvent = ({ seq: _seq, time: _time, ...body }: BuildEvent) => emit(body);
    return await at.build({ run }, { buildId: id, filesDir: state.filesDir(id), onEvent });
  });
  const recorded = builds.start(buildRequestSchema.parse({ contextDir: at.contextDir, run }));
  expect(await builds.settled(recorded)).toMatchObject({ status: 'failed' });
  await builds.close();
  await state.close();
  return recorded;
}

/** The app's own handlers, with the answers of a Windows host where this machine is none. */
function windowsHandlers(own: Handlers): Handlers {
  return {
    ...own,
    ...kept,
    'app.info': async (input, signal) => {
      const info = await own['app.info'](input, signal);
      const hcs = { backend: 'hcs', available: true, reason: 'Builds everything.' } as const;
      return { ...info, backends: [...info.backends.slice(0, 1), hcs] };
    },
    'build.plan': async (input, signal) => ({
      ...(await own['build.plan'](input, signal)),
      choice: { backend: 'hcs', reason: 'RUN in line 4 needs Windows, and this host can run it.' },
    }),
    'build.start': async request => {
      started.push(request);
      return { buildId };
    },
  };
}

beforeAll(async () => {
  await provideBundles();
  at = await hcsBench({ Dockerfile: file });
  buildId = await recordFailedBuild();
  await haveSeenWelcome(at.store.dir);
  const mode = { mode: 'serve', productDir, version: '0.0.0', dialogs: noDialogs } as const;
  backend = await createBackend({ ...mode, storeDir: at.store.dir, roots: [at.dir] });
  kept = keptHandlers({
    kept: createKeptSteps(at.store, async () => supportOf(at.store, at.doubles)),
    filesDir: id => path.join(at.dir, 'files', id),
    events: backend.events,
  });
  await backend.projects.open(at.contextDir);
  const bundleDir = path.join(productDir, 'out', 'renderer');
  const handlers = windowsHandlers(backend.handlers);
  server = await serve({ bundleDir, handlers, events: backend.events });
  browser = await chromium.launch({ executablePath: chromiumFile, args: chromiumFlags });
  page = await browser.newPage({ viewport: usualViewport, reducedMotion: 'reduce' });
  page.on('pageerror', error => errors.push(error.message));
  page.setDefaultTimeout(10_000);
  await page.goto(server.url);
  await loaded(page);
  await editorReady(page);
});

afterAll(async () => {
  await browser.close();
  await server.close();
  await kept[Symbol.asyncDispose]();
  await backend.close();
  await at[Symbol.asyncDispose]();
  expect(errors).toEqual([]);
});

const themes = [
  { name: 'light', scheme: 'light', shown: 'light' },
  { name: 'dark', scheme: 'light', shown: 'dark' },
  { name: 'high contrast', scheme: 'dark', shown: 'hc-dark' },
] as const;

async function shot(name: string): Promise<void> {
  const dir = process.env['LAYERWRIGHT_SCREENSHOTS'];
  if (dir !== undefined) await page.screenshot({ path: path.join(dir, `${name}.png`) });
}

describe('the window on a host that runs containers, with the doubles of Windows', () => {
  it('tells in the status bar which backend builds next', async () => {
    const status = page.getByRole('contentinfo', { name: 'Status' });
    const item = status.getByRole('button', { name: 'HCS backend' });
    await item.waitFor();
    expect(await item.getAttribute('data-tooltip')).toContain('RUN in line 4 needs Windows');
  });

  it('takes secrets by the name of a variable and by file, and builds with them', async () => {
    const settings = await goTo(page, 'Settings');
    const secrets = settings.getByRole('region', { name: 'Secrets of the open Dockerfile' });
    const source = secrets.getByRole('combobox', { name: 'Where feed-token comes from' });
    await source.selectOption('An environment variable');
    await secrets.getByRole('textbox', { name: 'Variable with feed-token' }).fill('FEED_TOKEN');
    await page.keyboard.press('Control+B');
    await expect
      .poll(() => started.at(-1)?.run.secrets)
      .toEqual({
        'feed-token': { env: 'FEED_TOKEN' },
      });
    await goTo(page, 'Settings');
    await source.selectOption('A file');
    await secrets.getByRole('button', { name: 'Choose the file with feed-token' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('/secrets/token.txt');
    await page.keyboard.press('Enter');
    await secrets.getByText('/secrets/token.txt').waitFor();
    await shot('secrets');
    await page.keyboard.press('Control+B');
    await expect
      .poll(() => started.at(-1)?.run.secrets)
      .toEqual({
        'feed-token': { file: '/secrets/token.txt' },
      });
  });

  it.each(themes)(
    'has nothing against WCAG 2.2 AA in its settings of RUN, theme $name',
    async theme => {
      await page.emulateMedia({ colorScheme: theme.scheme });
      await runCommand(page, `Theme: ${theme.name}`);
      await page.locator(`html[data-theme=${theme.shown}]`).waitFor();
      const settings = await goTo(page, 'Settings');
      const run = settings.getByRole('region', { name: 'Programs of RUN' });
      await run.getByRole('switch', { name: 'Keep failed steps' }).scrollIntoViewIfNeeded();
      await shot(`run-settings-${theme.shown}`);
      expect(await violations(page)).toEqual([]);
      const memory = run.getByRole('textbox', { name: 'GiB of memory' });
      await memory.fill('x');
      await run.getByText('Empty, or a number from 1 to 4,096').waitFor();
      expect(await violations(page)).toEqual([]);
      await memory.fill('');
    },
  );

  it('takes the name of a network as it is typed, and shows what is kept after a reset', async () => {
    const settings = await goTo(page, 'Settings');
    const run = settings.getByRole('region', { name: 'Programs of RUN' });
    const network = run.getByRole('textbox', { name: 'Network' });
    const memory = run.getByRole('textbox', { name: 'GiB of memory' });
    await network.fill('');
    await network.pressSequentially('Default Switch');
    await memory.fill('8');
    await page.keyboard.press('Control+B');
    await expect
      .poll(() => started.at(-1)?.run)
      .toMatchObject({ network: 'Default Switch', memoryBytes: 8 * 1024 ** 3 });
    await goTo(page, 'Settings');
    await settings.getByRole('button', { name: 'Reset all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset', exact: true }).click();
    await expect.poll(() => network.inputValue()).toBe('default');
    await expect.poll(() => memory.inputValue()).toBe('');
  });

  it.each(themes)('opens a shell in a failed step by the keyboard, theme $name', async theme => {
    await page.emulateMedia({ colorScheme: theme.scheme });
    await runCommand(page, `Theme: ${theme.name}`);
    await page.locator(`html[data-theme=${theme.shown}]`).waitFor();
    await goTo(page, 'Builds');
    const look = surface(page, 'Builds').getByRole('button', { name: 'Look into its files' });
    await look.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Files of the failed step' });
    const line = dialog.getByRole('textbox', { name: 'C:\\w' });
    await line.waitFor();
    await expect.poll(async () => await hasFocus(line)).toBe(true);
    const output = dialog.getByRole('log', { name: 'Output' });
    await page.keyboard.type('type half.txt');
    await page.keyboard.press('Enter');
    await output.getByText('half', { exact: true }).waitFor();
    await dialog.getByRole('textbox', { name: 'C:\\w' }).fill('exit 3');
    await page.keyboard.press('Enter');
    await output.getByText('exit code 3').waitFor();
    expect(await output.innerText()).toMatch(
      /^C:\\w> type half\.txt\s+half\s+C:\\w> exit 3\s+exit code 3\s*$/,
    );
    await shot(`kept-${theme.shown}`);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => await hasFocus(look)).toBe(true);
    await expect.poll(() => at.doubles.counters()['systems']).toBe(0);
  });

  it('drops the files, and then offers them no more', async () => {
    await goTo(page, 'Builds');
    const look = surface(page, 'Builds').getByRole('button', { name: 'Look into its files' });
    await look.click();
    const dialog = page.getByRole('dialog', { name: 'Files of the failed step' });
    await dialog.getByRole('button', { name: 'Drop these files' }).click();
    await dialog.waitFor({ state: 'detached' });
    await look.waitFor({ state: 'detached' });
  });
});
