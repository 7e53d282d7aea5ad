import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/failure.ts';
import { settingsSchema, type Settings } from '../../../shared/ipc/app-views.ts';
import { createCommands } from '../../../renderer/stores/commands.ts';
import { createNotices } from '../../../renderer/stores/notices.ts';
import { createPathQuestions } from '../../../renderer/stores/path-questions.ts';
import { createSettings, defaultSettings } from '../../../renderer/stores/settings.ts';
import { createTasks } from '../../../renderer/stores/tasks.ts';
import { resolveTheme } from '../../../renderer/stores/theme.ts';
import { createUi } from '../../../renderer/stores/ui.ts';
import { memoryApi, turns } from '../support/memory-api.ts';

describe('settings', () => {
  test('have the defaults of the schema', () => {
    expect(defaultSettings).toEqual(settingsSchema.parse({}));
  });

  test('show a change at once, and take it back when it cannot be kept', async () => {
    const api = memoryApi({});
    const settings = createSettings(api);
    const changing = settings.getState().change({ theme: 'dark' });
    expect(settings.getState().settings.theme).toBe('dark');
    await expect(changing).rejects.toBeInstanceOf(AppError);
    expect(settings.getState().settings.theme).toBe('system');
  });

  test('show the last of several quick changes, whatever the host says of the earlier ones', async () => {
    const answers: ((settings: Settings) => void)[] = [];
    const api = memoryApi({
      'settings.set': async () => await new Promise(resolve => answers.push(resolve)),
    });
    const settings = createSettings(api);
    const first = settings.getState().change({ fontSize: 14 });
    const second = settings.getState().change({ fontSize: 15 });
    await turns();
    api.tell('settings.changed', { ...defaultSettings, fontSize: 14 });
    answers[0]?.({ ...defaultSettings, fontSize: 14 });
    await first;
    expect(settings.getState().settings.fontSize).toBe(15);
    answers[1]?.({ ...defaultSettings, fontSize: 15 });
    await second;
    expect(settings.getState().settings).toEqual({ ...defaultSettings, fontSize: 15 });
  });

  test('follow what another window changed', () => {
    const api = memoryApi({});
    const settings = createSettings(api);
    api.tell('settings.changed', { ...defaultSettings, fontSize: 16 });
    expect(settings.getState().settings.fontSize).toBe(16);
  });
});

test.each([
  ['system', false, false, 'light'],
  ['system', true, false, 'dark'],
  ['light', true, false, 'light'],
  ['dark', false, false, 'dark'],
  ['light', true, true, 'hc-light'],
  ['dark', false, true, 'hc-dark'],
  ['high-contrast', true, false, 'hc-dark'],
  ['high-contrast', false, false, 'hc-light'],
] as const)(
  'the theme %s with dark %s and contrast %s is %s',
  (theme, dark, moreContrast, drawn) => {
    expect(resolveTheme(theme, { dark, moreContrast })).toBe(drawn);
  },
);

describe('commands', () => {
  const at = (command: string, run: () => void | Promise<void>, when?: () => boolean) => ({
    command,
    title: `Do ${command}`,
    group: 'Test',
    run,
    ...(when === undefined ? {} : { when }),
  });

  test('run by name, as long as they are registered', () => {
    const ran: string[] = [];
    const commands = createCommands(() => undefined);
    const unregister = commands.getState().register([at('a', () => void ran.push('a'))]);
    expect(commands.getState().run('a')).toBe(true);
    unregister();
    expect(commands.getState().run('a')).toBe(false);
    expect(ran).toEqual(['a']);
  });

  test('of the same name replace each other, and the later one stays when the earlier goes', () => {
    const ran: string[] = [];
    const commands = createCommands(() => undefined);
    const first = commands.getState().register([at('a', () => void ran.push('first'))]);
    commands.getState().register([at('a', () => void ran.push('second'))]);
    first();
    commands.getState().run('a');
    expect(ran).toEqual(['second']);
  });

  test('do not run when they cannot', () => {
    const commands = createCommands(() => undefined);
    commands.getState().register([
      at(
        'a',
        () => {
          throw new Error('ran');
        },
        () => false,
      ),
    ]);
    expect(commands.getState().run('a')).toBe(false);
  });

  test('tell what went wrong, at once or later', async () => {
    const told: unknown[] = [];
    const commands = createCommands((error, title) => told.push([title, String(error)]));
    commands.getState().register([
      at('now', () => {
        throw new Error('x');
      }),
      at('later', () => Promise.reject(new Error('y'))),
    ]);
    commands.getState().run('now');
    commands.getState().run('later');
    await turns();
    expect(told).toEqual([
      ['Do now', 'Error: x'],
      ['Do later', 'Error: y'],
    ]);
  });
});

describe('notices', () => {
  test('tell failures with their advice, but not that something was cancelled', () => {
    const notices = createNotices();
    notices.getState().tellError(new AppError({ code: 'cancelled' }), 'Save');
    notices.getState().tellError(new AppError({ code: 'disk-full', path: '/s' }), 'Save');
    expect(notices.getState().shown).toMatchObject([
      { tone: 'bad', message: expect.stringContaining('Save: The disk is full'), noticeId: 1 },
    ]);
    expect(notices.getState().shown[0]?.advice).toContain('Free some space');
  });

  test('do not pile up', () => {
    const notices = createNotices();
    for (let count = 1; count <= 9; count += 1) {
      notices.getState().tell({ tone: 'ok', message: String(count) });
    }
    expect(notices.getState().shown.map(({ message }) => message)).toEqual(['6', '7', '8', '9']);
    notices.getState().dismiss(8);
    expect(notices.getState().shown).toHaveLength(3);
  });
});

test('a target is shown, and taken once', () => {
  const ui = createUi();
  ui.getState().aim('layers', { reference: 'app:1', layerIndex: 2 });
  expect(ui.getState().surface).toBe('layers');
  expect(ui.getState().take('layers')).toEqual({ reference: 'app:1', layerIndex: 2 });
  expect(ui.getState().take('layers')).toBeUndefined();
  expect(ui.getState().take('builds')).toBeUndefined();
});

test('a task is shown until it is done', () => {
  const api = memoryApi({});
  const tasks = createTasks(api);
  const task = { task: 't', label: 'Loading', current: 1, unit: 'bytes', done: false } as const;
  api.tell('task.progress', task);
  expect([...tasks.getState().running.values()]).toEqual([task]);
  api.tell('task.progress', { ...task, done: true });
  expect(tasks.getState().running.size).toBe(0);
});

describe('a path', () => {
  test('is asked for by the dialog of the host where it has one', async () => {
    const api = memoryApi({ 'dialog.openFolder': () => ({ path: '/app' }) });
    const questions = createPathQuestions(api, () => true);
    expect(await questions.getState().ask({ kind: 'openFolder', title: 'Open' })).toBe('/app');
    expect(questions.getState().waiting).toBeUndefined();
  });

  test('is typed where it has none; a new question calls the old one off', async () => {
    const questions = createPathQuestions(memoryApi({}), () => false);
    const first = questions.getState().ask({ kind: 'openFile', title: 'First' });
    const second = questions.getState().ask({ kind: 'openFile', title: 'Second' });
    expect(await first).toBeUndefined();
    expect(questions.getState().waiting?.title).toBe('Second');
    questions.getState().answer('/b');
    expect(await second).toBe('/b');
    expect(questions.getState().waiting).toBeUndefined();
  });
});

test('a notice about a build goes away once the build is in view', () => {
  const notices = createNotices();
  const { tell, dismissAbout } = notices.getState();
  tell({ tone: 'bad', message: 'failed', about: 'b1' });
  tell({ tone: 'ok', message: 'other' });
  dismissAbout('b1');
  expect(notices.getState().shown.map(({ message }) => message)).toEqual(['other']);
});
