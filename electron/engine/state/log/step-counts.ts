/** Lines of a block; a page of one step reads whole blocks of records, so this bounds what it reads in vain. */
export const blockLines = 4096;

/** Counts the lines of each step in each block of a log, to find the Nth line of a step without a scan. */
export class StepCounts {
  readonly #blocks: Map<number, number>[] = [];
  readonly #totals = new Map<number, number>();

  /** Counts line `line`, the next one, as one of the step. */
  add(line: number, step: number): void {
    const counts = (this.#blocks[Math.floor(line / blockLines)] ??= new Map<number, number>());
    counts.set(step, (counts.get(step) ?? 0) + 1);
    this.#totals.set(step, this.total(step) + 1);
  }

  /** Lines of the step in the whole log. */
  total(step: number): number {
    return this.#totals.get(step) ?? 0;
  }

  /** Lines of the step in the block that `line` is in. */
  inBlockOf(line: number, step: number): number {
    return this.#blocks[Math.floor(line / blockLines)]?.get(step) ?? 0;
  }

  /** The first line of the block with the step's line number `nth` (from 0), and how many of the step come before it in there. */
  find(step: number, nth: number): { readonly line: number; readonly skip: number } {
    let skip = nth;
    for (const [block, counts] of this.#blocks.entries()) {
      const lines = counts.get(step) ?? 0;
      if (skip < lines) return { line: block * blockLines, skip };
      skip -= lines;
    }
    return { line: this.#blocks.length * blockLines, skip: 0 };
  }
}
