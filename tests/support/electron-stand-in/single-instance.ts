import type { EventEmitter } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Electron takes the lock without waiting, so this does as well: the first process of a folder holds
 * it and watches for notes that later ones leave. Without the variable there is nothing to share.
 */
export function takeSingleInstanceLock(app: EventEmitter): boolean {
  const dir = process.env['LAYERWRIGHT_TEST_INSTANCE_DIR'];
  if (dir === undefined) return true;
  mkdirSync(dir, { recursive: true });
  const lockFile = path.join(dir, 'holder');
  if (existsSync(lockFile) && isAlive(Number(readFileSync(lockFile, 'utf8')))) {
    const note = JSON.stringify({ argv: process.argv, dir: process.cwd() });
    writeFileSync(path.join(dir, `${process.pid}.note`), note);
    return false;
  }
  writeFileSync(lockFile, String(process.pid));
  watch(dir, () => readNotes(dir, app)).unref();
  return true;
}

function readNotes(dir: string, app: EventEmitter): void {
  for (const name of readdirSync(dir).filter(file => file.endsWith('.note'))) {
    const file = path.join(dir, name);
    const text = readFileSync(file, 'utf8');
    if (text === '') continue;
    rmSync(file);
    const note = JSON.parse(text);
    app.emit('second-instance', {}, note.argv, note.dir);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
