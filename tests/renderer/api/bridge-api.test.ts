import { expect, test } from 'vitest';
import { apiOver } from '../../../renderer/api/bridge-api.ts';
import type { Bridge } from '../../../shared/ipc/bridge.ts';
import type { Reply } from '../../../shared/ipc/contract.ts';

function bridgeWith(reply: Promise<Reply<unknown>>) {
  const calls: unknown[][] = [];
  const bridge: Bridge = {
    async invoke(...args) {
      calls.push(['invoke', ...args]);
      return await reply;
    },
    cancel: requestId => void calls.push(['cancel', requestId]),
    on: () => () => undefined,
  };
  return { api: apiOver(bridge), calls };
}

test('gives the value of a reply', async () => {
  const { api, calls } = bridgeWith(Promise.resolve({ ok: true, value: [] }));
  expect(await api.request('project.recent', {})).toEqual([]);
  expect(calls).toEqual([['invoke', 'project.recent', {}, '1']]);
});

test('throws the failure of a reply', async () => {
  const { api } = bridgeWith(Promise.resolve({ ok: false, failure: { code: 'no-project' } }));
  await expect(api.request('project.templates', {})).rejects.toMatchObject({
    name: 'AppError',
    failure: { code: 'no-project' },
  });
});

test('cancels the request, not another one, when its signal is aborted', async () => {
  const reply = Promise.withResolvers<Reply<unknown>>();
  const { api, calls } = bridgeWith(reply.promise);
  const controller = new AbortController();
  const request = api.request('image.load', { file: '/x' }, controller.signal);
  const other = api.request('image.list', {});
  controller.abort();
  reply.resolve({ ok: false, failure: { code: 'cancelled' } });
  await expect(request).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  await expect(other).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  expect(calls.filter(([kind]) => kind === 'cancel')).toEqual([['cancel', '1']]);
});

test('does not ask at all where the signal was aborted before', async () => {
  const { api, calls } = bridgeWith(Promise.resolve({ ok: true, value: null }));
  await expect(api.request('image.list', {}, AbortSignal.abort())).rejects.toMatchObject({
    failure: { code: 'cancelled' },
  });
  expect(calls).toEqual([]);
});
