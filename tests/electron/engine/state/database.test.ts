import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../../shared/failure.ts';
import { migrations } from '../../../../electron/engine/state/migrations.ts';
import { openState } from '../../../../electron/engine/state/state.ts';
import { newDir, opened, requestFor } from './support.ts';

function historyFile(storeDir: string): string {
  mkdirSync(path.join(storeDir, 'state'), { recursive: true });
  return path.join(storeDir, 'state/history.db');
}

function failureOfOpening(storeDir: string) {
  try {
    void openState(storeDir).close();
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

describe('the database of the state', () => {
  test('a file that is no database is refused and left as it is', async () => {
    const storeDir = await newDir();
    const file = historyFile(storeDir);
    writeFileSync(file, 'not a database, but somebody needs it'.repeat(100));
    const before = readFileSync(file);
    expect(failureOfOpening(storeDir)).toEqual({
      code: 'store-damaged',
      path: file,
      problem: 'it is not a database',
    });
    expect(readFileSync(file)).toEqual(before);
  });

  test('a damaged page is reported when it is met, with the file named', async () => {
    const storeDir = await newDir();
    const state = openState(storeDir);
    for (let n = 0; n < 200; n += 1) state.history.begin(requestFor('/src'), state.claim().owner);
    await state.close();
    const file = historyFile(storeDir);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096);
    writeFileSync(file, bytes);
    const damaged = opened(storeDir);
    expect(() => damaged.history.list({ offset: 0, limit: 10 })).toThrow(
      expect.objectContaining({
        failure: { code: 'store-damaged', path: file, problem: 'the database is malformed' },
      }),
    );
  });

  test("another program's database is refused", async () => {
    const storeDir = await newDir();
    const foreign = new DatabaseSync(historyFile(storeDir));
    foreign.exec('CREATE TABLE theirs (x)');
    foreign.close();
    expect(failureOfOpening(storeDir)).toMatchObject({
      code: 'store-damaged',
      problem: 'it is the database of another program',
    });
  });

  test('a newer history is refused, saying both versions', async () => {
    const storeDir = await newDir();
    await openState(storeDir).close();
    const newer = new DatabaseSync(historyFile(storeDir));
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(failureOfOpening(storeDir)).toEqual({
      code: 'state-newer',
      path: historyFile(storeDir),
      version: 99,
      known: migrations.length,
    });
  });

  test('a store where a file is in the way is named', async () => {
    const dir = await newDir();
    writeFileSync(path.join(dir, 'state'), '');
    expect(failureOfOpening(dir)).toMatchObject({ code: 'file-system', operation: 'open' });
  });
});
