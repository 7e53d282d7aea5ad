import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeSampleImages } from '../../../electron/engine/sample/write-samples.ts';
import { createBackend, type Backend } from '../../../electron/ipc/backend.ts';
import { noDialogs } from '../../../electron/ipc/host.ts';
import type { TransferView } from '../../../shared/ipc/registry-views.ts';
import { startFaultyStore, type FaultyStore } from '../../support/faulty-registry.ts';
import { tempDir } from '../../support/temp-dir.ts';

let registry: FaultyStore;
const image = 'layerwright.local/windows/servercore:ltsc2022';
const patience = { timeout: 10_000 };

beforeAll(async () => {
  registry = await startFaultyStore();
  await writeSampleImages(registry.store);
}, 60_000);

afterAll(async () => await registry?.[Symbol.asyncDispose]());

async function newBackend(): Promise<Backend & AsyncDisposable> {
  const dir = await tempDir();
  const backend = await createBackend({
    mode: 'serve',
    storeDir: path.join(dir, 'store'),
    productDir: path.resolve(import.meta.dirname, '../../..'),
    version: '0',
    dialogs: noDialogs,
    roots: [],
  });
  return { ...backend, [Symbol.asyncDispose]: async () => await backend.close() };
}

test('a pull that stands still is joined by a second one, cancelled, and pulled to its end later', async () => {
  await using backend = await newBackend();
  const { signal } = new AbortController();
  let shown: TransferView | undefined;
  backend.events.subscribe(message => {
    if (message.event === 'transfer.changed') shown = message.payload.transfer;
  });
  const reference = `${registry.host}/${image}`;
  const pull = { reference, all: false, foreign: 'urls' } as const;
  const fault = { kind: 'stall', afterBytes: 100_000 } as const;
  registry.order({ method: 'GET', path: /\/blobs\//, times: Infinity, fault });

  const { transferId } = await backend.handlers['transfer.pull'](pull, signal);
  await vi.waitFor(() => {
    const stalled = registry.log.filter(({ sent }) => sent === 100_000);
    expect(stalled).toHaveLength(1);
    expect(shown?.current).toBeGreaterThan(1000);
  }, patience);
  expect(shown).toMatchObject({ transferId, kind: 'pull', state: { kind: 'running' } });
  expect(await backend.handlers['transfer.pull'](pull, signal)).toEqual({ transferId });
  await backend.handlers['transfer.cancel']({ transferId }, signal);
  await vi.waitFor(
    () => expect(shown?.state).toEqual({ kind: 'failed', failure: { code: 'cancelled' } }),
    patience,
  );

  registry.behave();
  await backend.handlers['transfer.pull'](pull, signal);
  await vi.waitFor(() => expect(shown?.state.kind).toBe('done'), patience);
  const images = await backend.handlers['image.list']({}, signal);
  expect(images.map(each => each.reference)).toEqual([reference]);
});
