import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Holding } from '../../../../electron/engine/content/holding.ts';
import { chooseGarbage, keyOf } from '../../../../electron/engine/storage/choose-garbage.ts';
import type { Survey } from '../../../../electron/engine/storage/ledger.ts';
import type { GarbagePolicy } from '../../../../shared/ipc/storage-views.ts';
import { policyKinds } from '../../../../shared/ipc/storage-views.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';
import { digestOf } from '../../../../electron/engine/content/verified.ts';

const blob = (name: string): Digest => digestOf(name);
const day = 86_400_000;
const now = 1000 * day;

function holding(kind: Holding['kind'], holdingId: string, more: Partial<Holding> = {}): Holding {
  return { kind, holdingId, title: holdingId, bytes: 0, lastUsedAt: now, ...more };
}

function survey(holdings: readonly Holding[], sizes: Readonly<Record<string, number>>): Survey {
  const blobs = new Map(Object.entries(sizes).map(([name, size]) => [blob(name), size]));
  return { holdings, blobs };
}

function chosen(of: Survey, policy: Partial<GarbagePolicy> = {}) {
  const whole = { keepTagged: true, kinds: policyKinds, ...policy };
  return chooseGarbage(of, { kind: 'policy', policy: whole, now });
}
const told = (of: Survey, policy: Partial<GarbagePolicy> = {}) =>
  chosen(of, policy).list.items.map(
    ({ bytes, holdingId, reason }) => `${holdingId} ${reason} ${bytes}`,
  );

const image = (name: string, blobs: readonly string[], more: Partial<Holding> = {}) =>
  holding('images', name, { blobs: blobs.map(blob), diffIds: blobs.map(blob), ...more });

describe('without a policy', () => {
  test('goes only what nothing needs', () => {
    const of = survey(
      [
        image('app', ['a']),
        holding('layer-index', 'index of a', { derivedFrom: blob('a'), bytes: 1 }),
        holding('layer-index', 'index of b', { derivedFrom: blob('b'), bytes: 2 }),
        holding('downloads', 'old', { unused: true, bytes: 4 }),
        holding('downloads', 'new', { bytes: 8 }),
        holding('builds', 'a', { unused: true, bytes: 16, kept: 'running' }),
      ],
      { a: 100, loose: 200 },
    );
    expect(told(of)).toEqual([
      `${blob('loose')} unused 200`,
      'index of b unused 2',
      'old unused 4',
    ]);
    expect(chosen(of).list).toMatchObject({ freedBytes: 206, bytesBefore: 331 });
    expect([...chosen(of).blobs]).toEqual([blob('loose')]);
  });
});

describe('a policy', () => {
  const old = { lastUsedAt: now - 10 * day };

  test('by age takes what was not used for longer, and what was derived from that', () => {
    const of = survey(
      [
        image('old', ['base', 'a'], old),
        image('new', ['base', 'b']),
        holding('layer-cache', 'unpacked a', { derivedFrom: blob('a'), bytes: 7 }),
        holding('layer-cache', 'unpacked base', { derivedFrom: blob('base'), bytes: 9 }),
      ],
      { base: 1000, a: 10, b: 20 },
    );
    expect(told(of, { olderThanMs: 9 * day })).toEqual(['old age 10', 'unpacked a unused 7']);
    expect(told(of, { olderThanMs: 11 * day })).toEqual([]);
  });

  test('spares names, unless it is told not to', () => {
    const of = survey([image('old', ['a'], { ...old, tagged: true })], { a: 1 });
    expect(told(of, { olderThanMs: day })).toEqual([]);
    expect(told(of, { olderThanMs: day, keepTagged: false })).toEqual(['old age 1']);
  });

  test('takes only of the kinds that it names', () => {
    const of = survey([holding('builds', 'log', { ...old, bytes: 5 }), image('old', ['a'], old)], {
      a: 1,
    });
    expect(told(of, { olderThanMs: day, kinds: ['builds'] })).toEqual(['log age 5']);
  });

  test('that keeps the last two of each repository and project takes the others', () => {
    const of = survey(
      [
        ...[1, 2, 3, 4].map(age =>
          holding('builds', `p${age}`, { bytes: 1, group: '/p', lastUsedAt: now - age }),
        ),
        holding('builds', 'q', { bytes: 1, group: '/q', lastUsedAt: now - 9 }),
        holding('layer-cache', 'no group', { bytes: 1, derivedFrom: blob('a') }),
        image('a', ['a']),
      ],
      { a: 1 },
    );
    expect(told(of, { keepLast: 2 })).toEqual(['p4 count 1', 'p3 count 1']);
    // With an age it protects the newest, however old they are.
    expect(told(of, { keepLast: 1, olderThanMs: 1 })).toEqual(['p4 age 1', 'p3 age 1', 'p2 age 1']);
  });

  test('by size takes what can be made again first, then the longest unused, and says what is left over', () => {
    const of = survey(
      [
        image('named', ['a'], { tagged: true }),
        image('newer', ['b']),
        image('older', ['c'], old),
        holding('layer-cache', 'unpacked', { bytes: 50, derivedFrom: blob('a') }),
      ],
      { a: 100, b: 100, c: 100 },
    );
    expect(told(of, { maxBytes: 250 })).toEqual(['unpacked size 50', 'older size 100']);
    expect(told(of, { maxBytes: 350 })).toEqual([]);
    expect(chosen(of, { maxBytes: 60 }).list).toMatchObject({ overBytes: 40, freedBytes: 250 });
  });

  test('by size does not forget cache records whose layers stay anyway', () => {
    const record = (name: string, of: string) =>
      holding('build-cache', name, { blobs: [blob(of)], bytes: 1, lastUsedAt: 0 });
    const of = survey(
      [
        image('named', ['a'], { tagged: true }),
        record('of a', 'a'),
        record('1 of b', 'b'),
        record('2 of b', 'b'),
      ],
      { a: 100, b: 100 },
    );
    expect(told(of, { maxBytes: 150 })).toEqual(['1 of b size 1', '2 of b size 101']);
  });
});

describe('what a person chose', () => {
  test('goes, with what was remembered of its steps, and nothing else', () => {
    const record = (name: string, of: string) =>
      holding('build-cache', name, { blobs: [blob(of)], bytes: 1 });
    const of = survey(
      [
        image('app', ['base', 'a'], { tagged: true }),
        image('other', ['base']),
        record('r a', 'a'),
        record('r base', 'base'),
      ],
      { base: 100, a: 10, loose: 5 },
    );
    const { list } = chooseGarbage(of, { kind: 'these', keys: new Set(['images:app']) });
    expect(list.items.map(({ bytes, holdingId, reason }) => [holdingId, reason, bytes])).toEqual([
      ['app', 'asked', 0],
      ['r a', 'unused', 11],
    ]);
  });
});

test('whatever the store and the policy, nothing that stays lacks a blob, and the sums are right', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const some = fc.uniqueArray(fc.constantFrom(...names));
  const holdings = fc.array(
    fc.record(
      {
        kind: fc.constantFrom(...policyKinds),
        bytes: fc.nat(50),
        blobs: some.map(list => list.map(blob)),
        diffIds: some.map(list => list.map(blob)),
        derivedFrom: fc.constantFrom(...names).map(blob),
        lastUsedAt: fc.integer({ min: now - 20 * day, max: now }),
        group: fc.constantFrom('x', 'y'),
        tagged: fc.boolean(),
        unused: fc.boolean(),
        kept: fc.constant('running' as const),
      },
      { requiredKeys: ['kind', 'bytes', 'lastUsedAt'] },
    ),
  );
  const policy = fc.record(
    {
      maxBytes: fc.nat(600),
      olderThanMs: fc.nat(20 * day),
      keepLast: fc.nat(3),
      keepTagged: fc.boolean(),
      kinds: fc.subarray([...policyKinds]),
    },
    { requiredKeys: ['keepTagged', 'kinds'] },
  );
  fc.assert(
    fc.property(holdings, some, policy, (given, onDisk, wanted) => {
      const all = given.map((each, at) => ({ ...each, holdingId: `${at}`, title: '' }));
      const of = survey(all, Object.fromEntries(onDisk.map((name, at) => [name, 10 + at])));
      const { blobs, holdings: going, list } = chosen(of, wanted);
      const gone = new Set(going);
      const stays = all.filter(each => !gone.has(each));
      for (const { blobs: needed = [] } of stays)
        expect(needed.some(digest => blobs.has(digest))).toBe(false);
      for (const each of going) expect(each.kept).toBeUndefined();
      // Nothing is told twice, and what is told is what happens.
      expect(new Set(list.items.map(keyOf)).size).toBe(list.items.length);
      const bytesOf = (digests: Iterable<Digest>) =>
        [...digests].reduce((sum, each) => sum + (of.blobs.get(each) ?? 0), 0);
      const freed = bytesOf(blobs) + going.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(list.freedBytes).toBe(freed);
      expect(list.items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(freed);
      // Of a second collection nothing is left to do, but what the first could not know to be orphaned.
      const left = {
        holdings: stays,
        blobs: new Map([...of.blobs].filter(([digest]) => !blobs.has(digest))),
      };
      expect(chosen(left, { kinds: [] }).list.items).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
