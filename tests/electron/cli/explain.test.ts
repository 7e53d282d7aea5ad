import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWorkplace, type Workplace } from './process.ts';

let place: Workplace;
beforeAll(async () => {
  place = await newWorkplace();
});
afterAll(async () => await place.remove());

test('layerwright explain tells cause, remedy and source of a code', async () => {
  const { code, out } = await place.run(['explain', '0xc0370101']);
  expect(out).toContain('The image is for another build of Windows than the host');
  expect(out).toMatch(/why: .*\n.*do: /);
  expect(code).toBe(0);
  expect((await place.run(['explain', '--', '-1073741515'])).out).toContain('DLL');
});

test('layerwright explain takes a small number alone for an exit code, and a log from standard input', async () => {
  expect((await place.run(['explain', '3010'])).out).toContain('restart');
  const { out } = await place.run(['explain', '--json'], { input: 'fine\nexit code: 1603\n' });
  expect(JSON.parse(out)).toMatchObject([{ name: 'installer-fatal', evidence: 'exit code: 1603' }]);
});

test('layerwright explain says when nothing is known, and fails', async () => {
  const { code, err } = await place.run(['explain', 'all', 'is', 'well']);
  expect(code).toBe(1);
  expect(err).toContain('Nothing is known');
});
