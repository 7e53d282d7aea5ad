import { expect, test } from 'vitest';
import type { Handlers } from '../../../electron/ipc/answer.ts';
import { createRequests } from '../../../electron/ipc/requests.ts';
import { AppError } from '../../../shared/failure.ts';

/** Only what the tests ask for. */
function handlersWith(some: Partial<Handlers>): Handlers {
  return some as Handlers;
}

const forever = handlersWith({
  'app.info': async (_input, signal) =>
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new AppError({ code: 'cancelled' })));
    }),
});

const cancelled = { ok: false, failure: { code: 'cancelled' } };
const refused = { ok: false, failure: { code: 'bad-request', field: 'requestId' } };

test('answers with the failure that a handler throws, and takes anything else for a bug', async () => {
  const requests = createRequests(
    handlersWith({
      'project.close': async () => {
        throw new AppError({ code: 'no-project' });
      },
      'project.current': async () => {
        throw new TypeError('oops');
      },
    }),
  );
  expect(await requests.run('1', 'project.close', {})).toEqual({
    ok: false,
    failure: { code: 'no-project' },
  });
  expect(await requests.run('2', 'project.current', {})).toMatchObject({
    ok: false,
    failure: { code: 'bug', message: 'oops' },
  });
});

test('names the field of a malformed input', async () => {
  const reply = await createRequests(handlersWith({})).run('1', 'build.log', {
    buildId: 'a',
    fromLine: -1,
    count: 1,
  });
  expect(reply).toMatchObject({
    ok: false,
    failure: { code: 'bad-request', field: 'build.log/fromLine' },
  });
});

test('cancels one request, and all of them when the client is gone', async () => {
  const requests = createRequests(forever);
  const [one, two, three] = ['1', '2', '3'].map(id => requests.run(id, 'app.info', {}));
  requests.cancel('2');
  expect(await two).toEqual(cancelled);
  requests.cancelAll();
  expect([await one, await three]).toEqual([cancelled, cancelled]);
});

test('refuses an id that is in use, and more requests than a window ever has', async () => {
  const requests = createRequests(forever);
  const first = requests.run('1', 'app.info', {});
  expect(await requests.run('1', 'app.info', {})).toMatchObject(refused);
  for (let id = 2; id <= 256; id++) void requests.run(String(id), 'app.info', {});
  expect(await requests.run('257', 'app.info', {})).toMatchObject(refused);
  requests.cancelAll();
  await first;
});

test.each([undefined, 7, '', 'x'.repeat(65), {}])('refuses %j as an id', async id => {
  expect(await createRequests(forever).run(id, 'app.info', {})).toMatchObject(refused);
});
