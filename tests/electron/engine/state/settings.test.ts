import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsSchema } from '../../../../shared/ipc/app-views.ts';
import { createSettingsStore } from '../../../../electron/engine/state/settings.ts';
import { newDir, opened } from './support.ts';

describe('the settings', () => {
  test('are the defaults where there is no file', async () => {
    const settings = createSettingsStore(path.join(await newDir(), 'settings.json'));
    expect(await settings.get()).toEqual(settingsSchema.parse({}));
  });

  test('survive, also when many are changed at once', async () => {
    const file = path.join(await newDir(), 'deep/settings.json');
    const settings = createSettingsStore(file);
    await Promise.all([
      settings.set({ theme: 'dark' }),
      settings.set({ fontSize: 18 }),
      settings.set({ wrapLog: true }),
    ]);
    expect(await createSettingsStore(file).get()).toMatchObject({
      theme: 'dark',
      fontSize: 18,
      wrapLog: true,
    });
    expect(readdirSync(path.dirname(file))).toEqual(['settings.json']);
  });

  test.each([
    ['{"theme": "pink"}', /theme: /],
    ['{"fontSize": 1000}', /fontSize: /],
    ['{"theme"', /cannot be used/],
    ['[]', /expected object/],
  ])('the file %j is refused with the field named, and kept', async (text, message) => {
    const file = path.join(await newDir(), 'settings.json');
    writeFileSync(file, text);
    await expect(createSettingsStore(file).get()).rejects.toThrow(message);
    await expect(createSettingsStore(file).set({ fontSize: 12 })).rejects.toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

describe('the recent projects', () => {
  test('are listed last opened first, once each, with the missing ones marked', async () => {
    const dir = await newDir();
    const { recentProjects } = opened(dir);
    const project = path.join(dir, 'shop');
    mkdirSync(project);
    recentProjects.remember(project, 1);
    recentProjects.remember('/nowhere/gone', 2);
    recentProjects.remember(project, 3);
    expect(recentProjects.list()).toEqual([
      { dir: project, name: 'shop', openedAt: 3, missing: false },
      { dir: '/nowhere/gone', name: 'gone', openedAt: 2, missing: true },
    ]);
    recentProjects.forget('/nowhere/gone');
    expect(recentProjects.list()).toHaveLength(1);
  });

  test('the oldest are forgotten beyond 30', async () => {
    const { recentProjects } = opened(await newDir());
    for (let n = 0; n < 40; n += 1) recentProjects.remember(`/p/${n}`, n);
    expect(recentProjects.list().map(p => p.openedAt)).toEqual(
      Array.from({ length: 30 }, (_, n) => 39 - n),
    );
  });
});
