import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';

/** Where the window was, in device-independent pixels. */
export type WindowState = z.output<typeof stateSchema>;

const stateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});

export const smallest = { width: 720, height: 480 } as const;
const usual = { width: 1280, height: 820 } as const;
/** This much of the window has to be on a display, so that it can be found and moved. */
const visible = 64;
const saveAfterMs = 500;

/** The kept place where it still is on a display (one may have been unplugged), else the usual size in the middle. */
export function fittingBounds(
  state: WindowState | undefined,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> {
  if (state === undefined) return usual;
  const { x, y } = state;
  const width = Math.max(state.width, smallest.width);
  const height = Math.max(state.height, smallest.height);
  const onDisplay = workAreas.some(
    area =>
      x + width - visible >= area.x &&
      x + visible <= area.x + area.width &&
      y >= area.y &&
      y + visible <= area.y + area.height,
  );
  return onDisplay ? { x, y, width, height } : { width, height };
}

export function readWindowState(file: string): WindowState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // The first start, or a damaged file: the usual place is good enough.
    return undefined;
  }
}

/** Writes the window's place to `file` when it changes. */
export function keepWindowState(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    const state = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeState(file, state);
    } catch {
      // A full disk must not keep the window from closing.
    }
  };
  const saveSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, saveAfterMs);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('close', save);
}

function writeState(file: string, state: WindowState): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, JSON.stringify(state));
  renameSync(`${file}.tmp`, file);
}
