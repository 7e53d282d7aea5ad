import { appendFile, chmod, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openStore, type Store } from '../../../electron/engine/content/store.ts';
import { openState } from '../../../electron/engine/state/state.ts';
import { createBackend, type Backend } from '../../../electron/ipc/backend.ts';
import { noDialogs } from '../../../electron/ipc/host.ts';
import { cleanupPolicy, startAutoCleanup } from '../../../electron/ipc/storage/auto-cleanup.ts';
import { AppError } from '../../../shared/failure.ts';
import { settingsSchema } from '../../../shared/ipc/app-views.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { bytesOf, describeBytes, failureFrom, listBlobs } from '../engine/content/helpers.ts';
import { storeImage } from '../engine/image/helpers.ts';

const { signal } = new AbortController();

async function newBackend(): Promise<{ backend: Backend; store: Store; events: string[] }> {
  const storeDir = path.join(await tempDir(), 'store');
  const backend = await createBackend({
    mode: 'serve',
    storeDir,
    productDir: path.resolve(import.meta.dirname, '../../..'),
    version: '0',
    dialogs: noDialogs,
    roots: [],
  });
  onTestFinished(async () => await backend.close());
  const store = await openStore(storeDir);
  onTestFinished(async () => await store[Symbol.asyncDispose]());
  const events: string[] = [];
  backend.events.subscribe(({ event }) => events.push(event));
  return { backend, store, events };
}

const everything = { policy: { keepTagged: false, kinds: ['images'] as const, maxBytes: 0 } };

describe('what the window asks about the store', () => {
  test('is what takes room, then exactly what a preview showed goes, once', async () => {
    const { backend, events, store } = await newBackend();
    const { handlers } = backend;
    await store.names.set('app', await storeImage(store.blobs, ['a']));
    const usage = await handlers['storage.usage']({}, signal);
    const [item] = usage.items.filter(({ kind }) => kind === 'images');
    if (item === undefined) throw new Error('there is an image');
    const { kind, holdingId } = item;
    const preview = await handlers['storage.preview']({ items: [{ kind, holdingId }] }, signal);
    expect(preview.items).toMatchObject([{ title: 'app:latest', reason: 'asked' }]);
    const { previewId } = preview;
    const { freedBytes } = await handlers['storage.collect']({ previewId }, signal);
    expect(freedBytes).toBe(preview.freedBytes);
    expect(await listBlobs(store)).toEqual([]);
    expect(events).toEqual(expect.arrayContaining(['storage.changed', 'images.changed']));
    expect(await failureFrom(handlers['storage.collect']({ previewId }, signal))).toEqual({
      code: 'preview-outdated',
    });
  });

  test('removes nothing where other things would go than were shown', async () => {
    const { backend, store } = await newBackend();
    const { handlers } = backend;
    await store.names.set('one', await storeImage(store.blobs, ['a']));
    const { previewId } = await handlers['storage.preview'](
      { policy: { ...everything.policy, kinds: [...everything.policy.kinds] } },
      signal,
    );
    await store.names.set('two', await storeImage(store.blobs, ['b']));
    const before = await listBlobs(store);
    expect(await failureFrom(handlers['storage.collect']({ previewId }, signal))).toEqual({
      code: 'preview-outdated',
    });
    expect(await listBlobs(store)).toEqual(before);
  });

  test('verifies with progress, and repairs', async () => {
    const { backend, events, store } = await newBackend();
    const { handlers } = backend;
    const blob = describeBytes('stray');
    await store.blobs.write(blob, bytesOf('stray'));
    const file = store.blobs.path(blob.digest);
    await chmod(file, 0o644);
    await appendFile(file, '!');
    expect((await handlers['storage.verify']({ deep: false }, signal)).faults).toHaveLength(1);
    expect(events.filter(event => event === 'task.progress').length).toBeGreaterThan(1);
    const { actions } = await handlers['storage.repair']({ deep: false, offline: true }, signal);
    expect(actions).toEqual([{ kind: 'blob-removed', digest: blob.digest }]);
    expect(await readdir(path.join(store.dir, 'blobs/sha256'))).toEqual([]);
  });
});

describe('the automatic cleanup', () => {
  test('is off at first, and never touches names and the history', () => {
    const settings = settingsSchema.parse({});
    expect(cleanupPolicy(settings)).toBeUndefined();
    expect(cleanupPolicy({ ...settings, cleanup: 'unused' })).toEqual({
      keepTagged: true,
      kinds: [],
    });
    const policy = cleanupPolicy({
      ...settings,
      cleanup: 'limits',
      cleanupDays: 2,
      cleanupGigabytes: 3,
    });
    expect(policy).toMatchObject({ keepTagged: true, olderThanMs: 172_800_000, maxBytes: 3e9 });
    expect(policy?.kinds).not.toContain('builds');
  });

  test('runs from time to time, leaves a store in use alone, and says what it freed', async () => {
    const storeDir = path.join(await tempDir(), 'store');
    await using store = await openStore(storeDir);
    const state = openState(storeDir);
    await store.blobs.write(describeBytes('loose'), bytesOf('loose'));
    const held = await store.lock.shared();
    const cleaned: number[] = [];
    let asked = 0;
    const cleanup = startAutoCleanup({
      parts: { store, state },
      settings: async () => {
        asked += 1;
        if (asked === 1) throw new AppError({ code: 'settings-invalid', path: '', problem: '' });
        return settingsSchema.parse({ cleanup: 'unused' });
      },
      onCleaned: ({ freedBytes }) => cleaned.push(freedBytes),
      pauses: { first: 1, next: 1 },
    });
    await vi.waitFor(() => expect(asked).toBeGreaterThan(3));
    expect(cleaned).toEqual([]);
    held[Symbol.dispose]();
    await vi.waitFor(() => expect(cleaned).toEqual([5]));
    expect(cleanup.last).toMatchObject({ freedBytes: 5 });
    await cleanup.close();
    await state.close();
  });
});
