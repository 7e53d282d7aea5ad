import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { largestDockerfile } from '../../../shared/dockerfile/parse.ts';
import { AppError } from '../../../shared/failure.ts';
import { isZPipeline } from '../../../shared/zlayer/parse-zpipeline.ts';
import { isZImagefile } from '../../../shared/zlayer/read-build-file.ts';
import type { CommandContext } from '../command.ts';

/**
 * What a path stands for: a folder without a Dockerfile for all build files that lie in it, anything else for itself.
 * What cannot be looked at is left to who reads it.
 */
export async function buildFilesAt(
  given: string,
  { cwd }: Pick<CommandContext, 'cwd'>,
): Promise<readonly string[]> {
  const names = given === '-' ? [] : await readdir(path.resolve(cwd, given)).catch(() => []);
  const found = names.includes('Dockerfile') ? [] : names.filter(isBuildFile).toSorted();
  return found.length === 0 ? [given] : found.map(name => path.join(given, name));
}

function isBuildFile(name: string): boolean {
  const isDockerfile = /^(?:docker|container)file(?:\.[^.].*)?$|\.dockerfile$/i.test(name);
  const isIgnoreFile = /\.dockerignore$/i.test(name);
  return (isDockerfile && !isIgnoreFile) || isZImagefile(name) || isZPipeline(name);
}

/** Reads the Dockerfile that a path, a folder or `-` names. Throws bad-request where there is none to read. */
export async function readDockerfile(
  given: string,
  { cwd, readInput }: Pick<CommandContext, 'cwd' | 'readInput'>,
): Promise<{ name: string; text: string }> {
  if (given === '-') return { name: '-', text: await readInput() };
  const file = await fileOf(path.resolve(cwd, given), given);
  const name = path.relative(cwd, file) || file;
  return { name: name.split(path.sep).join('/'), text: await textOf(file, given) };
}

async function fileOf(absolute: string, given: string): Promise<string> {
  const found = await stat(absolute).catch((error: unknown) => {
    throw unreadable(given, error);
  });
  return found.isDirectory() ? path.join(absolute, 'Dockerfile') : absolute;
}

async function textOf(file: string, given: string): Promise<string> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new Error('it is no file');
    // UTF-8 has at most three bytes for each UTF-16 unit.
    if (found.size > largestDockerfile * 3)
      throw new Error('it is larger than a Dockerfile may be');
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(given, error);
  }
}

function unreadable(given: string, error: unknown): AppError {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const message = error instanceof Error ? error.message : String(error);
  const problem = `there is no Dockerfile to read at ${given}${isMissing ? '' : `: ${message}`}`;
  return new AppError({ code: 'bad-request', field: 'paths', problem }, { cause: error });
}
