import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { describeBytes, failureFrom, newStore } from './helpers.ts';

const [a, b] = [describeBytes('a'), describeBytes('b')];

describe('the names of a store', () => {
  test('are full references in the annotations that containerd and skopeo read', async () => {
    const { dir, names } = await newStore();
    await names.set('hello', { ...a, annotations: { kept: 'yes' } });
    const index: unknown = JSON.parse(await readFile(join(dir, 'index.json'), 'utf8'));
    const name = 'docker.io/library/hello:latest';
    expect(index).toEqual({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: [
        {
          ...a,
          annotations: {
            kept: 'yes',
            'io.containerd.image.name': name,
            'org.opencontainers.image.ref.name': name,
          },
        },
      ],
    });
    expect(await names.list()).toEqual([
      { reference: name, descriptor: { ...a, annotations: { kept: 'yes' } } },
    ]);
  });

  test('find an image by name, by digest and by both', async () => {
    const { names } = await newStore();
    await names.set('me/app:1', a);
    await names.set('me/app:2', b);
    const found = await Promise.all(
      ['me/app:1', 'docker.io/me/app:2', a.digest, `me/app@${b.digest}`].map(text =>
        names.resolve(text),
      ),
    );
    expect(found).toEqual([a, b, a, b]);
    for (const reference of ['me/app', `other@${b.digest}`, describeBytes('c').digest]) {
      expect(await failureFrom(names.resolve(reference))).toEqual({
        code: 'image-missing',
        reference,
      });
    }
    expect((await failureFrom(names.resolve('NO'))).code).toBe('reference-invalid');
  });

  test('move to another image, and leave the others alone', async () => {
    const { names } = await newStore();
    await names.set('app:1', a);
    await names.set('app:2', a);
    await names.set('app:1', b);
    expect(await names.list()).toEqual([
      { reference: 'docker.io/library/app:2', descriptor: a },
      { reference: 'docker.io/library/app:1', descriptor: b },
    ]);
  });

  test('take the place of the nameless entry of an image', async () => {
    const { names } = await newStore();
    await names.set(undefined, a);
    await names.set(undefined, a);
    expect(await names.list()).toEqual([{ descriptor: a }]);
    await names.set('app', a);
    await names.set(undefined, a);
    expect(await names.list()).toEqual([
      { reference: 'docker.io/library/app:latest', descriptor: a },
    ]);
  });

  test('are removed one by one, or by digest all at once', async () => {
    const { names } = await newStore();
    for (const tag of ['app:1', 'app:2', 'app:3']) await names.set(tag, a);
    const [one] = await names.remove('app:1');
    expect(one?.reference).toBe('docker.io/library/app:1');
    expect(await names.remove(a.digest)).toHaveLength(2);
    expect(await names.list()).toEqual([]);
    expect((await failureFrom(names.remove('app:1'))).code).toBe('image-missing');
  });

  test('keep the fields and entries of other tools', async () => {
    const { dir, names } = await newStore();
    const foreign = { ...a, annotations: { 'org.opencontainers.image.ref.name': 'Some Name!' } };
    await writeFile(
      join(dir, 'index.json'),
      JSON.stringify({ schemaVersion: 2, manifests: [foreign], 'x-tool': 1 }),
    );
    await names.set('app', b);
    const index: unknown = JSON.parse(await readFile(join(dir, 'index.json'), 'utf8'));
    expect(index).toMatchObject({ 'x-tool': 1, manifests: [foreign, b] });
  });

  test('lose no change when many are made at once', async () => {
    const { names } = await newStore();
    await Promise.all(Array.from({ length: 20 }, (_, i) => names.set(`app:${i}`, a)));
    expect(await names.list()).toHaveLength(20);
  });

  test('do not change while the caller has cancelled', async () => {
    const { names, lock } = await newStore();
    using _ = await lock.names();
    const waiting = names.set('app', a, AbortSignal.timeout(20));
    expect(await failureFrom(waiting)).toEqual({ code: 'cancelled' });
    expect(await names.list()).toEqual([]);
  });
});
