import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createGrants } from '../../../electron/ipc/grants.ts';
import { tempDir } from '../../support/temp-dir.ts';

const refusal = { failure: { code: 'path-refused' } };

async function opened() {
  const dir = await tempDir();
  await mkdir(path.join(dir, 'open/below'), { recursive: true });
  await mkdir(path.join(dir, 'opened-not'));
  await writeFile(path.join(dir, 'secret'), '');
  await symlink('../secret', path.join(dir, 'open/link-out'));
  await symlink('..', path.join(dir, 'open/dir-out'));
  const grants = createGrants();
  await grants.grant(path.join(dir, 'open'));
  return { dir, grants };
}

test.each(['open', 'open/below', 'open/new/file.tar', 'open/below/../below'])(
  'allows %s in a folder that was opened',
  async file => {
    const { dir, grants } = await opened();
    expect(await grants.check(`${dir}/${file}`)).toBe(path.join(dir, file));
  },
);

test.each(['', 'secret', 'opened-not', 'open/../secret', 'open/link-out', 'open/dir-out/secret'])(
  'refuses %j outside of it',
  async file => {
    const { dir, grants } = await opened();
    await expect(grants.check(`${dir}/${file}`)).rejects.toMatchObject(refusal);
  },
);

test.each(['open', './open', '', 'open\0'])('refuses %j, which is not absolute', async file => {
  const { grants } = await opened();
  await expect(grants.check(file)).rejects.toMatchObject(refusal);
});
