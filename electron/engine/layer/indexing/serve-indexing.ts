import { createReadStream } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import { failureOf } from '../../../../shared/failure.ts';
import type { Bytes } from '../../content/bytes.ts';
import { indexLayer } from '../index-layer.ts';
import type { IndexData } from '../layer-index.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** How often progress is told, in bytes of uncompressed tar. */
const progressStep = 8 * 1024 * 1024;
const readSize = 1024 * 1024;

/** Indexes the layers that come through `port`, one at a time. Never throws: failures are told. */
export function serveIndexing(port: MessagePort): void {
  let feed: Feed | undefined;
  const tell = (message: FromWorker, transfer: ArrayBuffer[] = []) =>
    port.postMessage(message, transfer);
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'file':
        feed = undefined;
        void index(message, createReadStream(message.path, { highWaterMark: readSize }), tell);
        return;
      case 'start':
        feed = createFeed(bytes => tell({ kind: 'taken', bytes }));
        void index(message, feed.bytes, tell);
        return;
      case 'chunk':
        feed?.push(message.bytes);
        return;
      case 'end':
        feed?.end();
    }
  });
}

async function index(
  { layer, limits }: Extract<ToWorker, { kind: 'file' | 'start' }>,
  blob: Bytes,
  tell: (message: FromWorker, transfer?: ArrayBuffer[]) => void,
): Promise<void> {
  let told = 0;
  const onProgress = (bytes: number) => {
    if (bytes < told + progressStep) return;
    told = bytes;
    tell({ kind: 'progress', bytes });
  };
  try {
    const data = await indexLayer(blob, layer, { ...limits, onProgress });
    tell({ kind: 'indexed', data }, buffersOf(data));
  } catch (error) {
    tell({ kind: 'failed', failure: failureOf(error) });
  }
}

function buffersOf({ file }: IndexData): ArrayBuffer[] {
  return [file];
}

interface Feed {
  readonly bytes: Bytes;
  push(chunk: Uint8Array): void;
  end(): void;
}

/** Chunks that arrive on their own, as a stream that is read; `onTaken` is told the size of each that was taken up. */
function createFeed(onTaken: (bytes: number) => void): Feed {
  const waiting: Uint8Array[] = [];
  let ended = false;
  let arrived = Promise.withResolvers<void>();
  async function* bytes(): Bytes {
    for (;;) {
      const chunk = waiting.shift();
      if (chunk) {
        onTaken(chunk.byteLength);
        yield chunk;
      } else if (ended) return;
      else await arrived.promise;
    }
  }
  const tell = () => {
    arrived.resolve();
    arrived = Promise.withResolvers<void>();
  };
  return {
    bytes: bytes(),
    push(chunk) {
      waiting.push(chunk);
      tell();
    },
    end() {
      ended = true;
      tell();
    },
  };
}
