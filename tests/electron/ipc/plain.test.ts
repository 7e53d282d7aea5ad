import { expect, test } from 'vitest';
import { checkPlain } from '../../../electron/ipc/plain.ts';

test.each([
  null,
  0,
  'text',
  { a: [1, { b: true }], c: undefined },
  Object.assign(Object.create(null), { a: 1 }),
])('lets plain JSON through: %j', value => {
  expect(() => checkPlain(value)).not.toThrow();
});

const cyclic: unknown[] = [];
cyclic.push(cyclic);

test.each<[string, unknown]>([
  ['a map', new Map()],
  ['a date', new Date()],
  ['bytes', new Uint8Array(1)],
  ['a function', () => 1],
  ['a big integer', 1n],
  ['not a number', Number.NaN],
  ['an instance', new URL('app://x')],
  ['a cycle', cyclic],
  ['a key that would change the prototype', JSON.parse('{"__proto__":{"admin":true}}')],
  ['more text than any request needs', 'x'.repeat(21 * 1024 * 1024)],
  ['more values than any request needs', Array.from({ length: 100_001 }, () => 0)],
])('refuses %s', (_, value) => {
  expect(() => checkPlain({ value })).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ code: 'bad-request' }) }),
  );
});
