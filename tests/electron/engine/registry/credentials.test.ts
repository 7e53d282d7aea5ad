import {
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  firstCredential,
  singleCredential,
  type Credential,
} from '../../../../electron/engine/registry/credentials.ts';
import { dockerCredentials } from '../../../../electron/engine/registry/docker-credentials.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { expectFailure } from './clients.ts';

const me: Credential = { kind: 'password', username: 'me', password: 'pass:wörd' };

interface Home {
  readonly dir: string;
  readonly file: string;
  readonly environment: Record<string, string>;
}

async function home(config?: unknown): Promise<Home> {
  const dir = await tempDir();
  const file = path.join(dir, 'docker', 'config.json');
  await mkdir(path.dirname(file));
  if (config !== undefined) {
    await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  }
  const environment = {
    DOCKER_CONFIG: path.dirname(file),
    PATH: `${dir}:${process.env['PATH'] ?? ''}`,
    HELPER_FILE: path.join(dir, 'secrets.json'),
  };
  return { dir, file, environment };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const config = async ({ file }: Home) => JSON.parse(await readFile(file, 'utf8')) as unknown;

// A real helper program: it keeps its secrets in a file.
const helper = `#!/usr/bin/env python3
import json, os, sys
file = os.environ['HELPER_FILE']
secrets = json.load(open(file)) if os.path.exists(file) else {}
verb, text = sys.argv[1], sys.stdin.read().strip()
if verb == 'get':
    if text not in secrets:
        print('credentials not found in native keychain')
        sys.exit(1)
    print(json.dumps({'ServerURL': text, **secrets[text]}))
elif verb == 'store':
    entry = json.loads(text)
    secrets[entry['ServerURL']] = {'Username': entry['Username'], 'Secret': entry['Secret']}
elif verb == 'erase':
    secrets.pop(text, None)
elif verb == 'list':
    print(json.dumps({server: entry['Username'] for server, entry in secrets.items()}))
json.dump(secrets, open(file, 'w'))
`;

async function withHelper(home: Home, name: string, program = helper): Promise<void> {
  const file = path.join(home.dir, `docker-credential-${name}`);
  await writeFile(file, program);
  await chmod(file, 0o755);
}

describe('config.json', () => {
  test.each<[string, object, string, Credential | undefined]>([
    ['auth', { 'r:5000': { auth: base64('me:pass:wörd') } }, 'r:5000', me],
    ['auth that ends in zeros', { r: { auth: base64('me:pass:wörd\0\0') } }, 'r', me],
    ['user name and password', { r: { username: 'me', password: 'pass:wörd' } }, 'r', me],
    ['an old key', { 'https://r/v2/': { auth: base64('me:pass:wörd') } }, 'r', me],
    [
      'Docker Hub',
      { 'https://index.docker.io/v1/': { auth: base64('me:pass:wörd') } },
      'docker.io',
      me,
    ],
    [
      'an identity token',
      { r: { auth: base64('x:'), identitytoken: 't' } },
      'r',
      { kind: 'identity-token', token: 't' },
    ],
    ['a bearer token', { r: { registrytoken: 't' } }, 'r', { kind: 'registry-token', token: 't' }],
    ['an empty entry', { r: {} }, 'r', undefined],
    ['nonsense', { r: { auth: '%%%' } }, 'r', undefined],
    ['another registry', { r: { auth: base64('me:pass:wörd') } }, 'r2', undefined],
    ['a name of every object', {}, 'constructor', undefined],
  ])('with %s is understood', async (_, auths, registry, credential) => {
    const at = await home({ auths });
    expect(await dockerCredentials(at.environment).get(registry)).toEqual(credential);
  });

  test('that is not there holds nothing', async () => {
    const store = dockerCredentials((await home()).environment);
    expect(await store.get('r')).toBeUndefined();
    expect(await store.list()).toEqual([]);
    expect(await store.erase('r')).toBe(false);
  });

  test.each(['{', '[]', '{"auths":7}', '{"auths":{"r":{"auth":7}}}'])(
    'that says %s is a failure that names it',
    async text => {
      const at = await home(text);
      await expectFailure(dockerCredentials(at.environment).get('r'), {
        code: 'credentials-failed',
        source: at.file,
      });
    },
  );

  test('keeps what it does not know, is private and is replaced in one step', async () => {
    const auths = { other: { auth: base64('a:b'), email: 'x' } };
    const at = await home({ auths, HttpHeaders: { a: 'b' }, psFormat: 'x' });
    const store = dockerCredentials(at.environment);
    await store.save('docker.io', me);
    await store.save('r:5000', { kind: 'identity-token', token: 't' });
    expect(await config(at)).toEqual({
      auths: {
        ...auths,
        'https://index.docker.io/v1/': { auth: base64('me:pass:wörd') },
        'r:5000': { identitytoken: 't' },
      },
      HttpHeaders: { a: 'b' },
      psFormat: 'x',
    });
    expect((await stat(at.file)).mode & 0o777).toBe(0o600);
    expect(await readdir(path.dirname(at.file))).toEqual(['config.json']);
    expect(await store.get('docker.io')).toEqual(me);
    expect(await store.list()).toEqual([
      { registry: 'docker.io', username: 'me' },
      { registry: 'other', username: 'a' },
      { registry: 'r:5000' },
    ]);
    expect(await store.erase('docker.io')).toBe(true);
    expect(await store.erase('docker.io')).toBe(false);
    expect(await store.get('docker.io')).toBeUndefined();
  });

  test('that is a link stays one', async () => {
    const at = await home();
    const real = path.join(at.dir, 'real.json');
    await writeFile(real, '{"kept":1}');
    await symlink(real, at.file);
    await dockerCredentials(at.environment).save('r', me);
    expect(await readlink(at.file)).toBe(real);
    expect(JSON.parse(await readFile(real, 'utf8'))).toMatchObject({ kept: 1, auths: { r: {} } });
  });
});

describe('a helper program', () => {
  test('keeps, gives, lists and erases credentials', async () => {
    const at = await home({ credsStore: 'files', auths: { old: { auth: base64('o:ld') } } });
    await withHelper(at, 'files');
    const store = dockerCredentials(at.environment);
    await store.save('docker.io', me);
    await store.save('r', { kind: 'identity-token', token: 'secret' });
    expect(await readFile(at.file, 'utf8')).not.toMatch(/secret|pass/);
    expect(await config(at)).toMatchObject({ auths: { r: {}, 'https://index.docker.io/v1/': {} } });
    expect(await store.get('docker.io')).toEqual(me);
    expect(await store.get('r')).toEqual({ kind: 'identity-token', token: 'secret' });
    expect(await store.get('missing')).toBeUndefined();
    expect(await store.get('old')).toEqual({ kind: 'password', username: 'o', password: 'ld' });
    expect(await store.list()).toEqual([
      { registry: 'docker.io', username: 'me' },
      { registry: 'old', username: 'o' },
      { registry: 'r' },
    ]);
    expect(await store.erase('r')).toBe(true);
    expect(await store.get('r')).toBeUndefined();
    expect(await config(at)).not.toMatchObject({ auths: { r: {} } });
  });

  test('of one registry comes before the one of all', async () => {
    const at = await home({ credsStore: 'missing', credHelpers: { r: 'files' } });
    await withHelper(at, 'files');
    const store = dockerCredentials(at.environment);
    await store.save('r', me);
    expect(await store.get('r')).toEqual(me);
    await expectFailure(store.get('other'), {
      code: 'credentials-failed',
      source: 'docker-credential-missing',
      problem: 'there is no such program on the PATH.',
    });
  });

  test.each([
    ['says why not', 'echo "the key ring is locked"; exit 1', 'the key ring is locked'],
    ['says it elsewhere', 'echo "broken" >&2; exit 3', 'broken'],
    ['says nothing', 'exit 3', 'it ended with 3.'],
    ['talks nonsense', 'echo "not JSON"', 'its answer is not what Docker describes.'],
    ['says too much', 'yes', 'it says too much.'],
  ])('that %s is a failure', async (_, script, problem) => {
    const at = await home({ credsStore: 'bad' });
    await withHelper(at, 'bad', `#!/bin/sh\n${script}\n`);
    await expectFailure(dockerCredentials(at.environment).get('r'), {
      code: 'credentials-failed',
      source: 'docker-credential-bad',
      problem,
    });
  });

  test('that hangs can be cancelled and is ended', async () => {
    const at = await home({ credsStore: 'slow' });
    await withHelper(at, 'slow', '#!/bin/sh\nexec sleep 30\n');
    const work = dockerCredentials(at.environment).get('r', AbortSignal.timeout(100));
    await expectFailure(work, { code: 'cancelled' });
  });

  test('that repeats a secret does not get it into a failure', async () => {
    const at = await home({ credsStore: 'echo' });
    await withHelper(at, 'echo', '#!/bin/sh\necho "cannot store $(cat)"; exit 1\n');
    const secret = { kind: 'password', username: 'me', password: 'topsecret' } as const;
    const error: unknown = await dockerCredentials(at.environment)
      .save('r', secret)
      .catch((error: unknown) => error);
    expect(JSON.stringify(error)).toContain('cannot store');
    expect(`${JSON.stringify(error)} ${String(error)}`).not.toContain('topsecret');
  });

  test('whose name is a path is not started', async () => {
    const at = await home({ credsStore: '../files' });
    await expectFailure(dockerCredentials(at.environment).get('r'), {
      code: 'credentials-failed',
      problem: 'this is no name of a helper.',
    });
  });
});

test('the first source that has a credential decides', async () => {
  const other: Credential = { kind: 'registry-token', token: 't' };
  const sources = firstCredential([singleCredential('a', me), singleCredential('b', other)]);
  expect(await sources.get('a')).toBe(me);
  expect(await sources.get('b')).toBe(other);
  expect(await sources.get('c')).toBeUndefined();
});
