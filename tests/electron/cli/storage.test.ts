import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuildComparison } from '../../../shared/ipc/history-views.ts';
import type {
  GarbageList,
  RepairReport,
  StorageUsage,
  VerifyReport,
} from '../../../shared/ipc/storage-views.ts';
import { newWorkplace, type Workplace } from './process.ts';

const dockerfile = `FROM layerwright.local/windows/nanoserver:ltsc2022
COPY tool.txt C:/tools/
`;

let place: Workplace;
beforeAll(async () => {
  place = await newWorkplace();
  await place.files({ 'shop/Dockerfile': dockerfile, 'shop/tool.txt': 'one' });
  await place.run(['build', '-t', 'shop:1', '-q', 'shop']);
  await place.files({ 'shop/tool.txt': 'two', 'shop/Dockerfile': `${dockerfile}ENV two=2\n` });
  await place.run(['build', '-t', 'shop:1', '-q', '--build-arg', 'A_TOKEN=secret', 'shop']);
});
afterAll(async () => await place.remove());

async function json<T>(args: readonly string[], code = 0): Promise<T> {
  const finished = await place.run([...args, '--json']);
  expect(finished.code, finished.err).toBe(code);
  return JSON.parse(finished.out) as T;
}

describe('layerwright store', () => {
  test('says who holds what, in words and as JSON', async () => {
    const { err, out } = await place.run(['store', 'usage']);
    expect(out).toMatch(/^images +1 /m);
    expect(out).toMatch(/^build cache +\d/m);
    expect(err).toMatch(/needed by nothing \(layerwright store gc\)/);
    const usage = await json<StorageUsage>(['store', 'usage']);
    expect(usage.totalBytes).toBe(usage.kinds.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(usage.items.map(({ title }) => title)).toContain('shop:1');
  });

  test('lists first what would go and why, then removes exactly that', async () => {
    const policy = ['--older-than', '0s', '--kind', 'build-cache', '--kind', 'layer-index'];
    const preview = await json<GarbageList>(['store', 'gc', '--dry-run', ...policy]);
    expect(
      preview.items.some(({ kind, reason }) => kind === 'build-cache' && reason === 'age'),
    ).toBe(true);
    const { items } = await json<GarbageList>(['store', 'gc', ...policy]);
    expect(items).toEqual(preview.items);
    expect((await json<GarbageList>(['store', 'gc'])).items).toEqual([]);
    expect((await place.run(['images', '-q', 'shop'])).out).toMatch(/^sha256:/);
  });

  test('finds damage, and repair says what it did about it', async () => {
    const { out } = await place.run(['images', '--json', 'shop']);
    const [{ manifestDigest } = { manifestDigest: '' }] = JSON.parse(out) as {
      manifestDigest: string;
    }[];
    expect((await json<VerifyReport>(['store', 'verify', '--deep'])).faults).toEqual([]);
    const file = path.join(place.storeDir, 'blobs/sha256', manifestDigest.slice(7));
    chmodSync(file, 0o644);
    writeFileSync(file, readFileSync(file, 'utf8').replace('schemaVersion', 'schemaVersioN'));
    const verified = await place.run(['store', 'verify']);
    expect(verified.code).toBe(1);
    expect(verified.out).toMatch(/^damaged: sha256:[0-9a-f]{12} \(.*\), needed by shop:1$/m);
    const { actions } = await json<RepairReport>(['store', 'repair', '--offline'], 1);
    expect(actions).toMatchObject([
      { kind: 'blob-removed' },
      { kind: 'name-dropped', reference: 'shop:1' },
    ]);
    expect((await json<VerifyReport>(['store', 'verify'])).faults).toEqual([]);
  });

  test.each([
    [['--older-than', 'soon'], '--older-than: "soon" is not an age'],
    [['--max-size', 'big'], '--max-size: "big" is not a size'],
    [['--kind', 'logs'], '--kind: "logs" is none of images,'],
  ])('refuses %j and says what is meant', async (args, problem) => {
    const { code, err } = await place.run(['store', 'gc', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });
});

describe('layerwright history', () => {
  test('lists, filters and shows builds, and hides what looks like a secret', async () => {
    const { out } = await place.run(['history']);
    expect(out.match(/succeeded/g)).toHaveLength(2);
    const { builds } = await json<{ builds: unknown[] }>(['history', 'ls', '--status', 'failed']);
    expect(builds).toEqual([]);
    const shown = await place.run(['history', 'show', 'last']);
    expect(shown.out).toMatch(/^argument +A_TOKEN=\(hidden\)$/m);
    expect(shown.out).toMatch(/^0\.1 +ran .* COPY tool\.txt C:\/tools\/$/m);
  });

  test('compares a build with the one before it', async () => {
    const { out } = await place.run(['history', 'compare', 'last']);
    expect(out).toMatch(/^ {2}buildArgs\.A_TOKEN: nothing -> \(hidden\)$/m);
    expect(out).toMatch(/^\+ .* ENV two=2$/m);
    const comparison = await json<BuildComparison>(['history', 'compare', 'last']);
    expect(comparison.steps.map(({ kind }) => kind)).toEqual(['same', 'same', 'added']);
    expect(comparison.sameImage).toBe(false);
  });

  test('prints the log of a build', async () => {
    const { code, out } = await place.run(['history', 'logs', 'last', '--search', 'WINDOWS(']);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^windows\(10\.0\.20348/m),
    });
  });

  test('builds once more what was asked for then, and forgets builds', async () => {
    const before = (await json<{ total: number }>(['history', 'ls'])).total;
    const { code, err } = await place.run(['history', 'rerun', 'last']);
    expect(code).toBe(0);
    expect(err).toContain('named shop:1');
    expect((await json<{ total: number }>(['history', 'ls'])).total).toBe(before + 1);
    expect((await place.run(['history', 'rm'])).code).toBe(2);
    await place.run(['history', 'rm', 'last']);
    expect((await json<{ total: number }>(['history', 'ls'])).total).toBe(before);
    expect((await place.run(['history', 'rm', '--older-than', '1d'])).err).toBe(
      'removed 0 builds\n',
    );
    await place.run(['history', 'rm', '--all']);
    expect((await place.run(['history', 'show', 'last'])).code).toBe(1);
  });
});
