import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openHiveFile } from '../../../../electron/engine/hive/hive-bytes.ts';
import type { HiveDamage } from '../../../../electron/engine/hive/hive-cells.ts';
import { openHive, type Hive } from '../../../../electron/engine/hive/hive-reader.ts';
import { AppError } from '../../../../shared/failure.ts';
import { listedByUs, walk } from './oracles.ts';

const fixture = (name: string) => join(import.meta.dirname, '../../../fixtures/hives', name);
const dir = mkdtempSync(join(tmpdir(), 'layerwright-damaged-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Opens a hive, taking damage as it comes. */
function opened(bytes: Uint8Array): { readonly hive: Hive; readonly damage: HiveDamage[] } {
  const damage: HiveDamage[] = [];
  return { hive: openHive(bytes, each => damage.push(each)), damage };
}

/** Everything that can be read, counted. */
function readAll({ root }: Hive): { keys: number; values: number } {
  let [keys, values] = [0, 0];
  walk(root, '', (_, key) => {
    keys += 1;
    key.securityDescriptor();
    values += key.values().length;
  });
  return { keys, values };
}

describe('a hive that is read from a file', () => {
  test.each(['BCD', 'NTUSER1.DAT', 'SAM', 'SAM_DUPENAME'])('%s is the same as in memory', name => {
    const bytes = readFileSync(fixture(name));
    using file = openHiveFile(fixture(name), bytes.length);
    expect(listedByUs(openHive(file).root)).toEqual(listedByUs(openHive(bytes).root));
  });

  test('that is shorter than was said is cut off', () => {
    const bytes = readFileSync(fixture('SAM'));
    const path = join(dir, 'short');
    writeFileSync(path, bytes.subarray(0, 20_000));
    using file = openHiveFile(path, 20_000);
    expect(() => openHive(file)).toThrow('at offset 20000: it is cut off');
  });
});

describe('damage that is reported', () => {
  const whole = readFileSync(fixture('SAM'));
  const all = readAll(openHive(whole));

  test('in a bin header costs no key', () => {
    const { hive, damage } = opened(readFileSync(fixture('SAMBadHBinHeader')));
    expect(readAll(hive)).toEqual(all);
    expect(damage).toEqual([{ offset: 8192, problem: 'a bin does not begin with "hbin"' }]);
  });

  test('in a wrong checksum costs no key', () => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    const { hive, damage } = opened(bytes);
    expect(readAll(hive)).toEqual(all);
    expect(damage.map(({ offset }) => offset)).toEqual([508]);
  });

  test('in one key costs that key and what is below it', () => {
    const bytes = Buffer.from(whole);
    const at = bytes.indexOf('Names', 0, 'latin1') - 76;
    bytes.write('xx', at);
    const { hive, damage } = opened(bytes);
    const left = readAll(hive);
    expect(left.keys).toBeLessThan(all.keys);
    expect(left.keys).toBeGreaterThan(1);
    expect(damage).toContainEqual({ offset: at, problem: 'expected a cell of kind "nk"' });
  });

  test('at the end leaves what is before it, and never more', () => {
    let before = 0;
    for (let length = 12_288; length < whole.length; length += 16_384) {
      const { keys } = readAll(opened(whole.subarray(0, length)).hive);
      expect(keys).toBeLessThanOrEqual(all.keys);
      before = Math.max(before, keys);
    }
    expect(before).toBeGreaterThan(1);
  });

  test('by any changed bytes is survived, or there is no hive at all', () => {
    const edits = fc.array(fc.tuple(fc.nat(60_000), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 30,
    });
    const most = 20 * (all.keys + all.values);
    fc.assert(
      fc.property(edits, changes => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes.writeUInt8(value, at);
        try {
          const { hive } = opened(bytes);
          const { keys, values } = readAll(hive);
          expect(keys + values).toBeLessThan(most);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 800 },
    );
  });
});
