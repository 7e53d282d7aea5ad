import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWorkplace, type Workplace } from './process.ts';

const example = path.resolve(import.meta.dirname, '../../../examples/pipeline');
let place: Workplace;

beforeAll(async () => {
  place = await newWorkplace();
  await cp(example, path.join(place.dir, 'shop'), { recursive: true });
});
afterAll(() => place.remove());

test('a pipeline builds its images in order, each on what was built before', async () => {
  const plan = await place.run(['pipeline', '--plan', 'shop/ZPipeline.yaml']);
  expect(plan.out).toMatch(/1 +base .*\n2 +web .*\n2 +tools /);

  const built = await place.run(['pipeline', '--json', 'shop/ZPipeline.yaml']);
  expect(built).toMatchObject({ code: 0 });
  const result: unknown = JSON.parse(built.out);
  expect(result).toMatchObject({
    status: 'succeeded',
    images: [
      { image: 'base', kind: 'built', tags: ['example.com/shop/base:ltsc2022'] },
      { image: 'web', kind: 'built' },
      { image: 'tools', kind: 'built' },
    ],
  });
  expect(built.err.indexOf('[base]  DONE')).toBeLessThan(built.err.indexOf('[web]   build'));

  const inspected = await place.run(['inspect', '--json', 'example.com/shop/web:ltsc2022']);
  expect(inspected.out).toContain('Example Shop');
});

test('a ZImagefile is built and converted by its name, with errors at its lines', async () => {
  const file = 'shop/ZImagefile.base';
  const built = await place.run([
    'build',
    '-q',
    '-f',
    file,
    '--build-arg',
    'LTSC=ltsc2022',
    '-t',
    'from-zimage:1',
    'shop',
  ]);
  expect(built).toMatchObject({ code: 0 });
  const converted = await place.run(['convert', '--set', 'LTSC=ltsc2022', file]);
  expect(converted.out).toContain('FROM layerwright.local/windows/nanoserver:ltsc2022\n');
  expect(await place.run(['convert', file, '-o', 'made'])).toMatchObject({ code: 0 });
  expect(await place.run(['convert', file, '-o', 'made'])).toMatchObject({ code: 1 });
  expect(await readFile(path.join(place.dir, 'made'), 'utf8')).toContain('${LTSC}');

  await writeFile(path.join(place.dir, 'shop/ZImagefile.bad'), 'base: x\nsteps:\n  - copy: a\n');
  const bad = await place.run(['build', '-f', 'shop/ZImagefile.bad', 'shop']);
  expect(bad.code).toBe(3);
  expect(bad.err).toContain('ZImagefile.bad:3:5: copy needs a source and a place');
  expect(await place.run(['convert', 'shop/ZImagefile.bad'])).toMatchObject({ code: 3, out: '' });
});

test('an image that fails stops the pipeline with exit code 1, and a faulty file with 3', async () => {
  const pipeline = 'images:\n  a: { file: none }\n  b: { file: none, depends_on: [a] }\n';
  await writeFile(path.join(place.dir, 'shop/ZPipeline.broken.yaml'), pipeline);
  const failed = await place.run(['pipeline', 'shop/ZPipeline.broken.yaml']);
  expect(failed.code).toBe(1);
  expect(failed.out).toContain('b: not built, because a failed');

  await writeFile(path.join(place.dir, 'shop/ZPipeline.bad.yaml'), 'images:\n  a: { fil: x }\n');
  const bad = await place.run(['pipeline', 'shop/ZPipeline.bad.yaml']);
  expect(bad.code).toBe(3);
  expect(bad.err).toContain('ZPipeline.bad.yaml:2:8');
  expect(await place.run(['pipeline', '--image', 'x', 'shop/ZPipeline.yaml'])).toMatchObject({
    code: 2,
  });
});

test('without a Dockerfile the ZImagefile that is there is built, and all are linted by their names', async () => {
  const zimage = 'base: layerwright.local/windows/nanoserver:ltsc2022\ncmd: [a.exe]\n';
  await place.files({
    'one/ZImagefile.web': zimage,
    'two/ZImagefile.a': zimage,
    'two/ZImagefile.b': zimage,
  });
  expect(await place.run(['plan', 'one'])).toMatchObject({ code: 0 });
  const two = await place.run(['build', '-q', 'two']);
  expect(two.code).toBe(2);
  expect(two.err).toContain('ZImagefile.a, ZImagefile.b');

  const linted = await place.run(['lint', 'one/ZImagefile.web', 'shop/ZPipeline.bad.yaml']);
  expect(linted.code).toBe(1);
  expect(linted.out).toContain(
    'shop/ZPipeline.bad.yaml:2:8: error: The image a has no field "fil"',
  );
  expect(linted.out).not.toContain('ZImagefile.web');
});
