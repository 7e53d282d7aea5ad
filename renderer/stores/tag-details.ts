import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RemoteTag } from '../../shared/ipc/registry-views.ts';
import type { Api } from '../api/api.ts';
import { settled, type Loadable } from './loadable.ts';

export interface TagDetails {
  /** What tags name, by reference; tags that nobody wanted yet are absent. */
  readonly details: ReadonlyMap<string, Loadable<RemoteTag>>;
  /** Looks a tag up while somebody wants it. The function that is given back says that it is not wanted any more. */
  readonly want: (reference: string) => () => void;
  /** Forgets a failure, and looks again. */
  readonly retry: (reference: string) => void;
}

/** Tags that are looked up at a time: enough to fill a screen quickly, few enough to be a good guest. */
const parallel = 4;

/** Looks tags up as their rows come into view, the latest first, and again when registries or the store have changed. */
export function createTagDetails(api: Api): StoreApi<TagDetails> {
  return createStore<TagDetails>()((set, get) => {
    const wanted = new Map<string, number>();
    /** What was looked up since anything has changed; what is known of the others is shown until it comes anew. */
    let fresh = new Set<string>();
    let running = new Set<string>();

    function next(): void {
      // Who scrolls wants what came last.
      const waiting = [...wanted.keys()].filter(
        reference => !running.has(reference) && !fresh.has(reference),
      );
      const reference = waiting.at(-1);
      if (running.size >= parallel || reference === undefined) return;
      void lookUp(reference);
      next();
    }

    async function lookUp(reference: string): Promise<void> {
      const asked = running;
      asked.add(reference);
      const detail = await settled(api.request('registry.describe', { reference }));
      asked.delete(reference);
      if (asked === running) {
        fresh.add(reference);
        set({ details: new Map(get().details).set(reference, detail) });
      }
      next();
    }

    function lookAgain(): void {
      fresh = new Set();
      running = new Set();
      next();
    }

    api.on('registries.changed', lookAgain);
    api.on('images.changed', lookAgain);
    return {
      details: new Map(),
      want(reference) {
        wanted.set(reference, (wanted.get(reference) ?? 0) + 1);
        next();
        return () => {
          const others = (wanted.get(reference) ?? 1) - 1;
          if (others > 0) wanted.set(reference, others);
          else wanted.delete(reference);
        };
      },
      retry(reference) {
        const details = new Map(get().details);
        details.delete(reference);
        fresh.delete(reference);
        set({ details });
        next();
      },
    };
  });
}
