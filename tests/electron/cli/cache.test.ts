import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWorkplace, type Workplace } from './process.ts';

let place: Workplace;
beforeAll(async () => {
  place = await newWorkplace();
  await place.files({
    'shop/Dockerfile':
      'FROM layerwright.local/windows/nanoserver:ltsc2022\nCOPY app /app/\nCOPY other /other\n',
    'shop/app/a.txt': 'a',
    'shop/other': 'o',
  });
  await place.run(['build', 'shop']);
});
afterAll(async () => await place.remove());

interface Listed {
  readonly key: string;
  readonly text: string;
  readonly uses: number;
}

async function listed(): Promise<readonly Listed[]> {
  return JSON.parse((await place.run(['cache', 'ls', '--json'])).out) as readonly Listed[];
}

test('steps are listed, shown and forgotten, and the next build says so', async () => {
  const steps = await listed();
  expect(steps.map(({ text }) => text).sort()).toEqual(['COPY app /app/', 'COPY other /other']);
  const key = steps.find(({ text }) => text === 'COPY other /other')?.key ?? '';
  const table = (await place.run(['cache', 'ls'])).out.split('\n');
  expect(table[0]).toMatch(/^KEY +SIZE +USED +TIMES +STEP$/);
  expect(table).toHaveLength(4);
  const shown = await place.run(['cache', 'show', key.slice(0, 8)]);
  expect(shown.out).toContain('COPY other /other\n');
  expect(shown.out).toContain(`key       ${key}`);
  expect(shown.out).toContain('destination: other');

  const removed = await place.run(['cache', 'rm', key.slice(0, 8)]);
  expect(removed).toMatchObject({ code: 0, err: 'removed 1 step, freed 0 B\n' });
  expect(await listed()).toHaveLength(1);
  const again = await place.run(['build', '--progress', 'plain', 'shop']);
  expect(again.err).toMatch(/^#3 cache: its record was removed from the cache \(.*\)/m);

  const unknown = await place.run(['cache', 'show', 'ffff']);
  expect(unknown.code).not.toBe(0);
  expect(unknown.err).toContain('no step has the key ffff');
});

test('pruning needs to be told what goes, and spares what was used since', async () => {
  expect((await place.run(['cache', 'prune'])).err).toContain('--older-than <age>, or --all');
  const before = await listed();
  const spared = await place.run(['cache', 'prune', '--older-than', '1h', '--json']);
  expect(JSON.parse(spared.out)).toEqual({ removed: [], freedBytes: 0 });
  const all = JSON.parse((await place.run(['cache', 'prune', '--all', '--json'])).out) as {
    removed: string[];
  };
  expect(all.removed).toHaveLength(before.length);
  expect(await listed()).toEqual([]);
});

test('another store takes the steps from a folder, and --explain-cache says from where and why', async () => {
  await place.run(['build', '--cache-to', 'type=local,dest=shared', 'shop']);
  await appendFile(path.join(place.dir, 'shop', 'other'), 'changed');
  await place.run(['--store', 'second', 'samples']);
  const from = ['--store', 'second', 'build', '--cache-from', 'type=local,src=shared'];
  const built = await place.run([...from, '--explain-cache', 'shop']);
  expect(built.code).toBe(0);
  const end = built.err.slice(built.err.indexOf('\n[1/3]'));
  expect(end).toMatch(
    /\[2\/3\] COPY app.*\n {2}cached: same as in the shared cache type=local,dir=/,
  );
  expect(end).toMatch(/\[3\/3\] COPY other.*\n {2}ran: never built before/);
});
