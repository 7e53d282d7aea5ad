import { describe, expect, test } from 'vitest';
import { createDocumentCache } from '../../../../electron/engine/remote/document-cache.ts';
import { createNameLists } from '../../../../electron/engine/remote/name-lists.ts';
import type { RegistryReader } from '../../../../electron/engine/registry/registry-client.ts';
import { sha256Digest } from '../../../../shared/oci/digest.ts';

/** A registry that counts how often it is asked. */
function registryWith(names: Iterable<string>) {
  let asked = 0;
  async function* list(): AsyncIterable<string> {
    asked += 1;
    yield* names;
  }
  const client = { catalog: list, tags: list } as Pick<RegistryReader, 'catalog' | 'tags'>;
  return { client: client as RegistryReader, asked: () => asked };
}

const query = { search: '', offset: 0, limit: 10, fresh: false };
const repository = { registry: 'a.example', repository: 'b' };

describe('lists of names', () => {
  test('are asked for once in some minutes, and anew when that is wanted', async () => {
    let now = 0;
    const { client, asked } = registryWith(['1', '2']);
    const lists = createNameLists(() => now);
    await Promise.all([
      lists.tags(client, repository, query),
      lists.tags(client, repository, query),
    ]);
    await lists.tags(client, repository, query);
    expect(asked()).toBe(1);
    await lists.tags(client, repository, { ...query, fresh: true });
    now += 6 * 60_000;
    await lists.tags(client, repository, query);
    lists.clear();
    await lists.tags(client, repository, query);
    expect(asked()).toBe(4);
  });

  test('are searched by words and given in pages, tags with the newest first', async () => {
    const { client } = registryWith(['ltsc2022', '1.2', '1.10', 'latest', 'ltsc2025', '1.2']);
    const lists = createNameLists();
    expect(await lists.tags(client, repository, { ...query, limit: 3, offset: 1 })).toEqual({
      names: ['ltsc2025', 'ltsc2022', '1.10'],
      total: 5,
      cut: false,
    });
    const found = await lists.repositories(client, 'a.example', { ...query, search: 'LT 25' });
    expect(found).toEqual({ names: ['ltsc2025'], total: 1, cut: false });
  });

  test('end somewhere, even if the registry never does', async () => {
    function* endless() {
      for (let count = 0; ; count++) yield `tag-${count}`;
    }
    const { client } = registryWith({ [Symbol.iterator]: endless });
    const page = await createNameLists().tags(client, repository, query);
    expect(page).toMatchObject({ total: 50_000, cut: true });
  });
});

test('documents that were not looked at for longest go first', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(digit => sha256Digest(digit.repeat(64)));
  if (a === undefined || b === undefined || c === undefined) throw new Error('no digests');
  const cache = createDocumentCache(20);
  cache.put(a, new Uint8Array(8));
  cache.put(b, new Uint8Array(8));
  cache.get(a);
  cache.put(c, new Uint8Array(8));
  expect([a, b, c].map(digest => cache.get(digest)?.byteLength)).toEqual([8, undefined, 8]);
  cache.put(b, new Uint8Array(21));
  expect(cache.get(b)).toBeUndefined();
});
