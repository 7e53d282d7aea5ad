import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { planBuild } from '../../../../electron/engine/build/plan-build.ts';
import { writeImage } from '../../../../electron/engine/image/write-image.ts';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import {
  directorySecurityDescriptor,
  fileSecurityDescriptor,
  binaryToSddl,
} from '../../../../shared/windows/security-descriptor.ts';
import { AppError } from '../../../../shared/failure.ts';
import { buildRequestSchema } from '../../../../shared/ipc/build-request.ts';
import type { BuildEvent } from '../../../../shared/ipc/build-events.ts';
import { emptyImage, withConfig } from '../../../../shared/oci/image.ts';
import {
  bench,
  builtImage,
  depsFor,
  entriesOf,
  nanoserver,
  servercore,
  topLayer,
  type Bench,
} from './build.ts';
import type { Files } from './folder.ts';

const base = `# escape=\`\nFROM ${nanoserver}\n`;

async function top(files: Files, request = {}): Promise<string[]> {
  await using at = await bench(files);
  return await topLayer(at.store, await at.build(request));
}

const below = (entries: readonly string[]) => entries.slice(2);

describe('an image from the portable backend', () => {
  test('is right to the letter', async () => {
    await using at = await bench({
      Dockerfile: `${base}LABEL a=b\nWORKDIR C:\\app\nCOPY hello.txt .\\\nWORKDIR C:\\app\nHEALTHCHECK --interval=5s CMD ["ping"]\nCMD ["app.exe", "a b"]\n`,
      'hello.txt': 'hello',
    });
    const result = await at.build({
      tags: ['hello', 'localhost:5000/team/hello:2'],
      labels: { x: 'y' },
    });
    const from = await readImage(at.store.blobs, await at.store.names.resolve(nanoserver));
    const image = await builtImage(at.store, result);
    expect(result).toMatchObject({
      tags: ['docker.io/library/hello:latest', 'localhost:5000/team/hello:2'],
      layers: 3,
      configDigest: image.manifest.config.digest,
    });
    expect((await at.store.names.resolve('hello')).digest).toBe(result.manifestDigest);
    const { config, layersBaseFirst } = image;
    expect(config).toMatchObject({
      os: 'windows',
      architecture: 'amd64',
      'os.version': '10.0.20348.2966',
      created: '2024-12-10T08:00:00Z',
      config: {
        Labels: { a: 'b', x: 'y' },
        WorkingDir: 'C:\\app',
        Cmd: ['app.exe', 'a b'],
        User: 'ContainerUser',
        Healthcheck: { Test: ['CMD', 'ping'], Interval: 5_000_000_000 },
      },
    });
    expect(layersBaseFirst[0]).toEqual(from.layersBaseFirst[0]);
    expect(
      config.history?.map(({ created_by, empty_layer }) => [created_by, empty_layer === true]),
    ).toEqual([
      ['Apply image 10.0.20348.2966', false],
      ['LABEL a=b', true],
      ['WORKDIR C:\\app', false],
      ['COPY hello.txt .\\', false],
      ['WORKDIR C:\\app', true],
      [
        'HEALTHCHECK {Test:[CMD ping] Interval:5s Timeout:0s StartPeriod:0s StartInterval:0s Retries:0}',
        true,
      ],
      ['CMD ["app.exe" "a b"]', true],
    ]);
    for (const { descriptor, diffId } of layersBaseFirst.slice(1)) {
      const blob = await readFile(at.store.blobs.path(descriptor.digest));
      expect(`sha256:${createHash('sha256').update(blob).digest('hex')}`).toBe(descriptor.digest);
      const tar = execFileSync('gzip', ['-dc'], { input: blob });
      expect(`sha256:${createHash('sha256').update(tar).digest('hex')}`).toBe(diffId);
    }
  });

  test('gives new entries the descriptors and times, and folders of the base keep what they had', async () => {
    await using at = await bench({
      Dockerfile: `${base}COPY new.dll C:/windows/SYSTEM32/\nCOPY new.dll C:/own/\n`,
      'new.dll': 'x',
    });
    const { layersBaseFirst } = await builtImage(at.store, await at.build());
    const [baseLayer, first, second] = await Promise.all(
      layersBaseFirst.map(layer => entriesOf(at.store, layer)),
    );
    const inBase = (name: string) => baseLayer?.find(entry => entry.path === name);
    expect(first?.map(entry => entry.path)).toEqual([
      'Hives',
      'Files',
      'Files/Windows',
      'Files/Windows/System32',
      'Files/Windows/System32/new.dll',
    ]);
    expect(first?.slice(1, 4)).toEqual([
      inBase('Files'),
      inBase('Files/Windows'),
      inBase('Files/Windows/System32'),
    ]);
    const time = BigInt(Date.UTC(2024, 11, 10, 8)) * 1_000_000n;
    expect(first?.[4]).toMatchObject({
      kind: 'file',
      attributes: 32,
      modified: time,
      created: time,
      securityDescriptor: Buffer.from(fileSecurityDescriptor),
    });
    expect(second?.[2]).toMatchObject({
      path: 'Files/own',
      attributes: 16,
      created: time,
      securityDescriptor: Buffer.from(directorySecurityDescriptor),
    });
  });

  test('--chown makes the account the owner', async () => {
    await using at = await bench({
      Dockerfile: `${base}COPY --chown=ContainerUser a.txt C:/own/\n`,
      'a.txt': 'x',
    });
    const { layersBaseFirst } = await builtImage(at.store, await at.build());
    const [entry] = (await entriesOf(at.store, layersBaseFirst.at(-1)!)).slice(-1);
    expect(binaryToSddl(entry?.securityDescriptor ?? new Uint8Array())).toMatch(
      /^O:S-1-5-93-2-2G:SY/,
    );
  });

  test('keeps times where it is told to, and none later than SOURCE_DATE_EPOCH', async () => {
    await using at = await bench({
      Dockerfile: `${base}COPY . C:/t/\n`,
      old: '1',
      new: '2',
      '.dockerignore': 'Dockerfile\n.dockerignore',
    });
    await utimes(path.join(at.contextDir, 'old'), 1_000_000_000, 1_000_000_000);
    const result = await at.build({ timestamps: 'preserve', sourceDateEpoch: 1_500_000_000 });
    const { config, layersBaseFirst } = await builtImage(at.store, result);
    const entries = await entriesOf(at.store, layersBaseFirst.at(-1)!);
    const timeOf = (name: string) =>
      entries.find(entry => entry.path === `Files/t/${name}`)?.modified;
    expect([timeOf('old'), timeOf('new')]).toEqual([
      1_000_000_000n * 10n ** 9n,
      1_500_000_000n * 10n ** 9n,
    ]);
    expect(config.created).toBe('2017-07-14T02:40:00Z');
    const fromArg = await builtImage(
      at.store,
      await at.build({ buildArgs: { SOURCE_DATE_EPOCH: '1500000000' } }),
    );
    const fromEnvironment = await builtImage(
      at.store,
      await at.build({}, { environment: { SOURCE_DATE_EPOCH: '1500000000' } }),
    );
    expect([fromArg.config.created, fromEnvironment.config.created]).toEqual([
      config.created,
      config.created,
    ]);
  });

  test('is the same from two folders with other times, in two stores, with and without cache', async () => {
    const files: Files = {
      Dockerfile: `${base}COPY . C:/app/\nENV A=1\n`,
      'b/x': '1',
      'a/y': '2',
      z: '3',
    };
    await using one = await bench(files);
    await using other = await bench(Object.fromEntries(Object.entries(files).toReversed()));
    await utimes(path.join(other.contextDir, 'z'), 1, 1);
    const { manifestDigest } = await one.build();
    expect((await other.build()).manifestDigest).toBe(manifestDigest);
    expect((await one.build()).manifestDigest).toBe(manifestDigest);
    expect((await one.build({ noCache: true })).manifestDigest).toBe(manifestDigest);
  });

  test('from scratch holds only data, and a warning says that it cannot run', async () => {
    await using at = await bench(
      { Dockerfile: 'FROM scratch\nCOPY a.txt /\n', 'a.txt': '1' },
      false,
    );
    const result = await at.build({ platform: 'windows(10.0.20348.1)/amd64' });
    expect(await topLayer(at.store, result)).toEqual(['Hives/', 'Files/', 'Files/a.txt=1']);
    expect((await builtImage(at.store, result)).config).toMatchObject({
      os: 'windows',
      'os.version': '10.0.20348.1',
      created: '1980-01-01T00:00:00Z',
    });
    expect(at.events).toContainEqual(
      expect.objectContaining({
        kind: 'step-warning',
        stepId: '0.0',
        message: expect.stringContaining('no container of it can run'),
      }),
    );
  });
});

describe('instructions', () => {
  test.each<[string, string, Files, string[]]>([
    [
      'COPY takes here-documents',
      'COPY <<one.txt <<two.txt C:/d/\nhello\none.txt\nworld\ntwo.txt\n',
      {},
      ['Files/d/', 'Files/d/one.txt=hello\n', 'Files/d/two.txt=world\n'],
    ],
    [
      'COPY --parents --exclude',
      'COPY --parents --exclude=**/*.log src/a C:/d/\n',
      { 'src/a/x': '1', 'src/a/y.log': '2' },
      ['Files/d/', 'Files/d/src/', 'Files/d/src/a/', 'Files/d/src/a/x=1'],
    ],
    ['COPY --link', 'COPY --link f C:/d/\n', { f: '1' }, ['Files/d/', 'Files/d/f=1']],
    [
      'links inside folders stay links',
      'COPY src C:/d/\n',
      { 'src/sub/f': '1', 'src/to-file': { link: 'sub/f' }, 'src/to-dir': { link: 'sub' } },
      [
        'Files/d/',
        'Files/d/sub/',
        'Files/d/sub/f=1',
        'Files/d/to-dir -> sub',
        'Files/d/to-file -> sub\\f',
      ],
    ],
    [
      'empty files and folders are copied',
      'COPY src C:/d/\n',
      { 'src/zero': '', 'src/none': null },
      ['Files/d/', 'Files/d/none/', 'Files/d/zero='],
    ],
    [
      'a relative destination goes below WORKDIR',
      'WORKDIR C:/w\nCOPY f sub/\n',
      { f: '1' },
      ['Files/w/', 'Files/w/sub/', 'Files/w/sub/f=1'],
    ],
    ['WORKDIR makes its folder', 'WORKDIR C:/one/two\n', {}, ['Files/one/', 'Files/one/two/']],
    [
      'ADD copies what is no archive',
      'ADD f C:/d/\n',
      { f: 'text' },
      ['Files/d/', 'Files/d/f=text'],
    ],
  ])('%s', async (_, instructions, files, expected) => {
    expect(
      below(await top({ Dockerfile: `FROM ${nanoserver}\n${instructions}`, ...files })),
    ).toEqual(expected);
  });

  test('ADD unpacks archives, and leaves them packed with --unpack=false', async () => {
    await using at = await bench({ 'in/a': '1', 'in/sub/b': '2' });
    execFileSync('tar', [
      'cJf',
      path.join(at.contextDir, 'x.tar.xz'),
      '-C',
      path.join(at.contextDir, 'in'),
      '.',
    ]);
    await writeFile(
      path.join(at.contextDir, 'Dockerfile'),
      `FROM ${nanoserver}\nADD x.tar.xz C:/d/\n`,
    );
    expect(below(await topLayer(at.store, await at.build()))).toEqual([
      'Files/d/',
      'Files/d/a=1',
      'Files/d/sub/',
      'Files/d/sub/b=2',
    ]);
    await writeFile(
      path.join(at.contextDir, 'Dockerfile'),
      `FROM ${nanoserver}\nADD --unpack=false x.tar.xz C:/d/\n`,
    );
    expect(
      below(await topLayer(at.store, await at.build())).map(entry => entry.split('=')[0]),
    ).toEqual(['Files/d/', 'Files/d/x.tar.xz']);
  });

  test('COPY --from takes files of stages by name and number, of images in any case, and of named contexts', async () => {
    await using at = await bench({
      Dockerfile: `FROM ${nanoserver} AS one\nCOPY a C:/out/A.txt\nFROM ${nanoserver}\nCOPY --from=ONE C:/OUT/a.TXT C:/r/1\nCOPY --from=0 out/ C:/r/all/\nCOPY --from=${servercore} windows/system32/CMD.EXE C:/r/2\nCOPY --from=extra a C:/r/3\n`,
      a: 'from stage',
      'more/a': 'from context',
    });
    const { layersBaseFirst } = await builtImage(
      at.store,
      await at.build({ namedContexts: { extra: path.join(at.contextDir, 'more') } }),
    );
    const layers = await Promise.all(
      layersBaseFirst.slice(1).map(layer => entriesOf(at.store, layer)),
    );
    expect(layers.map(entries => entries.slice(3).map(({ path }) => path))).toEqual([
      ['Files/r/1'],
      ['Files/r/all', 'Files/r/all/A.txt'],
      ['Files/r/2'],
      ['Files/r/3'],
    ]);
    expect(layers[0]?.at(-1)?.text).toBe('from stage');
    expect(layers[3]?.at(-1)?.text).toBe('from context');
    // Of this process's folder only the lease is left: blobs went into place, scratch files are gone.
    const leftBehind = await readdir(path.join(at.store.dir, 'ingest'), { recursive: true });
    expect(
      leftBehind
        .map(file => path.basename(file))
        .toSorted()
        .slice(1),
    ).toEqual(['lease.sqlite']);
  });

  test('<Dockerfile>.dockerignore wins over .dockerignore', async () => {
    const files: Files = {
      'x/App.Dockerfile': `FROM ${nanoserver}\nCOPY d C:/d/\n`,
      'x/App.Dockerfile.dockerignore': 'd/a',
      '.dockerignore': 'd/b',
      'd/a': '1',
      'd/b': '2',
    };
    await using at = await bench(files);
    expect(
      below(
        await topLayer(
          at.store,
          await at.build({ dockerfile: path.join(at.contextDir, 'x/App.Dockerfile') }),
        ),
      ),
    ).toEqual(['Files/d/', 'Files/d/b=2']);
  });

  test('ONBUILD triggers of the base run first, and RUN among them is refused', async () => {
    await using at = await bench({
      'p/Dockerfile': `${base}ONBUILD COPY a C:/t/\n`,
      'q/Dockerfile': `${base}ONBUILD RUN cmd\n`,
      Dockerfile: 'FROM parent\nENV A=1\n',
      a: '1',
    });
    await at.build({ dockerfile: path.join(at.contextDir, 'p/Dockerfile'), tags: ['parent'] });
    const result = await at.build();
    expect(below(await topLayer(at.store, result))).toEqual(['Files/t/', 'Files/t/a=1']);
    expect((await builtImage(at.store, result)).config.config).not.toHaveProperty('OnBuild');
    await at.build({ dockerfile: path.join(at.contextDir, 'q/Dockerfile'), tags: ['parent'] });
    await expect(at.build()).rejects.toMatchObject({
      failure: { code: 'run-needs-windows', trigger: { base: 'parent', text: 'RUN cmd' } },
    });
  });

  test('of an index the newest version is taken, or the one of --platform, and a note says so', async () => {
    await using at = await bench({
      Dockerfile: 'FROM layerwright.local/windows/nanoserver:multi\n',
    });
    expect((await builtImage(at.store, await at.build())).config['os.version']).toBe(
      '10.0.26100.2605',
    );
    expect(at.events).toContainEqual(
      expect.objectContaining({
        kind: 'step-output',
        stream: 'note',
        lines: [expect.stringContaining('10.0.26100.2605')],
      }),
    );
    const chosen = await at.build({ platform: 'windows(10.0.20348)/amd64' });
    expect((await builtImage(at.store, chosen)).config['os.version']).toBe('10.0.20348.2966');
    const host = {
      kind: 'windows',
      version: { major: 10, minor: 0, build: 20348 },
      edition: 'server',
      architecture: 'amd64',
    } as const;
    expect((await builtImage(at.store, await at.build({}, { host }))).config['os.version']).toBe(
      '10.0.20348.2966',
    );
  });
});

describe('the solver', () => {
  test('skips stages that are not needed, and tells steps in order', async () => {
    await using at = await bench({
      Dockerfile: `FROM ${nanoserver} AS unused\nRUN cmd\nFROM ${nanoserver} AS a\nCOPY f C:/a\nFROM ${nanoserver} AS b\nCOPY --from=a a C:/b\nFROM a AS never\nCOPY nothing x\n`,
      f: '1',
    });
    await at.build({ target: 'b' });
    const planned = at.events.find(event => event.kind === 'build-planned');
    expect(
      planned?.stages.map(({ stageName, steps }) => [
        stageName,
        ...steps.map(({ stepId, keyword }) => `${stepId} ${keyword}`),
      ]),
    ).toEqual([
      ['a', '1.0 FROM', '1.1 COPY'],
      ['b', '2.0 FROM', '2.1 COPY'],
    ]);
    expect(at.events.map(({ seq }) => seq)).toEqual(at.events.map((_, at) => at));
    expect(at.events.at(0)).toMatchObject({ kind: 'build-started', backend: 'portable' });
    expect(at.events.at(-1)).toMatchObject({ kind: 'build-finished' });
    const finished = at.events.findIndex(
      event => event.kind === 'step-finished' && event.stepId === '1.1',
    );
    expect(finished).toBeLessThan(
      at.events.findIndex(event => event.kind === 'step-started' && event.stepId === '2.1'),
    );
    expect(at.events[finished]).toMatchObject({
      outcome: 'ran',
      layer: { files: 1 },
      phases: { resolve: expect.any(Number), compress: expect.any(Number) },
    });
  });

  test('takes unchanged steps from the cache, and only those', async () => {
    await using at = await bench({
      Dockerfile: `${base}WORKDIR C:/w\nCOPY a .\nCOPY b .\n`,
      a: '1',
      b: '2',
    });
    const outcomes = () => outcomesOf(at.events.splice(0));
    await at.build();
    expect(outcomes()).toEqual(['0.1 ran', '0.2 ran', '0.3 ran']);
    await at.build();
    expect(outcomes()).toEqual(['0.1 cached', '0.2 cached', '0.3 cached']);
    await writeFile(path.join(at.contextDir, 'b'), 'changed');
    await at.build();
    expect(outcomes()).toEqual(['0.1 cached', '0.2 cached', '0.3 ran']);
    await at.build({ noCache: true });
    expect(outcomes()).toEqual(['0.1 ran', '0.2 ran', '0.3 ran']);
    const layer = (await builtImage(at.store, await at.build())).layersBaseFirst.at(-1)!;
    at.events.splice(0);
    await rm(at.store.blobs.path(layer.descriptor.digest));
    await at.build();
    expect(outcomes()).toEqual(['0.1 cached', '0.2 cached', '0.3 ran']);
  });

  test('finds a change that leaves size and time as they were', async () => {
    await using at = await bench({ Dockerfile: `${base}COPY a C:/\n`, a: '1' });
    const file = path.join(at.contextDir, 'a');
    await utimes(file, 1000, 1000);
    expect(await topLayer(at.store, await at.build())).toContain('Files/a=1');
    await writeFile(file, '2');
    await utimes(file, 1000, 1000);
    expect(await topLayer(at.store, await at.build())).toContain('Files/a=2');
  });

  test.each(['hash', 'compress'] as const)(
    'a build that is cancelled while it would %s ends at once and leaves nothing behind',
    async moment => {
      await using at = await bench({ Dockerfile: `${base}COPY . C:/\n` });
      execFileSync('truncate', [
        '-s',
        moment === 'hash' ? '8G' : '400M',
        path.join(at.contextDir, 'large'),
      ]);
      const before = await blobsAndIngest(at);
      const controller = new AbortController();
      let aborted = 0;
      const abort = () => {
        aborted = performance.now();
        controller.abort();
      };
      const onEvent = (event: BuildEvent) => {
        at.events.push(event);
        if (moment === 'hash' && event.kind === 'step-started' && event.stepId === '0.1')
          setTimeout(abort, 200);
        if (
          moment === 'compress' &&
          event.kind === 'step-progress' &&
          event.phase === moment &&
          aborted === 0
        )
          setTimeout(abort, 100);
      };
      await expect(
        at.build({ compression: 'zstd' }, { onEvent }, controller.signal),
      ).rejects.toMatchObject({ failure: { code: 'cancelled' } });
      expect(performance.now() - aborted).toBeLessThan(1000);
      expect(at.events.at(-1)).toMatchObject({
        kind: 'build-failed',
        failure: { code: 'cancelled' },
      });
      expect(await blobsAndIngest(at)).toEqual(before);
    },
  );

  test('says what it would do without doing it', async () => {
    await using at = await bench({ Dockerfile: `FROM ${nanoserver} AS a\nRUN dir\nCOPY x C:/\n` });
    const request = buildRequestSchema.parse({ contextDir: at.contextDir });
    const plan = await planBuild(request, { ...depsFor(at.store), blobs: at.store.blobs });
    expect(plan.stages).toMatchObject([
      {
        stage: 0,
        stageName: 'a',
        base: nanoserver,
        steps: [{ stepId: '0.0' }, { stepId: '0.1' }, { stepId: '0.2' }],
      },
    ]);
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        rule: 'run-needs-windows',
        range: expect.objectContaining({ start: { line: 1, character: 0 } }),
      }),
    );
  });
});

function outcomesOf(events: readonly BuildEvent[]): string[] {
  return events.flatMap(event =>
    event.kind === 'step-finished' && !event.stepId.endsWith('.0')
      ? [`${event.stepId} ${event.outcome}`]
      : [],
  );
}

/** Everything of a store but what is only remembered to be faster, and the lease of this process. */
async function blobsAndIngest({ store }: Bench): Promise<string[]> {
  const all = await readdir(store.dir, { recursive: true });
  const index = await readFile(path.join(store.dir, 'index.json'), 'utf8');
  return [
    index,
    ...all
      .filter(name => !/^(?:cache|layer-index|lock|ingest\/[^/]+(?:\/lease\.sqlite)?$)/u.test(name))
      .toSorted(),
  ];
}

describe('bad input', () => {
  const placed = (line: number, message: string) => ({
    failure: {
      code: 'step-failed',
      range: { start: { line, character: 0 } },
      message: expect.stringContaining(message),
    },
  });
  test.each<[string, Files, object]>([
    [
      'a broken Dockerfile',
      { Dockerfile: 'FROM a b c\nCOPPY x y\n' },
      { failure: { code: 'dockerfile-invalid' } },
    ],
    ['an empty Dockerfile', { Dockerfile: '' }, { failure: { code: 'dockerfile-invalid' } }],
    [
      'no Dockerfile',
      {},
      { failure: { code: 'file-system', operation: 'read the Dockerfile', errno: 'ENOENT' } },
    ],
    [
      'a base that is not there',
      { Dockerfile: 'FROM nope:1\n' },
      { failure: { code: 'base-missing', reference: 'nope:1' } },
    ],
    [
      'a RUN, before the base is looked for',
      { Dockerfile: 'FROM nope\nENV A=1\nRUN cmd\n' },
      { failure: { code: 'run-needs-windows', range: { start: { line: 2 } } } },
    ],
    [
      'a missing source',
      { Dockerfile: `${base}COPY nope C:/\n` },
      placed(2, '"nope" is not in the build context'),
    ],
    [
      'a source above the context',
      { Dockerfile: `${base}COPY ../x C:/\n` },
      placed(2, 'leaves the build context'),
    ],
    [
      'a link out of the context',
      { Dockerfile: `${base}COPY d C:/\n`, 'd/l': { link: '/etc/passwd' } },
      placed(2, '"d/l" cannot be copied'),
    ],
    [
      'a name that Windows cannot hold',
      { Dockerfile: `${base}COPY d C:/\n`, 'd/a?b': '1' },
      placed(2, '"d/a?b" cannot be copied'),
    ],
    [
      'names that collide',
      { Dockerfile: `${base}COPY d C:/\n`, 'd/a': '1', 'd/A': '2' },
      placed(2, 'differ only by upper and lower case'),
    ],
    [
      'a file over a folder of the base',
      { Dockerfile: `${base}COPY d C:/\n`, 'd/windows': '1' },
      placed(2, 'the image has a folder there'),
    ],
    [
      'a damaged archive',
      { Dockerfile: `${base}ADD x.tar C:/\n`, 'x.tar': tarStart() },
      placed(2, '"x.tar" cannot be unpacked'),
    ],
    [
      'a bad .dockerignore',
      { Dockerfile: `${base}COPY d C:/\n`, '.dockerignore': 'a[', d: '' },
      placed(2, '.dockerignore: "a["'),
    ],
    [
      'another drive',
      { Dockerfile: `${base}COPY d D:/\n`, d: '' },
      { failure: { code: 'dockerfile-invalid' } },
    ],
  ])('%s: a clear error, and nothing is written', async (_, files, expected) => {
    await using at = await bench(files);
    const before = await blobsAndIngest(at);
    await expect(at.build()).rejects.toMatchObject(expected);
    expect(at.events.at(-1)).toMatchObject({ kind: 'build-failed', ...expected });
    expect(await blobsAndIngest(at)).toEqual(before);
  });

  test('a failed step names its place, and the other stages stop', async () => {
    await using at = await bench({
      Dockerfile: `FROM ${nanoserver} AS a\nCOPY nope C:/\nFROM ${nanoserver}\nCOPY --from=a x C:/\n`,
    });
    await expect(at.build()).rejects.toThrow(/Dockerfile:2:1: "nope"/u);
    expect(
      at.events.filter(event => event.kind === 'step-failed').map(({ stepId }) => stepId),
    ).toEqual(['0.1']);
  });

  test('a Linux base, a base with a wrong digest, a malformed manifest and layers that do not fit are refused', async () => {
    await using at = await bench({ Dockerfile: 'FROM base\nWORKDIR C:/w\n' });
    const { blobs, names } = at.store;
    await names.set(
      'base',
      await writeImage(blobs, emptyImage({ os: 'linux', architecture: 'amd64' })),
    );
    await expect(at.build()).rejects.toMatchObject({
      failure: { code: 'base-unusable', problem: expect.stringContaining('linux/amd64') },
    });
    const good = await writeImage(
      blobs,
      withConfig(emptyImage({ os: 'windows', architecture: 'amd64' }), config => ({
        ...config,
        author: 'a',
      })),
    );
    await names.set('base', good);
    await writeFile(
      blobs.path(good.digest),
      (await readFile(blobs.path(good.digest), 'utf8')).replace('schemaVersion', 'schemaVersioN'),
    );
    await expect(at.build()).rejects.toMatchObject({ failure: { code: 'blob-mismatch' } });
    const malformed = Buffer.from('{"schemaVersion":2,"layers":7}');
    const digest =
      `sha256:${createHash('sha256').update(malformed).digest('hex')}` as typeof good.digest;
    const descriptor = { mediaType: good.mediaType, digest, size: malformed.length };
    await blobs.write(
      descriptor,
      (async function* () {
        yield malformed;
      })(),
    );
    await names.set('base', descriptor);
    await expect(at.build()).rejects.toMatchObject({ failure: { code: 'image-invalid' } });
    const from = await readImage(blobs, await names.resolve(nanoserver));
    const short = {
      ...from,
      config: { ...from.config, rootfs: { ...from.config.rootfs, diff_ids: [] } },
    };
    await names.set('base', await writeImage(blobs, short));
    await expect(at.build()).rejects.toMatchObject({
      failure: { code: 'image-invalid', field: 'rootfs.diff_ids' },
    });
  });

  test('a full disk is named, and nothing is half-written', async () => {
    await using at = await bench({ Dockerfile: `${base}COPY d C:/\n`, d: 'x' });
    const before = await blobsAndIngest(at);
    fillDisk(at);
    await expect(at.build()).rejects.toMatchObject(placed(2, 'The disk is full'));
    expect(await blobsAndIngest(at)).toEqual(before);
  });
});

/** Lets real ingests meet a disk without room. */
function fillDisk({ store }: Bench): void {
  const ingest = store.blobs.ingest.bind(store.blobs);
  store.blobs.ingest = async () => {
    const opened = await ingest();
    await opened.write(new Uint8Array(10));
    const write = () => Promise.reject(new AppError({ code: 'disk-full', path: store.dir }));
    return Object.assign(opened, { write });
  };
}

/** A tar whose second entry is cut off. */
function tarStart(): string {
  return execFileSync('tar', ['c', '-C', import.meta.dirname, path.basename(import.meta.filename)])
    .subarray(0, 1536)
    .toString('latin1');
}
