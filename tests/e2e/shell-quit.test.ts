import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openState } from '../../electron/engine/state/state.ts';
import { launchApp, type Main, type Mode, type RunningApp } from '../support/app.ts';
import { copySampleStore } from '../support/sample-store.ts';
import { newTempDir } from '../support/temp-dir.ts';

// What becomes of a build when the window goes.
let dir: string;
let app: RunningApp | undefined;

const storeDir = (): string => path.join(dir, 'store');
const projectDir = (): string => path.join(dir, 'project');
/** For a machine that has more to do than this. */
const patience = { timeout: 60_000 };
/** Takes a second or more to pack. */
const bigBytes = 64 * 1024 * 1024;

beforeAll(async () => {
  dir = await newTempDir();
  await mkdir(projectDir());
  const from = 'FROM layerwright.local/windows/nanoserver:ltsc2022';
  await writeFile(path.join(projectDir(), 'Dockerfile'), `${from}\nCOPY big.bin C:/\n`);
  const block = randomBytes(1024 * 1024);
  const blocks = Array.from({ length: bigBytes / block.length }, () => block);
  await writeFile(path.join(projectDir(), 'big.bin'), blocks);
  await copySampleStore(storeDir());
});

afterEach(async () => {
  await app?.close();
  app = undefined;
});

afterAll(async () => await rm(dir, { recursive: true, force: true, maxRetries: 5 }));

async function launch(mode: Mode): Promise<RunningApp> {
  app = await launchApp({ mode, storeDir: storeDir(), projectDir: projectDir() });
  return app;
}

/** The app with a build that is under way. */
async function building(mode: Mode): Promise<RunningApp> {
  const launched = await launch(mode);
  const build = launched.page.getByRole('banner').getByRole('button', { name: 'Build' });
  await expect.poll(async () => await build.isEnabled(), patience).toBe(true);
  await launched.page.keyboard.press('Control+Shift+B');
  const running = launched.page.getByRole('group', { name: 'Running build' });
  await running.getByText('Step 2 of 2').waitFor(patience);
  return launched;
}

function controls({ main }: RunningApp): Main {
  if (main === undefined) throw new Error('electron mode has controls');
  return main;
}

/** How the build that was started last stands. */
async function latestStatus(): Promise<string | undefined> {
  const state = openState(storeDir());
  const { builds } = state.history.list({ offset: 0, limit: 1 });
  await state.close();
  return builds[0]?.status;
}

test('asks before a build is ended, stays when told to, and else finishes it without a window', async () => {
  const running = await building('electron');
  const main = controls(running);
  const exit = once(running.process, 'exit');
  await main.answerDialogs([{ response: 2 }]);
  await main.closeWindow();
  const asked = expect.objectContaining({ kind: 'dialog', method: 'showMessageBox' });
  await expect.poll(async () => await main.recorded(), patience).toContainEqual(asked);
  const question = (await main.recorded()).find(({ kind }) => kind === 'dialog');
  expect(JSON.stringify(question)).toContain('A build is still running.');
  expect(await main.windows()).toBe(1);
  expect(await latestStatus()).toBe('running');

  await main.answerDialogs([{ response: 0 }]);
  await main.quit();
  expect(await exit).toEqual([0, null]);
  expect(await latestStatus()).toBe('succeeded');
});

test('"Stop and quit" cancels the build, and says so on record', async () => {
  const running = await building('electron');
  const main = controls(running);
  const exit = once(running.process, 'exit');
  await main.answerDialogs([{ response: 1 }]);
  await main.closeWindow();
  expect(await exit).toEqual([0, null]);
  expect(await latestStatus()).toBe('cancelled');
});

test('without a build it quits at once and asks nothing', async () => {
  const launched = await launch('electron');
  const exit = once(launched.process, 'exit');
  await controls(launched).closeWindow();
  expect(await exit).toEqual([0, null]);
});

test('a tab of the browser that is closed leaves its build alone', async () => {
  const { page } = await building('serve');
  await page.close();
  await expect.poll(latestStatus, patience).toBe('succeeded');
});
