import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { isInside } from '../grants.ts';
import { isEditable } from './editable-files.ts';
import { naming } from './file-failures.ts';

/** The parser's own limit, in bytes. */
const maxBytes = 16 * 1024 * 1024;
const byteOrderMark = '\ufeff';

export interface FileText {
  readonly text: string;
  /** Changes with the content. Empty where there is no file. */
  readonly version: string;
}

/** The Dockerfiles and .dockerignore files of one project; no other file can be read or written. */
export interface ProjectFiles {
  /** `file` is relative with `/`. A byte order mark is left out. */
  read(file: string): Promise<FileText>;
  /** Throws `file-changed` unless the file still has the version that is replaced. */
  write(file: string, text: string, version: string): Promise<string>;
}

export function createProjectFiles(projectDir: string): ProjectFiles {
  return {
    async read(file) {
      const content = await contentOf(await placeOf(projectDir, file), file);
      return { text: content.text.replace(byteOrderMark, ''), version: content.version };
    },
    async write(file, text, version) {
      const place = await placeOf(projectDir, file);
      const current = await contentOf(place, file);
      if (current.version !== version) throw new AppError({ code: 'file-changed', file });
      const mark = current.text.startsWith(byteOrderMark) ? byteOrderMark : '';
      const bytes = Buffer.from(mark + text, 'utf8');
      await naming('write', file, async () => await replaceFile(place, bytes));
      return versionOf(bytes);
    },
  };
}

/** The real place of a file of the project. Links may lead to another place in the project, not out of it. */
async function placeOf(projectDir: string, file: string): Promise<string> {
  const segments = file.split('/');
  const odd = segments.some(
    segment => ['', '.', '..'].includes(segment) || /[\\:\0]/.test(segment),
  );
  if (odd || !isEditable(segments.at(-1) ?? '')) {
    throw new AppError({
      code: 'bad-request',
      field: 'file',
      problem: 'is not a Dockerfile or .dockerignore file of the project',
    });
  }
  const root = await naming('open', projectDir, async () => await realpath(projectDir));
  const dir = await naming('open', file, async () =>
    realpath(path.join(root, ...segments.slice(0, -1))),
  );
  const place = path.join(dir, segments.at(-1) ?? '');
  const target = await naming('open', file, async () => await existingPath(place));
  if (!isInside(root, target)) {
    throw new AppError({ code: 'path-refused', path: file, allowed: [projectDir] });
  }
  return target;
}

async function existingPath(place: string): Promise<string> {
  try {
    return await realpath(place);
  } catch (error) {
    if (isMissing(error)) return place;
    throw error;
  }
}

async function contentOf(place: string, file: string): Promise<FileText> {
  const bytes = await naming('read', file, async () => await readBounded(place, file));
  if (bytes === undefined) return { text: '', version: '' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, version: versionOf(bytes) };
  } catch (error) {
    throw new AppError({ code: 'file-not-text', file }, { cause: error });
  }
}

async function readBounded(place: string, file: string): Promise<Uint8Array | undefined> {
  try {
    const found = await stat(place);
    if (!found.isFile()) throw new AppError({ code: 'file-not-text', file });
    if (found.size > maxBytes) {
      throw new AppError({ code: 'file-too-large', file, size: found.size, limit: maxBytes });
    }
    return await readFile(place);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function replaceFile(place: string, bytes: Uint8Array): Promise<void> {
  const aside = `${place}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const written = await open(aside, 'wx', await modeOf(place));
    try {
      await written.writeFile(bytes);
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(aside, place);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function modeOf(place: string): Promise<number> {
  try {
    return (await stat(place)).mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return 0o644;
    throw error;
  }
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
