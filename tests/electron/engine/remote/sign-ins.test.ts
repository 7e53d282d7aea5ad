import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  secretCredentials,
  type SecretBox,
} from '../../../../electron/engine/remote/secret-credentials.ts';
import { createSignIns } from '../../../../electron/engine/remote/sign-ins.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** Turns bytes round: enough to see that nothing is readable and that only the right box opens it. */
function box(mask: number): SecretBox {
  const turn = (bytes: Uint8Array) => Buffer.from(bytes.map(byte => byte ^ mask));
  return {
    seal: async secret => turn(Buffer.from(secret)),
    open: async sealed => turn(sealed).toString('utf8'),
  };
}

const credential = { kind: 'password', username: 'ann', password: 'correct horse' } as const;

let dir: string;
let environment: { DOCKER_CONFIG: string };
beforeEach(async () => {
  dir = await tempDir();
  environment = { DOCKER_CONFIG: path.join(dir, 'docker') };
});

const secretFile = () => path.join(dir, 'state', 'credentials.json');

describe('credentials that are sealed', () => {
  test('are found again, listed by user, and stand nowhere readable', async () => {
    const store = secretCredentials(secretFile(), box(0x5a));
    await store.save('a.example', credential);
    await store.save('b.example', { kind: 'identity-token', token: 'secret token' });
    expect(await store.get('a.example')).toEqual(credential);
    expect(await store.get('__proto__')).toBeUndefined();
    expect(await store.list()).toEqual([
      { registry: 'a.example', username: 'ann' },
      { registry: 'b.example' },
    ]);
    expect(await readFile(secretFile(), 'utf8')).not.toMatch(/horse|secret token/);
  });

  test('are erased, and say whether there were any', async () => {
    const store = secretCredentials(secretFile(), box(1));
    await store.save('a.example', credential);
    expect(await store.erase('a.example')).toBe(true);
    expect(await store.erase('a.example')).toBe(false);
    expect(await store.get('a.example')).toBeUndefined();
  });

  test('that another computer has sealed, or that were damaged, are told as such', async () => {
    await secretCredentials(secretFile(), box(1)).save('a.example', credential);
    const other = secretCredentials(secretFile(), box(2)).get('a.example');
    await expect(other).rejects.toMatchObject({ failure: { code: 'credentials-failed' } });
    await writeFile(secretFile(), '{"registries": 7}');
    const damaged = secretCredentials(secretFile(), box(1)).get('a.example');
    await expect(damaged).rejects.toMatchObject({ failure: { code: 'credentials-failed' } });
  });
});

describe('signing in', () => {
  test('prefers the keychain of the app, and finds what Docker has as well', async () => {
    const secrets = { store: secretCredentials(secretFile(), box(3)), words: 'the keychain' };
    const signIns = createSignIns({ environment, secrets, mayBeReadable: false });
    const auth = Buffer.from('bob:pw').toString('base64');
    await mkdir(environment.DOCKER_CONFIG, { recursive: true });
    await writeFile(
      path.join(environment.DOCKER_CONFIG, 'config.json'),
      JSON.stringify({ auths: { 'docker.example': { auth } } }),
    );
    expect(await signIns.save('a.example', credential)).toBe('the keychain');
    expect(await signIns.get('docker.example')).toMatchObject({ username: 'bob' });
    expect(await signIns.list()).toEqual([
      expect.objectContaining({ registry: 'docker.example', username: 'bob' }),
      { registry: 'a.example', username: 'ann', keptIn: 'the keychain' },
    ]);
    expect(await signIns.erase('a.example')).toBe(true);
    expect(await signIns.erase('docker.example')).toBe(true);
    expect(await signIns.list()).toEqual([]);
  });

  test('is refused where a password would lie there readable, unless that is what was asked for', async () => {
    const careful = createSignIns({ environment, mayBeReadable: false });
    expect(await careful.keeping('a.example')).toHaveProperty('refused');
    await expect(careful.save('a.example', credential)).rejects.toMatchObject({
      failure: { code: 'sign-in-not-kept', registry: 'a.example' },
    });
    const asDocker = createSignIns({ environment, mayBeReadable: true });
    const file = path.join(environment.DOCKER_CONFIG, 'config.json');
    expect(await asDocker.save('a.example', credential)).toBe(file);
    expect(await careful.get('a.example')).toEqual(credential);
  });

  test('uses the credential helper that Docker has for a registry', async () => {
    await mkdir(environment.DOCKER_CONFIG, { recursive: true });
    await writeFile(
      path.join(environment.DOCKER_CONFIG, 'config.json'),
      JSON.stringify({ credHelpers: { 'a.example': 'pass' } }),
    );
    const signIns = createSignIns({ environment, mayBeReadable: false });
    expect(await signIns.keeping('a.example')).toEqual({
      kept: `Docker's credential helper "pass"`,
    });
    expect(await signIns.keeping('b.example')).toHaveProperty('refused');
  });
});
