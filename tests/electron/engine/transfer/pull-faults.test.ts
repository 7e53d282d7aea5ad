import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../electron/engine/content/store.ts';
import type { PullOptions } from '../../../../electron/engine/transfer/transfers.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../support/docker-registry.ts';
import { startFaultyRegistry, type FaultyRegistry } from '../../../support/faulty-registry.ts';
import { failureFrom, newDir } from '../content/helpers.ts';
import {
  anyWindows,
  expectClean,
  imageOf,
  lastingSite,
  newSite,
  randomLayer,
  type Site,
} from './helpers.ts';

const layerSize = 500_000;
let registry: DockerRegistry;
let source: Site & AsyncDisposable;
let faulty: FaultyRegistry;
let site: Site;
let ref: (name: string) => string;

beforeAll(async () => {
  registry = await startDockerRegistry();
  source = await lastingSite();
  const { store } = source;
  const made = [await randomLayer(store, layerSize), await randomLayer(store, 50_000)];
  await imageOf(store, made);
  await source.transfers.push({ image: 'app:1', target: `${registry.host}/team/app:1` });
  return async () => {
    await source[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  };
});
beforeEach(async () => {
  faulty = await startFaultyRegistry(registry.url);
  onTestFinished(() => faulty[Symbol.asyncDispose]());
  site = await newSite();
  ref = name => `${faulty.host}/${name}`;
});

const pull = (options: Partial<PullOptions> = {}, at = site) =>
  at.transfers.pull(ref('team/app:1'), { choice: anyWindows, onEvent: at.onEvent, ...options });
/** Writes until nothing more fits. */
function fill(file: number): void {
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch {
    // The disk is full.
  }
}

describe('a pull', () => {
  test.each([
    ['wrong content', { kind: 'wrong-content' }, /blobs/, 'registry-protocol'],
    ['a blob without end', { kind: 'endless' }, /blobs/, 'registry-protocol'],
    ['a page of a proxy as manifest', { kind: 'html' }, /manifests/, 'registry-protocol'],
    ['a page of a proxy as blob', { kind: 'html' }, /blobs/, 'registry-protocol'],
    ['a lie about the digest', { kind: 'wrong-digest-header' }, /manifests/, 'registry-protocol'],
    ['redirects in a circle', { kind: 'redirect-loop' }, /blobs/, 'registry-protocol'],
    ['cuts again and again', { kind: 'cut', afterBytes: 10 }, /blobs/, 'registry-unreachable'],
    ['stalls again and again', { kind: 'stall', afterBytes: 10 }, /blobs/, 'registry-unreachable'],
    [
      'a manifest of 5 MB',
      { kind: 'huge-manifest', bytes: 5_000_000, mediaType: mediaTypes.ociManifest },
      /manifests/,
      'registry-protocol',
    ],
    [
      'server errors',
      { kind: 'status', status: 503, code: 'UNKNOWN', message: 'down' },
      /blobs/,
      'registry-server-error',
    ],
    [
      'a blob that is not there',
      { kind: 'status', status: 404, code: 'BLOB_UNKNOWN', message: 'gone' },
      /blobs/,
      'registry-not-found',
    ],
  ] as const)('fails with %s, and leaves the store clean', async (_, fault, path, code) => {
    faulty.order({ fault, path, method: 'GET', times: Infinity });
    expect(await failureFrom(pull())).toMatchObject({ code });
    expect(await site.store.names.list()).toEqual([]);
    await expectClean(site.store);
    faulty.behave();
    await pull();
    await expectClean(site.store);
  });

  test('can be cancelled at every point, and is whole in the end', async () => {
    for (let at = 1; ; at += 1) {
      const controller = new AbortController();
      let seen = 0;
      const onEvent = () => {
        seen += 1;
        if (seen === at) controller.abort();
      };
      const outcome = await pull({ onEvent, signal: controller.signal }).then(
        () => 'pulled',
        () => 'stopped',
      );
      await expectClean(site.store);
      if (outcome === 'pulled') break;
      expect(await site.store.names.list()).toEqual([]);
    }
    expect((await pull()).upToDate).toBe(true);
  });

  // Only root may mount a small disk.
  test.skipIf(process.getuid?.() !== 0 && process.env['CI'] === undefined)(
    'fails where the disk is too small, or gets full meanwhile, and leaves the store clean',
    async () => {
      const dir = await newDir();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=900k', 'tmpfs', dir]);
      onTestFinished(() => void execFileSync('umount', ['-l', dir]));
      await using store = await openStore(join(dir, 'store'));
      const small = await newSite(store);
      expect(await failureFrom(pull({}, small))).toMatchObject({ code: 'disk-space' });
      execFileSync('mount', ['-o', 'remount,size=4m', dir]);
      const filler = openSync(join(dir, 'filler'), 'w');
      const filled = pull(
        {
          onEvent(event) {
            if (event.kind === 'blob' && event.state === 'downloading') fill(filler);
          },
        },
        small,
      );
      expect(await failureFrom(filled)).toMatchObject({ code: 'disk-full' });
      expect(await store.names.list()).toEqual([]);
      closeSync(filler);
      await rm(join(dir, 'filler'));
      await pull({}, small);
      await expectClean(store);
    },
  );
});
