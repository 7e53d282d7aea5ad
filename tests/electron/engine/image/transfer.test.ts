import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../../electron/engine/content/store.ts';
import { exportOciArchive } from '../../../../electron/engine/image/export-archive.ts';
import { exportDockerArchive } from '../../../../electron/engine/image/export-docker-archive.ts';
import { exportLayout } from '../../../../electron/engine/image/export-layout.ts';
import { importImages } from '../../../../electron/engine/image/import-images.ts';
import type { TransferProgress } from '../../../../electron/engine/image/progress.ts';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import { writeImage } from '../../../../electron/engine/image/write-image.ts';
import { appendLayer } from '../../../../shared/oci/image.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { failureFrom, filesBelow, newDir, newStore } from '../content/helpers.ts';
import { newImage, storeImage, storeLayer } from './helpers.ts';

const exec = promisify(execFile);
const name = 'docker.io/library/hello:1';
const exporters = [
  ['layout', exportLayout, 'oci'],
  ['OCI archive', exportOciArchive, 'oci-archive'],
  ['docker-archive', exportDockerArchive, 'docker-archive'],
] as const;

async function skopeo(...args: string[]): Promise<string> {
  const { stdout } = await exec('skopeo', ['--override-os', 'windows', ...args]);
  return stdout;
}

/** What skopeo says about an image: its system and its diff IDs. */
async function inspect(
  source: string,
): Promise<{ os: string; diffIds: string[]; version?: string }> {
  const config = JSON.parse(await skopeo('inspect', '--config', '--raw', source)) as {
    os: string;
    'os.version'?: string;
    rootfs: { diff_ids: string[] };
  };
  const version = config['os.version'];
  return {
    os: config.os,
    diffIds: config.rootfs.diff_ids,
    ...(version === undefined ? {} : { version }),
  };
}

let store: Store;
let dir: string;
beforeEach(async () => {
  dir = await newDir();
  store = await newStore();
  await store.names.set('hello:1', await storeImage(store.blobs, ['base', 'top']));
});

const images = () => store.names.list();
const expected = async () => {
  const { config } = await readImage(store.blobs, await store.names.resolve('hello:1'));
  return { os: 'windows', diffIds: config.rootfs.diff_ids, version: '10.0.20348.2700' };
};

describe('our store', () => {
  test('is a layout that skopeo inspects and copies and umoci reads', async () => {
    expect(await inspect(`oci:${store.dir}:${name}`)).toEqual(await expected());
    await skopeo('copy', `oci:${store.dir}:${name}`, `oci:${join(dir, 'copy')}:x`);
    const copied = await readFile(join(dir, 'copy', 'index.json'), 'utf8');
    expect(copied).toContain((await store.names.resolve('hello:1')).digest);
    const { stdout } = await exec('umoci', ['stat', '--json', '--image', `${store.dir}:${name}`]);
    const { history } = JSON.parse(stdout) as { history: { created_by: string }[] };
    expect(history.map(entry => entry.created_by)).toEqual([
      'COPY base',
      'COPY top',
      'CMD ["cmd"]',
    ]);
  });
});

describe.each(exporters)('an export as %s', (_, exportImages, transport) => {
  test('is read and copied by skopeo', async () => {
    const path = join(dir, 'out');
    await exportImages(store.blobs, await images(), path);
    expect(await inspect(`${transport}:${path}:${name}`)).toEqual(await expected());
    await skopeo('copy', `${transport}:${path}:${name}`, `dir:${join(dir, 'copy')}`);
    expect((await readdir(join(dir, 'copy'))).length).toBeGreaterThanOrEqual(5);
  });

  test('comes back as the same image', async () => {
    const path = join(dir, 'out');
    await exportImages(store.blobs, await images(), path);
    const other = await newStore();
    const [imported] = await importImages(other, path);
    expect(imported?.reference).toBe(name);
    const original = await readImage(store.blobs, await store.names.resolve('hello:1'));
    const image = await readImage(other.blobs, await other.names.resolve('hello:1'));
    expect(image.config).toEqual(original.config);
    if (transport !== 'docker-archive') {
      expect(image.descriptor).toEqual(original.descriptor);
    }
  });

  test('has the same bytes every time', async () => {
    const paths = [join(dir, 'out1'), join(dir, 'out2')];
    for (const path of paths) await exportImages(store.blobs, await images(), path);
    const contents = await Promise.all(
      paths.map(async path =>
        (await stat(path)).isDirectory() ? filesBelow(path) : readFile(path, 'base64'),
      ),
    );
    expect(contents[0]).toEqual(contents[1]);
  });

  test('leaves nothing behind when it is cancelled or a blob is missing', async () => {
    const path = join(dir, 'out');
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const options = { onProgress, signal: controller.signal };
    expect(await failureFrom(exportImages(store.blobs, await images(), path, options))).toEqual({
      code: 'cancelled',
    });
    const { layersBaseFirst } = await readImage(store.blobs, await store.names.resolve('hello:1'));
    const [base] = layersBaseFirst;
    if (base !== undefined) await store.blobs.delete(base.descriptor.digest);
    expect(await failureFrom(exportImages(store.blobs, await images(), path))).toEqual({
      code: 'blob-missing',
      digest: base?.descriptor.digest,
    });
    expect(await readdir(dir)).toEqual([]);
  });

  test('tells its progress up to the last byte', async () => {
    const last = new Map<string, TransferProgress>();
    await exportImages(store.blobs, await images(), join(dir, 'out'), {
      onProgress: progress => void last.set(progress.blob, progress),
    });
    const { layersBaseFirst } = await readImage(store.blobs, await store.names.resolve('hello:1'));
    for (const { descriptor } of layersBaseFirst) {
      expect(last.get(descriptor.digest)).toEqual({
        blob: descriptor.digest,
        current: descriptor.size,
        total: descriptor.size,
      });
    }
  });
});

describe.each(['oci', 'oci-archive', 'docker-archive'])('what skopeo writes as %s', transport => {
  test('is imported with the same layers', async () => {
    const path = join(dir, 'in');
    await skopeo('copy', `oci:${store.dir}:${name}`, `${transport}:${path}:me/app:2`);
    const other = await newStore();
    const [imported] = await importImages(other, path);
    expect(imported?.reference).toBe(
      'docker.io/me/app:2'.slice(transport === 'docker-archive' ? 0 : 10),
    );
    const image = await readImage(other.blobs, await other.names.resolve('me/app:2'));
    expect(image.config.rootfs.diff_ids).toEqual((await expected()).diffIds);
  });
});

describe('an export as layout', () => {
  test('adds to a layout that is there, and refuses any other folder', async () => {
    const path = join(dir, 'out');
    await mkdir(path);
    await exportLayout(store.blobs, await images(), path);
    await store.names.set('second', await storeImage(store.blobs, ['base', 'second']));
    const [, second] = await images();
    if (second !== undefined) await exportLayout(store.blobs, [second], path);
    expect((await inspect(`oci:${path}:${name}`)).os).toBe('windows');
    expect((await inspect(`oci:${path}:docker.io/library/second:latest`)).os).toBe('windows');
    await writeFile(join(dir, 'file'), '');
    expect((await failureFrom(exportLayout(store.blobs, await images(), dir))).code).toBe(
      'bad-request',
    );
  });

  test('leaves out foreign layers that are not here', async () => {
    const foreign = await storeLayer(store.blobs, 'foreign', mediaTypes.ociForeignLayerGzip);
    const layer = {
      ...foreign,
      descriptor: { ...foreign.descriptor, urls: ['https://example.com'] },
    };
    const image = appendLayer(await newImage(store.blobs, ['a']), layer, {});
    const descriptor = await writeImage(store.blobs, image);
    await store.blobs.delete(foreign.descriptor.digest);
    const path = join(dir, 'out');
    await exportLayout(store.blobs, [{ reference: 'docker.io/a/b:1', descriptor }], path);
    await exportOciArchive(store.blobs, [{ descriptor }], join(dir, 'out.tar'));
    const other = await newStore();
    expect(await importImages(other, path)).toEqual([{ reference: 'docker.io/a/b:1', descriptor }]);
    expect(await importImages(other, join(dir, 'out.tar'))).toEqual([{ descriptor }]);
  });
});
