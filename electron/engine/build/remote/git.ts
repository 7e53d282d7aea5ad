import { spawn } from 'node:child_process';
import { mkdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../shared/failure.ts';
import { throwIfCancelled } from '../../content/cancel.ts';

/** What ADD is to take of a Git repository. */
export interface GitSource {
  /** Without the fragment. */
  readonly url: string;
  /** Branch, tag or commit; the remote's HEAD where it is absent. */
  readonly ref?: string;
  readonly subdir?: string;
  /** The commit must begin so. */
  readonly commit?: string;
}

/** Reads `<url>#<ref>:<subdir>` (BuildKit's "Git URLs"). */
export function parseGitUrl(text: string): GitSource {
  const [url = '', fragment = ''] = text.split(/#(.*)/su, 2);
  const [ref = '', subdir = ''] = fragment.split(/:(.*)/su, 2);
  return { url, ...(ref === '' ? {} : { ref }), ...(subdir === '' ? {} : { subdir }) };
}

/** The last lines of what git says are enough to see what was wrong. */
const shownErrorLength = 600;

/**
 * Checks `source` out below `dir` (which must not exist) with the machine's own git, submodules included, and returns
 * the folder to copy from. No hook runs and nothing asks for a password. Fails with `git-failed`.
 */
export async function checkOut(
  source: GitSource,
  dir: string,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(dir, { recursive: true });
  const git = (...args: string[]) => runGit(source.url, dir, args, signal);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', '--', 'origin', source.url);
  const fetched = await fetchRef(git, source.ref ?? 'HEAD');
  await git('checkout', '--quiet', '--detach', fetched);
  await checkCommit(source, dir);
  await git('submodule', 'update', '--quiet', '--init', '--recursive', '--depth=1');
  return subfolder(source, dir);
}

/** The folder may be behind links only as far as they stay in the repository. */
async function subfolder({ url, subdir = '' }: GitSource, dir: string): Promise<string> {
  const top = await realpath(dir);
  const root = await realpath(path.join(top, subdir)).catch(() => undefined);
  if (root === undefined || !(await stat(root)).isDirectory())
    throw failed(url, `it has no folder "${subdir}".`);
  const relative = path.relative(top, root);
  if (relative.startsWith('..') || path.isAbsolute(relative))
    throw failed(url, `the folder "${subdir}" leaves the repository.`);
  return root;
}

async function checkCommit({ url, commit }: GitSource, dir: string): Promise<void> {
  if (commit === undefined) return;
  const head = (await readFile(path.join(dir, '.git', 'HEAD'), 'utf8')).trim();
  if (!head.startsWith(commit.toLowerCase()))
    throw failed(url, `it is at the commit ${head}, but --checksum says ${commit}.`);
}

/** Gives what to check out. Servers need not give out single commits: then all is fetched, and the commit looked for. */
async function fetchRef(git: (...args: string[]) => Promise<void>, ref: string): Promise<string> {
  try {
    await git('fetch', '--quiet', '--depth=1', '--no-tags', '--', 'origin', ref);
    return 'FETCH_HEAD';
  } catch (error) {
    if (!/^[0-9a-f]{7,64}$/u.test(ref)) throw error;
    await git('fetch', '--quiet', '--', 'origin');
    return ref;
  }
}

function runGit(
  url: string,
  dir: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  throwIfCancelled(signal);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn('git', [...safeConfig, ...args], {
    cwd: dir,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' },
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  let said = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (said = (said + text).slice(-shownErrorLength)));
  child.on('error', error => reject(startFailure(url, error)));
  child.on('close', code => {
    if (signal?.aborted) reject(new AppError({ code: 'cancelled' }));
    else if (code === 0) resolve();
    else reject(failed(url, said.trim() || `git ended with code ${code}.`));
  });
  return promise.finally(() => signal?.removeEventListener('abort', stop));
}

// The files as the repository has them on every machine, and no program of the repository is run.
const safeConfig = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.autocrlf=false',
  '-c',
  'core.symlinks=true',
  '-c',
  'core.longpaths=true',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'protocol.ext.allow=never',
  '-c',
  'advice.detachedHead=false',
];

function startFailure(url: string, error: Error): AppError {
  const isMissing = 'code' in error && error.code === 'ENOENT';
  return failed(
    url,
    isMissing ? 'the program git is not installed, or not on the PATH.' : error.message,
  );
}

function failed(url: string, problem: string): AppError {
  return new AppError({ code: 'git-failed', url: url.replace(/\/\/[^@/]*@/u, '//'), problem });
}
