import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, truncateSync, statSync } from 'node:fs';
import path from 'node:path';
import { array, assert, asyncProperty, string } from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLogWriter } from '../../../../electron/engine/state/log/log-writer.ts';
import { openLog, type LogReader } from '../../../../electron/engine/state/log/log-reader.ts';
import { shownLength } from '../../../../electron/engine/state/log/log-text.ts';
import { newDir } from './support.ts';

async function readerOf(logDir: string): Promise<LogReader> {
  const reader = await openLog(logDir);
  onTestFinished(async () => await reader.close());
  return reader;
}

/** A log with these lines, all of one step. */
async function logOf(...lines: readonly string[]): Promise<LogReader> {
  const logDir = await newDir();
  const log = createLogWriter(logDir);
  log.append({ stepId: '0.1', stream: 'stdout', time: 5, lines });
  log.close();
  return await readerOf(logDir);
}

/** A log of `count` lines: lines of three steps take turns, and step 9.9 speaks once at 4500. */
async function longLog(count: number): Promise<LogReader> {
  const logDir = await newDir();
  const log = createLogWriter(logDir);
  for (let line = 0; line < count; line += 1) {
    const stepId = line === 4500 ? '9.9' : `0.${line % 3}`;
    log.append({ stepId, stream: 'stderr', time: 1000 + line, lines: [`text of ${line}`] });
  }
  log.close();
  return await readerOf(logDir);
}

const textsOf = (page: { lines: readonly { text: string }[] }) => page.lines.map(l => l.text);
const everything = { fromLine: 0, count: 5000 };

describe('a log', () => {
  test('gives back each line with step, stream and time', async () => {
    const logDir = await newDir();
    const log = createLogWriter(logDir);
    log.append({ stepId: '0.1', stream: 'stdout', time: 1, lines: ['a', ''] });
    log.append({ stepId: '1.2', stream: 'note', time: 2_000_000_000_000, lines: ['ü'] });
    log.close();
    const reader = await readerOf(logDir);
    expect(await reader.page(everything)).toEqual({
      total: 3,
      lines: [
        { line: 0, stepId: '0.1', stream: 'stdout', time: 1, text: 'a' },
        { line: 1, stepId: '0.1', stream: 'stdout', time: 1, text: '' },
        { line: 2, stepId: '1.2', stream: 'note', time: 2_000_000_000_000, text: 'ü' },
      ],
    });
  });

  test('reads any page over block borders', async () => {
    const reader = await longLog(10_000);
    for (const fromLine of [0, 1, 4090, 4095, 4096, 8191, 9998]) {
      const page = await reader.page({ fromLine, count: 12 });
      expect(page.total).toBe(10_000);
      expect(textsOf(page)).toEqual(
        Array.from(
          { length: Math.min(12, 10_000 - fromLine) },
          (_, n) => `text of ${fromLine + n}`,
        ),
      );
    }
    expect((await reader.page({ fromLine: 10_000, count: 5 })).lines).toEqual([]);
  });

  test('reads pages of one step, counted within the step', async () => {
    const reader = await longLog(10_000);
    const ofStep1 = Array.from({ length: 10_000 }, (_, n) => n).filter(n => n % 3 === 1);
    for (const fromLine of [0, 1365, 1366, 3000]) {
      const page = await reader.page({ stepId: '0.1', fromLine, count: 7 });
      expect(page.total).toBe(ofStep1.length);
      expect(page.lines.map(l => l.line)).toEqual(ofStep1.slice(fromLine, fromLine + 7));
    }
    const once = await reader.page({ stepId: '9.9', fromLine: 0, count: 10 });
    expect(once).toMatchObject({ total: 1, lines: [{ line: 4500, text: 'text of 4500' }] });
    expect(await reader.page({ stepId: 'none', fromLine: 0, count: 10 })).toEqual({
      lines: [],
      total: 0,
    });
  });

  test('keeps control characters, line feeds within a line and a byte order mark as they are', async () => {
    const hostile = [
      '\u001b[31mred\u001b]8;;http://x\u0007',
      'a\nb\r',
      '\u0000',
      '\ufeffbom',
      '\u202e',
    ];
    expect(textsOf(await (await logOf(...hostile)).page(everything))).toEqual(hostile);
  });

  test('keeps whatever text it is given', async () => {
    await assert(
      asyncProperty(array(string({ unit: 'grapheme' })), async lines => {
        const logDir = path.join(await newDir(), 'log');
        const log = createLogWriter(logDir);
        log.append({ stepId: '0.1', stream: 'stdout', time: 5, lines });
        log.close();
        const reader = await openLog(logDir);
        expect(textsOf(await reader.page(everything))).toEqual(lines);
        await reader.close();
      }),
      { numRuns: 30 },
    );
  });

  test('stores a very long line whole, shows its beginning and says how long it is', async () => {
    const long = 'ä😀€x'.repeat(300_000);
    const reader = await logOf('before', long, 'after');
    const { lines } = await reader.page(everything);
    expect(lines.map(l => l.fullLength)).toEqual([undefined, long.length, undefined]);
    expect(lines[1]?.text.length).toBeGreaterThanOrEqual(shownLength - 1);
    expect(long.startsWith(lines[1]?.text ?? '?')).toBe(true);
    expect(lines[2]?.text).toBe('after');
    const file = path.join(await newDir(), 'saved.txt');
    expect(await reader.copyTo(file)).toBe(3);
    expect(readFileSync(file, 'utf8')).toBe(`before\n${long}\nafter\n`);
    expect(readdirSync(path.dirname(file))).toEqual(['saved.txt']);
  });

  test('a shortened line never ends within a surrogate pair', async () => {
    const reader = await logOf('x' + '😀'.repeat(shownLength));
    const [line] = (await reader.page(everything)).lines;
    expect(line?.text).toBe('x' + '😀'.repeat(shownLength / 2 - 1));
  });

  test('shows lines soon after they were said, without being closed', async () => {
    const logDir = await newDir();
    const log = createLogWriter(logDir);
    const reader = await readerOf(logDir);
    expect((await reader.page(everything)).total).toBe(0);
    log.append({ stepId: '0.1', stream: 'stdout', time: 1, lines: ['first'] });
    await expect.poll(async () => (await reader.page(everything)).total, { interval: 20 }).toBe(1);
    log.append({ stepId: '0.2', stream: 'stdout', time: 1, lines: ['second'] });
    log.flush();
    expect((await reader.page(everything)).lines[1]).toMatchObject({
      stepId: '0.2',
      text: 'second',
    });
    log.close();
  });

  test('a writer that was killed loses at most the tail, and the log opens clean', async () => {
    const logDir = await newDir();
    const script = path.join(import.meta.dirname, 'log-writer-process.ts');
    const child = spawn(process.execPath, [script, logDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const reader = await readerOf(logDir);
    const { total } = await reader.page({ fromLine: 0, count: 1 });
    // 256 KiB of text are gathered at most: less than 40,000 of these lines.
    expect(total).toBeGreaterThan(60_000);
    for (const fromLine of [0, 50_000, total - 10]) {
      const page = await reader.page({ fromLine, count: 10 });
      expect(textsOf(page)).toEqual(Array.from({ length: 10 }, (_, n) => `line ${fromLine + n}`));
    }
  });

  test('a torn, zeroed or overlong tail of the index ends the log before it', async () => {
    const lines = ['one', 'two', 'three'];
    for (const tail of [Buffer.alloc(7, 1), Buffer.alloc(200), Buffer.alloc(40, 0xff)]) {
      const logDir = await newDir();
      const log = createLogWriter(logDir);
      log.append({ stepId: '0.1', stream: 'stdout', time: 5, lines });
      log.close();
      appendFileSync(path.join(logDir, 'log.index'), tail);
      expect(textsOf(await (await readerOf(logDir)).page(everything))).toEqual(lines);
    }
  });

  test('text that was lost takes its lines along', async () => {
    const logDir = await newDir();
    const log = createLogWriter(logDir);
    log.append({ stepId: '0.1', stream: 'stdout', time: 5, lines: ['one', 'two', 'three'] });
    log.close();
    const text = path.join(logDir, 'log.text');
    truncateSync(text, statSync(text).size - 2);
    expect(textsOf(await (await readerOf(logDir)).page(everything))).toEqual(['one', 'two']);
  });

  test('a log has one writer', async () => {
    const logDir = await newDir();
    createLogWriter(logDir).close();
    expect(() => createLogWriter(logDir)).toThrow(/EEXIST/);
  });
});

describe('searching a log', () => {
  const query = { fromLine: 0, limit: 100, matchCase: true };

  test('finds lines with and without regard to case', async () => {
    const reader = await logOf('Alpha', 'beta alpha', 'ALPHA ÄÖ', 'nothing');
    expect(await reader.search({ ...query, text: 'alpha' })).toEqual({ lines: [1] });
    const anyCase = { ...query, matchCase: false };
    expect(await reader.search({ ...anyCase, text: 'aLPHa' })).toEqual({ lines: [0, 1, 2] });
    expect(await reader.search({ ...anyCase, text: 'äö' })).toEqual({ lines: [2] });
  });

  test('goes on in pages from where the last one ended', async () => {
    const reader = await longLog(10_000);
    const found: number[] = [];
    let fromLine: number | undefined = 0;
    while (fromLine !== undefined) {
      const page = await reader.search({ ...query, text: '99', fromLine, limit: 7 });
      expect(page.lines.length).toBeLessThanOrEqual(7);
      found.push(...page.lines);
      fromLine = page.nextLine;
    }
    const expected = Array.from({ length: 10_000 }, (_, n) => n).filter(n => `${n}`.includes('99'));
    expect(found).toEqual(expected);
  });

  test('searches one step only', async () => {
    const reader = await longLog(5000);
    expect((await reader.search({ ...query, text: 'of 10', stepId: '0.2' })).lines).toEqual(
      Array.from({ length: 5000 }, (_, n) => n).filter(n => `${n}`.startsWith('10') && n % 3 === 2),
    );
    expect(await reader.search({ ...query, text: 'of', stepId: 'none' })).toEqual({ lines: [] });
  });

  test('does not match over the border of two lines', async () => {
    const reader = await logOf('ab', 'cd');
    expect(await reader.search({ ...query, text: 'b\nc' })).toEqual({ lines: [] });
  });

  test('finds text that crosses the windows of a very long line', async () => {
    const window = 4 * 1024 * 1024;
    const reader = await logOf('x'.repeat(window - 3) + 'Needle' + 'x'.repeat(window), 'needle');
    expect(await reader.search({ ...query, text: 'Needle' })).toEqual({ lines: [0] });
    expect(await reader.search({ ...query, text: 'needle', matchCase: false })).toEqual({
      lines: [0, 1],
    });
  });

  test('stops when it is told to', async () => {
    const reader = await longLog(5000);
    await expect(
      reader.search({ ...query, text: 'text' }, AbortSignal.abort()),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
