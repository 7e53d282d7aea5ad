import type { BuildArchive } from '../../engine/state/build-archive.ts';
import type { HandlersFor } from '../answer.ts';
import type { EventSink } from '../event-hub.ts';

type HistoryChannel =
  | 'history.projects'
  | 'history.trend'
  | 'history.compare'
  | 'history.deleteAll';

/** What can be learned from past builds together. */
export function historyHandlers(
  archive: BuildArchive,
  events: EventSink,
): HandlersFor<HistoryChannel> {
  return {
    'history.projects': async () => archive.projects(),
    'history.trend': async ({ contextDir, limit }) => archive.trend(contextDir, limit),
    'history.compare': async ({ buildId, otherId }) => await archive.compare(buildId, otherId),
    'history.deleteAll': async (filter, signal) => {
      const deleted = await archive.deleteAll(filter, signal);
      events.emit('builds.changed', null);
      return { deleted: deleted.length };
    },
  };
}
