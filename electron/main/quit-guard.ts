import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';

/** The builds of this process that run now. */
export interface RunningBuilds {
  count(): number;
  /** Waits until none runs. */
  idle(): Promise<void>;
}

/** Keeps the app from ending builds that nobody wanted to end. */
export interface QuitGuard {
  /** Asks before this window is closed, since that ends the app. */
  watch(window: BrowserWindow): void;
  /** The app is wanted again: what was decided about its end no longer counts. */
  stay(): void;
  /** The last window is gone: quits now, or once the builds are done. */
  windowsClosed(): void;
}

/** `undecided`: nobody was asked yet, or the answer was to stay. */
type Decision = 'undecided' | 'asking' | 'quit' | 'finish-first';

const choices = ['finish-first', 'quit', 'undecided'] as const;

/**
 * Asks what is to become of running builds when the app is to quit or its window to close: finish them
 * first (without a window), stop them, or stay. On macOS the app outlives its window, so there only
 * quitting asks.
 */
export function createQuitGuard(builds: RunningBuilds, os: NodeJS.Platform): QuitGuard {
  let decision: Decision = 'undecided';
  let window: BrowserWindow | undefined;

  /** True where the app may end now; else the question is on its way. */
  function mayEnd(): boolean {
    if (builds.count() === 0 || decision === 'quit' || decision === 'finish-first') return true;
    if (decision === 'undecided') void ask();
    return false;
  }

  async function ask(): Promise<void> {
    decision = 'asking';
    const asked = questionOf(builds.count());
    const { response } = await (window === undefined
      ? dialog.showMessageBox(asked)
      : dialog.showMessageBox(window, asked));
    decision = choices[response] ?? 'undecided';
    if (decision === 'quit') app.quit();
    if (decision === 'finish-first') finishFirst();
  }

  function finishFirst(): void {
    // With the window open its end leads on; it may be gone, where quitting was asked for in the dock.
    if (window !== undefined) window.close();
    else void quitWhenIdle();
  }

  async function quitWhenIdle(): Promise<void> {
    await builds.idle();
    // Somebody may have opened the window again meanwhile.
    if (decision === 'finish-first') app.quit();
  }

  app.on('before-quit', event => {
    if (!mayEnd()) event.preventDefault();
  });

  return {
    watch(opened) {
      window = opened;
      opened.on('close', event => {
        if (os !== 'darwin' && !mayEnd()) event.preventDefault();
      });
      opened.once('closed', () => (window = undefined));
    },
    stay: () => (decision = 'undecided'),
    windowsClosed() {
      if (decision === 'finish-first') void quitWhenIdle();
      else if (os !== 'darwin') app.quit();
    },
  };
}

function questionOf(count: number): MessageBoxOptions {
  const [subject, them] = count === 1 ? ['A build is', 'it'] : [`${count} builds are`, 'them'];
  return {
    type: 'question',
    message: `${subject} still running.`,
    detail: `Layerwright can finish ${them} without a window and then quit. Open it again meanwhile to watch.`,
    buttons: ['Finish, then quit', 'Stop and quit', 'Stay'],
    defaultId: 0,
    cancelId: 2,
  };
}
