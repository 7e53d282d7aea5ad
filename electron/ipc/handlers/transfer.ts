import { arch } from 'node:os';
import type { Input } from '../../../shared/ipc/contract.ts';
import { formatPlatform, parsePlatform } from '../../../shared/oci/platform.ts';
import {
  canonicalReference,
  familiarReference,
  parseReference,
} from '../../../shared/oci/reference.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import type { OnTransferEvent } from '../../../shared/ipc/transfer-events.ts';
import { newTransferProgress, transferAfter } from '../../../shared/ipc/transfer-progress.ts';
import type { ImageChoice, PushRequest } from '../../engine/transfer/transfers.ts';
import type { HandlersFor } from '../answer.ts';
import type { EventSink } from '../event-hub.ts';
import type { Grants } from '../grants.ts';
import type { Connections } from '../registries/connections.ts';
import type { TransferManager } from '../registries/transfer-manager.ts';

interface TransferParts {
  readonly connections: Connections;
  readonly manager: TransferManager;
  readonly host: Host;
  /** A registry has more than before. */
  readonly onPushed: () => void;
  readonly grants: Grants;
  readonly events: EventSink;
}

type TransferChannel =
  | 'transfer.list'
  | 'transfer.pull'
  | 'transfer.planPush'
  | 'transfer.push'
  | 'transfer.cancel'
  | 'transfer.dismiss'
  | ComposeChannel;
type ComposeChannel = 'index.compose' | 'bundle.create' | 'bundle.import';

/** What moves between registries, the store and bundles. */
export function transferHandlers(parts: TransferParts): HandlersFor<TransferChannel> {
  const { connections, host, manager, onPushed } = parts;
  return {
    'transfer.list': async () => manager.list(),
    'transfer.pull': async ({ reference, foreign, ...wanted }) => {
      const name = familiarReference(parseReference(canonicalReference(reference)));
      const choice = choiceOf(wanted, host);
      const transferId = manager.start('pull', name, async (onEvent, signal) =>
        connections.use(async ({ transfers }) => {
          const options = { choice, foreign, indexLayers: true, onEvent, signal };
          const { descriptor, fetchedBytes, upToDate } = await transfers.pull(name, options);
          return { digest: descriptor.digest, movedBytes: fetchedBytes, upToDate };
        }),
      );
      return { transferId };
    },
    'transfer.planPush': async (input, signal) =>
      await connections.use(
        async ({ transfers }) => await transfers.planPush(pushOf(input), { signal }),
      ),
    'transfer.push': async input => {
      const request = pushOf(input);
      const target = familiarReference(parseReference(request.target ?? request.image));
      const transferId = manager.start('push', target, async (onEvent, signal) =>
        connections.use(async ({ transfers }) => {
          const { descriptor, sentBytes } = await transfers.push(request, { onEvent, signal });
          onPushed();
          return { digest: descriptor.digest, movedBytes: sentBytes, upToDate: sentBytes === 0 };
        }),
      );
      return { transferId };
    },
    'transfer.cancel': async ({ transferId }) => {
      manager.cancel(transferId);
      return null;
    },
    'transfer.dismiss': async ({ transferId }) => {
      manager.dismiss(transferId);
      return null;
    },
    ...composeHandlers(parts),
  };
}

function composeHandlers(parts: TransferParts): HandlersFor<ComposeChannel> {
  const { connections, events, grants } = parts;
  return {
    'index.compose': async (request, signal) =>
      await connections.use(async ({ transfers }) => {
        const composed = await transfers.composeIndex(request, { signal });
        events.emit('images.changed', null);
        const { descriptor, entries, name } = composed;
        const platforms = entries.map(({ platform }) => formatPlatform(platform));
        return { name, digest: descriptor.digest, platforms };
      }),
    'bundle.create': async ({ references, file, foreign }, signal) => {
      const place = await grants.check(file);
      return await told(events, `bundle ${file}`, `Writing ${file}`, async onEvent =>
        connections.use(
          async ({ transfers }) =>
            await transfers.exportBundle(references, place, { foreign, onEvent, signal }),
        ),
      );
    },
    'bundle.import': async ({ file }, signal) => {
      const place = await grants.check(file);
      return await told(events, `import ${file}`, `Checking and importing ${file}`, async onEvent =>
        connections.use(async ({ transfers }) => {
          const report = await transfers.importBundle(place, { onEvent, signal });
          events.emit('images.changed', null);
          return report;
        }),
      );
    },
  };
}

function choiceOf(
  { all, platform }: { readonly all: boolean; readonly platform?: string | undefined },
  host: Host,
): ImageChoice {
  if (all) return { kind: 'all' };
  if (platform !== undefined) return { kind: 'platform', platform: parsePlatform(platform), host };
  return { kind: 'host', host, architecture: arch() === 'x64' ? 'amd64' : arch() };
}

function pushOf({ image, target, foreign }: Input<'transfer.push'>): PushRequest {
  return {
    image,
    foreign,
    ...(target === undefined ? {} : { target: canonicalReference(target) }),
  };
}

const tellEveryMs = 200;

/** Tells how far a request is, and its end whatever happens. */
async function told<T>(
  events: EventSink,
  task: string,
  label: string,
  work: (onEvent: OnTransferEvent) => Promise<T>,
): Promise<T> {
  let progress = newTransferProgress;
  let toldAt = 0;
  const tell = (done: boolean): void => {
    const { current, total } = progress;
    const known = total === 0 ? {} : { total };
    events.emit('task.progress', { task, label, current, ...known, unit: 'bytes', done });
  };
  try {
    return await work(event => {
      progress = transferAfter(progress, event, Date.now());
      if (Date.now() - toldAt < tellEveryMs) return;
      toldAt = Date.now();
      tell(false);
    });
  } finally {
    tell(true);
  }
}
