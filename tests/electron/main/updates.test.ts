import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type RequestOptions,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { configureRequestUrl, HttpExecutor, type DownloadOptions } from 'builder-util-runtime';
import { NsisUpdater } from 'electron-updater';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updatesForbidden } from '../../../electron/main/update-policy.ts';
import { createUpdates, updateObstacle } from '../../../electron/main/updates.ts';
import type { UpdateView } from '../../../shared/ipc/update-views.ts';
import { newTempDir } from '../../support/temp-dir.ts';

const setup = Buffer.from('the new setup program');
let dir: string;
let server: Server;
let asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
/** What a static file server has, by path. */
let files: Map<string, Buffer | string>;

beforeEach(async () => {
  dir = await newTempDir();
  files = new Map();
  asked = [];
  server = createServer((message, response) => {
    const url = new URL(message.url ?? '/', 'http://localhost').pathname;
    asked.push({ url, headers: message.headers });
    const content = files.get(url);
    response.statusCode = content === undefined ? 404 : 200;
    response.end(content ?? 'not found');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

/** Node's HTTP in place of Electron's, which is not here; all else is electron-updater's own. */
class NodeExecutor extends HttpExecutor<ReturnType<typeof request>> {
  createRequest(options: RequestOptions, callback: Parameters<typeof request>[2] & object) {
    return request({ ...options, protocol: 'http:' }, callback);
  }

  /** As Electron's: the hash is checked while the bytes pass. */
  async download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return await options.cancellationToken.createPromise<string>((resolve, reject, onCancel) => {
      const requestOptions = { headers: options.headers ?? undefined };
      configureRequestUrl(url, requestOptions);
      this.doDownload(
        requestOptions,
        {
          destination,
          options,
          onCancel,
          callback: error => (error ? reject(error) : resolve(destination)),
          responseHandler: null,
        },
        0,
      );
    });
  }
}

function latest(version: string, more = '', content: Buffer = setup): string {
  const sha512 = createHash('sha512').update(content).digest('base64');
  return `version: ${version}
files:
  - url: setup.exe
    sha512: ${sha512}
    size: ${content.length}
path: setup.exe
sha512: ${sha512}
releaseDate: '2026-11-24T00:00:00.000Z'
${more}`;
}

/** Puts the file there by which updaters see the newest version; its name depends on the system of the updater. */
function publish(text: string): void {
  for (const system of ['', '-mac', '-linux', '-linux-arm64'])
    files.set(`/latest${system}.yml`, text);
}

interface Installation {
  readonly updates: ReturnType<typeof createUpdates>;
  readonly views: UpdateView[];
  readonly checked: { publishers?: readonly string[] };
}

/** An installed version 1.0.0; `signedBy` is what Windows would say of the download's signature. */
async function install(signedBy = 'Layerwright'): Promise<Installation> {
  const { port } = server.address() as AddressInfo;
  const config = path.join(dir, 'app-update.yml');
  const url = `http://127.0.0.1:${port}`;
  await writeFile(
    config,
    `provider: generic\nurl: ${url}\npublisherName:\n  - Layerwright\nupdaterCacheDirName: layerwright-updater\n`,
  );
  const updater = new NsisUpdater(undefined, {
    version: '1.0.0',
    name: 'layerwright',
    isPackaged: true,
    appUpdateConfigPath: config,
    userDataPath: path.join(dir, 'user'),
    baseCachePath: path.join(dir, 'cache'),
    whenReady: async () => undefined,
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: () => undefined,
  });
  await mkdir(path.join(dir, 'user'), { recursive: true });
  Object.assign(updater, { httpExecutor: new NodeExecutor() });
  updater.disableDifferentialDownload = true;
  const checked: Installation['checked'] = {};
  updater.verifyUpdateCodeSignature = async publishers => {
    checked.publishers = publishers;
    return publishers.includes(signedBy) ? null : `signed by ${signedBy}`;
  };
  const updates = createUpdates(updater);
  const views: UpdateView[] = [];
  updates.follow(view => views.push(view));
  return { updates, views, checked };
}

async function downloaded(): Promise<string[]> {
  const all = await readdir(path.join(dir, 'cache'), { recursive: true }).catch(() => []);
  return all.filter(name => name.endsWith('.exe'));
}

describe('updates from a static folder', () => {
  it('finds a newer version, downloads it when told to, and checks hash and signature', async () => {
    publish(latest('1.1.0'));
    files.set('/setup.exe', setup);
    const { updates, views, checked } = await install();
    await updates.check();
    expect(updates.view()).toEqual({ kind: 'available', version: '1.1.0' });
    expect(await downloaded()).toEqual([]);
    await updates.download();
    expect(updates.view()).toEqual({ kind: 'ready', version: '1.1.0' });
    expect(await downloaded()).toHaveLength(1);
    expect(checked.publishers).toEqual(['Layerwright']);
    expect(views.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['checking', 'available', 'downloading', 'ready']),
    );
  });

  it('refuses a download whose bytes are not those that were published', async () => {
    const tampered = Buffer.from(setup);
    tampered[3] = (tampered[3] ?? 0) ^ 1;
    publish(latest('1.1.0'));
    files.set('/setup.exe', tampered);
    const { updates } = await install();
    await updates.check();
    await updates.download();
    expect(updates.view()).toMatchObject({
      kind: 'failed',
      problem: expect.stringMatching(/sha512/i),
    });
    expect(await downloaded()).toEqual([]);
  });

  it('refuses a download that somebody else has signed, though its hash is right', async () => {
    publish(latest('1.1.0'));
    files.set('/setup.exe', setup);
    const { updates } = await install('Somebody else');
    await updates.check();
    await updates.download();
    expect(updates.view()).toMatchObject({
      kind: 'failed',
      problem: expect.stringMatching(/not signed/),
    });
    expect(await downloaded()).toEqual([]);
  });

  it.each(['0.9.0', '1.0.0'])('takes no version that is not newer: %s', async version => {
    publish(latest(version));
    files.set('/setup.exe', setup);
    const { updates } = await install();
    await updates.check();
    expect(updates.view()).toMatchObject({ kind: 'none', checkedAt: expect.any(Number) });
    await updates.download();
    expect(asked).toHaveLength(1);
  });

  it('leaves out who is not in a staged rollout', async () => {
    publish(latest('1.1.0', 'stagingPercentage: 0\n'));
    files.set('/setup.exe', setup);
    const { updates } = await install();
    await updates.check();
    expect(updates.view().kind).toBe('none');
  });

  it('says what went wrong where the server has nothing, and can be asked again', async () => {
    const { updates } = await install();
    await updates.check();
    expect(updates.view()).toMatchObject({
      kind: 'failed',
      problem: expect.stringMatching(/404|latest/),
    });
    publish(latest('1.1.0'));
    await updates.check();
    expect(updates.view().kind).toBe('available');
  });

  it('sends nothing that tells one installation from another', async () => {
    publish(latest('1.1.0'));
    const { updates } = await install();
    await updates.check();
    expect(asked[0]?.headers['x-user-staging-id']).toBe('none');
    expect(JSON.stringify(asked)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
  });
});

describe('the policy of a company', () => {
  it('turns updates off by a file', async () => {
    const file = path.join(dir, 'policy.json');
    expect(await updatesForbidden('linux', {}, file)).toBe(false);
    await writeFile(file, '{"updates": true}');
    expect(await updatesForbidden('linux', {}, file)).toBe(false);
    await writeFile(file, '{"updates": false}');
    expect(await updatesForbidden('linux', {}, file)).toBe(true);
    await writeFile(file, '{"updates": fal');
    expect(await updatesForbidden('linux', {}, file)).toBe(true);
  });
});

describe('what packaging wrote about updates', () => {
  it('must have an address, and on Windows the name of who signs', async () => {
    const file = path.join(dir, 'app-update.yml');
    expect(await updateObstacle(file, 'win32')).toBe('no-address');
    await writeFile(file, 'provider: generic\nurl: https://updates.example.com\n');
    expect(await updateObstacle(file, 'win32')).toBe('not-signed');
    expect(await updateObstacle(file, 'linux')).toBeUndefined();
    await writeFile(file, 'url: https://updates.example.com\npublisherName:\n  - Layerwright\n');
    expect(await updateObstacle(file, 'win32')).toBeUndefined();
  });
});
