import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createGrants } from '../../../electron/ipc/grants.ts';
import { checkPaths } from '../../../electron/ipc/handlers/build.ts';
import { buildRequestSchema, type BuildRequestInput } from '../../../shared/ipc/build-request.ts';
import { tempDir } from '../engine/build/folder.ts';

test('a build from the window reads and writes caches only in folders that were opened', async () => {
  await using temp = await tempDir();
  const contextDir = path.join(temp.dir, 'project');
  await mkdir(contextDir);
  const grants = createGrants();
  await grants.grant(contextDir);
  const check = async (more: Partial<BuildRequestInput>) =>
    await checkPaths(buildRequestSchema.parse({ contextDir, ...more }), grants);
  const inside = { type: 'local', dir: path.join(contextDir, 'cache') } as const;
  const outside = { type: 'local', dir: path.join(temp.dir, 'elsewhere') } as const;
  await check({ cacheFrom: [inside], cacheTo: [{ place: inside }] });
  await check({ cacheFrom: [{ type: 'registry', ref: 'acme/shop:cache' }] });
  for (const wish of [{ cacheFrom: [outside] }, { cacheTo: [{ place: outside }] }]) {
    await expect(check(wish)).rejects.toMatchObject({ failure: { code: 'path-refused' } });
  }
});
