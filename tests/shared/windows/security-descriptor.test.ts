import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/failure.ts';
import { parseSddl } from '../../../shared/windows/sddl.ts';
import {
  encodeSecurityDescriptor,
  parseSecurityDescriptor,
} from '../../../shared/windows/security-binary.ts';
import {
  binaryToSddl,
  directorySecurityDescriptor,
  fileSecurityDescriptor,
  sddlToBinary,
} from '../../../shared/windows/security-descriptor.ts';
import { sidName, trustedInstaller } from '../../../shared/windows/sid.ts';

// The values of MSWINDOWS.rawsd in a layer that BuildKit built.
const buildKitDirectory =
  'AQAEgBQAAAAkAAAAAAAAADAAAAABAgAAAAAABSAAAAAgAgAAAQEAAAAAAAUSAAAAAgCoAAcAAAAAAxgA/wEfAAECAAAAAAAFIAAAACACAAAAAxQA/wEfAAEBAAAAAAAFEgAAAAAAGAD/AR8AAQIAAAAAAAUgAAAAIAIAAAALFAAAAAAQAQEAAAAAAAMAAAAAAAMYAKkAEgABAgAAAAAABSAAAAAhAgAAAAIYAAQAAAABAgAAAAAABSAAAAAhAgAAAAIYAAIAAAABAgAAAAAABSAAAAAhAgAA';
const buildKitFile =
  'AQAEgBQAAAAkAAAAAAAAADAAAAABAgAAAAAABSAAAAAgAgAAAQEAAAAAAAUSAAAAAgBMAAMAAAAAABgA/wEfAAECAAAAAAAFIAAAACACAAAAABQA/wEfAAEBAAAAAAAFEgAAAAAAGACpABIAAQIAAAAAAAUgAAAAIQIAAA==';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function failureOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error instanceof AppError ? error.failure : error;
  }
  return undefined;
}

test('the descriptors of directories and files are byte for byte those of BuildKit', () => {
  expect(base64(directorySecurityDescriptor)).toBe(buildKitDirectory);
  expect(base64(fileSecurityDescriptor)).toBe(buildKitFile);
});

test.each([
  'O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;CI;LC;;;BU)(A;CI;DC;;;BU)',
  `O:${trustedInstaller}G:${trustedInstaller}D:PAI(A;;FA;;;${trustedInstaller})(A;;0x1200a9;;;SY)`,
  'O:SYG:SYD:AI(A;ID;FA;;;SY)S:AI(ML;;NWNX;;;LW)(AU;SAFA;RCWD;;;WD)',
  'O:S-1-5-93-2-1D:NO_ACCESS_CONTROL',
  'D:PARAI',
  'O:S-1-0x123456789abc-1',
  'O:S-1-5-21-4294967295-0-1-500D:(D;NP;KR;;;AN)',
  '',
])('%s survives the way to binary and back', sddl => {
  expect(binaryToSddl(sddlToBinary(sddl))).toBe(sddl);
});

test('lower case and decimal rights are read, and written as Windows does', () => {
  expect(binaryToSddl(sddlToBinary('o:bad:(a;ci;1179817;;;wd)'))).toBe(
    'O:BAD:(A;CI;0x1200a9;;;WD)',
  );
});

test.each([
  ['X:BA', 0],
  ['O:ZZ', 2],
  ['O:S-1-5-4294967296', 2],
  ['O:S-1-281474976710656', 2],
  ['D:(A;;FA;;;BA', 2],
  ['D:(A;;FA;;BA)', 3],
  ['D:(A;Z;FA;;;BA)', 3],
  ['D:(A;;QQ;;;BA)', 3],
  ['D:(A;;0x100000000;;;BA)', 3],
  ['D:(OA;;FA;bf967aba-0de6-11d0-a285-00aa003049e2;;BA)', 3],
  ['D:(A;;FA;;;DA)', 3],
])('%s is refused at character %i', (sddl, offset) => {
  expect(failureOf(() => parseSddl(sddl))).toMatchObject({
    code: 'security-descriptor-invalid',
    offset,
  });
});

describe('hostile binary input', () => {
  test('an entry of an unknown kind is carried along byte for byte', () => {
    const bytes = sddlToBinary('O:BAD:(A;;FA;;;BA)');
    const aceAt = bytes.length - 24;
    bytes[aceAt] = 9;
    expect(binaryToSddl(bytes)).toBe('O:BAD:(type 9)');
    expect(encodeSecurityDescriptor(parseSecurityDescriptor(bytes))).toEqual(bytes);
  });

  test('every truncation of a descriptor is refused', () => {
    const whole = sddlToBinary('O:BAG:SYD:(A;;FA;;;BA)S:(ML;;NW;;;LW)');
    for (let length = 0; length < whole.length; length++) {
      expect(failureOf(() => parseSecurityDescriptor(whole.slice(0, length)))).toMatchObject({
        code: 'security-descriptor-invalid',
      });
    }
  });

  test('changed bytes either read as a descriptor or are refused, never a bug', () => {
    const whole = sddlToBinary('O:BAG:SYD:(A;;FA;;;BA)S:(ML;;NW;;;LW)');
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(changes, edits => {
        const bytes = whole.slice();
        for (const [at, value] of edits) bytes[at] = value;
        const failure = failureOf(() => binaryToSddl(bytes));
        if (failure !== undefined) {
          expect(failure).toMatchObject({ code: 'security-descriptor-invalid' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('accounts that occur in images have names', () => {
  expect([sidName('S-1-5-93-2-2'), sidName('S-1-5-18'), sidName('S-1-5-21-1-2-3')]).toEqual([
    'ContainerUser',
    'Local System',
    'S-1-5-21-1-2-3',
  ]);
});
