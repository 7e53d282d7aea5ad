import { AppError } from '../../../shared/failure.ts';
import type { Connection } from '../../engine/remote/connect.ts';

/** The connection to registries, made when it is first needed and made anew when something about it has changed. */
export interface Connections extends AsyncDisposable {
  /** Keeps the connection for as long as `work` runs, also when a newer one takes its place meanwhile. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Other mirrors, other credentials: what comes next uses them. */
  renew(): void;
}

function isRefused(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const { code } = error.failure;
  return code === 'registry-unauthorized' || code === 'registry-denied';
}

interface Held {
  readonly connection: Promise<Connection>;
  users: number;
  replaced: boolean;
}

export function createConnections(make: () => Promise<Connection>): Connections {
  let current: Held | undefined;
  const closing = new Set<Promise<unknown>>();

  function close({ connection }: Held): void {
    const closed = connection.then(
      async made => await made[Symbol.asyncDispose](),
      // Whoever asked for it has been told why it could not be made.
      () => undefined,
    );
    closing.add(closed);
    void closed.finally(() => closing.delete(closed));
  }

  function renew(): void {
    if (current === undefined) return;
    current.replaced = true;
    if (current.users === 0) close(current);
    current = undefined;
  }

  function take(): Held {
    current ??= { connection: make(), users: 0, replaced: false };
    current.users += 1;
    return current;
  }

  return {
    async use(work) {
      const held = take();
      try {
        return await work(await held.connection);
      } catch (error) {
        // Settings that cannot be used may be mended.
        held.connection.catch(() => held === current && renew());
        // The person may sign in elsewhere, such as with "docker login", and try again: a client reads credentials once.
        if (isRefused(error) && held === current) renew();
        throw error;
      } finally {
        held.users -= 1;
        if (held.replaced && held.users === 0) close(held);
      }
    },
    renew,
    async [Symbol.asyncDispose]() {
      renew();
      await Promise.all(closing);
    },
  };
}
