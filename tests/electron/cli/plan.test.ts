import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWorkplace, type Workplace } from './process.ts';

let place: Workplace;

beforeAll(async () => {
  place = await newWorkplace();
  await place.files({
    'good/Dockerfile':
      'FROM layerwright.local/windows/nanoserver:ltsc2022\nCOPY a.txt C:/\nCMD ["a.exe", "b c"]\n',
    'good/a.txt': 'a',
    'bad/Dockerfile': 'FROM layerwright.local/windows/nanoserver:ltsc2022\nCOPY gone C:/\n',
  });
});
afterAll(() => place.remove());

test('plan tells what a build would do, and what its programs start with', async () => {
  const { code, out } = await place.run(['plan', '--commands', 'good']);
  expect(code).toBe(0);
  expect(out).toContain('backend: portable');
  expect(out).toContain('sample, to be made');
  expect(out).toContain('CMD in line 3 starts: a.exe "b c"');
  expect(out).toContain('  arguments: b c');
  expect(out).toContain('Nothing stands in the way');
});

test('plan fails where something stands in the way, in text as in JSON', async () => {
  const text = await place.run(['plan', 'bad']);
  expect(text.code).toBe(1);
  expect(text.out).toContain('error: bad/Dockerfile:2:1: "gone" is not in the build context.');
  const json = await place.run(['plan', '--json', 'bad']);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({
    findings: [{ severity: 'error', check: 'context', path: 'gone' }],
  });
});

test('plan reads a Dockerfile from standard input, and says where there is none', async () => {
  const input = 'FROM layerwright.local/windows/nanoserver:ltsc2022\n';
  expect(await place.run(['plan', '-f', '-', 'good'], { input })).toMatchObject({ code: 0 });
  const none = await place.run(['plan', 'nowhere']);
  expect(none).toMatchObject({ code: 1, out: '' });
  expect(none.err).toContain('nowhere');
});
