import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPe } from '../../../../../electron/engine/inspect/pe/pe-reader.ts';
import { pagedBytes } from '../../../../../electron/engine/inspect/pe/random-bytes.ts';
import { pieces } from '../../layer/support.ts';

// Libraries that Microsoft's compiler made and npm brought: Node and Bare addons for Windows.
const modules = join(import.meta.dirname, '../../../../../node_modules');
const addons = globSync('**/*win32-x64*{/**,}/*.{node,bare}', { cwd: modules }).sort();

/** Libraries in the import table, as GNU binutils read it; they do not follow delayed imports. */
function importsByObjdump(path: string): string[] {
  const text = execFileSync('objdump', ['-p', path], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return [...text.matchAll(/^\s*DLL Name: (.*)$/gm)].map(([, name]) => name ?? '').sort();
}

test('real libraries for Windows are read as objdump reads them', async () => {
  expect(addons.length).toBeGreaterThan(2);
  for (const addon of addons) {
    const path = join(modules, addon);
    const bytes = readFileSync(path);
    const reading = await readPe(
      pagedBytes(bytes.length, (at, length) => pieces(bytes.subarray(at, at + length))),
    );
    if (reading.kind !== 'pe') throw new Error(`${addon}: ${JSON.stringify(reading)}`);
    const { architecture, imports, isLibrary } = reading.facts;
    expect({ addon, architecture, isLibrary }).toEqual({
      addon,
      architecture: 'amd64',
      isLibrary: true,
    });
    const atOnce = imports.filter(({ delayed }) => !delayed).map(({ library }) => library);
    expect({ addon, imports: atOnce.sort() }).toEqual({ addon, imports: importsByObjdump(path) });
  }
});

test('addons load the program that they are loaded by late, so that it may have any name', async () => {
  const delayed = new Set<string>();
  for (const addon of addons) {
    const bytes = readFileSync(join(modules, addon));
    const reading = await readPe(
      pagedBytes(bytes.length, (at, length) => pieces(bytes.subarray(at, at + length))),
    );
    if (reading.kind !== 'pe') continue;
    for (const each of reading.facts.imports) if (each.delayed) delayed.add(each.library);
  }
  expect([...delayed]).toContain('bare.exe');
});
