import { describe, expect, test, vi } from 'vitest';
import type { LogLine } from '../../../shared/ipc/build-views.ts';
import { lineNow } from '../../../renderer/features/build-log/line-now.ts';
import { createLogModel } from '../../../renderer/features/build-log/log-model.ts';
import {
  LogPages,
  pageLines,
  type ReadLog,
} from '../../../renderer/features/build-log/log-pages.ts';
import { stepView } from './steps.ts';

/** A log that can grow; remembers what was asked. */
function growingLog(lines: LogLine[]) {
  const asked: string[] = [];
  const read: ReadLog = async ({ stepId, fromLine, count }) => {
    asked.push(`${stepId ?? ''}@${fromLine}`);
    const selected = lines.filter(line => stepId === undefined || line.stepId === stepId);
    return { lines: selected.slice(fromLine, fromLine + count), total: selected.length };
  };
  const grow = (stepId: string, count: number): void => {
    for (let added = 0; added < count; added += 1) {
      const line = lines.length;
      lines.push({ line, stepId, stream: 'stdout', time: 0, text: `line ${line}` });
    }
  };
  return { read, asked, grow };
}

const turn = async (): Promise<void> => await new Promise(resolve => setTimeout(resolve, 5));

describe('pages', () => {
  test('a line is read when it is first wanted, with its neighbours', async () => {
    const log = growingLog([]);
    log.grow('0.1', 600);
    let loaded = 0;
    const pages = new LogPages(log.read, () => (loaded += 1));
    expect(pages.line(undefined, 300)).toBeUndefined();
    await turn();
    expect(loaded).toBe(1);
    expect(pages.line(undefined, 300)?.text).toBe('line 300');
    expect(pages.line(undefined, 511)?.text).toBe('line 511');
    expect(log.asked).toEqual([`@${pageLines}`]);
  });

  test('a page that was not full is read again when more of it is wanted', async () => {
    const log = growingLog([]);
    log.grow('0.1', 10);
    const pages = new LogPages(log.read, () => undefined);
    await pages.load(undefined, 0);
    log.grow('0.1', 10);
    expect(pages.line(undefined, 15)).toBeUndefined();
    await turn();
    expect(pages.line(undefined, 15)?.text).toBe('line 15');
  });

  test('only so many pages are kept, however far one scrolls', async () => {
    const log = growingLog([]);
    log.grow('0.1', pageLines * 150);
    const pages = new LogPages(log.read, () => undefined);
    for (let page = 0; page < 150; page += 1) await pages.load(undefined, page * pageLines);
    expect(pages.size).toBe(96);
    expect(pages.peek(undefined, 0)).toBeUndefined();
    expect(pages.peek(undefined, 149 * pageLines)?.line).toBe(149 * pageLines);
  });

  test('what cannot be read is not asked for over and over', async () => {
    let asked = 0;
    const pages: LogPages = new LogPages(
      async () => {
        asked += 1;
        return await Promise.reject(new Error('gone'));
      },
      () => pages.line(undefined, 0),
    );
    pages.line(undefined, 0);
    await new Promise(resolve => setTimeout(resolve, 100));
    pages.close();
    expect(asked).toBe(1);
  });

  test('only a few pages are read at once', () => {
    const log = growingLog([]);
    log.grow('0.1', pageLines * 20);
    const pages = new LogPages(log.read, () => undefined);
    for (let page = 0; page < 20; page += 1) pages.line(undefined, page * pageLines);
    expect(log.asked).toHaveLength(4);
  });
});

describe('the model', () => {
  test('shows the end of the log only when it is at hand', async () => {
    const log = growingLog([]);
    const model = createLogModel(log.read);
    const step = stepView('0.1', { kind: 'running', startedAt: 0 });
    model.state.subscribe(({ total }) => {
      if (total > 0) expect(model.pages.peek(undefined, total - 1)?.line).toBe(total - 1);
    });
    for (let round = 0; round < 20; round += 1) {
      log.grow('0.1', 500);
      model.update([step], (round + 1) * 500);
    }
    await vi.waitFor(() => expect(model.state.getState().total).toBe(10_000));
    expect(model.state.getState().counts).toEqual(new Map([['0.1', 10_000]]));
  });

  test('does not ask again about steps that have ended', async () => {
    const log = growingLog([]);
    log.grow('0.1', 5);
    const model = createLogModel(log.read);
    const steps = [stepView('0.1', { kind: 'ran', startedAt: 0, durationMs: 1, phases: {} })];
    model.update(steps, 0);
    await turn();
    const before = log.asked.filter(query => query.startsWith('0.1')).length;
    model.update(steps, 0);
    await turn();
    expect(log.asked.filter(query => query.startsWith('0.1'))).toHaveLength(before);
  });

  test('tells that a log cannot be read, and reads it later', async () => {
    const log = growingLog([]);
    log.grow('0.1', 5);
    let broken = true;
    const model = createLogModel(async (query, signal) => {
      if (broken) throw new Error('no');
      return await log.read(query, signal);
    });
    model.update([], 0);
    await turn();
    expect(model.state.getState().failure).toMatchObject({ code: 'bug', message: 'no' });
    broken = false;
    model.update([], 0);
    await vi.waitFor(() =>
      expect(model.state.getState()).toMatchObject({ total: 5, failure: undefined }),
    );
  });
});

test('a line that is not at hand is read', async () => {
  const log = growingLog([]);
  log.grow('0.1', 300);
  const pages = new LogPages(log.read, () => undefined);
  expect((await lineNow(pages, '0.1', 298))?.text).toBe('line 298');
  expect(await lineNow(pages, '0.1', 300)).toBeUndefined();
});
