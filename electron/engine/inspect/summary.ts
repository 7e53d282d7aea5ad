/** What a view shows at a name and below it, counted. Sizes in bytes; hard links count nothing, their file does. */
export interface Summary {
  size: number;
  /** Files and links. */
  files: number;
  /** Bits of `changeBit`. */
  changes: number;
  /** Files and links, by what the layer did to them. */
  added: number;
  modified: number;
  deleted: number;
  metadata: number;
  /** Files and links that the layer itself holds. */
  held: number;
  /** Directories that the layer itself holds. */
  directories: number;
}

/** The summary of nothing. */
export const emptySummary: Readonly<Summary> = {
  size: 0,
  files: 0,
  changes: 0,
  added: 0,
  modified: 0,
  deleted: 0,
  metadata: 0,
  held: 0,
  directories: 0,
};

/** Adds what is in a directory. What is gone takes no room in a directory that is still there. */
export function addSummary(sum: Summary, child: Readonly<Summary>, isGone: boolean): void {
  sum.changes |= child.changes;
  sum.added += child.added;
  sum.modified += child.modified;
  sum.deleted += child.deleted;
  sum.metadata += child.metadata;
  sum.held += child.held;
  sum.directories += child.directories;
  if (isGone) return;
  sum.size += child.size;
  sum.files += child.files;
}
