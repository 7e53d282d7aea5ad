import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeDockerfile, type GoldenOptions } from './describe-dockerfile.ts';

const root = path.resolve(import.meta.dirname, '../../fixtures/dockerfile');
const cases = readdirSync(root, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name);

/** Set it to write what the code says now, and then read every change before it is committed. */
const updating = process.env['LAYERWRIGHT_UPDATE_GOLDENS'] === '1';

function described(name: string): unknown {
  const options = path.join(root, name, 'options.json');
  const parsed: GoldenOptions = existsSync(options)
    ? JSON.parse(readFileSync(options, 'utf8'))
    : {};
  const text = readFileSync(path.join(root, name, 'Dockerfile'), 'utf8');
  return JSON.parse(JSON.stringify(describeDockerfile(text, parsed)));
}

describe('a Dockerfile in a golden folder is understood as written down there', () => {
  test('there are at least 150 of them, a third of them wrong', () => {
    const wrong = cases.filter(name =>
      /"error \d/.test(readFileSync(path.join(root, name, 'expected.json'), 'utf8')),
    );
    expect(cases.length).toBeGreaterThanOrEqual(150);
    expect(wrong.length).toBeGreaterThanOrEqual(cases.length / 3);
  });

  test.each(cases)('%s', name => {
    const expected = path.join(root, name, 'expected.json');
    const actual = described(name);
    if (updating) writeFileSync(expected, `${JSON.stringify(actual, null, 2)}\n`);
    expect(actual).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });
});
