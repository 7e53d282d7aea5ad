/**
 * How the window follows a log that grows by 50,000 lines a second, and how it scrolls through a million
 * lines. In Chromium, over `serve`. Run: `node bench/log-view.ts`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { createBackend } from '../electron/ipc/backend.ts';
import type { EventSink } from '../electron/ipc/event-hub.ts';
import { noDialogs } from '../electron/ipc/host.ts';
import {
  createBuildRecorder,
  type BuildRecorder,
} from '../electron/engine/state/build-recorder.ts';
import { openState, type State } from '../electron/engine/state/state.ts';
import { serve } from '../electron/serve.ts';
import { buildRequestSchema } from '../shared/ipc/build-request.ts';
import type { BuildEvent, BuildEventBody } from '../shared/ipc/build-events.ts';
import { productDir, provideBundles } from '../tests/support/bundled.ts';
import { chromiumFile, chromiumFlags } from '../tests/support/electron-stand-in/browser.ts';

const linesPerSecond = 50_000;
const seconds = 5;
const tickMs = 20;
const million = 1_000_000;

const dir = mkdtempSync(path.join(tmpdir(), 'layerwright-bench-'));
const projectDir = path.join(dir, 'project');
const storeDir = path.join(dir, 'store');

function say(title: string, value: string): void {
  console.log(`${title.padEnd(52)} ${value.padStart(16)}`);
}

/** A build of one step that only talks. */
function talkingBuild(state: State, tag: string): BuildRecorder {
  const request = buildRequestSchema.parse({ contextDir: projectDir, tags: [tag] });
  const recorder = createBuildRecorder(state, request);
  const { buildId } = recorder.summary;
  const dockerfile = path.join(projectDir, 'Dockerfile');
  recorder.record({
    kind: 'build-started',
    buildId,
    backend: 'portable',
    contextDir: projectDir,
    dockerfile,
  });
  const start = { line: 1, character: 0 };
  const step = { stepId: '0.1', keyword: 'RUN', text: 'RUN msbuild', range: { start, end: start } };
  recorder.record({
    kind: 'build-planned',
    stages: [{ stage: 0, base: 'example.com/base:1', steps: [step] }],
  });
  recorder.record({ kind: 'step-started', stepId: '0.1' });
  return recorder;
}

function output(from: number, count: number): BuildEventBody {
  const lines = Array.from(
    { length: count },
    (_, n) => `\u001b[32mC:\\build\\src\\file-${from + n}.cpp\u001b[0m: compiled, 0 errors`,
  );
  return { kind: 'step-output', stepId: '0.1', stream: 'stdout', lines };
}

function finish(recorder: BuildRecorder): readonly BuildEvent[] {
  const done = recorder.record({
    kind: 'step-finished',
    stepId: '0.1',
    outcome: 'ran',
    durationMs: 1,
    phases: {},
  });
  const closing = recorder.close({ kind: 'build-failed', failure: { code: 'cancelled' } });
  return closing === undefined ? [done] : [done, closing];
}

/** Runs in the page: begins to note tasks that keep the main thread for more than 50 ms. */
function watchBlocks(): void {
  const blocks: number[] = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) blocks.push(entry.duration);
  }).observe({ type: 'longtask' });
  Object.assign(globalThis, { blocks });
}

async function tellBlocks(page: Page, during: string): Promise<void> {
  const blocks: number[] = await page.evaluate('globalThis.blocks.splice(0)');
  const longest = blocks.length === 0 ? 'none over 50 ms' : `${Math.max(...blocks)} ms`;
  say(`longest main-thread block while ${during}`, longest);
}

/** Scrolls for 3 s by what `move` sets for each frame; gives the times between frames in ms. */
async function frames(page: Page, move: string): Promise<number[]> {
  return await page.evaluate(`new Promise(resolve => {
    const view = document.querySelector('.log-view');
    const times = [];
    const start = performance.now();
    const reach = view.scrollHeight - view.clientHeight;
    let last = start;
    const frame = now => {
      times.push(now - last);
      last = now;
      const part = (now - start) / 3000;
      if (part >= 1) return resolve(times.slice(1));
      ${move};
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })`);
}

function tellFrames(title: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0);
  const slow = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  say(
    title,
    `${((times.length / total) * 1000).toFixed(1)} frames/s, 99 % within ${slow.toFixed(1)} ms`,
  );
}

async function benchGrowth(page: Page, state: State, events: EventSink): Promise<void> {
  const recorder = talkingBuild(state, 'bench/growing:1');
  const { buildId } = recorder.summary;
  events.emit('builds.changed', null);
  await page.locator('.builds-list__row', { hasText: 'growing' }).click();
  await page.locator('.log-head').waitFor();
  await page.evaluate(watchBlocks);
  let written = 0;
  const begun = performance.now();
  while (written < linesPerSecond * seconds) {
    const due = Math.floor(((performance.now() - begun) / 1000) * linesPerSecond);
    const count = Math.min(due, linesPerSecond * seconds) - written;
    if (count > 0) {
      recorder.record(output(written, count));
      written += count;
      recorder.flush();
      events.emit('build.logGrew', { buildId, total: recorder.summary.logLines });
    }
    await new Promise(resolve => setTimeout(resolve, tickMs));
  }
  const took = performance.now() - begun;
  await page.locator(`[data-number="${written}"]`).waitFor();
  const late = performance.now() - begun - took;
  say('lines written', `${written} in ${(took / 1000).toFixed(1)} s`);
  await page.locator('.log-view').press('Home');
  const head = (await page.locator('.log-head__facts').innerText()).split(' ')[0] ?? '';
  say('lines shown', head.replaceAll(',', ''));
  say('the last line is shown after', `${late.toFixed(0)} ms`);
  await tellBlocks(page, 'it grows');
  events.emit('build.events', { buildId, events: finish(recorder) });
  events.emit('builds.changed', null);
}

async function benchScroll(page: Page, state: State, events: EventSink): Promise<void> {
  const recorder = talkingBuild(state, 'bench/million:1');
  for (let from = 0; from < million; from += 1000) recorder.record(output(from, 1000));
  finish(recorder);
  events.emit('builds.changed', null);
  const start = performance.now();
  await page.locator('.builds-list__row', { hasText: 'million' }).click();
  await page.locator('[data-number="1"]').waitFor();
  say('open a log of 1,000,000 lines', `${(performance.now() - start).toFixed(0)} ms`);
  await tellBlocks(page, 'it opens');
  tellFrames('scroll by 3 lines a frame', await frames(page, 'view.scrollTop += 60'));
  await tellBlocks(page, 'it scrolls');
  const everywhere = 'view.scrollTop = reach * part';
  tellFrames('drag through all of it in 3 s', await frames(page, everywhere));
  await tellBlocks(page, 'it is dragged');
  await page.evaluate('document.querySelector(".log-view").scrollTop = 1e9');
  const end = performance.now();
  await page.locator(`[data-number="${million}"]`).waitFor();
  say('the last line after a jump', `${(performance.now() - end).toFixed(0)} ms`);
  const rows = await page.locator('.log-view [data-row]').count();
  const heap = await page.evaluate('performance.memory.usedJSHeapSize / 2 ** 20');
  say('rows in the page, memory of its scripts', `${rows}, ${Number(heap).toFixed(0)} MiB`);
}

async function run(): Promise<void> {
  await provideBundles();
  mkdirSync(projectDir);
  writeFileSync(path.join(projectDir, 'Dockerfile'), 'FROM example.com/base:1\nRUN msbuild\n');
  const backend = await createBackend({
    mode: 'serve',
    storeDir,
    productDir,
    version: '0.0.0',
    dialogs: noDialogs,
    roots: [dir],
  });
  await backend.projects.open(projectDir);
  const state = openState(storeDir);
  const { handlers, events } = backend;
  const bundleDir = path.join(productDir, 'out/renderer');
  const server = await serve({ bundleDir, handlers, events });
  const browser = await chromium.launch({ executablePath: chromiumFile, args: chromiumFlags });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en' });
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Builds' }).click();
    await benchGrowth(page, state, events);
    await benchScroll(page, state, events);
  } finally {
    await browser.close();
    await server.close();
    await state.close();
    await backend.close();
  }
}

try {
  await run();
} finally {
  rmSync(dir, { recursive: true, force: true });
}
