import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { tryLock } from '../content/store-lock.ts';

/**
 * How one process tells another that it is alive: it holds SQLite's exclusive lock on a file of its own.
 * The system drops the lock when the process ends, in whatever way; a process id could be reused.
 */
export interface ProcessClaim {
  readonly owner: string;
  release(): void;
}

/** A claim lasts as long as the process. Without this the collector would close the lock of a claim that nobody looks at. */
const held = new Set<Disposable>();

/** Takes a claim in `claimsDir`; `owner` is unique to it. */
export function takeClaim(claimsDir: string): ProcessClaim {
  mkdirSync(claimsDir, { recursive: true });
  for (;;) {
    const owner = randomBytes(8).toString('hex');
    const file = claimFile(claimsDir, owner);
    const lock = lockFile(file);
    if (lock === undefined) continue;
    held.add(lock);
    return {
      owner,
      release() {
        held.delete(lock);
        remove(file, lock);
      },
    };
  }
}

/** Tells whether the process that took the claim `owner` still runs. */
export function isClaimHeld(claimsDir: string, owner: string): boolean {
  const file = claimFile(claimsDir, owner);
  if (!existsSync(file)) return false;
  const lock = lockFile(file);
  if (lock === undefined) return existsSync(file);
  remove(file, lock);
  return false;
}

/** Removes the claim files that processes left behind when they died. */
export function sweepClaims(claimsDir: string): void {
  if (!existsSync(claimsDir)) return;
  for (const file of readdirSync(claimsDir)) {
    if (file.endsWith(suffix)) isClaimHeld(claimsDir, file.slice(0, -suffix.length));
  }
}

const suffix = '.claim';

function claimFile(claimsDir: string, owner: string): string {
  return path.join(claimsDir, owner + suffix);
}

/** Locks the file, creating it where needed. Undefined where another connection has the lock. */
function lockFile(file: string): Disposable | undefined {
  // Only the lock is wanted, hence no journal file beside it.
  const lock = tryLock(file, ['PRAGMA journal_mode = MEMORY', 'BEGIN EXCLUSIVE']);
  // A sweeper may have removed the file between its creation and the lock: then the lock is on nothing.
  if (lock === undefined || existsSync(file)) return lock;
  lock[Symbol.dispose]();
  return undefined;
}

/** Windows removes no open file, elsewhere it must go before the lock does: hence both. */
function remove(file: string, lock: Disposable): void {
  if (process.platform === 'win32') lock[Symbol.dispose]();
  try {
    rmSync(file, { force: true });
  } finally {
    lock[Symbol.dispose]();
  }
}
