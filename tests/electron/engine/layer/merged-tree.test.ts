import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inspectChain } from '../../../../electron/engine/inspect/chain-inspector.ts';
import type { LayerIndex } from '../../../../electron/engine/layer/layer-index.ts';
import { createLayerTree } from '../../../../electron/engine/layer/layer-tree.ts';
import type { FileRow } from '../../../../shared/ipc/image-views.ts';
import { dir, file, hardLink, indexOf, stream, whiteout, type Planned } from './support.ts';

/** What a model knows of a path. */
interface Shown {
  readonly kind: string;
  readonly layer: number;
  readonly size: number;
}

type Model = Map<string, Shown>;

const names = ['ab', 'BC', 'cd'];
interface Step {
  readonly path: readonly string[];
  readonly kind: (typeof kinds)[number];
  readonly size: number;
}

const kinds = ['dir', 'file', 'whiteout', 'stream', 'link'] as const;
const step: fc.Arbitrary<Step> = fc.record({
  path: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
  kind: fc.constantFrom(...kinds),
  size: fc.nat({ max: 3 }),
});

/** A layer that a writer accepts: parents first, no path twice, whiteouts last. */
function planOf(steps: readonly Step[]): Planned[] {
  const planned = new Map<string, Planned>();
  const gone = new Map<string, Planned>();
  const isDirectory = (path: string) => planned.get(path)?.[0].kind === 'directory';
  for (const { path, kind, size } of steps) {
    const text = path.join('/');
    const known = planned.get(text)?.[0].kind;
    if (kind === 'whiteout') gone.set(text, whiteout(text));
    else if (kind === 'stream') {
      if (known === 'file') planned.set(`${text}:s`, stream(text, 's', 'x'.repeat(size)));
    } else if (known === undefined) {
      const above = path.slice(0, -1).map((_, at) => path.slice(0, at + 1).join('/'));
      if (above.some(folder => planned.has(folder) && !isDirectory(folder))) continue;
      for (const folder of above) if (!planned.has(folder)) planned.set(folder, dir(folder));
      const target = [...planned].find(([, [entry]]) => entry.kind === 'file')?.[0];
      if (kind === 'dir') planned.set(text, dir(text));
      else if (kind === 'link' && target !== undefined) planned.set(text, hardLink(text, target));
      else planned.set(text, file(text, 'x'.repeat(size)));
    }
  }
  return [...planned.values(), ...gone.values()];
}

/** The rules of Windows, as plainly as they can be put. */
function applied(before: Model, planned: readonly Planned[], layer: number): Model {
  const model = new Map(before);
  const remove = (key: string) => {
    for (const other of model.keys()) {
      if (other === key || other.startsWith(`${key}/`) || other.startsWith(`${key}:`))
        model.delete(other);
    }
  };
  for (const [entry] of planned) if (entry.kind === 'whiteout') remove(entry.path.toUpperCase());
  for (const [entry] of planned) {
    const key = entry.path.toUpperCase();
    if (entry.kind === 'whiteout') continue;
    if (entry.kind === 'stream') {
      model.set(`${key}:S`, { kind: 'stream', layer, size: entry.size });
      continue;
    }
    const merges = entry.kind === 'directory' && model.get(key)?.kind === 'directory';
    if (!merges) remove(key);
    model.delete(`${key}:S`);
    const target = entry.kind === 'hard-link' ? model.get(entry.target.toUpperCase()) : undefined;
    const size = 'size' in entry ? entry.size : (target?.size ?? 0);
    model.set(key, { kind: entry.kind, layer, size });
  }
  return model;
}

async function rowsOf(layers: readonly LayerIndex[], view: 'layer' | 'cumulative') {
  const chain = inspectChain(layers);
  const key = { layerIndex: layers.length - 1, view } as const;
  const all: FileRow[] = [];
  const visit = (directory: string): readonly FileRow[] => {
    const query = { directory, sort: 'name', offset: 0, limit: 1000 } as const;
    const { rows } = chain.children(key, query);
    for (const row of rows) {
      all.push(row);
      if (row.kind === 'directory') visit(row.path);
    }
    return rows;
  };
  const top = visit('');
  return { chain, key, all, top };
}

const chains = fc.array(fc.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 4 });

test('a chain shows what the rules say, whatever its layers, and sums up what it shows', async () => {
  await fc.assert(
    fc.asyncProperty(chains, async plans => {
      const layersBaseFirst = plans.map(planOf);
      const layers = await Promise.all(layersBaseFirst.map(indexOf));
      let model: Model = new Map();
      let before: Model = model;
      for (const [layer, planned] of layersBaseFirst.entries()) {
        before = model;
        model = applied(model, planned, layer);
      }
      const expected = [...model].map(
        ([key, { kind, layer, size }]) =>
          `${key} ${kind} ${layer} ${kind === 'directory' ? '' : size}`,
      );
      const { chain, key, all, top } = await rowsOf(layers, 'cumulative');
      const held = all.filter(row => row.change !== 'deleted');
      expect(
        held
          .map(
            row =>
              `${row.path.toUpperCase()} ${row.kind} ${row.layerIndex} ${row.kind === 'directory' ? '' : row.size}`,
          )
          .sort(),
      ).toEqual(expected.sort());
      const walked = [...createLayerTree(layers).walk('')].map(({ path }) => path.toUpperCase());
      expect(walked.sort()).toEqual([...model.keys()].filter(path => !path.includes(':')).sort());
      const bytes = [...model.values()].reduce(
        (sum, { kind, size }) => sum + (kind === 'hard-link' ? 0 : size),
        0,
      );
      const sum = top
        .filter(({ change }) => change !== 'deleted')
        .reduce((total, row) => total + (row.kind === 'hard-link' ? 0 : row.size), 0);
      expect(sum).toBe(bytes);
      const gone = all
        .filter(row => row.change === 'deleted')
        .map(({ path }) => path.toUpperCase());
      for (const path of gone) expect([before.has(path), model.has(path)]).toEqual([true, false]);
      const found = chain.search(key, { text: '', offset: 0, limit: 1000 });
      expect(found.rows.map(({ path }) => path).sort()).toEqual(all.map(({ path }) => path).sort());
      expect(found.total).toBe(all.length);
    }),
    { numRuns: 60 },
  );
});

test('what a layer did is counted as it is shown', async () => {
  await fc.assert(
    fc.asyncProperty(chains, async plans => {
      const layers = await Promise.all(plans.map(planOf).map(indexOf));
      const { chain, all, key } = await rowsOf(layers, 'layer');
      const totals = chain.totals(layers.length - 1);
      const files = all.filter(({ kind }) => kind !== 'directory' && kind !== 'stream');
      for (const change of ['added', 'modified', 'deleted', 'metadata'] as const) {
        expect([change, totals[change]]).toEqual([
          change,
          files.filter(row => row.change === change).length,
        ]);
      }
      expect(totals.files).toBe(files.filter(row => row.change !== 'deleted').length);
      const found = chain
        .search(key, { text: 'b', offset: 0, limit: 1000 })
        .rows.map(({ path }) => path);
      const expected = all.map(({ path }) => path).filter(path => path.toLowerCase().includes('b'));
      expect(found.sort()).toEqual(expected.sort());
    }),
    { numRuns: 60 },
  );
});
