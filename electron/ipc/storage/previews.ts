import { randomUUID } from 'node:crypto';
import { AppError } from '../../../shared/failure.ts';
import type { GarbageList } from '../../../shared/ipc/storage-views.ts';
import { keyOf, type Wish } from '../../engine/storage/choose-garbage.ts';

/** What a person was shown and may say yes to. */
export interface Shown {
  readonly wish: Wish;
  readonly approved: ReadonlySet<string>;
}

/** More than anybody looks at. */
const mostKept = 20;

/** Remembers previews, so that what is confirmed is what was seen. */
export class Previews {
  readonly #shown = new Map<string, Shown>();

  /** Gives the id by which the preview can be confirmed. */
  keep(wish: Wish, list: GarbageList): string {
    const previewId = randomUUID();
    this.#shown.set(previewId, { wish, approved: new Set(list.items.map(keyOf)) });
    for (const [oldest] of this.#shown) {
      if (this.#shown.size > mostKept) this.#shown.delete(oldest);
    }
    return previewId;
  }

  /** Gives the preview once. Throws preview-outdated. */
  take(previewId: string): Shown {
    const shown = this.#shown.get(previewId);
    if (shown === undefined) throw new AppError({ code: 'preview-outdated' });
    this.#shown.delete(previewId);
    return shown;
  }
}
