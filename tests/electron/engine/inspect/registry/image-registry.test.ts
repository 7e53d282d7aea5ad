import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openRegistry,
  type ImageRegistry,
} from '../../../../../electron/engine/inspect/registry/image-registry.ts';
import {
  registryChangesPage,
  registryKeyPage,
} from '../../../../../electron/engine/inspect/registry/registry-pages.ts';
import {
  binaryValue,
  dwordValue,
  expandableValue,
  textValue,
} from '../../../../../electron/engine/hive/hive-value.ts';
import {
  searchRegistry,
  type RegistryQuery,
} from '../../../../../electron/engine/inspect/registry/search-registry.ts';
import type { RegistryChangeRow } from '../../../../../shared/ipc/inspect-views.ts';
import { file } from '../../layer/support.ts';
import { config, hiveOf, imageOf, markKey, markValue, type KeyTree } from '../support.ts';

const page = { offset: 0, limit: 100 };
const version = '\\Microsoft';

const software = hiveOf({
  [version]: {
    '\\Windows': {
      '\\CurrentVersion': {
        '\\Uninstall': { '\\Old': { values: [textValue('DisplayName', 'Old Tool')] } },
        '\\Run': { values: [textValue('keep', 'a.exe'), textValue('gone', 'b.exe')] },
      },
    },
    '\\Replaced': { values: [dwordValue('a', 1)], '\\Child': { values: [dwordValue('x', 1)] } },
    '\\Local': { values: [dwordValue('a', 1)], '\\Child': { values: [dwordValue('x', 1)] } },
  },
});
const system = hiveOf({
  '\\Select': { values: [dwordValue('Current', 1)] },
  '\\ControlSet001': {
    '\\Control': {
      '\\Session Manager': {
        '\\Environment': { values: [expandableValue('Path', '%SystemRoot%\\system32')] },
      },
    },
    '\\Services': { '\\Dns': { values: [dwordValue('Type', 0x20), dwordValue('Start', 2)] } },
  },
});

function softwareDelta(): Buffer {
  const hive = hiveOf({
    [version]: {
      '\\Windows': {
        '\\CurrentVersion': {
          '\\Uninstall': {
            '\\Old': {},
            '\\Git': {
              values: [
                textValue('DisplayName', 'Git'),
                textValue('DisplayVersion', '2.45'),
                textValue('Publisher', 'The Git Project'),
              ],
            },
          },
          '\\Run': { values: [textValue('gone', '')] },
        },
      },
      '\\Replaced': { values: [dwordValue('b', 2)] },
      '\\Local': { values: [dwordValue('b', 2)] },
    },
    '\\WOW6432Node': {
      '\\Microsoft': {
        '\\Windows': {
          '\\CurrentVersion': { '\\Uninstall': { '\\Small': {} } },
        },
      },
    },
  });
  markKey(hive, 'Old', 1);
  markKey(hive, 'Local', 2);
  markKey(hive, 'Replaced', 3);
  return markValue(hive, 'gone');
}

const systemDelta = hiveOf({
  '\\ControlSet001': {
    '\\Control': {
      '\\Session Manager': {
        '\\Environment': {
          values: [expandableValue('Path', '%SystemRoot%\\system32;C:\\Git\\cmd')],
        },
      },
    },
    '\\Services': {
      '\\Dns': { values: [dwordValue('Start', 4)] },
      '\\Web': {
        values: [
          textValue('DisplayName', 'Web Server'),
          dwordValue('Type', 0x10),
          dwordValue('Start', 2),
          expandableValue('ImagePath', 'C:\\web\\web.exe'),
        ],
        '\\Parameters': { values: [dwordValue('Port', 80)] },
      },
      '\\Disk': { values: [dwordValue('Type', 1), dwordValue('Start', 0)] },
    },
  },
});

function brief({ group, title, change, facts, values, marks }: RegistryChangeRow): string {
  const told = facts.map(({ name, value }) => `${name}=${value}`).join(' ');
  const names = values.map(each => `${each.change} ${each.name}`).join(', ');
  return [group, title, change, told, names, marks.join()].filter(part => part !== '').join(' / ');
}

let registry: ImageRegistry;
beforeAll(async () => {
  registry = openRegistry(
    await imageOf([
      [
        file(`${config}/SOFTWARE`, software),
        file(`${config}/SYSTEM`, system),
        file(`${config}/SYSTEM.LOG1`, 'log'),
        file('Files/Users/app/NTUSER.DAT', hiveOf({ '\\Environment': {} })),
      ],
      [file('Hives/Software_Delta', softwareDelta()), file('Hives/System_Delta', systemDelta)],
      [file('Files/other.txt', 'nothing of the registry')],
    ]),
  );
});
afterAll(async () => await registry[Symbol.asyncDispose]());

describe('what a layer with delta hives changed', () => {
  test('is gathered to services, drivers, programs, variables and run keys', async () => {
    const { rows, groups, files, notes } = await registryChangesPage(registry, 1, page);
    expect(rows.map(brief)).toEqual([
      'run-keys / gone / deleted / deleted gone / tombstones of 1 values',
      'other / Local / modified / deleted a, added b / supersedes this key',
      'other / Replaced / modified / deleted a, added b / supersedes this key and all below it',
      'other / Child / deleted / deleted x',
      'programs / Git / added / version=2.45 publisher=The Git Project / added DisplayName, added DisplayVersion, added Publisher',
      'programs / Old Tool / deleted / deleted DisplayName',
      'other / WOW6432Node / added',
      'other / Microsoft / added',
      'other / Windows / added',
      'other / CurrentVersion / added',
      'other / Uninstall / added',
      'programs / Small / added / architecture=32-bit',
      'environment / Path / modified / modified Path',
      'drivers / Disk / added / start=boot / added Type, added Start',
      'services / Dns / modified / start=disabled / modified Start',
      'services / Web Server (Web) / added / start=automatic image=C:\\web\\web.exe / added DisplayName, added Type, added Start, added ImagePath, added Parameters\\Port',
    ]);
    expect(groups.find(({ group }) => group === 'services')).toEqual({
      group: 'services',
      added: 1,
      modified: 1,
      deleted: 0,
    });
    expect(files.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'Hives/Software_Delta delta',
      'Hives/System_Delta delta',
    ]);
    expect(notes.map(({ text }) => text).join()).toContain('published rules');
  });

  test('can be asked for by group and by text', async () => {
    const services = await registryChangesPage(registry, 1, { ...page, group: 'services' });
    expect(services.total).toBe(2);
    const found = await registryChangesPage(registry, 1, { ...page, text: 'GIT\\CMD' });
    expect(found.rows.map(({ title }) => title)).toEqual(['Path']);
  });

  test('says before and after of a value', async () => {
    const { rows } = await registryChangesPage(registry, 1, { ...page, group: 'environment' });
    expect(rows[0]?.values[0]).toMatchObject({
      before: { type: 'REG_EXPAND_SZ', text: '%SystemRoot%\\system32' },
      after: { text: '%SystemRoot%\\system32;C:\\Git\\cmd' },
    });
  });

  test('is nothing where a layer has no hive', async () => {
    const { total, groups } = await registryChangesPage(registry, 2, page);
    expect({ total, groups }).toEqual({ total: 0, groups: [] });
  });
});

test('a layer that brings whole hives lists what people look for, and its logs as logs', async () => {
  const { rows, files, groups } = await registryChangesPage(registry, 0, page);
  expect(rows.map(({ title }) => title)).toEqual(
    ['gone', 'keep', 'Old Tool', 'Path', 'Dns'].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
  );
  expect(groups.find(({ group }) => group === 'other')?.added).toBeGreaterThan(5);
  expect(files.filter(({ kind }) => kind === 'log').map(({ path }) => path)).toEqual([
    `${config}/SYSTEM.LOG1`,
  ]);
});
const order = ['keep', 'gone', 'Old Tool', 'Path', 'Dns'];

describe('the registry of the whole image', () => {
  test('lists its hives with the files they are made of', async () => {
    const { hives } = await registryKeyPage(registry, 2, { ...page, path: '' });
    expect(hives.map(({ mount, files }) => `${mount}: ${files.length}`)).toEqual([
      'HKLM\\SOFTWARE: 2',
      'HKLM\\SYSTEM: 2',
      'HKU\\app: 1',
    ]);
  });

  test('merges delta hives: tombstones remove, superseding keys hide', async () => {
    const keys = async (path: string) =>
      (await registryKeyPage(registry, 1, { ...page, path })).keys.map(
        ({ name, change, layerIndex }) => `${name} ${layerIndex} ${change ?? ''}`,
      );
    const values = async (path: string) =>
      (await registryKeyPage(registry, 1, { ...page, path })).values.map(
        ({ name, layerIndex }) => `${name} ${layerIndex}`,
      );
    const uninstall = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
    expect(await keys(uninstall)).toEqual(['Git 1 added']);
    expect(await values('HKLM\\Software\\microsoft\\LOCAL')).toEqual(['b 1']);
    expect(await keys('HKLM\\SOFTWARE\\Microsoft\\Local')).toEqual(['Child 0 ']);
    expect(await keys('HKLM\\SOFTWARE\\Microsoft\\Replaced')).toEqual([]);
    expect(await values('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run')).toEqual([
      'keep 0',
    ]);
  });

  test('knows CurrentControlSet and long names of roots, in any case', async () => {
    const found = await registryKeyPage(registry, 1, {
      ...page,
      path: 'hkey_local_machine/system/CurrentControlSet/services/web',
    });
    expect(found.path).toBe('HKLM\\SYSTEM\\ControlSet001\\services\\web');
    expect(found.values.find(({ name }) => name === 'Start')?.text).toBe('2 (0x2)');
    expect(found.sddl).toContain('O:BAG:SY');
    expect(found.modified).toBe('2023-11-14T22:13:20.000Z');
  });

  test('shows the keys below a part of a mount and refuses what is not there', async () => {
    const { hives } = await registryKeyPage(registry, 1, { ...page, path: 'HKU' });
    expect(hives.map(({ mount }) => mount)).toEqual(['HKU\\app']);
    await expect(
      registryKeyPage(registry, 1, { ...page, path: 'HKLM\\SOFTWARE\\no' }),
    ).rejects.toMatchObject({ failure: { code: 'not-in-image', what: 'registry-key' } });
  });
});

describe('a damaged hive', () => {
  const fixture = (name: string) =>
    readFileSync(join(import.meta.dirname, '../../../../fixtures/hives', name));

  async function notesOf(hive: Buffer): Promise<{ text: string; keys: number }> {
    const image = await imageOf([[file(`${config}/SAM`, hive)]]);
    await using damaged = openRegistry(image);
    await registryChangesPage(damaged, 0, page);
    const { notes } = await registryKeyPage(damaged, 0, { ...page, path: '' });
    const root = (await damaged.hives(0))[0]?.root;
    const found = root
      ? await registryKeyPage(damaged, 0, { ...page, path: 'HKLM\\SAM' })
      : undefined;
    return { text: notes.map(({ text }) => text).join(), keys: found?.totalKeys ?? -1 };
  }

  test('is shown as far as it can be read, with the offset of the damage', async () => {
    const { text, keys } = await notesOf(fixture('SAMBadHBinHeader'));
    expect(text).toContain('damaged at offset 8192: a bin does not begin with "hbin"');
    expect(keys).toBe(1);
  });

  test('that is cut off is shown as far as it goes', async () => {
    const { text, keys } = await notesOf(fixture('SAM').subarray(0, 20_000));
    expect(text).toContain('damaged at offset 20000: it is cut off');
    expect(keys).toBe(1);
  });

  test('that is none is said to be none', async () => {
    const { text, keys } = await notesOf(fixture('NotAHive'));
    expect(text).toContain('does not begin with "regf"');
    expect(keys).toBe(-1);
  });
});

test('a hive of more than 32 MiB is read from a file and gives the same keys', async () => {
  const many: Record<`\\${string}`, KeyTree> = {};
  for (let index = 0; index < 300; index++) {
    many[`\\key${index}`] = { values: [binaryValue('data', new Uint8Array(120_000).fill(index))] };
  }
  const hive = hiveOf(many);
  expect(hive.length).toBeGreaterThan(33 * 2 ** 20);
  const image = await imageOf([[file(`${config}/COMPONENTS`, hive)]]);
  const scratch: string[] = [];
  const watched = {
    ...image,
    newScratchPath: async () => {
      const path = await image.newScratchPath();
      scratch.push(path);
      return path;
    },
  };
  const large = openRegistry(watched);
  const { totalKeys } = await registryKeyPage(large, 0, { ...page, path: 'HKLM\\COMPONENTS' });
  const { values } = await registryKeyPage(large, 0, { ...page, path: 'HKLM\\COMPONENTS\\key7' });
  expect({ totalKeys, size: values[0]?.size }).toEqual({ totalKeys: 300, size: 120_000 });
  expect(values[0]?.text.startsWith('07 07 07')).toBe(true);
  expect(scratch.length).toBe(1);
  await large[Symbol.asyncDispose]();
  expect(() => readFileSync(scratch[0]!)).toThrow('ENOENT');
});

describe('a search through all hives', () => {
  const found = async (query: Partial<RegistryQuery>, layerIndex = 2) =>
    (await searchRegistry(registry, layerIndex, { ...page, ...query })).rows.map(
      ({ found: where, path, layerIndex: at, value }) =>
        [where, path, value && `${value.name}=${value.text}`, at].filter(Boolean).join(' '),
    );

  test('looks at names of keys and values and at data, in any case', async () => {
    expect(await found({ text: 'git' })).toEqual([
      'key HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Git 1',
      'data HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Git DisplayName=Git 1',
      'data HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Git Publisher=The Git Project 1',
      'data HKLM\\SYSTEM\\ControlSet001\\Control\\Session Manager\\Environment Path=%SystemRoot%\\system32;C:\\Git\\cmd 1',
    ]);
    expect(await found({ text: 'START', parts: ['name'] }, 0)).toEqual([
      'name HKLM\\SYSTEM\\ControlSet001\\Services\\Dns Start=2 (0x2)',
    ]);
    expect(await found({ text: '0x50' })).toEqual([
      'data HKLM\\SYSTEM\\ControlSet001\\Services\\Web\\Parameters Port=80 (0x50) 1',
    ]);
  });

  test('takes patterns: of a whole name, and with a backslash of the path of a key', async () => {
    expect(await found({ glob: 'd?s' })).toEqual([
      'key HKLM\\SYSTEM\\ControlSet001\\Services\\Dns 1',
    ]);
    expect(await found({ glob: 'hklm\\software\\*\\run' })).toEqual([
      'key HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run 1',
    ]);
  });

  test('sees the view up to a layer, or what the layer itself wrote', async () => {
    expect(await found({ glob: 'b.exe' }, 0)).toHaveLength(1);
    expect(await found({ glob: 'b.exe' }, 2)).toEqual([]);
    expect(await found({ text: 'a.exe', onlyThisLayer: true }, 1)).toEqual([]);
    expect(await found({ text: 'web.exe', onlyThisLayer: true }, 1)).toHaveLength(1);
  });

  test('gives pages of one list, and stops when it is cancelled', async () => {
    const whole = await searchRegistry(registry, 2, { ...page, text: 'e' });
    expect(whole.total).toBe(whole.rows.length);
    const part = await searchRegistry(registry, 2, { text: 'e', offset: 3, limit: 4 });
    expect(part).toMatchObject({ total: whole.total, rows: whole.rows.slice(3, 7) });
    const cancelled = AbortSignal.abort();
    const large = openRegistry(await imageOf([[file(`${config}/SOFTWARE`, manyKeys())]]));
    const search = searchRegistry(large, 0, { ...page, text: 'x' }, cancelled);
    await expect(search).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    await large[Symbol.asyncDispose]();
  });
});

function manyKeys(): Buffer {
  return hiveOf(Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`\\Key ${at}`, {}])));
}
