import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../shared/failure.ts';
import { buildRequestOf, type BuildFlags } from '../../../electron/cli/build-request.ts';
import { parseOutput } from '../../../electron/cli/output-option.ts';

const flags: BuildFlags = {
  progress: 'auto',
  cache: true,
  compression: 'gzip',
  backend: 'auto',
  pull: 'missing',
  timestamps: 'normalize',
};
const place = { cwd: '/home/me', environment: { TOKEN: 'from env', EMPTY: '' } };

function problemOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    const failure = failureOf(error);
    return failure.code === 'bad-request' ? `${failure.field}: ${failure.problem}` : failure.code;
  }
}

describe('--output', () => {
  test.each([
    ['type=oci,dest=a.tar', { format: 'oci-archive', dest: '/home/me/a.tar' }],
    ['dest=/x/y,type=docker', { format: 'docker-archive', dest: '/x/y' }],
    [
      'type=oci-dir,"dest=with, comma and ""quotes"""',
      { format: 'oci-layout', dest: '/home/me/with, comma and "quotes"' },
    ],
  ])('%s', (text, expected) => {
    expect(parseOutput(text, '/home/me')).toEqual(expected);
  });

  test.each([
    ['type=oci', '--output: dest must name a file or folder'],
    ['type=oci,dest=-', '--output: dest must name a file or folder'],
    ['type=tar,dest=x', '--output: type must be one of oci, docker, oci-dir'],
    ['', '--output: "" is not of the form key=value'],
    ['out.tar', '--output: "out.tar" is not of the form key=value'],
    ['type=oci,dest=x,push=true', '--output: "push" is not known; use type and dest'],
    ['type=oci,type=oci,dest=x', '--output: "type" is given twice'],
    ['"type=oci,dest=x', '--output: the quotes do not match'],
    ['type=oci,"dest"x', '--output: the quotes do not match'],
  ])('%j is refused: %s', (text, expected) => {
    expect(problemOf(() => parseOutput(text, '/'))).toBe(expected);
  });
});

describe('the request of a command line', () => {
  test('has the defaults where nothing is said', () => {
    expect(buildRequestOf('.', flags, place)).toMatchObject({
      contextDir: '/home/me',
      tags: [],
      buildArgs: {},
      noCache: false,
      noCacheFilter: [],
    });
    expect(buildRequestOf('.', flags, place)).not.toHaveProperty('dockerfile');
  });

  test('takes everything that can be said', () => {
    const request = buildRequestOf(
      'shop',
      {
        ...flags,
        file: 'docker/Dockerfile',
        tag: ['acme/shop:1', 'acme/shop:latest'],
        buildArg: ['VERSION=2=3', 'TOKEN', 'EMPTY', 'NOT_SET'],
        buildContext: ['lib=../lib', 'tools=docker-image://acme/tools:1'],
        label: ['a=b', 'bare'],
        target: 'final',
        platform: 'windows/arm64',
        cache: false,
        cacheFilter: ['tools,final', '0'],
        rerunFrom: '7',
        cacheFrom: ['acme/shop:cache', 'type=local,src=cache'],
        cacheTo: ['type=registry,ref=acme/shop:cache,mode=max'],
        compression: 'zstd',
        timestamps: 'preserve',
        sourceDateEpoch: '1700000000',
      },
      place,
    );
    expect(request).toEqual({
      contextDir: '/home/me/shop',
      dockerfile: '/home/me/docker/Dockerfile',
      tags: ['acme/shop:1', 'acme/shop:latest'],
      buildArgs: { VERSION: '2=3', TOKEN: 'from env', EMPTY: '' },
      namedContexts: { lib: '/home/lib', tools: 'docker-image://acme/tools:1' },
      labels: { a: 'b', bare: '' },
      target: 'final',
      platform: 'windows/arm64',
      noCache: true,
      noCacheFilter: ['tools', 'final', '0'],
      rerunFrom: 7,
      cacheFrom: [
        { type: 'registry', ref: 'acme/shop:cache' },
        { type: 'local', dir: '/home/me/cache' },
      ],
      cacheTo: [{ place: { type: 'registry', ref: 'acme/shop:cache' }, mode: 'max' }],
      run: expect.anything(),
      pull: 'missing',
      compression: 'zstd',
      backend: 'auto',
      timestamps: 'preserve',
      sourceDateEpoch: 1_700_000_000,
    });
  });

  test('takes the time from SOURCE_DATE_EPOCH, unless a flag says another', () => {
    const environment = { SOURCE_DATE_EPOCH: '5' };
    const epochOf = (more: Partial<BuildFlags>): number | undefined =>
      buildRequestOf('.', { ...flags, ...more }, { cwd: '/', environment }).sourceDateEpoch;
    expect(epochOf({})).toBe(5);
    expect(epochOf({ sourceDateEpoch: '6' })).toBe(6);
  });

  test('reads the Dockerfile from standard input for -f -', () => {
    expect(buildRequestOf('.', { ...flags, file: '-' }, place).dockerfile).toBe('-');
  });

  test.each([
    [{ cacheFrom: ['type=s3,ref=x'] }, '--cache-from: type must be one of registry, local'],
    [{ cacheFrom: ['type=local,src='] }, '--cache-from: src must name a folder'],
    [
      { cacheTo: ['type=local,src=x'] },
      '--cache-to: "src" is not known; use type, ref, dest and mode',
    ],
    [{ cacheTo: ['type=registry,ref=x,mode=all'] }, '--cache-to: mode must be min or max'],
    [{ rerunFrom: '0' }, '--rerun-from: "0" is not the number of a line'],
    [{ buildArg: ['=x'] }, '--build-arg: "=x" has no name; write NAME=VALUE'],
    [
      { buildContext: ['lib'] },
      '--build-context: lib needs a value: lib=<folder or docker-image://...>',
    ],
    [
      { sourceDateEpoch: 'now' },
      '--source-date-epoch: "now" is not a number of seconds since 1970',
    ],
    [{ tag: ['Not Valid'] }, 'reference-invalid'],
  ])('%j is refused: %s', (more, expected) => {
    expect(problemOf(() => buildRequestOf('.', { ...flags, ...more }, place))).toBe(expected);
  });
});
