/**
 * How fast the log store takes, pages and searches a million lines, and how fast the history lists
 * 10,000 builds. Run: `node bench/log-store.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openLog } from '../electron/engine/state/log/log-reader.ts';
import { createLogWriter } from '../electron/engine/state/log/log-writer.ts';
import { openState } from '../electron/engine/state/state.ts';
import { buildRequestSchema } from '../shared/ipc/build-request.ts';

const lineCount = 1_000_000;
const dir = mkdtempSync(path.join(tmpdir(), 'layerwright-bench-'));

async function timed<T>(title: string, work: () => T | Promise<T>, units?: number): Promise<T> {
  const start = performance.now();
  const result = await work();
  const ms = performance.now() - start;
  const rate = units === undefined ? '' : ` (${Math.round(units / ms)},000/s)`;
  console.log(`${title.padEnd(52)} ${ms.toFixed(1).padStart(9)} ms${rate}`);
  return result;
}

async function benchLog(): Promise<void> {
  const logDir = path.join(dir, 'log');
  const chunks = Array.from({ length: lineCount / 20 }, (_, chunk) => ({
    stepId: `${Math.floor(chunk / 5000)}.${chunk % 3}`,
    stream: 'stdout' as const,
    time: 1_700_000_000_000 + chunk,
    lines: Array.from(
      { length: 20 },
      (_, n) => `C:\\build\\src\\module-${chunk}\\file-${n}.cpp: compiled, 0 errors, 3 warnings`,
    ),
  }));
  await timed(
    'store and index 1,000,000 lines',
    () => {
      const log = createLogWriter(logDir);
      for (const chunk of chunks) log.append(chunk);
      log.close();
    },
    lineCount,
  );

  const reader = await openLog(logDir);
  await timed('open: first page', async () => await reader.page({ fromLine: 0, count: 200 }));
  await timed(
    'page of 200 lines at line 900,000',
    async () => await reader.page({ fromLine: 900_000, count: 200 }),
  );
  await timed(
    'page of 200 lines of one step',
    async () => await reader.page({ stepId: '7.1', fromLine: 20_000, count: 200 }),
  );
  const query = { fromLine: 0, limit: 1000, matchCase: true };
  await timed(
    'search, 20 matches',
    async () => await reader.search({ ...query, text: 'module-49876' }),
  );
  await timed(
    'search in any case, no match',
    async () => await reader.search({ ...query, matchCase: false, text: 'FATAL' }),
  );
  await timed(
    'search in any case, all lines match',
    async () =>
      await reader.search({ ...query, limit: lineCount, matchCase: false, text: 'COMPILED' }),
  );
  await reader.close();
}

async function benchHistory(): Promise<void> {
  const state = openState(dir);
  const { owner } = state.claim();
  const requests = Array.from({ length: 20 }, (_, n) =>
    buildRequestSchema.parse({ contextDir: `/src/shop-${n}`, tags: [`acme/shop-${n}:1`] }),
  );
  const requestAt = (n: number) => {
    const request = requests[n % requests.length];
    if (request === undefined) throw new Error('there are requests');
    return request;
  };
  await timed('record 10,000 builds, each begun and ended', () => {
    for (let n = 0; n < 10_000; n += 1) {
      state.history.save({
        ...state.history.begin(requestAt(n), owner),
        status: 'succeeded',
        finishedAt: n,
      });
    }
  });
  await timed('list the newest 50', () => state.history.list({ offset: 0, limit: 50 }));
  await timed('open the history: state, first 100, projects', async () => {
    const again = openState(dir);
    again.history.list({ offset: 0, limit: 100 });
    again.history.projects();
    await again.close();
  });
  const filter = { contextDir: '/src/shop-7', status: ['succeeded' as const] };
  await timed('list 50 of one folder and result', () =>
    state.history.list({ offset: 0, limit: 50, ...filter }),
  );
  await timed('list all 10,000', () => state.history.list({ offset: 0, limit: 10_000 }));
  await timed('search 10,000', () =>
    state.history.list({ offset: 0, limit: 50, search: 'nothing like it' }),
  );
  await state.close();
}

try {
  await benchLog();
  await benchHistory();
  console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
