import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

/** One Chromium for all windows of the process. The test attaches to it at `endpoint`. */
export interface StandInBrowser {
  readonly context: BrowserContext;
  readonly endpoint: string;
  close(): Promise<void>;
}

export const chromiumFile = '/usr/bin/chromium';
/** Chromium's own sandbox does not work for root. */
export const chromiumFlags = ['--no-sandbox', '--block-new-web-contents', '--disable-gpu'];

export async function startBrowser(): Promise<StandInBrowser> {
  const profileDir = await mkdtemp(path.join(tmpdir(), 'layerwright-chromium-'));
  const context = await chromium.launchPersistentContext(profileDir, {
    executablePath: chromiumFile,
    args: [...chromiumFlags, '--remote-debugging-port=0'],
    viewport: null,
    // The process ends the browser itself when it quits.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const [port] = (await readFile(path.join(profileDir, 'DevToolsActivePort'), 'utf8')).split('\n');
  return {
    context,
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      await context.close();
      await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
