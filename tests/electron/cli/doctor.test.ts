import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWorkplace, type Workplace } from './process.ts';

let place: Workplace;
beforeAll(async () => {
  place = await newWorkplace();
});
afterAll(async () => await place.remove());

test('layerwright doctor says what works here and why, and what every check found', async () => {
  const { code, out } = await place.run(['doctor']);
  expect(out).toMatch(/^\w+ builds everything but RUN, with the portable backend/);
  expect(out).toMatch(/\nok +Store +\S+/);
  expect(out).toMatch(/\nok +Node\.js +v24/);
  expect(code).toBe(0);
});

test('layerwright doctor --json has the same for programs', async () => {
  const { code, out } = await place.run(['doctor', '--json']);
  expect(JSON.parse(out)).toMatchObject({
    canRun: false,
    checks: expect.arrayContaining([expect.objectContaining({ check: 'store', state: 'ok' })]),
  });
  expect(code).toBe(0);
});

test('layerwright doctor fails where a store cannot be written, and says what to do', async () => {
  const { code, out } = await place.run(['--store', '/proc/layerwright', 'doctor']);
  expect(out).toMatch(/problem +Store/);
  expect(out).toContain('What to do: Make the folder writable');
  expect(code).toBe(1);
});
