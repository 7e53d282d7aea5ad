import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startDockerRegistry } from '../../../support/docker-registry.ts';
import { allOf, blobOf, clientFor, contentOf, listOf, pushImage, theTester } from './clients.ts';

describe("Debian's docker-registry", () => {
  test('takes and gives back blobs, manifests, tags and its catalog, and deletes them', async () => {
    await using registry = await startDockerRegistry();
    await using client = clientFor();
    const to = { registry: registry.host, repository: 'win/app' };
    expect(await client.ping(registry.host)).toEqual({ apiVersion: 'registry/2.0' });

    const large = randomBytes(5 * 1024 * 1024);
    for (const bytes of [Buffer.alloc(0), randomBytes(10), randomBytes(100_000), large]) {
      const blob = blobOf(bytes);
      expect(await client.hasBlob(to, blob)).toBe(false);
      const progress: number[] = [];
      await client.uploadBlob(to, blob, contentOf(bytes), {
        onProgress: current => progress.push(current),
      });
      expect(progress.at(-1) ?? 0).toBe(bytes.byteLength);
      expect(await client.hasBlob(to, blob)).toBe(true);
      expect((await allOf(client.readBlob(to, blob, 0))).equals(bytes)).toBe(true);
      const half = bytes.byteLength >> 1;
      const rest = await allOf(client.readBlob(to, blob, half));
      expect(rest.equals(bytes.subarray(half))).toBe(true);
    }

    const other = { registry: registry.host, repository: 'other' };
    expect(await client.mountBlob(other, blobOf(large), to)).toBe(true);
    expect(await client.hasBlob(other, blobOf(large))).toBe(true);
    expect(await client.mountBlob(other, blobOf(randomBytes(3)), to)).toBe(false);
    await client.deleteBlob(other, blobOf(large));
    expect(await client.hasBlob(other, blobOf(large))).toBe(false);

    const manifest = await pushImage(client, to, '1.0');
    const { digest } = manifest.descriptor;
    for (const reference of ['1.0', digest]) {
      expect(await client.manifest(to, reference)).toEqual({
        descriptor: manifest.descriptor,
        bytes: Buffer.from(manifest.bytes),
      });
      expect(await client.headManifest(to, reference)).toEqual(manifest.descriptor);
    }
    expect(await client.headManifest(to, '2.0')).toBeUndefined();
    expect(await listOf(client.tags(to))).toEqual(['1.0']);
    expect(await listOf(client.catalog(registry.host))).toEqual(['other', 'win/app']);
    expect(await client.referrers(to, digest)).toEqual([]);

    await client.deleteManifest(to, digest);
    await expect(client.manifest(to, '1.0')).rejects.toMatchObject({
      failure: { code: 'registry-not-found', repository: 'win/app', reference: '1.0' },
    });
  });

  test.each(['htpasswd', 'token'] as const)('lets us in with %s', async auth => {
    await using registry = await startDockerRegistry({ auth });
    await using client = clientFor({ credentials: theTester });
    const to = { registry: registry.host, repository: 'win/app' };
    await client.ping(registry.host);
    const { descriptor } = await pushImage(client, to, '1.0');
    expect(await client.headManifest(to, '1.0')).toEqual(descriptor);

    await using stranger = clientFor();
    await expect(pushImage(stranger, to, '1.0')).rejects.toMatchObject({
      failure: { code: 'registry-unauthorized', action: 'push' },
    });
  });
});
