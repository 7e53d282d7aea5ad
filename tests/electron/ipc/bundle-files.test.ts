import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readBundleFile } from '../../../electron/ipc/bundle-files.ts';
import { tempDir } from '../../support/temp-dir.ts';

async function bundle() {
  const dir = await tempDir();
  await mkdir(path.join(dir, 'renderer/assets'), { recursive: true });
  await writeFile(path.join(dir, 'renderer/index.html'), '<p>');
  await writeFile(path.join(dir, 'renderer/assets/a.js'), '1');
  await writeFile(path.join(dir, 'renderer/.env.js'), 'secret');
  await writeFile(path.join(dir, 'secret.js'), 'secret');
  await symlink('../../secret.js', path.join(dir, 'renderer/assets/link.js'));
  return path.join(dir, 'renderer');
}

test.each([
  ['/', 'text/html; charset=utf-8'],
  ['/index.html', 'text/html; charset=utf-8'],
  ['/assets/a.js', 'text/javascript; charset=utf-8'],
])('gives %s as %s', async (urlPath, contentType) => {
  expect(await readBundleFile(await bundle(), urlPath)).toMatchObject({ contentType });
});

test.each([
  '/../secret.js',
  '/assets/../../secret.js',
  '/%2e%2e/secret.js',
  '/..%2fsecret.js',
  '/%252e%252e/secret.js',
  '/..\\secret.js',
  '/..%5csecret.js',
  '//secret.js',
  '/C:/secret.js',
  '/assets/a.js%00.html',
  '/assets/link.js',
  '/.env.js',
  '/assets',
  '/assets/',
  '/%',
  'index.html',
  '',
  `/${'a'.repeat(5000)}.js`,
])('gives nothing for %j', async urlPath => {
  expect(await readBundleFile(await bundle(), urlPath)).toBeUndefined();
});
