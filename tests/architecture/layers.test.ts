import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { layers } from './layers.ts';

const root = path.resolve(import.meta.dirname, '../..');
const sources = ['shared', 'electron', 'renderer'].flatMap(folder =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(ts|tsx|mjs|css)$/.test(file) && !file.endsWith('.d.ts'))
    .map(file => `${folder}/${file.replaceAll('\\', '/')}`),
);

function layerOf(file: string) {
  let best: { length: number; name: string } | undefined;
  for (const { name, folders } of layers) {
    for (const folder of folders) {
      const fits = folder.endsWith('/') ? file.startsWith(folder) : file === folder;
      if (fits && folder.length > (best?.length ?? 0)) best = { length: folder.length, name };
    }
  }
  return layers.find(layer => layer.name === best?.name);
}

/** Every module that a file names: static, dynamic and re-exporting imports, `new URL` workers, CSS imports. */
export function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const patterns = [
    /\b(?:import|export)\s[^;'"`]*?\bfrom\s*['"]([^'"]+)['"]/g,
    // Not the end of a text such as 'bundle.import'.
    /(?<!['".])\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
    /\bnew URL\(\s*['"](\.[^'"]+\.ts)['"]/g,
  ];
  return patterns.flatMap(pattern => [...code.matchAll(pattern)].map(match => match[1] ?? ''));
}

function fitsPackage(specifier: string, allowed: readonly string[]): boolean {
  return allowed.some(name =>
    name.endsWith('*')
      ? specifier.startsWith(name.slice(0, -1))
      : specifier === name || specifier.startsWith(`${name}/`),
  );
}

function strayImports(file: string): string[] {
  const layer = layerOf(file);
  if (!layer || !/\.(ts|tsx|mjs)$/.test(file)) return [];
  return importsOf(readFileSync(path.join(root, file), 'utf8')).filter(specifier => {
    if (!specifier.startsWith('.')) return !fitsPackage(specifier, layer.packages);
    const target = path.posix.join(path.posix.dirname(file), specifier.replace(/\?.*$/, ''));
    if (target.startsWith('resources/')) return false;
    const targetLayer = layerOf(target);
    return (
      !targetLayer || (targetLayer.name !== layer.name && !layer.layers.includes(targetLayer.name))
    );
  });
}

describe('the layers of the architecture', () => {
  test('hold every source file', () => {
    expect(sources.filter(file => !layerOf(file))).toEqual([]);
  });

  test('import only what the table allows', () => {
    const stray = sources.flatMap(file =>
      strayImports(file).map(specifier => `${file} -> ${specifier}`),
    );
    expect(stray).toEqual([]);
  });

  test('have no cycle', () => {
    const state = new Map<string, 'open' | 'done'>();
    const visit = (name: string, path: readonly string[]): void => {
      if (state.get(name) === 'done') return;
      if (state.get(name) === 'open') throw new Error(`cycle: ${[...path, name].join(' -> ')}`);
      state.set(name, 'open');
      const layer = layers.find(candidate => candidate.name === name);
      if (!layer) throw new Error(`${path.at(-1) ?? ''} names the unknown layer ${name}`);
      for (const next of layer.layers) visit(next, [...path, name]);
      state.set(name, 'done');
    };
    for (const { name } of layers) visit(name, []);
    expect([...state.values()].every(value => value === 'done')).toBe(true);
  });

  test('are checked by a reader that sees static, dynamic, re-exporting and side-effect imports', () => {
    const text = `import a from 'a';\nexport { b } from "./b.ts";\nconst c = await import('c');\nimport 'd.css';\nimport type { E } from 'e';\n// import x from 'x'`;
    expect(importsOf(text).toSorted()).toEqual(['./b.ts', 'a', 'c', 'd.css', 'e']);
  });
});
