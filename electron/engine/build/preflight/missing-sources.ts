import type { IgnoreMatcher } from '../../../../shared/dockerfile/dockerignore.ts';
import { AppError } from '../../../../shared/failure.ts';
import type { PreflightFinding } from '../../../../shared/ipc/preflight-views.ts';
import type { SourceRange } from '../../../../shared/source-range.ts';
import { failureText } from '../failure-text.ts';
import { createFolderTree } from '../sources/folder-tree.ts';

/** A source of COPY or ADD in the context. */
export interface CopiedSource {
  readonly source: string;
  readonly range: SourceRange;
}

interface ContextFolder {
  readonly dir: string;
  readonly ignore: IgnoreMatcher | undefined;
}

/** Sources that are not in the context, or left out of it. Those with wildcards are the build's to find. */
export async function missingSources(
  copies: readonly CopiedSource[],
  { dir, ignore }: ContextFolder,
  signal?: AbortSignal,
): Promise<readonly PreflightFinding[]> {
  const tree = createFolderTree({
    rootDir: dir,
    label: 'the build context',
    // Nothing is read, so nothing is hashed.
    hasher: { hash: async () => await Promise.resolve('') },
    ...(ignore ? { ignore } : {}),
  });
  const findings: PreflightFinding[] = [];
  for (const { range, source } of copies) {
    const relative = source.replace(/^(?:\.?\/)+|\/+$/g, '');
    if (/[*?[\\]|(?:^|\/)\.\.(?:\/|$)/.test(relative) || /^\.?$/.test(relative)) continue;
    if ((await statOf(tree, relative, signal)) !== undefined) continue;
    const ignored = (await tree.isIgnored?.(relative)) === true;
    const missing = { code: 'source-missing', source, from: tree.label } as const;
    const message = failureText({ ...missing, ...(ignored ? { ignored } : {}) });
    findings.push({ check: 'context', severity: 'error', message, range, path: relative });
  }
  return findings;
}

/** What cannot be looked at is the build's to complain about. */
async function statOf(
  tree: ReturnType<typeof createFolderTree>,
  file: string,
  signal?: AbortSignal,
) {
  try {
    return await tree.stat(file, signal);
  } catch (error) {
    if (error instanceof AppError && error.failure.code === 'cancelled') throw error;
    return { kind: 'unknown' };
  }
}
