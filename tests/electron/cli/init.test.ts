import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWorkplace, type Workplace } from './process.ts';

let place: Workplace;

beforeAll(async () => {
  place = await newWorkplace();
  await place.files({
    'shop/go.mod': 'module acme/shop\n\ngo 1.25\n',
    'shop/main.go': 'package main\n',
    'empty/notes.txt': '',
  });
});
afterAll(() => place.remove());

test('init writes a Dockerfile for what it found, says why, and does not write it twice', async () => {
  const made = await place.run(['init', 'shop']);
  expect(made).toMatchObject({ code: 0 });
  expect(made.err).toContain('Go 1.25, from go.mod.');
  expect(made.out).toContain('wrote shop/Dockerfile');
  const text = await readFile(path.join(place.dir, 'shop/Dockerfile'), 'utf8');
  expect(text).toContain('go build -trimpath -ldflags="-s -w" -o shop.exe .');

  const again = await place.run(['init', 'shop']);
  expect(again).toMatchObject({ code: 1 });
  expect(again.err).toContain('exists already');

  const forced = await place.run(['init', 'shop', '--force', '--no-run', '--json']);
  expect(JSON.parse(forced.out)).toMatchObject({ template: 'nanoserver-exe', needsRun: false });
  expect(await readdir(path.join(place.dir, 'shop'))).toContain('Dockerfile.old');
});

test('init --print writes no file', async () => {
  const printed = await place.run(['init', 'empty', '--template', 'static-site', '--print']);
  expect(printed.code).toBe(0);
  expect(printed.out).toMatch(/^# escape=`\n/);
  expect(await readdir(path.join(place.dir, 'empty'))).toEqual(['notes.txt']);
});

test('init says what to do where nothing tells what a folder is', async () => {
  const nothing = await place.run(['init', 'empty']);
  expect(nothing).toMatchObject({ code: 1, out: '' });
  expect(nothing.err).toContain('--template');
  const wrong = await place.run(['init', 'empty', '--template', 'cobol']);
  expect(wrong).toMatchObject({ code: 2 });
});
