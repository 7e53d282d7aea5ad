import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchApp, modes, type RunningApp } from '../support/app.ts';
import { ask } from '../support/ask.ts';
import { productDir } from '../support/bundled.ts';
import { newTempDir } from '../support/temp-dir.ts';

// What holds for the window and for the browser alike.
describe.each(modes)('the app (%s)', mode => {
  let dir: string;
  let projectDir: string;
  let app: RunningApp;

  beforeAll(async () => {
    dir = await newTempDir();
    projectDir = path.join(dir, 'hello');
    await cp(path.join(productDir, 'examples/hello-nanoserver'), projectDir, { recursive: true });
    await mkdir(path.join(dir, 'store'));
    app = await launchApp({ mode, storeDir: path.join(dir, 'store'), projectDir });
  });

  afterAll(async () => {
    await app?.close();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  test('opens the folder that it was started with, and says nothing on the console', async () => {
    const reply = await ask(app.page, 'project.current', {});
    expect(reply).toMatchObject({ ok: true, value: { project: { dir: projectDir } } });
    expect(await app.page.title()).toContain('Layerwright');
    expect(app.pageErrors).toEqual([]);
  });

  test('runs no script but its own', async () => {
    const ran = await app.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.documentElement.dataset["ran"] = "yes"';
      document.body.append(script);
      const handler = document.createElement('div');
      handler.innerHTML = '<img src="x:" onerror="document.documentElement.dataset.ran = 1">';
      document.body.append(handler);
      return document.documentElement.dataset['ran'];
    });
    expect(ran).toBeUndefined();
    const remote = await app.page.evaluate(
      async () =>
        await new Promise(resolve => {
          const script = document.createElement('script');
          script.src = 'http://127.0.0.1:9/x.js';
          script.addEventListener('error', () => resolve('refused'));
          script.addEventListener('load', () => resolve('loaded'));
          document.body.append(script);
        }),
    );
    expect(remote).toBe('refused');
  });

  test('reaches no other host', async () => {
    const reached = await app.page.evaluate(
      async () =>
        await fetch('http://127.0.0.1:9/').then(
          () => 'reached',
          () => 'refused',
        ),
    );
    expect(reached).toBe('refused');
  });

  test('cannot be put into a frame', async () => {
    const framed = await app.page.evaluate(
      async () =>
        await new Promise(resolve => {
          const frame = document.createElement('iframe');
          frame.src = location.href;
          frame.addEventListener('load', () => {
            // An error page has another origin: its document is out of reach.
            resolve(frame.contentDocument?.querySelector('#root') ? 'shown' : 'refused');
          });
          document.body.append(frame);
        }),
    );
    expect(framed).toBe('refused');
  });

  test('refuses a folder outside of what was opened', async () => {
    const reply = await ask(app.page, 'project.open', { dir: '/etc' });
    expect(reply).toMatchObject({ ok: false, failure: { code: 'path-refused' } });
    const build = await ask(app.page, 'build.start', { contextDir: '/etc' });
    expect(build).toMatchObject({ ok: false, failure: { code: 'path-refused' } });
  });

  test('comes back after a crash of the page, with the same folder', async () => {
    await app.crashPage();
    const reply = await ask(app.page, 'project.current', {});
    expect(reply).toMatchObject({ ok: true, value: { project: { dir: projectDir } } });
  });
});
