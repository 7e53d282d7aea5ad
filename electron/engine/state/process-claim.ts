import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusyError } from './database.ts';

/**
 * How one process tells another that it is alive: it holds SQLite's exclusive lock on a file of its own.
 * The system drops the lock when the process ends, in whatever way; a process id could be reused.
 */
export interface ProcessClaim {
  readonly owner: string;
  release(): void;
}

/** Takes a claim in `claimsDir`; `owner` is unique to it. */
export function takeClaim(claimsDir: string): ProcessClaim {
  mkdirSync(claimsDir, { recursive: true });
  for (;;) {
    const owner = randomBytes(8).toString('hex');
    const lock = tryLock(claimFile(claimsDir, owner));
    if (lock !== undefined) return { owner, release: () => remove(claimsDir, owner, lock) };
  }
}

/** Tells whether the process that took the claim `owner` still runs. */
export function isClaimHeld(claimsDir: string, owner: string): boolean {
  const file = claimFile(claimsDir, owner);
  if (!existsSync(file)) return false;
  const lock = tryLock(file);
  if (lock === undefined) return existsSync(file);
  remove(claimsDir, owner, lock);
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
function tryLock(file: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(file);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    // A sweeper may have removed the file between its creation and the lock: then the lock is on nothing.
    if (existsSync(file)) return lock;
  } catch (error) {
    if (!isBusyError(error)) {
      lock.close();
      throw error;
    }
  }
  lock.close();
  return undefined;
}

/** Windows removes no open file, elsewhere it must go before the lock does: hence both. */
function remove(claimsDir: string, owner: string, lock: DatabaseSync): void {
  const file = claimFile(claimsDir, owner);
  if (process.platform === 'win32') lock.close();
  try {
    rmSync(file, { force: true });
  } finally {
    if (lock.isOpen) lock.close();
  }
}
