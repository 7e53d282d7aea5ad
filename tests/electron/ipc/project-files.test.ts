import { mkdir, readFile, readdir, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createDrafts } from '../../../electron/ipc/project/drafts.ts';
import { listEditableFiles } from '../../../electron/ipc/project/editable-files.ts';
import { createProjectFiles } from '../../../electron/ipc/project/project-files.ts';
import { tempDir } from '../../support/temp-dir.ts';

async function project(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const dir = await tempDir();
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
    await writeFile(path.join(dir, file), content);
  }
  return { dir, files: createProjectFiles(dir) };
}

test('lists Dockerfiles and .dockerignore files, the Dockerfile first', async () => {
  const { dir } = await project({
    Dockerfile: '',
    '.dockerignore': '',
    'web.Dockerfile': '',
    'Dockerfile.dev': '',
    'docker/Dockerfile': '',
    'node_modules/x/Dockerfile': '',
    'src/main.cs': '',
    'Dockerfile-notes.txt': '',
  });
  expect(await listEditableFiles(dir)).toEqual([
    'Dockerfile',
    '.dockerignore',
    'Dockerfile.dev',
    'web.Dockerfile',
    'docker/Dockerfile',
  ]);
});

test('writes what replaces the version that was read, and leaves nothing beside it', async () => {
  const { dir, files } = await project({ Dockerfile: 'FROM a\r\n' });
  const { text, version } = await files.read('Dockerfile');
  const next = await files.write('Dockerfile', `${text}RUN b\r\n`, version);
  expect(await readFile(path.join(dir, 'Dockerfile'), 'utf8')).toBe('FROM a\r\nRUN b\r\n');
  expect(await files.read('Dockerfile')).toEqual({ text: 'FROM a\r\nRUN b\r\n', version: next });
  expect(await readdir(dir)).toEqual(['Dockerfile']);
});

test('does not overwrite what another program has written in between', async () => {
  const { dir, files } = await project({ Dockerfile: 'FROM a' });
  const { version } = await files.read('Dockerfile');
  await writeFile(path.join(dir, 'Dockerfile'), 'FROM theirs');
  await expect(files.write('Dockerfile', 'FROM mine', version)).rejects.toMatchObject({
    failure: { code: 'file-changed' },
  });
  expect(await readFile(path.join(dir, 'Dockerfile'), 'utf8')).toBe('FROM theirs');
});

test('makes a file that is not there yet', async () => {
  const { files } = await project();
  const { version } = await files.read('.dockerignore');
  await files.write('.dockerignore', '*.log\n', version);
  expect((await files.read('.dockerignore')).text).toBe('*.log\n');
});

test('keeps a byte order mark out of the text and in the file', async () => {
  const { dir, files } = await project({ Dockerfile: '\ufeffFROM a' });
  const { text, version } = await files.read('Dockerfile');
  expect(text).toBe('FROM a');
  await files.write('Dockerfile', 'FROM b', version);
  expect(await readFile(path.join(dir, 'Dockerfile'), 'utf8')).toBe('\ufeffFROM b');
});

test('says plainly that a file is not text, or too large to edit', async () => {
  const { dir, files } = await project({
    Dockerfile: new Uint8Array([0xff, 0xfe, 0]),
    'big.Dockerfile': '',
  });
  await truncate(path.join(dir, 'big.Dockerfile'), 17 * 1024 * 1024);
  await expect(files.read('Dockerfile')).rejects.toMatchObject({
    failure: { code: 'file-not-text' },
  });
  await expect(files.read('big.Dockerfile')).rejects.toMatchObject({
    failure: { code: 'file-too-large' },
  });
});

test.each([
  '../Dockerfile',
  '/etc/Dockerfile',
  'a/../../Dockerfile',
  'a\\Dockerfile',
  'C:Dockerfile',
  'Dockerfile\0',
  './Dockerfile',
  'package.json',
  'run.sh',
])('neither reads nor writes %j', async file => {
  const { files } = await project();
  const refusal = { failure: { code: 'bad-request', field: 'file' } };
  await expect(files.read(file)).rejects.toMatchObject(refusal);
  await expect(files.write(file, 'x', '')).rejects.toMatchObject(refusal);
});

test('does not follow a link out of the project', async () => {
  const outside = await project({ Dockerfile: 'secret' });
  const { dir, files } = await project();
  await symlink(path.join(outside.dir, 'Dockerfile'), path.join(dir, 'Dockerfile'));
  await symlink(outside.dir, path.join(dir, 'linked'));
  for (const file of ['Dockerfile', 'linked/Dockerfile']) {
    await expect(files.read(file)).rejects.toMatchObject({ failure: { code: 'path-refused' } });
    await expect(files.write(file, 'x', '')).rejects.toMatchObject({
      failure: { code: 'path-refused' },
    });
  }
  expect(await readFile(path.join(outside.dir, 'Dockerfile'), 'utf8')).toBe('secret');
});

test('keeps a draft per project and file until it is discarded, whatever the file holds', async () => {
  const drafts = createDrafts(path.join(await tempDir(), 'drafts'));
  await Promise.all(['x', 'y', 'z'].map(text => drafts.save('/one', 'Dockerfile', text)));
  await drafts.save('/one', 'Dockerfile', 'mine');
  await drafts.save('/two', 'Dockerfile', 'other');
  await drafts.discard('/two', 'Dockerfile');
  expect(await drafts.read('/one', 'Dockerfile')).toBe('mine');
  expect(await drafts.read('/two', 'Dockerfile')).toBeUndefined();
});
