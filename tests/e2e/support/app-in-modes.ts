import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { launchApp, modes, type Mode, type RunningApp } from '../../support/app.ts';
import { productDir } from '../../support/bundled.ts';
import { copySampleStore } from '../../support/sample-store.ts';

/** The app of a file of tests, and the temp folder that holds its store and its project. */
export interface AppUnderTest {
  readonly app: RunningApp;
  readonly dir: string;
}

export interface AppOptions {
  readonly modes?: readonly Mode[];
  /** Makes a project in the folder that it is given. Without it the app starts as for the first time. */
  readonly project?: (projectDir: string) => Promise<void>;
  /** The store has the sample base images already: what a spec is not about need not be made for it. */
  readonly samples?: boolean;
  /** The welcome of the first start is shown. */
  readonly welcome?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** 1280 x 800 is the window at the first start. */
export const usualViewport = { width: 1280, height: 800 };

/** For one step of a test; well below the time for a whole one, so that a failure names its step. */
const stepMs = 10_000;

/**
 * Runs the same tests over both ways into the app, with one app for all of them. At the end nothing may
 * have gone wrong in the page: no exception, no error on the console.
 */
export function inModes(
  title: string,
  {
    modes: wanted = modes,
    project,
    samples = false,
    welcome = false,
    viewport = usualViewport,
  }: AppOptions,
  tests: (use: () => AppUnderTest) => void,
): void {
  describe.each(wanted)(`${title} (%s)`, mode => {
    let dir: string | undefined;
    let app: RunningApp | undefined;

    beforeAll(async () => {
      dir = await mkdtemp(path.join(tmpdir(), 'layerwright-e2e-'));
      const storeDir = path.join(dir, 'store');
      const projectDir = path.join(dir, 'project');
      if (samples) await copySampleStore(storeDir);
      if (project !== undefined) {
        await mkdir(projectDir);
        await project(projectDir);
      }
      app = await launchApp({
        mode,
        storeDir,
        root: dir,
        viewport,
        welcome,
        ...(project === undefined ? {} : { projectDir }),
      });
      app.page.context().setDefaultTimeout(stepMs);
      // What fades in is there at once.
      await app.page.emulateMedia({ reducedMotion: 'reduce' });
    });

    // One failure is not to make those after it fail.
    beforeEach(async () => {
      await app?.page.evaluate(() => {
        for (const dialog of document.querySelectorAll('dialog[open]')) {
          dialog.dispatchEvent(new Event('cancel', { cancelable: true }));
        }
        for (const menu of document.querySelectorAll<HTMLElement>(':popover-open')) {
          menu.hidePopover();
        }
      });
    });

    afterAll(async () => {
      const errors = app?.pageErrors ?? [];
      await app?.close();
      if (dir !== undefined) await rm(dir, { recursive: true, force: true });
      expect(errors).toEqual([]);
    });

    tests(() => {
      if (app === undefined || dir === undefined) throw new Error('the app did not start');
      return { app, dir };
    });
  });
}

/** The project that ships with the app, as a project of one's own. */
export async function sampleProject(projectDir: string): Promise<void> {
  await cp(path.join(productDir, 'examples/hello-nanoserver'), projectDir, { recursive: true });
}

/** A project with one Dockerfile. */
export function dockerfileProject(text: string): (projectDir: string) => Promise<void> {
  return async projectDir => await writeFile(path.join(projectDir, 'Dockerfile'), text);
}
