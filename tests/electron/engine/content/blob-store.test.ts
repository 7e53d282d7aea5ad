import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { BlobStore } from '../../../../electron/engine/content/blob-store.ts';
import { MemoryBlobStore } from '../../../../electron/engine/content/memory-blob-store.ts';
import { bytesOf, collect, describeBytes, failureFrom, newStore, textOf } from './helpers.ts';

const hello = describeBytes('hello');

// Both stores keep the same promises, because both pass the same tests.
describe.each<[string, () => Promise<BlobStore>]>([
  ['file', async () => (await newStore()).blobs],
  ['memory', async () => new MemoryBlobStore()],
])('the %s blob store', (_, newBlobs) => {
  test('gives back what was written', async () => {
    const blobs = await newBlobs();
    await blobs.write(hello, bytesOf('hello', 2));
    expect([await blobs.has(hello), await textOf(blobs.read(hello))]).toEqual([true, 'hello']);
  });

  test('takes an empty blob', async () => {
    const blobs = await newBlobs();
    const empty = describeBytes('');
    await blobs.write(empty, bytesOf(''));
    expect([await blobs.has(empty), await textOf(blobs.read(empty))]).toEqual([true, '']);
  });

  test.each([1, 4095, 1 << 20, 3_000_000])(
    'keeps 3 MB written in chunks of %i bytes',
    async chunk => {
      const blobs = await newBlobs();
      const content = randomBytes(chunk === 1 ? 3000 : 3_000_000);
      const blob = describeBytes(content);
      await blobs.write(blob, bytesOf(content, chunk));
      expect((await collect(blobs.read(blob))).equals(content)).toBe(true);
    },
  );

  test.each(['hellO', 'hell', 'hello!', ''])(
    'refuses %j as the content of "hello" and keeps nothing of it',
    async content => {
      const blobs = await newBlobs();
      const actual = describeBytes(content);
      expect(await failureFrom(blobs.write(hello, bytesOf(content)))).toEqual({
        code: 'blob-mismatch',
        expected: hello.digest,
        expectedSize: 5,
        actual: actual.digest,
        actualSize: actual.size,
      });
      expect([await blobs.has(hello), await blobs.has(actual)]).toEqual([false, false]);
    },
  );

  test('stops reading a source that gives more than it promised', async () => {
    const blobs = await newBlobs();
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 1;
        yield Buffer.alloc(1000);
      }
    }
    const failure = await failureFrom(blobs.write(hello, endless()));
    expect([failure.code, given]).toEqual(['blob-mismatch', 1]);
  });

  test('writes the same content twice, also at once', async () => {
    const blobs = await newBlobs();
    await Promise.all([1, 2, 3].map(() => blobs.write(hello, bytesOf('hello', 1))));
    await blobs.write(hello, bytesOf('hello'));
    expect(await textOf(blobs.read(hello))).toBe('hello');
  });

  test('says that a blob is missing', async () => {
    const blobs = await newBlobs();
    expect(await blobs.has(hello)).toBe(false);
    expect(await failureFrom(collect(blobs.read(hello)))).toEqual({
      code: 'blob-missing',
      digest: hello.digest,
    });
  });

  test('does not have a blob under a descriptor with another size', async () => {
    const blobs = await newBlobs();
    await blobs.write(hello, bytesOf('hello'));
    const wrong = { ...hello, size: 6 };
    const failure = await failureFrom(collect(blobs.read(wrong)));
    expect([await blobs.has(wrong), failure.code, await blobs.has(hello)]).toEqual([
      false,
      'blob-mismatch',
      true,
    ]);
  });

  test('names an ingested blob by its content', async () => {
    const blobs = await newBlobs();
    const ingest = await blobs.ingest();
    const chunk = Buffer.from('hel');
    await ingest.write(chunk);
    chunk.fill(0);
    await ingest.write(Buffer.from('lo'));
    expect(await ingest.commit()).toEqual({ digest: hello.digest, size: 5 });
    await ingest.abort();
    expect(await textOf(blobs.read(hello))).toBe('hello');
  });

  test('forgets an ingest that was aborted', async () => {
    const blobs = await newBlobs();
    const ingest = await blobs.ingest();
    await ingest.write(Buffer.from('hello'));
    await ingest.abort();
    await ingest.abort();
    expect(await blobs.has(hello)).toBe(false);
  });

  test('stops a write at once when it is cancelled, though the source hangs', async () => {
    const blobs = await newBlobs();
    const controller = new AbortController();
    async function* hanging() {
      yield Buffer.from('hel');
      setTimeout(() => controller.abort(), 5);
      await new Promise(() => undefined);
    }
    const failure = await failureFrom(blobs.write(hello, hanging(), controller.signal));
    expect([failure, await blobs.has(hello)]).toEqual([{ code: 'cancelled' }, false]);
  });

  test('does nothing for a signal that is aborted already', async () => {
    const blobs = await newBlobs();
    await blobs.write(hello, bytesOf('hello'));
    const signal = AbortSignal.abort();
    const failures = await Promise.all([
      failureFrom(blobs.has(hello, signal)),
      failureFrom(collect(blobs.read(hello, signal))),
      failureFrom(blobs.write(hello, bytesOf('hello'), signal)),
    ]);
    expect(failures).toEqual([{ code: 'cancelled' }, { code: 'cancelled' }, { code: 'cancelled' }]);
  });

  test('passes on the error of a source that breaks', async () => {
    const blobs = await newBlobs();
    async function* broken() {
      yield Buffer.from('hel');
      throw new Error('line cut');
    }
    await expect(blobs.write(hello, broken())).rejects.toThrow('line cut');
    expect(await blobs.has(hello)).toBe(false);
  });
});
