import { expect, test } from 'vitest';
import { plannedSecrets } from '../../../../electron/engine/build/planned-secrets.ts';
import { parseDockerfile } from '../../../../shared/dockerfile/parse.ts';
import { planStages } from '../../../../shared/dockerfile/stages.ts';

const windows = { os: 'windows', architecture: 'amd64' } as const;

function mounts(...lines: readonly string[]) {
  const dockerfile = parseDockerfile(['# escape=`', ...lines].join('\n'));
  return plannedSecrets(
    planStages(dockerfile, {
      buildArgs: {},
      targetPlatform: windows,
      buildPlatform: windows,
      namedContexts: [],
    }).stages,
  );
}

test('secrets are found by id, by source and by target, each once, required where one RUN requires it', () => {
  expect(
    mounts(
      'FROM a',
      'RUN --mount=type=secret,id=token dir',
      'RUN --mount=type=secret,id=token,required=true --mount=type=secret,target=C:\\s\\key dir',
      'RUN --mount=type=secret,source=feed,env=FEED dir',
      'RUN --mount=type=cache,target=C:\\c dir',
    ),
  ).toEqual([
    { secretId: 'token', required: true },
    { secretId: 'key', required: false },
    { secretId: 'feed', required: false },
  ]);
});

test('names that a variable stands in for, faulty mounts and stages that are not needed are left out', () => {
  expect(
    mounts(
      'FROM a AS other',
      'RUN --mount=type=secret,id=elsewhere dir',
      'FROM a',
      'RUN --mount=type=secret,id=$NAME dir',
      'RUN --mount=type=secret,id=x,sharing=shared dir',
    ),
  ).toEqual([]);
});
