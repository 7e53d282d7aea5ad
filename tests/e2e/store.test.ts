import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { openStore } from '../../electron/engine/content/store.ts';
import { openState } from '../../electron/engine/state/state.ts';
import { controlsOf, forkElectron, type Main } from '../support/app.ts';
import { productDir, provideBundles } from '../support/bundled.ts';
import { newTempDir } from '../support/temp-dir.ts';
import { notice, surface } from './support/actions.ts';
import { dockerfileProject, inModes } from './support/app-in-modes.ts';
import { editorReady, fileTab, typeAtEnd } from './support/editor.ts';

const patience = { timeout: 30_000 };

/** A disk of its own, in memory. Needs root, as test machines give. */
async function mountDisk(place: string, size: string): Promise<void> {
  await mkdir(place, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place]);
}

function unmount(place: string): void {
  execFileSync('umount', ['--lazy', place]);
}

/** Takes all the space that is left. */
async function fill(place: string): Promise<string> {
  const file = path.join(place, 'filler');
  const handle = await open(file, 'w');
  try {
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 4)) {
      const block = Buffer.alloc(size);
      for (;;) {
        const written = await handle.write(block).catch(() => undefined);
        if (written === undefined || written.bytesWritten < size) break;
      }
    }
  } finally {
    await handle.close();
  }
  return file;
}

interface Trouble {
  readonly title: string;
  /** What the app says, and what to do. */
  readonly says: RegExp;
  readonly advises: RegExp;
  /** Gives what ends the trouble. */
  readonly make: (storeDir: string) => Promise<() => Promise<void>>;
}

const troubles: readonly Trouble[] = [
  {
    title: 'damaged',
    says: /The store is damaged: .*index\.json/,
    advises: /Nothing was changed\. Repair or move that file away/,
    async make(storeDir) {
      const index = path.join(storeDir, 'index.json');
      const before = await readFile(index);
      await writeFile(index, '{"schemaVersion": 2, "manif');
      return async () => await writeFile(index, before);
    },
  },
  {
    title: 'whose history is damaged',
    says: /The store is damaged: .*history\.db: it is not a database/,
    advises: /Repair or move that file away/,
    async make(storeDir) {
      const file = path.join(storeDir, 'state/history.db');
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, 'no database at all, and longer than a header has to be'.repeat(40));
      return async () => await rm(file);
    },
  },
  {
    title: 'locked by another program',
    says: /The store .* is in use/,
    advises: /Wait until running builds and transfers have ended/,
    async make(storeDir) {
      const store = await openStore(storeDir);
      const held = store.lock.tryExclusive();
      if (held === undefined) throw new Error('somebody else has the lock');
      return async () => {
        held[Symbol.dispose]();
        await store[Symbol.asyncDispose]();
      };
    },
  },
  {
    title: 'on a full disk',
    says: /disk .*is full|no space left/i,
    advises: /space/i,
    async make(storeDir) {
      await mountDisk(storeDir, '256k');
      const filler = await fill(storeDir);
      return async () => await rm(filler);
    },
  },
  {
    title: 'that is read-only',
    says: /Cannot (open|lock) .*(history\.db|lock\.sqlite)/,
    advises: /read-only.* Make it writable, or .*LAYERWRIGHT_STORE/,
    async make(storeDir) {
      await mountDisk(storeDir, '32m');
      const made = await openStore(storeDir);
      await made[Symbol.asyncDispose]();
      await openState(storeDir).close();
      execFileSync('mount', ['-o', 'remount,ro', storeDir]);
      return async () => void execFileSync('mount', ['-o', 'remount,rw', storeDir]);
    },
  },
];

describe.each(troubles)('a store $title', ({ says, advises, make }) => {
  let dir: string;
  let storeDir: string;
  let end: () => Promise<void>;
  let isEnded: boolean;

  beforeEach(async () => {
    dir = await newTempDir();
    storeDir = path.join(dir, 'store');
    const made = await openStore(storeDir);
    await made[Symbol.asyncDispose]();
    end = await make(storeDir);
    isEnded = false;
  });

  afterEach(async () => {
    if (!isEnded) await end();
    const mounts = await readFile('/proc/mounts', 'utf8');
    if (mounts.includes(` ${storeDir} `)) unmount(storeDir);
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  test('is told in a dialog before there is a window, which opens once it is seen to', async () => {
    await provideBundles();
    const child = forkElectron({ mode: 'electron', storeDir, patient: true });
    const exit = once(child, 'exit');
    const main = controlsOf(child);
    await expect.poll(async () => await dialogText(main), patience).toMatch(says);
    expect(await dialogText(main)).toMatch(advises);
    expect(await main.windows()).toBe(0);
    await end();
    isEnded = true;
    await main.answerDialogs([{ response: 0 }]);
    await expect.poll(async () => await main.windows(), patience).toBe(1);
    child.disconnect();
    expect(await exit).toEqual([0, null]);
  });

  test('is told in the terminal by serve, which then ends', async () => {
    const script = path.join(productDir, 'electron/layerwright.mjs');
    const child = spawn(process.execPath, [script, '--store', storeDir, 'serve'], { cwd: dir });
    const said = text(child.stderr);
    const [code] = await once(child, 'exit');
    expect(code).not.toBe(0);
    expect(await said).toMatch(says);
    expect(await said).toMatch(advises);
  });
});

async function dialogText(main: Main): Promise<string> {
  const dialogs = (await main.recorded()).filter(({ kind }) => kind === 'dialog');
  return JSON.stringify(dialogs.at(-1) ?? '');
}

const roomy = '64m';
let disk: string | undefined;

inModes(
  'a disk that fills up',
  {
    async project(projectDir) {
      disk = path.join(path.dirname(projectDir), 'store');
      await mountDisk(disk, roomy);
      await dockerfileProject('FROM layerwright.local/windows/nanoserver:ltsc2022\nENV A=1\n')(
        projectDir,
      );
    },
  },
  use => {
    const storeDir = (): string => path.join(use().dir, 'store');

    it('fails a build with the reason and what to do, and the next one works', async () => {
      const { page } = use().app;
      await editorReady(page);
      const filler = await fill(storeDir());
      const build = page.getByRole('banner').getByRole('button', { name: 'Build' });
      await build.click();
      await page
        .getByText(/There is no space left|disk .*is full/i)
        .first()
        .waitFor(patience);
      await page
        .getByText(/Free some space/i)
        .first()
        .waitFor();
      await rm(filler);
      await build.click();
      await surface(page, 'Builds')
        .locator('.build__head')
        .getByText('Succeeded')
        .waitFor(patience);
    });

    it('says that what is typed would not survive a crash, until there is room again', async () => {
      const { page } = use().app;
      await page.keyboard.press('Alt+1');
      await editorReady(page);
      const filler = await fill(storeDir());
      await typeAtEnd(page, '# typed on a full disk\n');
      const warning = surface(page, 'Editor').getByText('Unsaved text would be lost in a crash.');
      await warning.waitFor();
      await rm(filler);
      await typeAtEnd(page, '# and on\n');
      await warning.waitFor({ state: 'detached' });
    });

    it('still saves the file, which is on another disk', async () => {
      const { page } = use().app;
      const filler = await fill(storeDir());
      await typeAtEnd(page, 'ENV B=2\n');
      await page.keyboard.press('Control+S');
      await fileTab(page, 'saved').waitFor();
      const file = path.join(use().dir, 'project/Dockerfile');
      expect(await readFile(file, 'utf8')).toContain('ENV B=2');
      await rm(filler);
    });

    it('says when a setting could not be kept', async () => {
      const { page } = use().app;
      const filler = await fill(storeDir());
      await page.keyboard.press('Alt+7');
      await surface(page, 'Settings').getByRole('switch', { name: 'Wrap long lines' }).click();
      await notice(page, /The setting could not be kept/)
        .first()
        .waitFor();
      await rm(filler);
    });

    afterAll(() => {
      if (disk !== undefined) unmount(disk);
    });
  },
);
