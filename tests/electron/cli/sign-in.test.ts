import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDockerRegistry, type DockerRegistry } from '../../support/docker-registry.ts';
import { tester } from '../../support/token-server.ts';
import { newWorkplace, type Finished, type Workplace } from './process.ts';
import { cliIn, skopeo } from './registry-cli.ts';

describe('with a registry that asks for a password', () => {
  let registry: DockerRegistry;
  let place: Workplace;
  let home: string;
  let cli: (args: readonly string[], input?: string) => Promise<Finished>;

  beforeAll(async () => {
    [registry, place] = await Promise.all([
      startDockerRegistry({ auth: 'htpasswd' }),
      newWorkplace(),
    ]);
    home = path.join(place.dir, 'docker');
    await mkdir(home);
    cli = cliIn(place, home);
  }, 60_000);

  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]();
    await place?.remove();
  });

  test('nobody gets in without signing in, and is told how to', async () => {
    const { code, err } = await cli(['catalog', registry.host]);
    expect(code).toBe(1);
    expect(err).toContain(`Sign in with "layerwright login ${registry.host}"`);
  });

  test('a wrong password is refused and not kept', async () => {
    const { code, err } = await cli(['login', '-u', tester.username, registry.host], 'wrong');
    expect(code).toBe(1);
    expect(err).toContain('does not accept the credentials');
    await expect(readFile(path.join(home, 'config.json'))).rejects.toThrow('ENOENT');
  });

  test('a right one is kept where Docker and skopeo find it, with a word on where that is', async () => {
    const { code, err } = await cli(
      ['login', '-u', tester.username, '--password-stdin', registry.host],
      `${tester.password}\n`,
    );
    expect(code).toBe(0);
    expect(err).toContain(`kept in ${path.join(home, 'config.json')}`);
    expect(err).toContain('credsStore');
    expect((await cli(['catalog', registry.host])).code).toBe(0);
    await skopeo(
      'list-tags',
      '--authfile',
      path.join(home, 'config.json'),
      '--tls-verify=false',
      `docker://${registry.host}/nothing`,
    ).catch((error: Error) => expect(error.message).not.toMatch(/unauthorized|authentication/i));
  });

  test('a password on the command line is warned of', async () => {
    const { code, err } = await cli([
      'login',
      '-u',
      tester.username,
      '-p',
      tester.password,
      registry.host,
    ]);
    expect(code).toBe(0);
    expect(err).toContain('--password-stdin');
  });

  test('after signing out nobody gets in again', async () => {
    expect((await cli(['logout', registry.host])).err).toContain('signed out');
    expect((await cli(['catalog', registry.host])).code).toBe(1);
    expect((await cli(['logout', registry.host])).err).toContain('nobody was signed in');
  });
});
