import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { constantFrom, jsonValue, sample, tuple } from 'fast-check';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputs } from '../../shared/ipc/contract.ts';
import { channels } from '../../shared/ipc/names.ts';
import { launchApp, modes, type RunningApp } from '../support/app.ts';
import { askAll, askRaw } from '../support/ask.ts';
import { newTempDir } from '../support/temp-dir.ts';

/** Malformed for every channel: none takes a list, a text or an unknown member. */
const malformed: readonly unknown[] = [
  null,
  0,
  '',
  'text',
  true,
  [],
  [{}],
  { unexpected: 1 },
  { reference: { toString: 'x' } },
  { buildId: 7, file: [], dir: null, path: {} },
];

/** What takes no argument would act on `{}`; all others refuse it or look for what is not there. */
const hostile: readonly Readonly<Record<string, unknown>>[] = [
  {
    dir: '/etc',
    file: '/etc/passwd',
    template: '../../x',
    buildId: '../../state',
    reference: '../x',
  },
  {
    dir: '\0',
    file: '../Dockerfile',
    template: '__proto__',
    buildId: '__proto__',
    reference: '__proto__',
  },
  {
    dir: 'x'.repeat(4096),
    file: 'C:\\x',
    template: 'con',
    buildId: "' OR 1=1 --",
    reference: 'a:b:c@d',
  },
];

/** The fields that a channel knows. */
function fieldsOf(channel: keyof typeof inputs): string[] {
  const schema: z.ZodType = inputs[channel];
  const forms = schema instanceof z.ZodUnion ? schema.options : [schema];
  return forms.flatMap(form => (form instanceof z.ZodObject ? Object.keys(form.shape) : []));
}

/** Values for the fields that a channel knows, right in form and wrong in content. */
function hostileInputs(channel: keyof typeof inputs): unknown[] {
  const known = fieldsOf(channel);
  return hostile.map(values => {
    const base: Record<string, unknown> = {
      ...values,
      text: '\u202e<img onerror=alert(1)>',
      version: 'x',
      contextDir: values['dir'],
      source: values['reference'],
      target: 'UPPER/case:tag',
      layerIndex: 1e6,
      left: { reference: values['reference'], layerIndex: 0 },
      right: { reference: values['reference'], layerIndex: 0 },
      directory: '../..',
      path: '../../etc',
      family: values['template'],
      format: 'oci-archive',
      fromSeq: 1e9,
      fromLine: 1e9,
      count: 10,
      title: 'x',
      suggestedName: '../x',
    };
    return Object.fromEntries(Object.entries(base).filter(([key]) => known.includes(key)));
  });
}

const withoutArgument = channels.filter(name => fieldsOf(name).length === 0);
/** These do something harmless with hostile values: drafts are named by a hash, lists and what is deleted by them are just empty. */
const mayWork = new Set<string>([
  'build.list',
  'build.cancel',
  'project.forget',
  'settings.set',
  'file.saveDraft',
  'file.discardDraft',
  'dialog.openFile',
  'dialog.saveFile',
  'history.trend',
  'history.deleteAll',
  'kept.close',
  // They know no path and no name: what is sent along with their switches is left out.
  'storage.verify',
  'storage.repair',
]);

describe.each(modes)('every channel (%s)', mode => {
  let dir: string;
  let app: RunningApp;

  beforeAll(async () => {
    dir = await newTempDir();
    const projectDir = path.join(dir, 'project');
    await mkdir(projectDir);
    await mkdir(path.join(dir, 'store'));
    await writeFile(path.join(projectDir, 'Dockerfile'), 'FROM scratch\n');
    app = await launchApp({ mode, storeDir: path.join(dir, 'store'), projectDir });
  });

  afterAll(async () => {
    await app?.close();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  test.each(channels)('%s answers malformed input with a failure that names it', async channel => {
    for (const input of malformed) {
      const reply = await askRaw(app.page, channel, input);
      expect([input, reply]).toMatchObject([
        input,
        { ok: false, failure: { code: 'bad-request' } },
      ]);
    }
  });

  test.each(channels.filter(name => !withoutArgument.includes(name)))(
    '%s answers hostile values with a foreseen failure',
    async channel => {
      const asked = hostileInputs(channel);
      const replies = await askAll(
        app.page,
        asked.map(input => [channel, input]),
      );
      const codes = replies.map(reply => (reply.ok ? 'ok' : reply.failure.code));
      expect(codes).not.toContain('bug');
      if (!mayWork.has(channel)) expect(codes).not.toContain('ok');
    },
  );

  test('no channel finds a bug in random JSON', async () => {
    const cases = sample(tuple(constantFrom(...channels), jsonValue({ maxDepth: 3 })), {
      numRuns: 150,
      seed: 20261124,
    });
    const asked = cases.filter(
      ([channel, input]) => !(isEmptyObject(input) && withoutArgument.includes(channel)),
    );
    const replies = await askAll(app.page, asked);
    const bugs = asked.filter((_, index) => {
      const reply = replies[index];
      return reply === undefined || (!reply.ok && reply.failure.code === 'bug');
    });
    expect(bugs).toEqual([]);
  });

  test('the app still works after all this', async () => {
    const reply = await askRaw(app.page, 'file.read', { file: 'Dockerfile' });
    expect(reply).toMatchObject({ ok: true, value: { text: 'FROM scratch\n' } });
    expect(app.process.exitCode).toBeNull();
  });
});

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
