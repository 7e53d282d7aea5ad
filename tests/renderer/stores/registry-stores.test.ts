import { describe, expect, test } from 'vitest';
import { createNotices } from '../../../renderer/stores/notices.ts';
import { createRegistries } from '../../../renderer/stores/registries.ts';
import { createTagDetails } from '../../../renderer/stores/tag-details.ts';
import { createTransfers } from '../../../renderer/stores/transfers.ts';
import { AppError } from '../../../shared/failure.ts';
import type { RemoteTag, TransferView } from '../../../shared/ipc/registry-views.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';
import { memoryApi, turns } from '../support/memory-api.ts';

const digest = sha256Digest('a'.repeat(64));

describe('the details of tags', () => {
  function details() {
    const waiting = new Map<string, PromiseWithResolvers<RemoteTag>>();
    const api = memoryApi({
      'registry.describe': ({ reference }) => {
        const answer = Promise.withResolvers<RemoteTag>();
        waiting.set(reference, answer);
        return answer.promise;
      },
    });
    const answer = async (reference: string) => {
      const tag = { reference, tag: reference, digest, isIndex: false };
      waiting.get(reference)?.resolve({ ...tag, candidates: [], otherPlatforms: [] });
      waiting.delete(reference);
      await turns();
    };
    return { api, store: createTagDetails(api), waiting, answer };
  }

  test('are looked up four at a time, the latest first, and only what is still wanted', async () => {
    const { store, waiting, answer } = details();
    const { want } = store.getState();
    const releases = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(want);
    await turns();
    expect([...waiting.keys()]).toEqual(['a', 'b', 'c', 'd']);
    releases[6]?.();
    await answer('a');
    expect([...waiting.keys()]).toEqual(['b', 'c', 'd', 'f']);
    expect(store.getState().details.get('a')).toMatchObject({ kind: 'ready' });
    expect(store.getState().details.has('g')).toBe(false);
  });

  test('are looked up again when the store has changed, and shown until then', async () => {
    const { api, store, waiting, answer } = details();
    store.getState().want('a');
    await turns();
    await answer('a');
    api.tell('images.changed', null);
    await turns();
    expect([...waiting.keys()]).toEqual(['a']);
    expect(store.getState().details.get('a')).toMatchObject({ kind: 'ready' });
  });

  test('that failed are looked up again when that is asked for', async () => {
    let tries = 0;
    const api = memoryApi({
      'registry.describe': () => {
        tries += 1;
        throw new AppError({ code: 'cancelled' });
      },
    });
    const store = createTagDetails(api);
    store.getState().want('a');
    await turns();
    expect(store.getState().details.get('a')).toMatchObject({ kind: 'failed' });
    store.getState().retry('a');
    await turns();
    expect(tries).toBe(2);
  });
});

test('registries are asked for again when they have changed', async () => {
  const view = { registries: [], favourites: [], keeping: { kept: 'x' } };
  const api = memoryApi({ 'registry.list': () => view });
  const store = createRegistries(api);
  api.connection('connected');
  await turns();
  expect(store.getState()).toMatchObject({ version: 0, registries: { kind: 'ready' } });
  api.tell('registries.changed', null);
  await turns();
  expect(store.getState().version).toBe(1);
  expect(api.asked).toHaveLength(2);
});

describe('transfers', () => {
  const running: TransferView = {
    transferId: '1',
    kind: 'pull',
    reference: 'a:1',
    startedAt: 0,
    state: { kind: 'running', phase: 'moving' },
    current: 0,
    total: 10,
    blobs: [],
    considered: [],
    notes: [],
  };
  const done: TransferView = {
    ...running,
    state: { kind: 'done', digest, movedBytes: 10, upToDate: false, durationMs: 1 },
  };

  function store() {
    const notices = createNotices();
    const api = memoryApi({ 'transfer.list': () => [running] });
    return { api, notices, transfers: createTransfers(api, notices) };
  }

  test('that run are there after a reload, and their end is told once', async () => {
    const { api, notices, transfers } = store();
    api.connection('connected');
    await turns();
    expect(transfers.getState().transfers).toEqual([running]);
    api.tell('transfer.changed', { transfer: done });
    api.tell('transfer.changed', { transfer: done });
    expect(transfers.getState().transfers).toEqual([done]);
    expect(notices.getState().shown.map(({ message }) => message)).toEqual(['Pulled a:1: 10 B.']);
    api.tell('transfer.changed', { transfer: done, dismissed: true });
    expect(transfers.getState().transfers).toEqual([]);
  });

  test('that were quick are told of, though only their end is heard of', () => {
    const { api, notices } = store();
    api.tell('transfer.changed', { transfer: done });
    expect(notices.getState().shown.map(({ message }) => message)).toEqual(['Pulled a:1: 10 B.']);
    api.tell('transfer.changed', { transfer: done, dismissed: true });
    expect(notices.getState().shown).toHaveLength(1);
  });

  test('that were cancelled need no word, those that failed do', () => {
    const { api, notices } = store();
    const failed = (code: 'cancelled' | 'no-project') =>
      ({ ...running, state: { kind: 'failed', failure: { code } } }) as const;
    for (const code of ['cancelled', 'no-project'] as const) {
      api.tell('transfer.changed', { transfer: running });
      api.tell('transfer.changed', { transfer: failed(code) });
    }
    expect(notices.getState().shown).toMatchObject([
      { tone: 'bad', message: 'a:1 was not pulled: No folder is open.' },
    ]);
  });
});
