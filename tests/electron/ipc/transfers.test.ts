import { describe, expect, test } from 'vitest';
import { createEventHub } from '../../../electron/ipc/event-hub.ts';
import { createConnections } from '../../../electron/ipc/registries/connections.ts';
import {
  createTransferManager,
  type TransferOutcome,
} from '../../../electron/ipc/registries/transfer-manager.ts';
import type { Connection } from '../../../electron/engine/remote/connect.ts';
import { AppError } from '../../../shared/failure.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';

const digest = sha256Digest('a'.repeat(64));
const outcome: TransferOutcome = { digest, movedBytes: 5, upToDate: false };

describe('the manager of transfers', () => {
  function manager() {
    const events = createEventHub();
    const heard: string[] = [];
    events.subscribe(({ event }) => heard.push(event));
    return { manager: createTransferManager(events), heard };
  }

  test('tells a transfer from its start to its end, and that the images have changed', async () => {
    const { manager: transfers, heard } = manager();
    const ended = Promise.withResolvers<TransferOutcome>();
    transfers.start('pull', 'a:1', async onEvent => {
      onEvent({ kind: 'resolving', reference: 'a:1' });
      return await ended.promise;
    });
    expect(transfers.list()).toMatchObject([{ reference: 'a:1', state: { kind: 'running' } }]);
    ended.resolve(outcome);
    await transfers.close();
    expect(transfers.list()).toMatchObject([{ state: { kind: 'done', movedBytes: 5 } }]);
    expect(heard).toContain('images.changed');
    expect(heard.at(-1)).toBe('task.progress');
  });

  test('joins a transfer that is under way already, and replaces one that has ended', async () => {
    const { manager: transfers } = manager();
    const ended = Promise.withResolvers<TransferOutcome>();
    const first = transfers.start('pull', 'a:1', () => ended.promise);
    expect(transfers.start('pull', 'a:1', () => ended.promise)).toBe(first);
    expect(transfers.start('push', 'a:1', () => ended.promise)).not.toBe(first);
    ended.resolve(outcome);
    await transfers.close();
    const second = transfers.start('pull', 'a:1', async () => outcome);
    await transfers.close();
    expect(second).not.toBe(first);
    expect(transfers.list().map(({ transferId }) => transferId)).not.toContain(first);
  });

  test('cancels one that runs, and keeps why one has failed until it is dismissed', async () => {
    const { manager: transfers } = manager();
    const id = transfers.start('pull', 'a:1', async (_onEvent, signal) => {
      const stopped = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => stopped.reject(new AppError({ code: 'cancelled' })));
      return await stopped.promise;
    });
    transfers.dismiss(id);
    expect(transfers.list()).toHaveLength(1);
    transfers.cancel(id);
    await transfers.close();
    expect(transfers.list()).toMatchObject([
      { state: { kind: 'failed', failure: { code: 'cancelled' } } },
    ]);
    transfers.dismiss(id);
    expect(transfers.list()).toEqual([]);
  });
});

describe('connections', () => {
  function connections() {
    const closed: number[] = [];
    let made = 0;
    const make = async () => {
      const number = ++made;
      return { number, [Symbol.asyncDispose]: async () => void closed.push(number) };
    };
    const all = createConnections(make as unknown as () => Promise<Connection>);
    const use = async () =>
      await all.use(async connection => (connection as unknown as { number: number }).number);
    return { all, use, closed };
  }

  test('are made once, and anew after a change', async () => {
    const { all, use, closed } = connections();
    expect([await use(), await use()]).toEqual([1, 1]);
    all.renew();
    expect(await use()).toBe(2);
    await all[Symbol.asyncDispose]();
    expect(closed).toEqual([1, 2]);
  });

  test('stay open for what still uses them', async () => {
    const { all, use, closed } = connections();
    const going = Promise.withResolvers<void>();
    const long = all.use(async () => await going.promise);
    await use();
    all.renew();
    expect(await use()).toBe(2);
    expect(closed).toEqual([]);
    going.resolve();
    await long;
    await all[Symbol.asyncDispose]();
    expect(closed).toEqual([1, 2]);
  });

  test('are made anew once a registry has refused: the person may have signed in elsewhere', async () => {
    const { all, use } = connections();
    const refused = all.use(async () => {
      const failure = {
        code: 'registry-unauthorized',
        registry: 'a.example',
        action: 'pull',
      } as const;
      throw new AppError(failure);
    });
    await expect(refused).rejects.toThrow('a.example');
    expect(await use()).toBe(2);
    await all[Symbol.asyncDispose]();
  });
});
