import type { StoreLock } from '../content/store-lock.ts';

/**
 * Keeps garbage collection out from the first blob of a push until a manifest reaches what came, and lets go of it when
 * nobody went on with a push for a while: an abandoned one must not block collection for ever.
 */
export class PushLease {
  readonly #lock: StoreLock;
  readonly #idleMilliseconds: number;
  readonly #waiting = new Set<string>();
  #held: Promise<Disposable> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(lock: StoreLock, idleMilliseconds: number) {
    this.#lock = lock;
    this.#idleMilliseconds = idleMilliseconds;
  }

  /** Keeps collection out until `what` (a digest, or an upload) is let go. */
  async hold(what: string): Promise<void> {
    this.#waiting.add(what);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), this.#idleMilliseconds).unref();
    // Shared by all requests, so that none of them may abort it. It only waits while somebody collects.
    const held = (this.#held ??= this.#lock.shared());
    await held;
  }

  letGo(what: Iterable<string>): void {
    for (const each of what) this.#waiting.delete(each);
    if (this.#waiting.size === 0) this.end();
  }

  /** Lets go of everything. */
  end(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
    const held = this.#held;
    this.#held = undefined;
    held?.then(
      lock => lock[Symbol.dispose](),
      () => undefined,
    );
  }
}
