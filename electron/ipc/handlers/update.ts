import type { NoUpdates, UpdateView } from '../../../shared/ipc/update-views.ts';
import type { HandlersFor } from '../answer.ts';
import type { EventSink } from '../event-hub.ts';

/** Updates of the app itself; only an installed one has any. */
export interface Updates {
  view(): UpdateView;
  /** Each of these ends when the step is over; how it went is in `view`. */
  check(): Promise<void>;
  download(): Promise<void>;
  /** Ends the app and starts the new one. Does nothing where none is ready. */
  install(): void;
  /** Is told of every change. */
  follow(listener: (view: UpdateView) => void): void;
}

/** Updates that are off, and why. */
export function noUpdates(reason: NoUpdates): Updates {
  return {
    view: () => ({ kind: 'off', reason }),
    check: async () => undefined,
    download: async () => undefined,
    install: () => undefined,
    follow: () => undefined,
  };
}

type UpdateChannel = 'update.state' | 'update.check' | 'update.download' | 'update.install';

export function updateHandlers(updates: Updates, events: EventSink): HandlersFor<UpdateChannel> {
  updates.follow(view => events.emit('update.changed', view));
  return {
    'update.state': async () => updates.view(),
    'update.check': async () => {
      await updates.check();
      return updates.view();
    },
    'update.download': async () => {
      await updates.download();
      return updates.view();
    },
    'update.install': async () => {
      updates.install();
      return null;
    },
  };
}
