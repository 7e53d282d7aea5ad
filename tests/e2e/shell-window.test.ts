import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forkElectron, launchApp, type Main, type RunningApp } from '../support/app.ts';
import { ask } from '../support/ask.ts';
import { productDir } from '../support/bundled.ts';
import { newTempDir } from '../support/temp-dir.ts';

// What only the window has.
let dir: string;
let app: RunningApp;
let main: Main;

async function makeProject(name: string): Promise<string> {
  const projectDir = path.join(dir, name);
  await mkdir(projectDir, { recursive: true });
  await writeFile(path.join(projectDir, 'Dockerfile'), 'FROM scratch\n');
  return projectDir;
}

/** An archive with one image, made by the command line in a store of its own. */
async function makeArchive(tag: string): Promise<string> {
  const file = path.join(dir, 'image.ociarchive');
  const cli = path.join(productDir, 'electron/cli.ts');
  const store = path.join(dir, 'other-store');
  const projectDir = await makeProject('archived');
  for (const args of [
    ['build', '-t', tag, projectDir],
    ['save', '-o', file, tag],
  ])
    await promisify(execFile)(process.execPath, [cli, '--store', store, ...args]);
  return file;
}

/** For a machine that has more to do than this. */
const patience = { timeout: 15_000 };

const options = () => ({
  mode: 'electron' as const,
  storeDir: path.join(dir, 'store'),
  instanceDir: path.join(dir, 'instance'),
});

beforeAll(async () => {
  dir = await newTempDir();
  await mkdir(options().storeDir);
  app = await launchApp({ ...options(), projectDir: await makeProject('first') });
  if (app.main === undefined) throw new Error('electron mode has controls');
  main = app.main;
});

afterAll(async () => {
  await app?.close();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

async function currentDir(): Promise<string | undefined> {
  const reply = await ask(app.page, 'project.current', {});
  return reply.ok ? reply.value.project?.dir : undefined;
}

test('gives the page a frozen bridge of three functions, and nothing of Node or Electron', async () => {
  const seen = await app.page.evaluate(() => {
    const globals = globalThis as unknown as Record<string, unknown>;
    const { bridge } = window;
    return {
      keys: Object.keys(bridge ?? {}),
      frozen: Object.isFrozen(bridge),
      replaced: Reflect.set(window, 'bridge', undefined),
      leaks: ['require', 'module', 'process', 'Buffer', 'ipcRenderer', 'electron', 'global'].filter(
        name => name in globals,
      ),
    };
  });
  expect(seen).toEqual({
    keys: ['invoke', 'cancel', 'on'],
    frozen: true,
    replaced: false,
    leaks: [],
  });
});

test('lets no channel through that the contract does not name', async () => {
  const replies = await app.page.evaluate(async () => {
    const channels = ['', 'request', 'dropped', 'toString', '__proto__', 'app.quit'];
    return await Promise.all(
      channels.map(async channel => await window.bridge?.invoke(channel, {})),
    );
  });
  for (const reply of replies) {
    expect(reply).toMatchObject({ ok: false, failure: { code: 'bad-request', field: 'channel' } });
  }
});

test('refuses what only structured clone can carry', async () => {
  const replies = await app.page.evaluate(async () => {
    const odd = [new Map([['a', 1]]), new Date(), new Uint8Array(4), 10n, Number.NaN, new Set([1])];
    return await Promise.all(
      odd.map(async value => await window.bridge?.invoke('build.list', { value })),
    );
  });
  for (const reply of replies) {
    expect(reply).toMatchObject({ ok: false, failure: { code: 'bad-request' } });
  }
});

test('stays where it is when the page wants to go elsewhere', async () => {
  const before = app.page.url();
  await app.page.evaluate(() => (location.href = 'https://evil.example/'));
  await expect
    .poll(async () => await main.recorded(), patience)
    .toContainEqual({ kind: 'navigation-prevented', url: 'https://evil.example/' });
  expect(app.page.url()).toBe(before);
});

test('opens no window, and only known links in the browser', async () => {
  await app.page.evaluate(() => {
    window.open('https://evil.example/');
    window.open('file:///etc/passwd');
    window.open('https://learn.microsoft.com/virtualization/windowscontainers/');
  });
  await expect
    .poll(
      async () => (await main.recorded()).filter(({ kind }) => kind === 'opened-external'),
      patience,
    )
    .toEqual([
      {
        kind: 'opened-external',
        url: 'https://learn.microsoft.com/virtualization/windowscontainers/',
      },
    ]);
});

test('grants the clipboard for writing, and no other permission', async () => {
  const permissions = ['clipboard-sanitized-write', 'media', 'geolocation', 'notifications', 'hid'];
  const granted = await Promise.all(permissions.map(async name => await main.askPermission(name)));
  expect(granted).toEqual([true, false, false, false, false]);
});

test('has a menu whose commands reach the page', async () => {
  await app.page.evaluate(() => {
    window.bridge?.on('app.command', payload => {
      document.body.dataset['command'] = (payload as { command: string }).command;
    });
  });
  expect(await main.clickMenu('Keyboard shortcuts')).toBe(true);
  await expect
    .poll(async () => await app.page.evaluate(() => document.body.dataset['command']), patience)
    .toBe('help.shortcuts');
  await app.page.keyboard.press('Escape');
});

test('shows the keys of the page in its menu', async () => {
  const items = (await main.menu()).flatMap(({ submenu }) => submenu ?? []);
  const keys = new Map(
    items.map(({ label, accelerator }) => [label?.replace('&', ''), accelerator]),
  );
  expect(await main.clickMenu('Keyboard shortcuts')).toBe(true);
  const sheet = app.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.waitFor();
  const rows = await sheet.locator('.shortcuts__row').allInnerTexts();
  await app.page.keyboard.press('Escape');
  const pairs = [
    ['Build image', 'Build image', 'CmdOrCtrl+B', /Ctrl\s*B/],
    ['Save', 'Save', 'CmdOrCtrl+S', /Ctrl\s*S/],
    ['Open folder…', 'Open folder…', 'CmdOrCtrl+O', /Ctrl\s*O/],
    ['Stop the build', 'Cancel the running build', 'CmdOrCtrl+Alt+X', /Ctrl\s*Alt\s*X/],
    ['Command palette…', 'Command palette', 'CmdOrCtrl+Shift+P', /Ctrl\s*Shift\s*P/],
  ] as const;
  for (const [label, title, accelerator, shown] of pairs) {
    expect(keys.get(label)).toBe(accelerator);
    expect(rows.find(row => row.startsWith(`${title}\n`))).toMatch(shown);
  }
});

test('remembers the folders that were open, and forgets one when told to', async () => {
  const first = path.join(dir, 'first');
  const listed = async () => {
    const reply = await ask(app.page, 'project.recent', {});
    return reply.ok ? reply.value.map(recent => recent.dir) : [];
  };
  expect(await listed()).toContain(first);
  expect(await ask(app.page, 'project.forget', { dir: first })).toMatchObject({ ok: true });
  expect(await listed()).not.toContain(first);
});

test('opens the folder that was chosen in the dialog', async () => {
  const chosen = await makeProject('chosen');
  await main.answerDialogs([{ canceled: false, filePaths: [chosen] }]);
  expect(await ask(app.page, 'dialog.openFolder', {})).toEqual({
    ok: true,
    value: { path: chosen },
  });
  expect(await ask(app.page, 'project.open', { dir: chosen })).toMatchObject({ ok: true });
  expect(await currentDir()).toBe(chosen);
});

test('asks before a deep link opens a folder that was never open, and builds nothing', async () => {
  const linked = await makeProject('linked');
  const link = `layerwright://open?path=${encodeURIComponent(linked)}`;
  const before = await currentDir();
  await main.answerDialogs([{ response: 1 }]);
  await main.openUrl(link);
  await expect
    .poll(async () => JSON.stringify((await main.recorded()).at(-1)), patience)
    .toContain('Open this folder?');
  expect(await currentDir()).toBe(before);

  await main.answerDialogs([{ response: 0 }]);
  await main.openUrl(link);
  await expect.poll(currentDir, patience).toBe(linked);
  expect(await ask(app.page, 'build.list', {})).toMatchObject({ ok: true, value: { total: 0 } });
});

test('does nothing for a deep link that breaks the grammar', async () => {
  const before = [await currentDir(), (await main.recorded()).length];
  await main.openUrl('layerwright://build?path=/etc');
  await main.openUrl('layerwright://open?path=..%2F..');
  await new Promise(resolve => setTimeout(resolve, 200));
  const dialogs = (await main.recorded()).slice(before[1] as number);
  expect([await currentDir(), dialogs.filter(({ kind }) => kind === 'dialog')]).toEqual([
    before[0],
    [],
  ]);
});

test('opens a folder that is dropped on it, and the folder of a Dockerfile with that file', async () => {
  const dropped = await makeProject('dropped');
  await main.drop(dropped);
  await expect.poll(currentDir, patience).toBe(dropped);
  const other = await makeProject('other');
  await writeFile(path.join(other, 'web.Dockerfile'), 'FROM scratch\n');
  await main.drop(path.join(other, 'web.Dockerfile'));
  await expect.poll(currentDir, patience).toBe(other);
  await app.page.getByRole('tab', { name: 'web.Dockerfile', selected: true }).waitFor(patience);
});

test('loads the images of an archive that is dropped on it, or that it is started with', async () => {
  const archive = await makeArchive('archived:1');
  await main.drop(archive);
  await app.page.getByText('Loaded archived:1').first().waitFor(patience);
  const removed = await ask(app.page, 'image.remove', { reference: 'archived:1' });
  expect(removed.ok).toBe(true);
  const second = forkElectron({ ...options(), projectDir: archive });
  expect(await new Promise(resolve => second.once('exit', resolve))).toBe(0);
  await expect
    .poll(async () => JSON.stringify(await ask(app.page, 'image.list', {})), patience)
    .toContain('archived:1');
});

test('says why it opens no other file that is dropped on it', async () => {
  const file = path.join(dir, 'app.exe');
  await writeFile(file, 'MZ');
  const before = await currentDir();
  await main.drop(file);
  await expect
    .poll(async () => JSON.stringify((await main.recorded()).at(-1)), patience)
    .toMatch(/app\.exe cannot be opened here.*Drop a folder with a Dockerfile/);
  expect(await currentDir()).toBe(before);
});

test('hands the folder of a second start to the first, and comes to the front', async () => {
  const projectDir = await makeProject('second');
  const second = forkElectron({ ...options(), projectDir });
  const code = await new Promise(resolve => second.once('exit', resolve));
  expect(code).toBe(0);
  await expect.poll(currentDir, patience).toBe(projectDir);
  expect((await main.recorded()).some(({ kind }) => kind === 'window-focused')).toBe(true);
});

test('keeps where the window was', async () => {
  const bounds = { x: 100, y: 80, width: 1000, height: 700 };
  await main.setBounds(bounds);
  const stateFile = path.join(options().storeDir, 'state/window.json');
  await expect
    .poll(async () => JSON.parse(await readFile(stateFile, 'utf8').catch(() => '{}')), patience)
    .toEqual({ ...bounds, maximized: false });
});

test('loads a crashed page again, twice; then it offers to', async () => {
  await app.crashPage();
  expect(await app.page.locator('#reload').count()).toBe(0);
  await app.crashPage();
  expect(await app.page.locator('#reload').count()).toBe(0);
  await app.crashPage();
  expect(await app.page.textContent('h1')).toContain('crashed');
  await app.page.click('#reload');
  await app.page.waitForSelector('#root > *', { state: 'attached' });
  expect(await currentDir()).toBe(path.join(dir, 'second'));
});
