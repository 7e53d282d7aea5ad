import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readApiSetSchema } from '../../../../../electron/engine/inspect/programs/api-sets.ts';
import {
  inspectPrograms,
  programsPage,
  type KnownBase,
} from '../../../../../electron/engine/inspect/programs/image-programs.ts';
import { readPe } from '../../../../../electron/engine/inspect/pe/pe-reader.ts';
import {
  pagedBytes,
  type RandomBytes,
} from '../../../../../electron/engine/inspect/pe/random-bytes.ts';
import { encodePeFile } from '../../../../../electron/engine/sample/pe-file.ts';
import { sha256Digest } from '../../../../../shared/oci/digest.ts';
import type { ProgramRow } from '../../../../../shared/ipc/inspect-views.ts';
import { file, pieces, type Planned } from '../../layer/support.ts';
import { imageOf } from '../support.ts';

function random(bytes: Uint8Array): RandomBytes {
  return pagedBytes(bytes.length, (offset, length) =>
    pieces(bytes.subarray(offset, offset + length)),
  );
}

interface Wanted {
  readonly library?: boolean;
  readonly imports?: readonly string[];
}

function pe({ library = false, imports = ['KERNEL32.dll'] }: Wanted = {}): Buffer {
  return Buffer.from(
    encodePeFile({
      architecture: 'amd64',
      isLibrary: library,
      imports: imports.map(name => [name, 'Function'] as const),
      seed: 'test',
      overlaySize: 100,
    }),
  );
}

// Places in the files that the sample writer makes ("PE Format").
const machineAt = 0x44;
const optionalAt = 0x58;

/** The same file for another processor. */
function forMachine(bytes: Buffer, machine: number): Buffer {
  bytes.writeUInt16LE(machine, machineAt);
  return bytes;
}

/** A 32-bit managed file: PE32 with a CLR header in the section of code. */
function managed(flags: number, library: boolean): Buffer {
  const wide = pe({ library, imports: ['mscoree.dll'] });
  const bytes = Buffer.from(wide);
  bytes.writeUInt16LE(0x1_4c, machineAt);
  bytes.writeUInt16LE(0x1_0b, optionalAt);
  // Directories of PE32 begin 16 bytes before those of PE32+.
  bytes.writeUInt32LE(16, optionalAt + 92);
  bytes.writeUInt32LE(0x20_00, optionalAt + 96 + 8);
  bytes.writeUInt32LE(40, optionalAt + 100 + 8);
  bytes.writeUInt32LE(0x10_00, optionalAt + 96 + 8 * 14);
  bytes.writeUInt32LE(72, optionalAt + 100 + 8 * 14);
  bytes.writeUInt32LE(0, optionalAt + 96 + 8 * 13);
  bytes.writeUInt32LE(flags, 0x200 + 16);
  return bytes;
}

describe('the headers of a program', () => {
  test('say architecture, kind and imports', async () => {
    expect(await readPe(random(pe({ imports: ['A.dll', 'b.DLL', 'a.dll'] })))).toEqual({
      kind: 'pe',
      facts: {
        architecture: 'amd64',
        isLibrary: false,
        managed: false,
        subsystem: 'console',
        imports: [
          { library: 'a.dll', delayed: false },
          { library: 'b.DLL', delayed: false },
        ],
      },
    });
  });

  test('say imports that are delayed', async () => {
    const bytes = pe({ imports: ['normal.dll', 'late.dll'] });
    // The second import's name, told by a table of delayed imports at the end of the section of code.
    const nameAddress = bytes.readUInt32LE(0x400 + 20 + 12);
    bytes.writeUInt32LE(0, 0x400 + 20 + 12);
    const table = 0x200 + 0x100;
    bytes.fill(0, table, table + 64);
    bytes.writeUInt32LE(1, table);
    bytes.writeUInt32LE(nameAddress, table + 4);
    bytes.writeUInt32LE(0x10_00 + 0x100, optionalAt + 112 + 8 * 13);
    bytes.writeUInt32LE(64, optionalAt + 116 + 8 * 13);
    const reading = await readPe(random(bytes));
    expect(reading.kind === 'pe' && reading.facts.imports).toEqual([
      { library: 'normal.dll', delayed: false },
      { library: 'late.dll', delayed: true },
    ]);
  });

  test.each([
    [0x1, 'any-cpu'],
    [0x3, 'x86'],
    [0x2_00_03, 'any-cpu'],
    [0x0, 'x86'],
  ])('with the CLR flags %i mean %s', async (flags, architecture) => {
    const reading = await readPe(random(managed(flags, false)));
    expect(reading.kind === 'pe' && reading.facts).toMatchObject({ architecture, managed: true });
  });

  test('are told from other files', async () => {
    expect(await readPe(random(Buffer.from('MZ and a program of DOS'.padEnd(200))))).toEqual({
      kind: 'none',
    });
    expect(await readPe(random(Buffer.from('#!/bin/sh')))).toEqual({ kind: 'none' });
    expect(await readPe(random(Buffer.alloc(0)))).toEqual({ kind: 'none' });
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 0x60), 'ends within its'],
    [
      'with a table far outside',
      (bytes: Buffer) => (bytes.writeUInt32LE(0x7f_00_00_00, optionalAt + 120), bytes),
      'is not in the file',
    ],
    [
      'with an endless table',
      (bytes: Buffer) => (bytes.fill(0x41, 0x400), bytes),
      'is not in the file',
    ],
  ])('that are %s are damaged', async (_, change, problem) => {
    const reading = await readPe(random(change(pe())));
    expect(reading).toMatchObject({
      kind: 'damaged',
      problem: expect.stringContaining(problem) as string,
    });
  });

  test('with any bytes changed are read or damaged, never a bug and never without end', async () => {
    const whole = pe({ imports: ['A.dll', 'B.dll'] });
    const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(edits, fc.nat(whole.length), async (changes, length) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at % 0x600] = value;
        const reading = await readPe(random(bytes.subarray(0, length)));
        expect(['pe', 'damaged', 'none']).toContain(reading.kind);
      }),
      { numRuns: 1500 },
    );
  });
});

/** A schema of version 6 as the section `.apiset` of a PE file. */
function schemaFile(sets: Readonly<Record<string, string>>): Buffer {
  const names = Object.entries(sets);
  const texts: Buffer[] = [];
  let textAt = 28 + names.length * (24 + 20);
  const put = (text: string) => {
    const at = textAt;
    texts.push(Buffer.from(text, 'utf16le'));
    textAt += text.length * 2;
    return at;
  };
  const head = Buffer.alloc(28);
  for (const [index, value] of [6, 0, 0, names.length, 28, 0, 31].entries())
    head.writeUInt32LE(value, index * 4);
  const entries = names.map(([name, host], index) => {
    const entry = Buffer.alloc(24);
    const values = 28 + names.length * 24 + index * 20;
    const fields = [
      0,
      put(name),
      name.length * 2,
      name.length * 2 - 4,
      values,
      host === '' ? 0 : 1,
    ];
    for (const [at, value] of fields.entries()) entry.writeUInt32LE(value, at * 4);
    const hostEntry = Buffer.alloc(20);
    for (const [at, value] of [0, 0, 0, put(host), host.length * 2].entries())
      hostEntry.writeUInt32LE(value, at * 4);
    return { entry, hostEntry };
  });
  const schema = Buffer.concat([
    head,
    ...entries.map(each => each.entry),
    ...entries.map(each => each.hostEntry),
    ...texts,
  ]);
  const bytes = pe({ library: true, imports: [] });
  // The section of code becomes that of the schema, at the end of the file.
  const sections = optionalAt + 240;
  bytes.write('.apiset\0', sections, 'latin1');
  bytes.writeUInt32LE(schema.length, sections + 16);
  bytes.writeUInt32LE(bytes.length, sections + 20);
  return Buffer.concat([bytes, schema]);
}

test('an API set schema names the host of each set, or that there is none', async () => {
  const schema = await readApiSetSchema(
    random(
      schemaFile({ 'api-ms-win-core-file-l1-2-1': 'kernelbase.dll', 'ext-ms-win-gone-l1-1-0': '' }),
    ),
  );
  expect([...(schema ?? [])]).toEqual([
    ['api-ms-win-core-file-l1-2', 'kernelbase.dll'],
    ['ext-ms-win-gone-l1-1', ''],
  ]);
  expect(await readApiSetSchema(random(pe()))).toBeUndefined();
});

const system = 'Files/Windows/System32';
const libraries = ['kernel32', 'kernelbase', 'ntdll', 'ucrtbase'].map(name =>
  file(`${system}/${name}.dll`, pe({ library: true, imports: [] })),
);

async function programsOf(
  own: readonly Planned[],
  { base = libraries, bases = [] as KnownBase[], pathFolders = [] as string[] } = {},
) {
  const image = await imageOf([base, own]);
  const input = { firstOwnLayer: 1, architecture: 'amd64', pathFolders };
  const programs = await inspectPrograms(image, input);
  return { ...programs, ...(await programs.judge(bases)) };
}

const page = { offset: 0, limit: 100, problemsOnly: false };

function verdicts(rows: readonly ProgramRow[]): string[] {
  return rows.map(
    ({ path, verdict, problem }) =>
      `${path} ${verdict}${problem === undefined ? '' : `: ${problem}`}`,
  );
}

describe('programs of an image', () => {
  test('find libraries beside them, in System32, in PATH and above a library, by any case', async () => {
    const { rows, apiSets } = await programsOf(
      [
        file(
          'Files/app/app.exe',
          pe({
            imports: ['Kernel32.DLL', 'own.dll', 'tool.dll', 'API-MS-WIN-CRT-heap-l1-1-0.dll'],
          }),
        ),
        file('Files/app/own.dll', pe({ library: true })),
        file('Files/app/plugins/plugin.dll', pe({ library: true, imports: ['own.dll'] })),
        file('Files/tools/tool.dll', pe({ library: true })),
      ],
      { pathFolders: ['C:\\Tools\\'] },
    );
    expect(apiSets).toBe('rule');
    expect(rows.map(({ verdict }) => verdict)).toEqual(['runs', 'runs', 'runs', 'runs']);
    expect(rows[0]?.imports.map(({ resolution }) => resolution)).toEqual([
      { kind: 'file', path: `${system}/kernel32.dll` },
      { kind: 'file', path: 'Files/app/own.dll' },
      { kind: 'file', path: 'Files/tools/tool.dll' },
      { kind: 'api-set', host: 'ucrtbase.dll', by: 'rule' },
    ]);
  });

  test('lack what the base has not; extension sets may be missing', async () => {
    const image = await programsOf([
      file(
        'Files/a.exe',
        pe({
          imports: ['USER32.dll', 'ext-ms-win-x-l1-1-0.dll', 'api-ms-win-ntuser-x-l1-1-0.dll'],
        }),
      ),
      file('Files/b.exe', forMachine(pe(), 0xaa_64)),
      file('Files/c.exe', forMachine(pe(), 0x1_4c)),
      file('Files/net.exe', managed(1, false)),
      file('Files/net.dll', managed(1, true)),
      file('Files/cut.dll', pe().subarray(0, 0x60)),
    ]);
    expect(verdicts(programsPage(image, page).rows)).toEqual([
      'Files/a.exe missing-libraries: Not found: USER32.dll, api-ms-win-ntuser-x-l1-1-0.dll.',
      'Files/b.exe wrong-architecture: It is for arm64, the image is for amd64.',
      'Files/c.exe needs-wow64: It is a 32-bit program, and the base has no Windows\\SysWOW64 to run such.',
      'Files/cut.dll damaged: Its header is damaged: the file ends within its optional header.',
      'Files/net.exe missing-libraries: It needs .NET Framework, which this base lacks: mscoree.dll.',
      'Files/net.dll runs',
    ]);
    expect(programsPage(image, { ...page, problemsOnly: true, text: 'user32' }).total).toBe(1);
  });

  test('follow the schema of the base where it has one', async () => {
    const schema = schemaFile({ 'api-ms-win-core-file-l1-2-0': 'kernelbase.dll' });
    const { rows, apiSets } = await programsOf(
      [
        file(
          'Files/a.exe',
          pe({ imports: ['api-ms-win-core-file-l1-2-4.dll', 'api-ms-win-new-l1-1-0.dll'] }),
        ),
      ],
      { base: [...libraries, file(`${system}/apisetschema.dll`, schema)] },
    );
    expect(apiSets).toBe('schema');
    expect(rows[0]?.imports.map(({ resolution }) => resolution)).toEqual([
      { kind: 'api-set', host: 'kernelbase.dll', by: 'schema' },
      { kind: 'missing', optional: false },
    ]);
  });

  test('are tried on every base that is known, and the smallest that has everything is named', async () => {
    const user32 = file(`${system}/user32.dll`, pe({ library: true, imports: [] }));
    const wow = file(
      'Files/Windows/SysWOW64/kernel32.dll',
      forMachine(pe({ library: true, imports: [] }), 0x1_4c),
    );
    const base = (reference: string, packedSize: number, files: readonly Planned[]): KnownBase => ({
      reference,
      manifestDigest: sha256Digest('0'.repeat(64)),
      packedSize,
      architecture: 'amd64',
      open: async () => await imageOf([files]),
    });
    const { bases, smallestBase } = await programsOf(
      [
        file('Files/a.exe', pe({ imports: ['user32.dll', 'own.dll'] })),
        file('Files/own.dll', pe({ library: true })),
        file('Files/small.exe', forMachine(pe(), 0x1_4c)),
      ],
      {
        bases: [
          base('full', 300, [...libraries, user32, wow]),
          base('nano', 100, libraries),
          base('core', 200, [...libraries, user32]),
        ],
      },
    );
    expect(
      bases.map(({ reference, satisfied, missing, unsuitable }) => [
        reference,
        satisfied,
        missing,
        unsuitable,
      ]),
    ).toEqual([
      ['nano', false, ['user32.dll'], 1],
      ['core', false, [], 1],
      ['full', true, [], 0],
    ]);
    expect(smallestBase).toBe('full');
  });
});
