import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../electron/engine/content/store.ts';
import { storeLock } from '../../../../electron/engine/content/store-lock.ts';
import { storeLocation } from '../../../../electron/engine/content/store-location.ts';
import {
  bytesOf,
  describeBytes,
  failureFrom,
  filesBelow,
  newDir,
  newStore,
  textOf,
} from './helpers.ts';

const byText = (a: string, b: string) => a.localeCompare(b);
const hello = describeBytes('hello');

function startWriter(...args: string[]): ChildProcess {
  const child = fork(join(import.meta.dirname, 'store-writer.ts'), args, { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', code => reject(new Error(`the child ended early (${code})`)));
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise(resolve => void child.once('exit', resolve));
}

describe('opening a store', () => {
  test('makes an image layout, and finds it again', async () => {
    const store = await newStore();
    await store.blobs.write(hello, bytesOf('hello'));
    await store.names.set('hello', hello);
    await using again = await openStore(store.dir);
    expect(await textOf(again.blobs.read(await again.names.resolve('hello')))).toBe('hello');
    expect(await readFile(join(store.dir, 'oci-layout'), 'utf8')).toBe(
      '{"imageLayoutVersion":"1.0.0"}',
    );
  });

  test.each([
    ['{"schemaVersion":2,"manifests":', 'document: is not JSON'],
    ['{"schemaVersion":1,"manifests":[]}', 'schemaVersion: Invalid input: expected 2'],
    ['{"schemaVersion":2,"manifests":[{"digest":"sha256:x"}]}', 'manifests[0].mediaType: '],
  ])('refuses the damaged index.json %s and does not touch it', async (text, problem) => {
    const { dir } = await newStore();
    const path = join(dir, 'index.json');
    await writeFile(path, text);
    const failure = await failureFrom(openStore(dir));
    expect(failure).toMatchObject({ code: 'store-damaged', path });
    expect(failure.code === 'store-damaged' && failure.problem).toContain(problem);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('refuses a layout of a later version', async () => {
    const dir = await newDir();
    await writeFile(join(dir, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}');
    expect(await failureFrom(openStore(dir))).toEqual({
      code: 'store-version',
      path: join(dir, 'oci-layout'),
      version: '2.0.0',
    });
    expect(await filesBelow(dir)).toEqual(['oci-layout']);
  });

  test('completes a store whose making was cut short', async () => {
    const dir = await newDir();
    await mkdir(join(dir, 'blobs', 'sha256'), { recursive: true });
    await writeFile(join(dir, 'index.json.new'), '{"schema');
    await using store = await openStore(dir);
    expect([await store.names.list(), await filesBelow(dir)]).toEqual([
      [],
      ['index.json', 'oci-layout'],
    ]);
  });

  test('leaves nothing of its own in the ingest folder when it is closed', async () => {
    const { dir, blobs, [Symbol.asyncDispose]: close } = await newStore();
    const ingest = await blobs.ingest();
    await ingest.write(Buffer.from('hel'));
    await close();
    expect((await filesBelow(dir)).filter(file => file.startsWith('ingest'))).toEqual([]);
    await ingest.abort();
  });
});

describe('several processes', () => {
  test('write the same blobs and names at once without losing any', async () => {
    const { dir, names, blobs } = await newStore();
    const codes = await Promise.all(
      ['a', 'b', 'c'].map(name => ended(startWriter('names', dir, name))),
    );
    const references = (await names.list()).map(image => image.reference ?? '').sort(byText);
    const expected = ['a', 'b', 'c'].flatMap(name =>
      Array.from({ length: 10 }, (_, i) => `docker.io/library/${name}:${i}`),
    );
    expect([codes, references]).toEqual([[0, 0, 0], expected.sort(byText)]);
    for (const { descriptor } of await names.list()) {
      expect(await textOf(blobs.read(descriptor))).toMatch(/^blob \d$/);
    }
    await using _ = await openStore(dir);
    expect((await filesBelow(dir)).filter(file => file.startsWith('ingest'))).toEqual([]);
  });

  test('clear what a killed writer left, and keep what a living one is writing', async () => {
    const { dir } = await newStore();
    const killed = startWriter('hang', dir);
    const living = startWriter('hang', dir);
    await Promise.all([nextMessage(killed), nextMessage(living)]);
    const before = (await filesBelow(dir)).filter(file => file.startsWith('ingest'));
    killed.kill('SIGKILL');
    await ended(killed);
    await using store = await openStore(dir);
    const after = (await filesBelow(dir)).filter(file => file.startsWith('ingest'));
    expect([before.length, after.length]).toEqual([2, 1]);
    living.send('finish');
    expect(await ended(living)).toBe(0);
    expect(await store.blobs.has(describeBytes(Buffer.alloc(3 << 20, 'x')))).toBe(true);
  });

  test('free the locks of a process that was killed', async () => {
    const { dir, lock } = await newStore();
    const holder = startWriter('lock', dir);
    await nextMessage(holder);
    expect(lock.tryExclusive()).toBeUndefined();
    holder.kill('SIGKILL');
    await ended(holder);
    using held = lock.tryExclusive();
    expect(held).toBeDefined();
  });
});

describe('the locks of a store', () => {
  test('let builds share, one change names, and collection run alone', async () => {
    const lock = storeLock(await newDir());
    using first = await lock.shared();
    using second = await lock.shared();
    {
      using _ = await lock.names();
      const waiting = lock.names(AbortSignal.timeout(30));
      expect(await failureFrom(waiting)).toEqual({ code: 'cancelled' });
    }
    expect(lock.tryExclusive()).toBeUndefined();
    first[Symbol.dispose]();
    second[Symbol.dispose]();
    using alone = lock.tryExclusive();
    expect(alone).toBeDefined();
    expect(await failureFrom(lock.shared(AbortSignal.timeout(30)))).toEqual({ code: 'cancelled' });
  });

  test('reach the one who waits as soon as they are free', async () => {
    const lock = storeLock(await newDir());
    const held = await lock.names();
    const next = lock.names();
    held[Symbol.dispose]();
    using _ = await next;
    expect(lock.tryExclusive()).toBeUndefined();
  });
});

describe('the place of the store', () => {
  test.each([
    [{ LAYERWRIGHT_STORE: '/data' }, 'linux', '/data'],
    [{}, 'linux', '/home/me/.local/share/layerwright/store'],
    [{ XDG_DATA_HOME: '/xdg', LAYERWRIGHT_STORE: '' }, 'linux', '/xdg/layerwright/store'],
    [{ XDG_DATA_HOME: 'relative' }, 'linux', '/home/me/.local/share/layerwright/store'],
    [{}, 'darwin', '/home/me/Library/Application Support/Layerwright/store'],
    [{ LOCALAPPDATA: 'D:\\Local' }, 'win32', 'D:\\Local\\Layerwright\\store'],
  ])('with %j on %s is %s', (environment, platform, expected) => {
    expect(storeLocation(environment, platform, '/home/me')).toBe(expected);
  });
});
