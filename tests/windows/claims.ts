import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { BuildEvent } from '../../shared/ipc/build-events.ts';
import { builtImage, entriesOf } from '../electron/engine/build/build.ts';
import { stream } from '../electron/engine/win32/contract/scenario.ts';
import type { Built, Place } from './place.ts';

const said = (events: readonly BuildEvent[], wanted: 'stdout' | 'stderr') =>
  events.flatMap(event =>
    event.kind === 'step-output' && event.stream === wanted ? event.lines : [],
  );

async function pathsOfTopLayer({ store }: Place, { result }: Built): Promise<string[]> {
  const { layersBaseFirst } = await builtImage(store, result);
  const top = layersBaseFirst.at(-1);
  return top ? (await entriesOf(store, top)).map(entry => entry.path) : [];
}

/**
 * The claims of docs/windows-verification.md that a host can prove, each as a test of that name. `place` gives the host;
 * what is slow on a real one (pulling a base) is done there once.
 */
export function claims(place: () => Promise<Place>): void {
  hostClaims(place);
  runClaims(place);
}

function hostClaims(place: () => Promise<Place>): void {
  test('doctor finds nothing that stands in the way', async () => {
    const { checks } = (await place()).capabilities;
    const problems = checks.filter(({ state }) => state === 'problem');
    expect(problems.map(({ meaning }) => meaning)).toEqual([]);
  });

  test('privileges to back up and restore are enabled', async () => {
    (await place()).windows.enablePrivileges();
  });

  test('BackupWrite sets contents, alternate streams, attributes and times, and BackupRead gives them back', async () => {
    const { windows, dir } = await place();
    windows.enablePrivileges();
    const name = path.join(dir, 'streams');
    const file = await windows.files.create(name, 'file');
    const time = 133_000_000_000_000_000n;
    await file.setBasicInfo({
      attributes: 0x26,
      creationTime: time,
      lastAccessTime: time + 10n,
      lastWriteTime: time + 20n,
      changeTime: time + 30n,
    });
    await file.write(Buffer.concat([stream(1, 'contents'), stream(4, 'more', ':extra:$DATA')]));
    await file.close();
    const chunks: Buffer[] = [];
    for await (const chunk of windows.files.read(name, false)) chunks.push(Buffer.from(chunk));
    const read = Buffer.concat(chunks);
    expect(read.includes(stream(1, 'contents'))).toBe(true);
    expect(read.includes(stream(4, 'more', ':extra:$DATA'))).toBe(true);
    const info = await windows.files.basicInfo(name);
    expect(info).toMatchObject({ creationTime: time, lastWriteTime: time + 20n });
    expect(info.attributes & 0x27).toBe(0x26);
    await windows.files.remove(name);
  });

  test('a name outside of ASCII is kept as it was written', async () => {
    const { windows, dir } = await place();
    const folder = path.join(dir, 'names');
    await mkdir(folder);
    await (await windows.files.create(path.join(folder, 'Grüße.txt'), 'file')).close();
    expect(await readdir(folder)).toEqual(['Grüße.txt']);
    await windows.files.remove(path.join(folder, 'Grüße.txt'));
    expect(await readdir(folder)).toEqual([]);
  });

  test('there is a NAT network, and an endpoint in it has an address, a gateway and DNS', async () => {
    const { windows } = await place();
    expect((await windows.networks.list()).map(({ type }) => type.toLowerCase())).toContain('nat');
    const attached = await windows.networks.attach('layerwright-claims', undefined);
    try {
      expect(attached.ipAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(attached.gateway).not.toBe('');
      expect(attached.dnsServers).not.toEqual([]);
    } finally {
      await attached.release();
    }
    expect(await windows.networks.sweep(() => false)).toEqual([]);
  });
}

function runClaims(place: () => Promise<Place>): void {
  test('a RUN starts, and both its streams are read', async () => {
    const at = await place();
    const { events } = await at.build(['RUN echo to stdout& dir C:\\none& exit /b 0']);
    expect(said(events, 'stdout').map(line => line.trim())).toContain('to stdout');
    expect(said(events, 'stderr')).not.toEqual([]);
  });

  test('what a RUN makes and deletes is its layer', async () => {
    const at = await place();
    const built = await at.build([
      'RUN echo one> C:\\one.txt&& echo two> C:\\two.txt',
      'RUN del C:\\one.txt&& mkdir C:\\new',
    ]);
    const paths = await pathsOfTopLayer(at, built);
    expect(paths).toContain('Files/new');
    expect(paths).not.toContain('Files/two.txt');
    const { layersBaseFirst } = await builtImage(at.store, built.result);
    const top = layersBaseFirst.at(-1);
    const entries = top ? await entriesOf(at.store, top) : [];
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'whiteout', path: 'Files/one.txt' }),
    );
    expect(paths.some(name => name.startsWith('Hives/'))).toBe(true);
  });

  test('a RUN sees what COPY, ENV and WORKDIR made before it', async () => {
    const at = await place();
    const { events } = await at.build([
      'WORKDIR C:\\work',
      'COPY in.txt .',
      'ENV COLOUR=green',
      'RUN type in.txt&& echo %COLOUR%&& cd',
    ]);
    const lines = said(events, 'stdout').join('\n');
    expect(lines).toContain('from the context');
    expect(lines).toContain('green');
    expect(lines).toContain('C:\\work');
  });

  test('a RUN that fails gives its exit code', async () => {
    const at = await place();
    await expect(at.build(['RUN exit /b 7'])).rejects.toMatchObject({
      failure: { code: 'step-failed', message: expect.stringContaining('7') },
    });
  });

  test('a build that is cancelled in a RUN ends its program and leaves nothing', async () => {
    const at = await place();
    const controller = new AbortController();
    // It never ends by itself: cmd.exe waits for itself again and again.
    const lines = ['RUN echo started& for /l %i in (0,0,1) do @rem'];
    const onEvent = (event: BuildEvent) => {
      if (said([event], 'stdout').some(line => line.includes('started'))) controller.abort();
    };
    await expect(at.build(lines, { signal: controller.signal, onEvent })).rejects.toMatchObject({
      failure: { code: 'cancelled' },
    });
    await leavesNothing(at);
  });

  test('nothing of all this is left', async () => {
    await leavesNothing(await place());
  });
}

async function leavesNothing({ windows, store }: Place): Promise<void> {
  expect(await windows.systems.sweep(() => false)).toEqual([]);
  expect(await windows.networks.sweep(() => false)).toEqual([]);
  const scratches = await readdir(path.join(store.dir, 'windows', 'scratch'));
  expect(scratches.filter(name => !name.startsWith('register.sqlite'))).toEqual([]);
}
