import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportLayout } from '../../../../../../electron/engine/image/export-layout.ts';
import type { BuildEvent } from '../../../../../../shared/ipc/build-events.ts';
import { builtImage, entriesOf, nanoserver, topLayer } from '../../build.ts';
import {
  dockerfile,
  hcsBench,
  said,
  scratchesLeft,
  server2025,
  type HcsBench,
} from './hcs-bench.ts';
import { createHcsSupport } from '../../../../../../electron/engine/build/backends/hcs/create-support.ts';
import { createWindowsHost } from '../../../../../../electron/engine/hcs/windows-host.ts';

/** In a constant, as knip takes it for a binary of a package otherwise. */
const umoci = 'umoci';

const nothingOpen = (at: HcsBench) =>
  expect(Object.entries(at.doubles.counters()).filter(([, count]) => count !== 0)).toEqual([]);

function outcomes(events: readonly BuildEvent[]): string[] {
  return events.flatMap(event =>
    event.kind === 'step-finished' ? `${event.stepId} ${event.outcome}` : [],
  );
}

const failing = (text: RegExp) => ({
  failure: expect.objectContaining({ code: 'step-failed', message: expect.stringMatching(text) }),
});

describe('a build with RUN', () => {
  test('runs over stages, layers and copies, leaves nothing open, and is cached the second time', async () => {
    await using at = await hcsBench({
      Dockerfile: [
        '# escape=`',
        `FROM ${nanoserver} AS tools`,
        'COPY in.txt C:/work/in.txt',
        'WORKDIR C:/work',
        'RUN type in.txt> out.txt && echo made',
        'RUN del in.txt',
        `FROM ${nanoserver}`,
        'COPY --from=tools work/ C:/result/',
        'ENV COLOUR=green',
        'RUN echo %COLOUR%> C:/result/colour.txt && type C:\\result\\out.txt',
        'COPY in.txt C:/result/late.txt',
        '',
      ].join('\n'),
      'in.txt': 'hello',
    });
    const result = await at.build({ tags: ['made:1'] });
    expect(said(at.events, 'stdout')).toEqual(['made', 'hello']);
    nothingOpen(at);
    expect(await scratchesLeft(at)).toEqual([]);
    expect((await topLayer(at.store, result)).slice(2)).toEqual([
      'Files/result/',
      'Files/result/late.txt=hello',
    ]);
    const image = await builtImage(at.store, result);
    const [, copied, run] = image.layersBaseFirst;
    if (!copied || !run) throw new Error('layers are missing');
    const names = async (layer: typeof copied) =>
      (await entriesOf(at.store, layer)).map(entry => entry.path);
    expect(await names(copied)).toContain('Files/result/out.txt');
    expect(await names(copied)).not.toContain('Files/result/in.txt');
    const ofRun = await entriesOf(at.store, run);
    expect(ofRun.find(entry => entry.path === 'Files/result/colour.txt')).toMatchObject({
      text: 'green\r\n',
    });
    expect(image.config.history?.at(-2)).toMatchObject({
      created_by: 'RUN cmd /S /C echo %COLOUR%> C:/result/colour.txt && type C:\\result\\out.txt',
    });

    at.events.length = 0;
    at.doubles.clearCalls();
    const again = await at.build();
    expect(again.manifestDigest).toBe(result.manifestDigest);
    expect(outcomes(at.events).filter(text => text.endsWith('ran'))).toEqual(['1.2 ran']);
    expect(at.doubles.calls()).toEqual([]);
  });

  test('gives layers that bsdtar and umoci read', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile('RUN echo hello> C:\\greeting.txt'),
    });
    const result = await at.build({ tags: ['made:1'] });
    const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-layout-'));
    try {
      const descriptor = await at.store.names.resolve(result.manifestDigest);
      await exportLayout(at.store.blobs, [{ reference: 'made', descriptor }], dir);
      const stat = JSON.parse(
        execFileSync(umoci, ['stat', '--json', '--image', `${dir}:made`], { encoding: 'utf8' }),
      ) as { history: { created_by: string }[] };
      expect(stat.history.at(-1)?.created_by).toContain('echo hello');
      const layer = (await builtImage(at.store, result)).layersBaseFirst.at(-1);
      const blob = path.join(dir, 'blobs/sha256', layer?.descriptor.digest.slice(7) ?? '');
      const listing = execFileSync('bsdtar', ['-tf', blob], { encoding: 'utf8' });
      expect(listing.split('\n')).toContain('Files/greeting.txt');
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  test('passes user, folder, environment, proxy and the exact command line to the process', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile(
        'ENV A="1 2"',
        'WORKDIR C:/w',
        'USER ContainerAdministrator',
        'RUN ["tool.exe", "a b", "c\\"d", "e\\\\"]',
        'SHELL ["powershell", "-Command"]',
        'RUN Write-Host "a b" | Out-Null',
      ),
    });
    at.doubles.script('*', []);
    await at.build({ buildArgs: { HTTPS_PROXY: 'http://proxy:3128' } });
    const created = at.doubles.calls().filter(call => call.startsWith('HcsCreateProcess('));
    expect(created).toHaveLength(2);
    const documents = created.join('\n');
    expect(documents).toContain(JSON.stringify('tool.exe "a b" c\\"d e\\'));
    expect(documents).toContain(JSON.stringify('powershell -Command Write-Host "a b" | Out-Null'));
    for (const part of [
      '"A":"1 2"',
      '"HTTPS_PROXY":"http://proxy:3128"',
      '"WorkingDirectory"',
      '"ContainerAdministrator"',
    ])
      expect(documents).toContain(part);
    const { config } = await builtImage(at.store, await at.build());
    expect(JSON.stringify(config)).not.toContain('proxy:3128');
  });

  test('shows output line by line while the program runs, in its code page', async () => {
    await using at = await hcsBench({ Dockerfile: dockerfile('RUN ["talk.exe"]') });
    at.doubles.script('talk.exe', [
      { stdoutHex: Buffer.from('one\r\ntw').toString('hex') },
      { stdoutHex: '6f0d0a8181830a' },
      { stderrHex: Buffer.from('weit\u00e4\n').toString('hex') },
      { stdoutHex: Buffer.from('\u0061\u0062\n', 'utf16le').toString('hex') },
      { stdout: 'no end' },
    ]);
    await at.build();
    expect(said(at.events, 'stdout')).toEqual(['one', 'two', '\u00fc\u00fc\u00e2', 'ab', 'no end']);
    expect(said(at.events, 'stderr')).toEqual(['weit\u00e4']);
  });
});

describe('a program that ends', () => {
  test.each([
    [3010, 'wants to restart'],
    [1641, 'asked for a restart'],
  ])('with %i counts as success, with a note', async (exit, words) => {
    await using at = await hcsBench({ Dockerfile: dockerfile('RUN ["setup.exe"]') });
    at.doubles.script('setup.exe', [{ exit }]);
    await at.build();
    expect(said(at.events, 'note').join('\n')).toContain(words);
  });

  test('with a code of Windows fails with its meaning and the last lines of stderr', async () => {
    await using at = await hcsBench({ Dockerfile: dockerfile('RUN ["app.exe"]') });
    at.doubles.script('app.exe', [{ stderr: 'loading\ncannot\n' }, { exit: 0xc0000135 }]);
    await expect(at.build()).rejects.toMatchObject(
      failing(/0xC0000135 .*DLL that the program needs is missing[\s\S]*loading\n {2}cannot/u),
    );
    nothingOpen(at);
    expect(await scratchesLeft(at)).toEqual([]);
    expect(at.events.at(-1)).toMatchObject({ kind: 'build-failed' });
  });

  test('not in time is ended, and so is one whose build is cancelled', async () => {
    await using at = await hcsBench({ Dockerfile: dockerfile('RUN ["wait.exe"]') });
    at.doubles.script('wait.exe', [{ stdout: 'waiting\n' }, { wait: true }]);
    const cancel = new AbortController();
    const stopped = at.build(
      { run: { network: 'none' } },
      {
        onEvent(event) {
          if (event.kind === 'step-output' && event.stream === 'stdout') cancel.abort();
        },
      },
      cancel.signal,
    );
    await expect(stopped).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    nothingOpen(at);
    expect(await scratchesLeft(at)).toEqual([]);
    const start = performance.now();
    await expect(at.build({ run: { timeoutSeconds: 1 } })).rejects.toMatchObject(
      failing(/longer than the limit of 1 s/u),
    );
    expect(performance.now() - start).toBeLessThan(6000);
    nothingOpen(at);
    expect(await scratchesLeft(at)).toEqual([]);
  });
});

describe('before anything runs', () => {
  test('a base that is newer than the host is refused, with what to do', async () => {
    await using at = await hcsBench({
      Dockerfile: 'FROM layerwright.local/windows/nanoserver:ltsc2025\nRUN echo\n',
    });
    const old = { ...server2025, version: { major: 10, minor: 0, build: 20_348 } };
    const windows = createWindowsHost({ libraries: at.doubles.libraries });
    const parts = { store: at.store, host: old, windows, problems: [], hyperV: 'missing' } as const;
    await expect(at.build({}, { host: old, hcs: createHcsSupport(parts) })).rejects.toMatchObject({
      failure: { code: 'run-refused', problem: expect.stringMatching(/cannot run here.*newer/u) },
    });
    expect(at.doubles.calls()).toEqual([]);
  });

  test('limits and network go into the document of the container', async () => {
    await using at = await hcsBench({ Dockerfile: dockerfile('RUN --network=none echo') });
    await at.build({ run: { memoryBytes: 2 * 1024 ** 3, cpus: 3, scratchBytes: 30 * 1024 ** 3 } });
    const calls = at.doubles.calls().join('\n');
    expect(calls).toMatch(/"SizeInMB":2048/u);
    expect(calls).toMatch(/"Count":3/u);
    expect(calls).toMatch(/ExpandSandboxSize\(.*32212254720/u);
    expect(calls).not.toContain('HcnCreateEndpoint');
    expect(said(at.events, 'note')).toContain('No network.');
  });
});
