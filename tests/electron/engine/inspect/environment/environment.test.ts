import { describe, expect, test } from 'vitest';
import {
  dwordValue,
  expandableValue,
  textValue,
} from '../../../../../electron/engine/hive/hive-value.ts';
import { configSource } from '../../../../../electron/engine/inspect/environment/config-source.ts';
import { expandVariables } from '../../../../../electron/engine/inspect/environment/expand.ts';
import { envLine } from '../../../../../electron/engine/inspect/environment/env-line.ts';
import { readEnvironment } from '../../../../../electron/engine/inspect/environment/read-environment.ts';
import { openRegistry } from '../../../../../electron/engine/inspect/registry/image-registry.ts';
import type { EnvironmentView } from '../../../../../shared/ipc/inspect-views.ts';
import { file } from '../../layer/support.ts';
import { config, hiveOf, imageOf, type KeyTree } from '../support.ts';

function systemWith(values: KeyTree['values']): Buffer {
  return hiveOf({
    '\\Select': { values: [dwordValue('Current', 1)] },
    '\\ControlSet001': {
      '\\Control': { '\\Session Manager': { '\\Environment': { values: values ?? [] } } },
    },
  });
}

const base = [
  expandableValue('Path', '%SystemRoot%\\system32;%SystemRoot%'),
  expandableValue('TEMP', '%SystemRoot%\\TEMP'),
  textValue('OS', 'Windows_NT'),
];

async function environmentOf(
  env: readonly string[],
  { user, history = [] as string[] } = {} as { user?: string; history?: string[] },
): Promise<EnvironmentView> {
  const installed = hiveOf({
    '\\ControlSet001': {
      '\\Control': {
        '\\Session Manager': {
          '\\Environment': {
            values: [
              expandableValue('Path', '%SystemRoot%\\system32;%SystemRoot%;%GIT%\\cmd'),
              textValue('GIT', 'C:\\Git'),
            ],
          },
        },
      },
    },
  });
  const profile = hiveOf({
    '\\Environment': {
      values: [expandableValue('Path', '%USERPROFILE%\\bin'), textValue('TEMP', 'C:\\T')],
    },
  });
  const image = await imageOf([
    [
      file(`${config}/SYSTEM`, systemWith(base)),
      file('Files/Users/ContainerUser/NTUSER.DAT', profile),
    ],
    [file('Hives/System_Delta', installed)],
  ]);
  await using registry = openRegistry(image);
  return await readEnvironment(registry, {
    config: {
      os: 'windows',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: [] },
      config: { Env: [...env], ...(user !== undefined && { User: user }) },
      history: history.map(created_by => ({ created_by, empty_layer: true })),
    },
    envInstructions: [],
  });
}

function value(view: EnvironmentView, name: string): string | undefined {
  return view.variables.find(each => each.name.toUpperCase() === name)?.value;
}

describe('the environment of a process', () => {
  test('joins machine and user paths and expands them, plain texts first', async () => {
    const view = await environmentOf([], { user: 'ContainerUser' });
    expect(value(view, 'PATH')).toBe(
      'C:\\Windows\\system32;C:\\Windows;C:\\Git\\cmd;C:\\Users\\ContainerUser\\bin',
    );
    expect(value(view, 'TEMP')).toBe('C:\\T');
    expect(view.userHive).toBe('HKU\\ContainerUser');
    expect(view.conflicts).toEqual([]);
  });

  test('says which layer and key each value comes from, and what it hides', async () => {
    const view = await environmentOf(['temp=D:\\x'], {
      user: 'ContainerUser',
      history: ['ENV other=1', 'cmd /S /C #(nop)  ENV TEMP=D:\\x'],
    });
    const path = view.variables.find(({ name }) => name === 'Path');
    expect(path?.raw).toBe('%SystemRoot%\\system32;%SystemRoot%;%GIT%\\cmd;%USERPROFILE%\\bin');
    expect(path?.sources).toEqual([
      {
        kind: 'machine',
        key: 'HKLM\\SYSTEM\\ControlSet001\\Control\\Session Manager\\Environment',
        layerIndex: 1,
        type: 'REG_EXPAND_SZ',
      },
      {
        kind: 'user',
        key: 'HKU\\ContainerUser\\Environment',
        layerIndex: 0,
        type: 'REG_EXPAND_SZ',
      },
    ]);
    const temp = view.variables.find(({ name }) => name === 'temp');
    expect(temp?.sources).toEqual([
      { kind: 'config', createdBy: 'cmd /S /C #(nop)  ENV TEMP=D:\\x', historyPosition: 1 },
    ]);
    expect(temp?.hidden.map(each => each.value)).toEqual(['C:\\T', 'C:\\Windows\\TEMP']);
  });

  test('is that of ContainerAdministrator where the config names nobody, and says what is missing', async () => {
    const view = await environmentOf([]);
    expect(view.user).toBe('ContainerAdministrator');
    expect(value(view, 'USERPROFILE')).toBe('C:\\Users\\ContainerAdministrator');
    expect(view.userHive).toBeUndefined();
  });
});

describe('conflicts', () => {
  test('a PATH of the config hides what an installer wrote, and the line that mends it is given', async () => {
    const { conflicts } = await environmentOf([
      'PATH=C:\\app\\;C:\\Windows\\System32\\;c:\\windows',
    ]);
    expect(conflicts).toEqual([
      {
        kind: 'hidden-path',
        name: 'PATH',
        explanation:
          'config.Env sets PATH, so the one of the registry (written last by layer 1) does not count. Programs in these folders are not found.',
        folders: ['C:\\Git\\cmd'],
        fix: 'ENV PATH="C:\\app\\;C:\\Windows\\System32\\;c:\\windows;C:\\Git\\cmd"',
      },
    ]);
  });

  test('a PATH without the folders of Windows is told as worse', async () => {
    const { conflicts } = await environmentOf(['PATH=C:\\app']);
    expect(conflicts.map(({ kind }) => kind)).toEqual(['lost-system-path']);
  });

  test('%PATH% in the config is not expanded', async () => {
    const { conflicts } = await environmentOf(['PATH=%PATH%;C:\\app']);
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]).toMatchObject({
      kind: 'not-expanded',
      fix: 'ENV PATH="C:\\Windows\\system32;C:\\Windows;C:\\Git\\cmd;C:\\app"',
    });
  });

  test('two spellings of one name are told', async () => {
    const { conflicts } = await environmentOf(['A=1', 'a=2']);
    expect(conflicts.map(({ kind, fix }) => `${kind} ${fix}`)).toEqual(['double-name ENV a="2"']);
  });

  test('a value that differs from the registry is told', async () => {
    const { conflicts } = await environmentOf(['GIT=D:\\']);
    expect(conflicts).toMatchObject([
      { kind: 'hidden-value', name: 'GIT', fix: 'ENV GIT="C:\\Git"' },
    ]);
  });
});

test.each([
  ['%A%b', '1b'],
  ['%a%%A%', '11'],
  ['%no%A%', '%no1'],
  ['100%', '100%'],
  ['%%A%', '%1'],
  ['%unknown%', '%unknown%'],
])('%s expands to %s', (text, expected) => {
  const lookup = (name: string) => (name.toUpperCase() === 'A' ? '1' : undefined);
  expect(expandVariables(text, lookup)).toBe(expected);
});

test.each([
  ['ENV PATH=C:\\x', true],
  ['ENV A=1 PATH=C:\\x', true],
  ['ENV PATH C:\\x', true],
  ['cmd /S /C #(nop)  ENV path=C:\\x', true],
  ['ENV XPATH=1', false],
  ['RUN set PATH=1', false],
])('the history entry %s sets PATH: %s', (created_by, isSet) => {
  const source = configSource('PATH=C:\\x', [{ created_by }], [{ text: created_by, line: 4 }]);
  expect(source).toEqual(
    isSet
      ? { kind: 'config', createdBy: created_by, historyPosition: 0, dockerfileLine: 4 }
      : { kind: 'config' },
  );
});

test('a value with quotes, dollars and backticks is escaped', () => {
  expect(envLine('A', 'x"$y`')).toBe('ENV A="x`"`$y``"');
});
