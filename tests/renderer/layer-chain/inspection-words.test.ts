import { describe, expect, test } from 'vitest';
import { configFacts } from '../../../renderer/features/layer-chain/image-config.ts';
import {
  bytesOfBase64,
  decodeText,
  hexDump,
} from '../../../renderer/features/layer-chain/preview-text.ts';
import {
  emptySearch,
  parseSize,
  readForm,
} from '../../../renderer/features/layer-chain/search-query.ts';
import {
  rightsWords,
  securityWords,
} from '../../../renderer/features/layer-chain/security-words.ts';

describe('search form', () => {
  test.each([
    ['200', 200],
    ['10 MiB', 10 * 1024 * 1024],
    ['1.5k', 1536],
    ['2GB', 2 * 1024 ** 3],
    ['ten', undefined],
    ['-1', undefined],
    ['', undefined],
  ])('the size %j is %j bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  test('an empty form asks for everything, folders only where they are wanted', () => {
    const all = readForm({ ...emptySearch, folders: 'with' });
    expect(all).toEqual({ query: { state: 'any' }, problems: {} });
    expect(readForm(emptySearch).query.kinds).not.toContain('directory');
  });

  test('words go where the mode says', () => {
    const ask = (mode: 'text' | 'glob' | 'hash', text: string) =>
      readForm({ ...emptySearch, mode, text }).query;
    expect(ask('text', ' notepad ')).toMatchObject({ text: 'notepad' });
    expect(ask('glob', '**/*.pdb')).toMatchObject({ glob: '**/*.pdb' });
    expect(ask('hash', 'sha256:0a1b2c3d')).toMatchObject({ contentHash: 'sha256:0a1b2c3d' });
  });

  test('what cannot be asked is told and left out', () => {
    const { query, problems } = readForm({
      ...emptySearch,
      folders: 'with',
      mode: 'hash',
      text: 'xyz',
      minSize: 'big',
    });
    expect(query).toEqual({ state: 'any' });
    expect(problems.text).toContain('8 hexadecimal digits');
    expect(problems.minSize).toContain('MiB');
  });

  test('the last day counts whole', () => {
    const { query } = readForm({ ...emptySearch, from: '2026-11-24', to: '2026-11-24' });
    const { modifiedFrom = 0, modifiedTo = 0 } = query;
    expect(modifiedFrom).toBe(new Date(2026, 10, 24).getTime());
    expect(modifiedTo).toBe(new Date(2026, 10, 25).getTime() - 1);
  });
});

describe('security descriptors in words', () => {
  test('owner, rules and inheritance are named', () => {
    const words = securityWords(
      'O:BAG:SYD:PAI(A;OICI;FA;;;SY)(D;;FR;;;WD)(A;OICIIO;GA;;;CO)',
      'file',
    );
    expect(words).toMatchObject({ owner: 'Administrators', group: 'Local System' });
    expect(words?.rules).toEqual([
      {
        kind: 'allow',
        account: 'Local System',
        rights: 'full control',
        applies: 'this, subfolders, files',
      },
      { kind: 'deny', account: 'Everyone', rights: 'read', applies: '' },
      {
        kind: 'allow',
        account: 'Creator Owner',
        rights: 'full control (generic)',
        applies: 'subfolders, files',
      },
    ]);
    expect(words?.remarks).toEqual(['Rules of the folders above do not come down here.']);
  });

  test('a list that is absent, NULL or empty is told apart', () => {
    expect(securityWords('O:BA', 'file')?.remarks).toEqual([]);
    expect(securityWords('O:BAD:NO_ACCESS_CONTROL', 'file')?.remarks[0]).toContain(
      'everyone may do',
    );
    expect(securityWords('O:BAD:', 'file')?.remarks[0]).toContain('nobody may do');
  });

  test('rights without a common name are named one by one, unknown bits in hexadecimal', () => {
    expect(rightsWords(0x1_00_01, 'file')).toBe('read data, delete');
    expect(rightsWords(0x200, 'file')).toBe('0x200');
    expect(rightsWords(0, 'file')).toBe('nothing');
  });

  test('the same bits mean other rights of a key', () => {
    expect(rightsWords(0xf_00_3f, 'key')).toBe('full control');
    expect(rightsWords(0x1, 'key')).toBe('query values');
    expect(securityWords('D:(A;CI;KR;;;BU)', 'key')?.rules[0]).toMatchObject({
      account: 'Users',
      rights: 'read',
      applies: 'this, subkeys',
    });
  });

  test('what is no SDDL is left to be shown as it stands', () => {
    expect(securityWords('nonsense', 'file')).toBeUndefined();
  });
});

describe('preview', () => {
  test('a hex dump has the offsets of the file, 16 bytes in a line', () => {
    const bytes = new TextEncoder().encode('MZ\u0000 hello, world!');
    expect(hexDump(bytes, 0x1_00_00).split('\n')).toEqual([
      '00010000  4d 5a 00 20 68 65 6c 6c  6f 2c 20 77 6f 72 6c 64  MZ. hello, world',
      '00010010  21                                                !',
    ]);
  });

  test('a character that is cut at the end is left out', () => {
    expect(decodeText(new TextEncoder().encode('é').subarray(0, 1), 'utf-8')).toBe('');
    expect(decodeText(Uint8Array.from([0x41, 0, 0x42, 0]), 'utf-16le')).toBe('AB');
    expect([...bytesOfBase64('TVo=')]).toEqual([0x4d, 0x5a]);
  });
});

describe('image config in words', () => {
  const facts = (config: unknown) =>
    Object.fromEntries(
      configFacts(JSON.stringify(config)).map(({ name, values }) => [name, values]),
    );

  test('what is set is told, in the form that a Dockerfile has', () => {
    expect(
      facts({
        os: 'windows',
        architecture: 'amd64',
        'os.version': '10.0.20348.1',
        config: {
          Entrypoint: ['cmd', '/C', 'a.cmd'],
          Labels: { a: 'b' },
          ExposedPorts: { '80/tcp': {} },
        },
      }),
    ).toEqual({
      Platform: ['windows/amd64'],
      'OS version': ['10.0.20348.1'],
      Entrypoint: ['["cmd","/C","a.cmd"]'],
      'Exposed ports': ['80/tcp'],
      Labels: ['a=b'],
    });
  });

  test('malformed parts are left out', () => {
    expect(facts({ os: 1, config: { Env: 'x', Labels: [], Cmd: [2] } })).toEqual({
      Environment: ['x'],
    });
    expect(configFacts('no json')).toEqual([]);
  });
});
