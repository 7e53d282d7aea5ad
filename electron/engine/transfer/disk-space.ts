import { statfs } from 'node:fs/promises';
import { AppError } from '../../../shared/failure.ts';

/** Left free for everything else on the disk, in bytes. */
const reserve = 64 * 1024 * 1024;

/** Throws `disk-space` where `needed` bytes do not fit on the disk of `dir`. */
export async function checkDiskSpace(dir: string, needed: number): Promise<void> {
  if (needed === 0) return;
  // A file system that cannot say it is tried.
  const found = await statfs(dir).catch(() => undefined);
  if (found === undefined || found.blocks === 0) return;
  const free = found.bavail * found.bsize;
  if (needed + Math.min(reserve, needed) <= free) return;
  throw new AppError({ code: 'disk-space', path: dir, needed, free });
}
