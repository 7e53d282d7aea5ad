import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../../electron/engine/content/store.ts';
import {
  createLayerContents,
  type LayerContents,
} from '../../../electron/engine/layer/layer-contents.ts';
import { createLayerIndexes } from '../../../electron/engine/layer/layer-indexes.ts';
import { writeSampleImages } from '../../../electron/engine/sample/write-samples.ts';
import { openState, type State } from '../../../electron/engine/state/state.ts';
import { inspectHandlers } from '../../../electron/ipc/handlers/inspect.ts';
import { createInspections, type Inspections } from '../../../electron/ipc/images/inspections.ts';

const core = 'layerwright.local/windows/servercore:ltsc2022';
const page = { offset: 0, limit: 100 };
const { signal } = new AbortController();

let dir: string;
let store: Store;
let state: State;
let contents: LayerContents;
let inspections: Inspections;
const told: boolean[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerwright-inspect-'));
  store = await openStore(dir);
  state = openState(dir);
  await writeSampleImages(store);
  const newScratchPath = () => store.newScratchPath();
  contents = createLayerContents({ blobs: store.blobs, storeDir: dir, newScratchPath });
  const access = { indexes: createLayerIndexes(dir, store.blobs), contents, newScratchPath };
  const events = {
    emit: (name: string, value: unknown) => {
      if (name === 'task.progress') told.push((value as { done: boolean }).done);
    },
  };
  inspections = createInspections({ store, state, access, events });
});
afterAll(async () => {
  await inspections[Symbol.asyncDispose]();
  await contents[Symbol.asyncDispose]();
  await state.close();
  await store[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

describe('the channels of the inspection', () => {
  test('answer about the registry of a layer and of the image', async () => {
    const handlers = inspectHandlers(inspections);
    const at = { reference: core, layerIndex: 1, ...page };
    const { hives } = await handlers['inspect.registryKey']({ ...at, path: '' }, signal);
    expect(hives.map(({ mount }) => mount)).toContain('HKLM\\SOFTWARE');
    const changes = await handlers['inspect.registryChanges'](at, signal);
    expect(changes.rows.map(({ title }) => title)).toContain('CurrentVersion');
    await expect(
      handlers['inspect.registryKey']({ ...at, layerIndex: 7, path: '' }, signal),
    ).rejects.toMatchObject({ failure: { code: 'bad-request', field: 'layerIndex' } });
    expect(told.at(-1)).toBe(true);
  });

  test('answer about environment, waste and programs', async () => {
    const handlers = inspectHandlers(inspections);
    const reference = { reference: core };
    const environment = await handlers['inspect.environment'](reference, signal);
    expect(environment.variables.find(({ name }) => name === 'OS')?.value).toBe('Windows_NT');
    const waste = await handlers['inspect.waste'](reference, signal);
    expect(waste.firstOwnLayer).toBe(2);
    expect(waste.wastedBytes).toBeGreaterThan(0);
    const query = { ...page, ...reference, problemsOnly: false };
    const programs = await handlers['inspect.programs'](query, signal);
    expect(programs.rows).toEqual([]);
    const { bases } = await handlers['inspect.programBases'](reference, signal);
    expect(bases.map(({ reference: base }) => base)).toContain(
      'layerwright.local/windows/nanoserver:ltsc2022',
    );
  });

  test('go on for one who waits when another one gives up', async () => {
    const giving = new AbortController();
    const reference = 'layerwright.local/windows/servercore:ltsc2025';
    const given = inspections.open(reference, giving.signal);
    const kept = inspections.open(reference, signal);
    giving.abort();
    await expect(given).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    expect((await kept).image.layerCount).toBe(2);
  });

  test('keep three images open and leave no scratch file behind', async () => {
    const open = async (reference: string) => await inspections.open(reference, signal);
    const first = await open(core);
    expect(await open(core)).toBe(first);
    await open('layerwright.local/windows/nanoserver:ltsc2022');
    await open('layerwright.local/windows/nanoserver:ltsc2019');
    await open('layerwright.local/windows/nanoserver:ltsc2025');
    expect(await open(core)).not.toBe(first);
    await expect(open('no/such:image')).rejects.toMatchObject({
      failure: { code: 'image-missing' },
    });
    const left = await readdir(join(dir, 'ingest'), { recursive: true });
    expect(left.filter(name => /\/\d+$/.test(name))).toEqual([]);
  });
});
