import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { HiveDamage } from '../../../../electron/engine/hive/hive-cells.ts';
import { openHive } from '../../../../electron/engine/hive/hive-reader.ts';
import { AppError } from '../../../../shared/failure.ts';
import {
  listedByHivex,
  listedByUs,
  timesByHivex,
  timesByUs,
  typesByReglookup,
  typesByUs,
  type Listing,
} from './oracles.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/hives');
const names = readdirSync(fixtures).filter(name => name !== 'LICENSE');
const dir = mkdtempSync(join(tmpdir(), 'layerwright-oracles-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** What a reader says, or nothing where it cannot. */
function from<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

interface Ours {
  readonly listing: Listing;
  readonly types: readonly string[];
  readonly damage: readonly HiveDamage[];
}

/** What we read, or why we cannot; that always has an offset. */
function readByUs(bytes: Uint8Array): Ours | { readonly refusedAt: number } {
  const damage: HiveDamage[] = [];
  try {
    const { root } = openHive(bytes, each => damage.push(each));
    return { listing: listedByUs(root), types: typesByUs(root), damage };
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code !== 'hive-invalid') throw error;
    return { refusedAt: error.failure.offset };
  }
}

test.each(names)('%s is read as hivex, hivexml and reglookup read it', name => {
  const path = join(fixtures, name);
  const ours = readByUs(readFileSync(path));
  const theirs = from(() => listedByHivex(path));
  if ('refusedAt' in ours) {
    expect([name, theirs, ours.refusedAt]).toEqual(['NotAHive', undefined, 0]);
    return;
  }
  const { root } = openHive(readFileSync(path), () => undefined);
  if (theirs) {
    expect(ours.listing).toEqual(theirs);
    // Keys of one name have one place here, and each its own time there.
    if (name !== 'SAM_DUPENAME') expect(timesByUs(root)).toEqual(timesByHivex(path));
    expect(ours.types).toEqual(typesByReglookup(path));
    expect(ours.damage).toEqual([]);
  } else {
    // Neither of them reads it; we say where it is damaged, and read the rest as it is in the whole one.
    expect([name, ours.damage[0]?.offset]).toEqual(['SAMBadHBinHeader', 8192]);
    expect(ours.listing).toEqual(listedByHivex(join(fixtures, 'SAM')));
  }
});

/** Numbers that are the same on every run (xorshift). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function* damagedHives(): Generator<Buffer> {
  const random = generator(12_345);
  const wholes = ['SAM', 'NTUSER1.DAT'].map(name => readFileSync(join(fixtures, name)));
  for (let run = 0; run < 16; run++) {
    const bytes = Buffer.from(wholes[run % wholes.length] ?? '');
    for (let left = 1 + random(3); left > 0; left--)
      bytes[4096 + random(bytes.length - 4096)] = random(256);
    yield bytes;
  }
  const [sam = Buffer.alloc(0)] = wholes;
  for (const length of [4096, 12_288, 20_000, 28_672]) yield sam.subarray(0, length);
}

test('where hivex still reads a damaged hive we read the same, and else we say where it is damaged or read on', () => {
  let [read, refused] = [0, 0];
  for (const bytes of damagedHives()) {
    const path = join(dir, 'damaged');
    writeFileSync(path, bytes);
    const ours = readByUs(bytes);
    const theirs = from(() => listedByHivex(path));
    if ('refusedAt' in ours) {
      expect(theirs).toBeUndefined();
      // It may be where something should be, behind the end of what was cut off.
      expect(ours.refusedAt).toBeGreaterThanOrEqual(0);
      continue;
    }
    for (const { offset } of ours.damage) expect(offset).toBeGreaterThan(0);
    if (theirs) {
      expect(ours.listing).toEqual(theirs);
      read += 1;
    } else refused += 1;
    if (ours.damage.length === 0) expect(ours.types).toEqual(typesByReglookup(path));
  }
  expect(read).toBeGreaterThan(6);
  expect(refused).toBeGreaterThan(3);
});
