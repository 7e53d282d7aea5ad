import type { FileContent } from '../../shared/ipc/app-views.ts';

/** A file of the project as it is being edited. */
export interface OpenFile {
  readonly file: string;
  /** What stands on disk, as far as known. */
  readonly saved: string;
  readonly version: string;
  /** Unsaved text; absent where there is nothing to save. */
  readonly draft?: string;
}

/** Where the editor's findings point: counted in the status bar. */
export interface Problems {
  readonly errors: number;
  readonly warnings: number;
}

/** The file as it was read, with the draft that an earlier session left. */
export function openedFile({ file, text, version, draft }: FileContent): OpenFile {
  const isDraft = draft !== undefined && draft !== text;
  return { file, saved: text, version, ...(isDraft ? { draft } : {}) };
}

/** What the editor shows. */
export function textOf(file: OpenFile): string {
  return file.draft ?? file.saved;
}

/** The file with other text; text that equals what is saved is no draft. */
export function edited({ file, saved, version }: OpenFile, text: string): OpenFile {
  return { file, saved, version, ...(text === saved ? {} : { draft: text }) };
}

/** The file after `text` was written; what was typed meanwhile stays a draft. */
export function written(current: OpenFile, text: string, version: string): OpenFile {
  return edited({ file: current.file, saved: text, version }, textOf(current));
}

/** The file after it was read anew: a draft stays, and keeps the version that it was made from. */
export function reread(current: OpenFile, read: FileContent): OpenFile {
  return current.draft === undefined ? openedFile({ ...read, draft: read.text }) : current;
}

/** Sums the findings of all files. */
export function totalProblems(problems: ReadonlyMap<string, Problems>): Problems {
  let total: Problems = { errors: 0, warnings: 0 };
  for (const { errors, warnings } of problems.values()) {
    total = { errors: total.errors + errors, warnings: total.warnings + warnings };
  }
  return total;
}
