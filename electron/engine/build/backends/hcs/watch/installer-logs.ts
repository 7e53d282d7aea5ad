import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { FileHandle } from 'node:fs/promises';
import type { SavedFile } from '../../../../../../shared/ipc/build-events.ts';
import { baseName } from '../../../sources/source-tree.ts';
import { createLineSplitter, type LineSplitter } from '../output/lines.ts';
import type { Mask } from '../output/mask.ts';
import type { Volume } from '../volume.ts';

/** What installers write to: %TEMP%, logs of Visual Studio's and Windows' own installers, CBS and DISM. */
const patterns = [
  /(?:^|\/)te?mp\/(?:[^/]+\/)*[^/]+\.log$/iu,
  /(?:^|\/)dd_[^/]*\.(?:log|txt)$/iu,
  /(?:^|\/)msi[^/]*\.log$/iu,
  /^windows\/logs\/(?:cbs\/cbs|dism\/dism)\.log$/iu,
];
/** More are not read: a program may write as many as it likes. */
const mostLogs = 32;
/** Of one log at one look; the rest is counted. */
const mostLines = 8;
/** Read at one look, and kept of one log at most; in bytes. */
const mostRead = 256 * 1024;
const mostKept = 16 * 1024 * 1024;

export interface InstallerLogs {
  /** To be told of every file that changes; `path` with `/`, below the volume's root. */
  changed(path: string): void;
  /** What was written since the last look, as lines for the log. */
  look(): Promise<string[]>;
  /** Writes copies of all of them into the folder `dir`. */
  save(dir: string): Promise<SavedFile[]>;
}

export interface InstallerLogsOptions {
  readonly volume: Volume;
  readonly codePage: number;
  readonly mask: Mask;
  /** What a file had in the image, in bytes; 0 where it is new: only what comes behind is news. */
  readonly sizeBefore: (path: string) => Promise<number>;
}

interface Log {
  readonly path: string;
  readonly lines: LineSplitter;
  start: number | undefined;
  /** Where to go on, from `start`. */
  read: number;
  isDirty: boolean;
}

export function createInstallerLogs(options: InstallerLogsOptions): InstallerLogs {
  const { volume, codePage, mask } = options;
  const logs = new Map<string, Log>();

  async function news(log: Log): Promise<string[]> {
    log.isDirty = false;
    log.start ??= await options.sizeBefore(log.path);
    const handle = await volume.open(log.path.split('/'));
    if (!handle) return [];
    try {
      const bytes = await readFrom(handle, log.start + log.read, mostRead);
      log.read += bytes.length;
      if (bytes.length === mostRead) log.isDirty = true;
      const lines = log.lines.push(bytes).filter(line => line.trim() !== '');
      return shownLines(baseName(log.path), lines.map(mask));
    } finally {
      await handle.close();
    }
  }
  return {
    changed(path) {
      if (!patterns.some(pattern => pattern.test(path))) return;
      const known = logs.get(path);
      if (known) known.isDirty = true;
      else if (logs.size < mostLogs) {
        const lines = createLineSplitter(codePage);
        logs.set(path, { path, lines, start: undefined, read: 0, isDirty: true });
      }
    },
    async look() {
      const dirty = [...logs.values()].filter(({ isDirty }) => isDirty);
      const lines: string[] = [];
      for (const log of dirty) for (const line of await news(log)) lines.push(line);
      return lines;
    },
    async save(dir) {
      const saved: SavedFile[] = [];
      for (const log of logs.values()) {
        const name = freeName(baseName(log.path), saved);
        const bytes = await saveOne(log, path.join(dir, name), options);
        if (bytes !== undefined) saved.push({ name, path: windowsPath(log.path), bytes });
      }
      return saved;
    },
  };
}

/** The last lines count: an installer says at the end what went wrong. */
function shownLines(name: string, lines: readonly string[]): string[] {
  const left = lines.length - mostLines;
  const shown = lines.slice(-mostLines).map(line => `${name}: ${line}`);
  return left > 0 ? [`${name}: (${left} more lines)`, ...shown] : shown;
}

async function saveOne(
  log: Log,
  file: string,
  { volume, codePage, mask, sizeBefore }: InstallerLogsOptions,
): Promise<number | undefined> {
  const handle = await volume.open(log.path.split('/'));
  if (!handle) return undefined;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const output = await open(file, 'w');
    try {
      return await copyText(handle, output, {
        lines: createLineSplitter(codePage),
        mask,
        start: log.start ?? (await sizeBefore(log.path)),
      });
    } finally {
      await output.close();
    }
  } finally {
    await handle.close();
  }
}

/** As UTF-8 and without secrets. Gives the bytes written. */
async function copyText(
  input: FileHandle,
  output: FileHandle,
  { lines, mask, start }: { lines: LineSplitter; mask: Mask; start: number },
): Promise<number> {
  let written = 0;
  const write = async (texts: readonly string[]): Promise<void> => {
    if (texts.length === 0) return;
    const bytes = Buffer.from(`${texts.map(mask).join('\n')}\n`);
    await output.write(bytes);
    written += bytes.length;
  };
  for (let at = 0; at < mostKept;) {
    const bytes = await readFrom(input, start + at, mostRead);
    if (bytes.length === 0) break;
    at += bytes.length;
    await write(lines.push(bytes));
  }
  await write(lines.end());
  return written;
}

async function readFrom(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function freeName(name: string, taken: readonly SavedFile[]): string {
  const isFree = (candidate: string) =>
    !taken.some(file => file.name.toLowerCase() === candidate.toLowerCase());
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${number}-${name}`;
    if (isFree(candidate)) return candidate;
  }
}

function windowsPath(path: string): string {
  return `C:\\${path.replaceAll('/', '\\')}`;
}
