import { expect, test } from 'vitest';
import { createSharedWork } from '../../../../electron/engine/content/shared-work.ts';

test('equal work that is asked for at the same time is done once', async () => {
  const shared = createSharedWork<string, number>();
  let runs = 0;
  const work = async () => ++runs;
  expect(await Promise.all([shared('a', work), shared('a', work), shared('b', work)])).toEqual([
    1, 1, 2,
  ]);
  expect(await shared('a', work)).toBe(3);
});

test('whoever gives up does not stop the work of the others', async () => {
  const shared = createSharedWork<string, string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const impatient = new AbortController();
  let stopped = false;
  const work = (signal: AbortSignal) => {
    signal.addEventListener('abort', () => (stopped = true));
    return promise;
  };
  const first = shared('a', work, impatient.signal);
  const second = shared('a', work);
  impatient.abort();
  await expect(first).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  expect(stopped).toBe(false);
  resolve('done');
  expect(await second).toBe('done');
});

test('the work is stopped when nobody waits for it, and started anew for the next one', async () => {
  const shared = createSharedWork<string, string>();
  const controller = new AbortController();
  let stopped = false;
  const endless = (signal: AbortSignal) =>
    new Promise<string>((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped = true;
        reject(new Error('stopped'));
      });
    });
  const asked = shared('a', endless, controller.signal);
  controller.abort();
  await expect(asked).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  expect(stopped).toBe(true);
  expect(await shared('a', async () => 'anew')).toBe('anew');
});

test('a failure reaches everybody who waits', async () => {
  const shared = createSharedWork<string, string>();
  const work = async () => {
    throw new Error('broken');
  };
  const asked = await Promise.allSettled([shared('a', work), shared('a', work)]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
