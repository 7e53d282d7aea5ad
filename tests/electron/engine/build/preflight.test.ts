import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { preflight } from '../../../../electron/engine/build/preflight/preflight.ts';
import {
  buildRequestSchema,
  type BuildRequestInput,
} from '../../../../shared/ipc/build-request.ts';
import type { Host } from '../../../../shared/windows/host-compatibility.ts';
import { bench, depsFor, nanoserver } from './build.ts';
import type { Files } from './folder.ts';

const windows2022: Host = {
  kind: 'windows',
  version: { major: 10, minor: 0, build: 20_348, revision: 2700 },
  edition: 'server',
  architecture: 'amd64',
};

async function look(files: Files, request: Partial<BuildRequestInput> = {}, host?: Host) {
  await using work = await bench(files);
  const { contextDir, store } = work;
  const before = await store.names.list();
  const view = await preflight(buildRequestSchema.parse({ contextDir, ...request }), {
    ...depsFor(store),
    ...(host ? { host } : {}),
    blobs: store.blobs,
    storeDir: store.dir,
    isSample: registry => registry === 'layerwright.local',
    today: '2026-11-24',
  });
  expect(await store.names.list()).toEqual(before);
  return view;
}

function told(view: Awaited<ReturnType<typeof look>>, check: string): string {
  return view.findings
    .filter(finding => finding.check === check)
    .map(
      ({ message, range, severity }) => `${severity} ${(range?.start.line ?? -1) + 1} ${message}`,
    )
    .join('\n');
}

describe('before a byte is fetched', () => {
  test('a build that can begin has no error', async () => {
    const view = await look({
      Dockerfile: `# escape=\`\nFROM ${nanoserver}\nCOPY app C:/app/\n`,
      'app/a.txt': 'a',
    });
    expect(view).toMatchObject({
      stages: 1,
      steps: 1,
      backend: { backend: 'portable' },
      bases: [{ source: 'store', osVersion: expect.stringMatching(/^10\.0\.20348\./) as string }],
      context: { files: 2, isCut: false },
    });
    expect(view.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('bases say where they are and whether they run here', async () => {
    const view = await look(
      {
        Dockerfile: [
          '# escape=`',
          'FROM mcr.microsoft.com/windows/servercore:ltsc2025 AS newer',
          `FROM ${nanoserver} AS here`,
          'FROM here AS again',
          'FROM layerwright.local/windows/nanoserver:ltsc2019 AS sample',
          'FROM scratch',
          'COPY --from=newer a C:/a',
          'COPY --from=again a C:/a',
          'COPY --from=sample a C:/a',
        ].join('\n'),
      },
      {},
      windows2022,
    );
    expect(
      view.bases.map(({ source, stageName, verdict }) => [stageName, source, verdict?.kind]),
    ).toEqual([
      ['newer', 'registry', 'impossible'],
      ['here', 'store', 'process'],
      ['again', 'stage', undefined],
      ['sample', 'sample', undefined],
      [undefined, 'scratch', undefined],
    ]);
    expect(told(view, 'base')).toContain('warning 2 mcr.microsoft.com/windows/servercore:ltsc2025');
  });

  test('a base that may not be pulled, and RUN that nothing can run, are errors with their lines', async () => {
    const Dockerfile = 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN dir\n';
    const view = await look({ Dockerfile }, { pull: 'never' });
    expect(view.backend).toBeUndefined();
    expect(told(view, 'base')).toContain(
      'error 1 mcr.microsoft.com/windows/nanoserver:ltsc2022 is not in the store',
    );
    expect(told(view, 'run')).toContain('error 2 RUN needs a Windows machine');
    expect(view.commands).toEqual([
      expect.objectContaining({ keyword: 'RUN', commandLine: 'cmd /S /C dir', received: ['dir'] }),
    ]);
  });

  test('sources that are missing or left out are found before the build does', async () => {
    const view = await look({
      Dockerfile: `FROM ${nanoserver}\nCOPY here.txt gone.txt out.txt *.none C:/\nADD --checksum=sha256:${'0'.repeat(64)} https://example.com/x C:/x\n`,
      'here.txt': '',
      'out.txt': '',
      '.dockerignore': 'out.txt',
    });
    const text = told(view, 'context');
    expect(text).toContain('error 2 "gone.txt" is not in the build context');
    expect(text).toContain(
      '"out.txt" is not in the build context. It exists, but .dockerignore leaves it out.',
    );
    expect(text).not.toContain('here.txt');
    expect(text).not.toContain('none');
  });

  test('what is in the context by mistake is named, and what is left out is not looked into', async () => {
    const view = await look({
      Dockerfile: `FROM ${nanoserver}\nCOPY . C:/app/\n`,
      '.dockerignore': 'left-out\n!left-out/kept.txt\n',
      'node_modules/big.bin': 'x'.repeat(2_000_000),
      'left-out/secret.pfx': 'x',
      'left-out/kept.txt': 'x',
      '.env': 'TOKEN=abc\n',
      '.env.example': 'TOKEN=\n',
      'key.pem': '-----BEGIN RSA PRIVATE KEY-----\n',
      'certificate.pem': '-----BEGIN CERTIFICATE-----\n',
      'dir/aux.txt': '',
      'dir/read.me': '',
      'dir/READ.ME': '',
      link: { link: '/etc' },
    });
    expect(view.context.biggest[0]).toMatchObject({
      path: 'node_modules',
      files: 1,
      bytes: 2_000_000,
    });
    expect(view.context.biggest.find(({ path: name }) => name === 'left-out')).toMatchObject({
      files: 1,
    });
    expect(told(view, 'context')).toContain('warning 0 node_modules (packages that npm installs)');
    const secrets = told(view, 'secrets');
    expect(secrets).toContain('.env looks like a secret');
    expect(secrets).toContain('key.pem looks like a secret');
    for (const innocent of ['.env.example', 'certificate.pem', 'secret.pfx'])
      expect(secrets).not.toContain(innocent);
    const names = told(view, 'names');
    expect(names).toContain('dir/aux.txt cannot be copied');
    expect(names).toMatch(/(?:read\.me and READ\.ME|READ\.ME and read\.me) in dir are one name/);
  });

  test('secrets in the Dockerfile and the rules about Windows are told with their names', async () => {
    const view = await look({
      Dockerfile: `FROM ${nanoserver}\nENV API_TOKEN=abc\nRUN apt-get install curl\n`,
    });
    expect(view.findings.map(({ rule }) => rule)).toContain('linux-package-manager');
    expect(told(view, 'dockerfile') + told(view, 'secrets')).toContain('API_TOKEN');
  });

  test('a ZImagefile is looked at like a Dockerfile', async () => {
    await using work = await bench({
      ZImagefile: `base: ${nanoserver}\nsteps:\n  - copy: gone\n    to: C:/x\n`,
    });
    const named = await preflight(
      buildRequestSchema.parse({
        contextDir: work.contextDir,
        dockerfile: path.join(work.contextDir, 'ZImagefile'),
      }),
      {
        ...depsFor(work.store),
        blobs: work.store.blobs,
        storeDir: work.store.dir,
        isSample: () => false,
        today: '2026-11-24',
      },
    );
    expect(told(named, 'context')).toContain('error 3 "gone" is not in the build context');
  });

  test('a context that is not there is an error of its own', async () => {
    await using work = await bench({ Dockerfile: `FROM ${nanoserver}\n` });
    const request = buildRequestSchema.parse({
      contextDir: path.join(work.contextDir, 'none'),
      dockerfile: path.join(work.contextDir, 'Dockerfile'),
    });
    const deps = {
      ...depsFor(work.store),
      blobs: work.store.blobs,
      storeDir: work.store.dir,
      isSample: () => false,
      today: '2026-11-24',
    };
    await expect(preflight(request, deps)).rejects.toMatchObject({
      failure: { code: 'file-system' },
    });
    const controller = new AbortController();
    controller.abort();
    const there = buildRequestSchema.parse({ contextDir: work.contextDir });
    await expect(preflight(there, deps, controller.signal)).rejects.toMatchObject({
      failure: { code: 'cancelled' },
    });
  });
});
