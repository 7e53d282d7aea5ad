import { AppError } from '../../../shared/failure.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import type { Repository } from './registry-client.ts';

/** Where a repository can be read. */
export interface Place extends Repository {
  /** Set for mirrors: the next place is tried at once, instead of the same again. */
  readonly once?: true;
}

/** Reads from the first place that has what is asked for. */
export interface Mirrors {
  /** `read` gives undefined, or throws, where a place does not have it. What the registry itself says counts in the end. */
  first<T>(
    repository: Repository,
    read: (place: Place) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
}

// A mirror that does not answer is left alone for a while: each attempt would cost a timeout.
const restMs = 60_000;

/** `mirrors` leads from a registry to its mirrors, `host[:port][/prefix of repositories]`. */
export function createMirrors(mirrors: ReadonlyMap<string, readonly string[]>): Mirrors {
  const restingUntil = new Map<string, number>();

  return {
    async first(repository, read, signal) {
      for (const mirror of mirrors.get(repository.registry) ?? []) {
        if ((restingUntil.get(mirror) ?? 0) > Date.now()) continue;
        try {
          const found = await read(placeIn(mirror, repository));
          if (found !== undefined) return found;
        } catch (error) {
          throwIfCancelled(signal);
          if (!(error instanceof AppError)) throw error;
          if (error.failure.code !== 'registry-not-found') {
            restingUntil.set(mirror, Date.now() + restMs);
          }
        }
      }
      return await read(repository);
    },
  };
}

function placeIn(mirror: string, { repository }: Repository): Place {
  const [registry = '', ...prefix] = mirror.split('/').filter(Boolean);
  return { registry, repository: [...prefix, repository].join('/'), once: true };
}
