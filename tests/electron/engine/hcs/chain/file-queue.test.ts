import { expect, test } from 'vitest';
import { createFileQueue } from '../../../../../electron/engine/hcs/chain/file-queue.ts';

/** A file that is closed when the test says so. */
function slowFile() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const file = { write: () => Promise.resolve(), close: () => promise };
  return { make: () => Promise.resolve(file), resolve, reject };
}

test('the next file is made while the last one is closing', async () => {
  const queue = createFileQueue();
  const [first, second] = [slowFile(), slowFile()];
  await queue.open('a', first.make);
  await queue.end();
  await queue.open('b', second.make);
  first.resolve();
  second.resolve();
  await queue.all();
});

test('no more files are closing than may be', async () => {
  const queue = createFileQueue(2);
  const [first, second] = [slowFile(), slowFile()];
  await queue.open('a', first.make);
  await queue.end();
  await queue.open('b', second.make);
  let isGoingOn = false;
  const end = queue.end().then(() => (isGoingOn = true));
  await new Promise(setImmediate);
  expect(isGoingOn).toBe(false);
  first.resolve();
  await end;
});

test('a file is made anew, or linked, when it is closed', async () => {
  const queue = createFileQueue();
  const file = slowFile();
  await queue.open('a', file.make);
  await queue.end();
  const order: string[] = [];
  const linked = queue.closed('a').then(() => order.push('linked'));
  await queue.closed('b');
  order.push('another');
  file.resolve();
  await linked;
  expect(order).toEqual(['another', 'linked']);
});

test('what a close fails with is told later, and to whoever waits for all', async () => {
  const queue = createFileQueue();
  const file = slowFile();
  await queue.open('a', file.make);
  await queue.end();
  file.reject(new Error('the disk is full'));
  await expect(queue.all()).rejects.toThrow('the disk is full');
  await expect(queue.end()).rejects.toThrow('the disk is full');
});
