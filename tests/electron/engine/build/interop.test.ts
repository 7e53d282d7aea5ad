import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bench, builtImage, nanoserver } from './build.ts';

const reference = 'docker.io/library/hello:1';

test('skopeo inspects and copies what was built, umoci stats it, bsdtar lists its layer', async () => {
  await using at = await bench({
    Dockerfile: `# escape=\`\nFROM ${nanoserver}\nWORKDIR C:\\app\nCOPY . .\nENV A=1\n`,
    'ä/ŋ.txt': 'x',
    l: { link: 'Dockerfile' },
    [`${'long-name-'.repeat(20)}.txt`]: 'y',
  });
  const result = await at.build({ tags: [reference] });
  const stored = `oci:${at.store.dir}:${reference}`;
  const inspected = JSON.parse(
    run('skopeo', '--override-os', 'windows', 'inspect', stored),
  ) as Record<string, unknown>;
  expect(inspected).toMatchObject({
    Digest: result.manifestDigest,
    Os: 'windows',
    Architecture: 'amd64',
    Env: ['A=1'],
  });
  expect(inspected['Layers']).toHaveLength(3);
  const config = JSON.parse(
    run('skopeo', '--override-os', 'windows', 'inspect', '--config', '--raw', stored),
  ) as Record<string, unknown>;
  expect(config).toMatchObject({ 'os.version': '10.0.20348.2966' });

  const copy = path.join(at.dir, 'copy');
  await mkdir(copy);
  run('skopeo', '--override-os', 'windows', 'copy', '--quiet', stored, `oci:${copy}:hello`);
  const stat = JSON.parse(run('umoci', 'stat', '--image', `${copy}:hello`, '--json')) as {
    history: { layer: { digest: string } | null; created_by: string; empty_layer: boolean }[];
  };
  const { layersBaseFirst } = await builtImage(at.store, result);
  expect(stat.history.map(({ layer }) => layer?.digest)).toEqual([
    ...layersBaseFirst.map(({ descriptor }) => descriptor.digest),
    undefined,
  ]);
  expect(stat.history.map(({ created_by }) => created_by).slice(1)).toEqual([
    'WORKDIR C:\\app',
    'COPY . .',
    'ENV A=1',
  ]);

  const listed = run('bsdtar', '-tvf', at.store.blobs.path(layersBaseFirst[2]!.descriptor.digest));
  const names = listed
    .trimEnd()
    .split('\n')
    .map(line => line.replace(/^(?:\S+\s+){8}/u, ''));
  expect(names).toEqual([
    'Hives',
    'Files',
    'Files/app',
    'Files/app/Dockerfile',
    'Files/app/l -> Dockerfile',
    `Files/app/${'long-name-'.repeat(20)}.txt`,
    'Files/app/ä',
    'Files/app/ä/ŋ.txt',
  ]);
});

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
}
