import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { findKey, findValue, openHive } from '../../../../electron/engine/hive/hive-reader.ts';
import {
  binaryValue,
  dwordValue,
  expandableValue,
  qwordValue,
  textsValue,
  textValue,
  valueContent,
  valueTypeName,
  type HiveValue,
} from '../../../../electron/engine/hive/hive-value.ts';
import { encodeHive, type NewKey } from '../../../../electron/engine/hive/hive-writer.ts';
import { AppError, type Failure } from '../../../../shared/failure.ts';
import { sddlToBinary } from '../../../../shared/windows/security-descriptor.ts';
import { listedByHivex, listedByUs, timesByHivex, timesByUs, walk } from './oracles.ts';

const dir = mkdtempSync(join(tmpdir(), 'layerwright-hive-'));
afterAll(() => rmSync(dir, { recursive: true }));

const fixture = (name: string) => join(import.meta.dirname, '../../../fixtures/hives', name);
const securityDescriptor = sddlToBinary('O:BAG:SYD:P(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)');
const options = { fileName: '\\SystemRoot\\System32\\Config\\SOFTWARE', securityDescriptor };
const modified = 1_700_000_000_123_456_700n;

function keyOf(name: string, values: HiveValue[] = [], subkeys: NewKey[] = []): NewKey {
  return { name, modified, values, subkeys };
}

function saved(name: string, bytes: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

const bytesOf = (size: number) =>
  Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251);

const manyTypes = keyOf(
  'ROOT',
  [],
  [
    keyOf('Types', [
      textValue('', 'the default value'),
      textValue('text', 'Grüße, 世界 𐐀'),
      textValue('"quoted" \\ name', 'x'),
      textValue('Ünïcode', ''),
      expandableValue('Path', '%SystemRoot%\\system32;%SystemRoot%'),
      textsValue('list', ['one', 'two', '三']),
      textsValue('empty list', []),
      dwordValue('dword', 0xff_fe_fd_fc),
      qwordValue('qword', 0xff_ee_dd_cc_bb_aa_99_88n),
      binaryValue('nothing', bytesOf(0)),
      binaryValue('three', bytesOf(3)),
      binaryValue('five', bytesOf(5)),
      { name: 'none', type: 0, data: bytesOf(8) },
      { name: 'own type', type: 0x12_34, data: bytesOf(6) },
    ]),
    keyOf('Big', [
      binaryValue('16343', bytesOf(16_343)),
      binaryValue('16344', bytesOf(16_344)),
      binaryValue('16345', bytesOf(16_345)),
      binaryValue('32688', bytesOf(32_688)),
      binaryValue('100000', bytesOf(100_000)),
    ]),
    keyOf('Ключ с русским именем', [textValue('a', 'b')]),
    keyOf(
      'Many',
      [],
      Array.from({ length: 1_203 }, (_, index) => keyOf(`Key${index}`, [dwordValue('i', index)])),
    ),
    keyOf('Empty'),
    keyOf('a', [], [keyOf('b', [], [keyOf('c', [], [keyOf('d')])])]),
  ],
);

describe('a hive that we write', () => {
  const path = saved('many-types', encodeHive(manyTypes, options));

  test('is read by hivex value by value as by us', () => {
    const listing = listedByHivex(path);
    expect(Object.keys(listing).length).toBe(1 + 6 + 1_203 + 3);
    expect(listing['\\Types']?.['dword']).toBe('4:fcfdfeff');
    expect(listing['\\Big']?.['100000']).toContain('3:100000 bytes');
    expect(listedByUs(openHive(readFileSync(path)).root)).toEqual(listing);
  });

  test('has the times that were asked for', () => {
    const times = timesByHivex(path);
    expect(new Set(Object.values(times))).toEqual(new Set(['2023-11-14T22:13:20Z']));
    expect(timesByUs(openHive(readFileSync(path)).root)).toEqual(times);
    expect(openHive(readFileSync(path)).root.modified).toBe(modified);
  });

  test('has its subkeys in the order in which Windows looks them up', () => {
    const hive = encodeHive(
      keyOf(
        'R',
        [],
        ['b', 'A', '_', 'c', 'B1'].map(name => keyOf(name)),
      ),
      options,
    );
    const names = openHive(hive)
      .root.subkeys()
      .map(({ name }) => name);
    expect(names).toEqual(['A', 'b', 'B1', 'c', '_']);
  });

  test('keeps the security descriptor', () => {
    expect(openHive(readFileSync(path)).root.subkeys()[0]?.securityDescriptor()).toEqual(
      securityDescriptor,
    );
  });

  test('can be changed by hivexregedit, and we read the change', () => {
    const copy = saved('changed', encodeHive(manyTypes, options));
    const change = join(dir, 'change.reg');
    writeFileSync(
      change,
      [
        'Windows Registry Editor Version 5.00',
        '',
        '[\\Types]',
        '"dword"=dword:0000002a',
        '"qword"=-',
        '',
        '[\\New]',
        '',
        '[\\New\\Key]',
        '"x"="y"',
        '',
        '[-\\Empty]',
        '',
      ].join('\r\n'),
    );
    execFileSync('hivexregedit', ['--merge', '--encoding', 'UTF-16LE', copy, change]);
    const { root } = openHive(readFileSync(copy));
    expect(listedByUs(root)).toEqual(listedByHivex(copy));
    expect(findKey(root, 'Empty')).toBeUndefined();
    const types = findKey(root, 'TYPES');
    expect(types && valueContent(findValue(types, 'DWORD')!)).toEqual({
      kind: 'number',
      number: 42n,
    });
  });

  test('is the same on every run', () => {
    expect(encodeHive(manyTypes, options)).toEqual(readFileSync(path));
  });

  test.each([
    ['', keyOf('R', [], [keyOf('')])],
    ['a name with \\', keyOf('R', [], [keyOf('a\\b')])],
    ['two keys of one name', keyOf('R', [], [keyOf('a'), keyOf('A')])],
    ['two values of one name', keyOf('R', [dwordValue('a', 1), dwordValue('A', 1)])],
    ['a long name', keyOf('R', [], [keyOf('x'.repeat(256))])],
  ])('is not made with %s', (_, root) => {
    expect(() => encodeHive(root, options)).toThrow(RangeError);
  });
});

describe('hives of Windows', () => {
  test.each([
    ['SAMBadHBinHeader', 8192, 'a bin does not begin with "hbin"'],
    ['NotAHive', 0, 'it does not begin with "regf"'],
  ])('%s is refused at %i', (name, offset, problem) => {
    expect(failureOf(() => openHive(readFileSync(fixture(name))))).toEqual({
      code: 'hive-invalid',
      offset,
      problem,
    });
  });
});

test.each(['lf', 'li'])('a list of subkeys of the older kind %s is read', kind => {
  const names = ['a', 'b', 'c'];
  const bytes = Buffer.from(
    encodeHive(
      keyOf(
        'R',
        [],
        names.map(name => keyOf(name)),
      ),
      options,
    ),
  );
  const leaf = bytes.indexOf('lh');
  bytes.write(kind, leaf);
  // An index leaf has only offsets, without hashes between them.
  if (kind === 'li') {
    for (const index of names.keys()) {
      bytes.writeUInt32LE(bytes.readUInt32LE(leaf + 4 + 8 * index), leaf + 4 + 4 * index);
    }
  }
  expect(
    openHive(bytes)
      .root.subkeys()
      .map(({ name }) => name),
  ).toEqual(names);
});

test('a list that repeats a leaf does not grow', () => {
  const many = Array.from({ length: 1_001 }, (_, index) => keyOf(`k${index}`));
  const bytes = Buffer.from(encodeHive(keyOf('R', [], many), options));
  const root = bytes.indexOf('ri');
  bytes.writeUInt32LE(bytes.readUInt32LE(root + 4), root + 8);
  expect(failureOf(() => openHive(bytes).root.subkeys())).toMatchObject({
    problem: 'the list of subkeys does not have the stated length',
  });
});

test('the content of values is read by their type', () => {
  const contents = [
    textValue('a', 'x'),
    { name: 'unterminated', type: 1, data: Buffer.from('a\0b\0', 'latin1') },
    { name: 'odd', type: 1, data: bytesOf(3) },
    textsValue('b', ['x', 'y']),
    dwordValue('c', 5),
    { name: 'big endian', type: 5, data: Uint8Array.of(0, 0, 1, 0) },
    qwordValue('d', 1n << 63n),
    { name: 'short', type: 4, data: bytesOf(2) },
  ].map(valueContent);
  expect(contents).toEqual([
    { kind: 'text', text: 'x' },
    { kind: 'text', text: 'ab' },
    { kind: 'binary', data: bytesOf(3) },
    { kind: 'texts', texts: ['x', 'y'] },
    { kind: 'number', number: 5n },
    { kind: 'number', number: 256n },
    { kind: 'number', number: 1n << 63n },
    { kind: 'binary', data: bytesOf(2) },
  ]);
  expect([valueTypeName(7), valueTypeName(0x1234)]).toEqual(['REG_MULTI_SZ', '0x1234']);
});

describe('hostile hives', () => {
  const whole = Buffer.from(
    encodeHive(
      keyOf(
        'R',
        [binaryValue('big', bytesOf(20_000))],
        [keyOf('a', [textValue('v', 'x')], [keyOf('b')])],
      ),
      options,
    ),
  );

  function readAll(bytes: Uint8Array): void {
    walk(openHive(bytes).root, '', (_, key) => {
      for (const value of key.values()) value.read();
      key.securityDescriptor();
    });
  }

  test('every truncation is refused', () => {
    for (let length = 0; length < whole.length; length += 509) {
      expect(failureOf(() => readAll(whole.subarray(0, length)))).toMatchObject({
        code: 'hive-invalid',
      });
    }
  });

  test('a key that is its own ancestor is refused', () => {
    const bytes = Buffer.from(whole);
    const { root, keys } = cellsOfKeys(bytes);
    const leaf = bytes.readUInt32LE(keys.get('a')! + 28) + 4096 + 4;
    bytes.writeUInt32LE(root, leaf + 4);
    expect(failureOf(() => readAll(bytes))).toMatchObject({
      problem: 'a key stands in the list of a key that is not its parent',
    });
  });

  test('a value that claims to be larger than the hive is refused before memory is taken', () => {
    const bytes = Buffer.from(whole);
    const value = bytes.indexOf('vk');
    bytes.writeUInt32LE(0x7f_ff_ff_ff, value + 4);
    expect(failureOf(() => readAll(bytes))).toMatchObject({
      problem: 'a value is larger than the hive',
    });
  });

  test('a wrong checksum is refused', () => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(7, 100);
    expect(failureOf(() => readAll(bytes))).toMatchObject({ offset: 508 });
  });

  test('changed bytes are read or refused, never a bug and never without end', () => {
    const size = whole.length - 4096;
    const edits = fc.array(fc.tuple(fc.nat(size - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(edits, changes => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes.writeUInt8(value, 4096 + (at % 1_200));
        const failure = failureOf(() => readAll(bytes));
        if (failure !== undefined) expect(failure.code).toBe('hive-invalid');
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Where the cells of keys are: file offsets of their data, by name; and the root's offset as cells name it. */
function cellsOfKeys(bytes: Buffer): { root: number; keys: Map<string, number> } {
  const keys = new Map<string, number>();
  for (let at = bytes.indexOf('nk'); at >= 0; at = bytes.indexOf('nk', at + 1)) {
    keys.set(bytes.toString('latin1', at + 76, at + 76 + bytes.readUInt16LE(at + 72)), at);
  }
  return { root: bytes.readUInt32LE(36), keys };
}

function failureOf(action: () => unknown): Failure | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  return undefined;
}
