import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listContextPaths } from '../../../electron/ipc/project/context-paths.ts';
import { newTempDir } from '../../support/temp-dir.ts';

let dir: string;
let outside: string;

beforeEach(async () => {
  [dir, outside] = [await newTempDir(), await newTempDir()];
  await mkdir(path.join(dir, 'src/bin'), { recursive: true });
  await mkdir(path.join(dir, 'logs'));
  const files = [
    'Dockerfile',
    'app.exe',
    'src/main.c',
    'src/bin/out.o',
    'logs/a.log',
    'logs/keep.log',
  ];
  for (const file of files) await writeFile(path.join(dir, file), '');
});
afterEach(async () => {
  for (const made of [dir, outside]) await rm(made, { recursive: true, force: true });
});

async function names(directory: string, file = 'Dockerfile'): Promise<string[]> {
  const { entries } = await listContextPaths(dir, { file, directory });
  return entries.map(({ name, kind }) => (kind === 'directory' ? `${name}/` : name));
}

test('lists folders and files in the order of their names', async () => {
  expect(await names('')).toEqual(['Dockerfile', 'app.exe', 'logs/', 'src/']);
  expect(await names('src')).toEqual(['bin/', 'main.c']);
});

test('leaves out what .dockerignore does, but not what it brings back', async () => {
  await writeFile(path.join(dir, '.dockerignore'), 'logs\n!logs/keep.log\n**/bin\n*.exe\n');
  expect(await names('')).toEqual(['.dockerignore', 'Dockerfile', 'logs/', 'src/']);
  expect(await names('logs')).toEqual(['keep.log']);
  expect(await names('src')).toEqual(['main.c']);
});

test("obeys the Dockerfile's own ignore file first", async () => {
  await writeFile(path.join(dir, '.dockerignore'), 'src\n');
  await writeFile(path.join(dir, 'Dockerfile.dockerignore'), 'logs\n');
  expect(await names('')).toContain('src/');
  expect(await names('')).not.toContain('logs/');
  expect(await names('', 'web.Dockerfile')).toContain('logs/');
});

test('follows links inside of the context and none out of it', async () => {
  await symlink(path.join(dir, 'src'), path.join(dir, 'inner'));
  await symlink(outside, path.join(dir, 'outer'));
  expect(await names('inner')).toEqual(['bin/', 'main.c']);
  await expect(names('outer')).rejects.toMatchObject({ failure: { code: 'path-refused' } });
});

test.each(['..', 'src/../..', '/etc', 'src//bin', 'a\\b', 'C:', 'src/.', 'a\0b'])(
  'refuses %j as a folder, and as a Dockerfile',
  async odd => {
    const refused = { failure: { code: 'bad-request' } };
    await expect(names(odd)).rejects.toMatchObject(refused);
    await expect(names('', odd)).rejects.toMatchObject(refused);
  },
);

test('says that a folder which is not there cannot be listed', async () => {
  const missing = { failure: { code: 'file-system', errno: 'ENOENT' } };
  await expect(names('nothing')).rejects.toMatchObject(missing);
});

test('lists a thousand names of a large folder, and says that there are more', async () => {
  await mkdir(path.join(dir, 'many'));
  const made = Array.from({ length: 1100 }, async (_, at) =>
    writeFile(path.join(dir, 'many', `f${at}`), ''),
  );
  await Promise.all(made);
  const { entries, isCut } = await listContextPaths(dir, { file: 'Dockerfile', directory: 'many' });
  expect([entries.length, isCut]).toEqual([1000, true]);
});
