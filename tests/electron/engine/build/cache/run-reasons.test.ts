import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runInputs } from '../../../../../electron/engine/build/backends/hcs/run-inputs.ts';
import { stepKey } from '../../../../../electron/engine/build/cache/inputs.ts';
import { recordsFile } from '../../../../../electron/engine/build/cache/open-records.ts';
import type { RunStep } from '../../../../../shared/dockerfile/resolved-step.ts';
import { dockerfile, hcsBench } from '../backends/hcs/hcs-bench.ts';
import { outcomes, storyOfStep } from './stories.ts';

describe('why a RUN ran', () => {
  test('is the argument, the command or the mounted file that changed; secrets and proxies decide nothing', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile(
        'ARG COLOUR=red',
        'RUN --mount=type=bind,source=in,target=C:/in --mount=type=secret,id=key echo %COLOUR%> C:/out.txt',
      ),
      'in/a.txt': '1',
      key: 'open-sesame',
      other: 'another sesame',
    });
    const secret = (file: string) => ({
      run: { secrets: { key: { file: path.join(at.contextDir, file) } } },
    });
    await at.build(secret('key'));
    expect(storyOfStep(at.events, '0.2')).toEqual({ kind: 'never-built' });
    const proxy = { HTTP_PROXY: 'http://user:sesame@proxy' };
    await at.build({ ...secret('other'), buildArgs: proxy });
    expect(outcomes(at.events)).toEqual(['0.2 cached']);
    await at.build({ ...secret('key'), buildArgs: { COLOUR: 'blue', ...proxy } });
    expect(storyOfStep(at.events, '0.2')).toMatchObject({
      differences: [{ kind: 'variable', name: 'COLOUR', before: 'red', now: 'blue' }],
    });
    await writeFile(path.join(at.contextDir, 'in/a.txt'), '22');
    await at.build(secret('key'));
    expect(storyOfStep(at.events, '0.2')).toMatchObject({
      differences: [{ kind: 'files', from: 'the build context', files: [{ path: 'in/a.txt' }] }],
    });
    expect((await readFile(recordsFile(at.store.dir))).includes('sesame')).toBe(false);
  });
});

const step: RunStep = {
  kind: 'run',
  form: 'shell',
  commandLine: 'cmd /S /C build',
  argv: ['cmd', '/S', '/C', 'build'],
  mounts: [],
  network: 'default',
  security: 'sandbox',
  env: ['PATH=C:\\Windows', '=C:=C:\\'],
  proxyEnv: [],
  user: '',
  workingDir: 'C:\\',
};

test('the key of a RUN takes what its program sees, and not what it needs to get out', () => {
  const input = { chainId: undefined, platform: { os: 'windows', architecture: 'amd64' } };
  const keyOf = (change: Partial<RunStep>) =>
    stepKey(runInputs({ step: { ...step, ...change }, input, sources: [], compression: 'gzip' }));
  const others: Partial<RunStep>[] = [
    { commandLine: 'cmd /S /C test' },
    { env: ['PATH=C:\\Windows', '=C:=D:\\'] },
    { user: 'ContainerUser' },
    { workingDir: 'C:\\src' },
    { network: 'none' },
  ];
  expect(new Set([{}, ...others].map(keyOf)).size).toBe(others.length + 1);
  expect(keyOf({ proxyEnv: ['HTTP_PROXY=http://p'] })).toBe(keyOf({}));
});
