import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDockerRegistry, type DockerRegistry } from '../../support/docker-registry.ts';
import { newWorkplace, type Finished, type Workplace } from './process.ts';
import { cliIn, disposable, skopeo } from './registry-cli.ts';

const nanoserver = 'layerwright.local/windows/nanoserver';

describe('with a registry that lets everybody in', () => {
  let registry: DockerRegistry;
  let place: Workplace;
  let other: Workplace;
  let cli: (args: readonly string[], input?: string) => Promise<Finished>;

  beforeAll(async () => {
    [registry, place, other] = await Promise.all([
      startDockerRegistry(),
      newWorkplace(),
      newWorkplace(),
    ]);
    cli = cliIn(place, place.dir);
    expect((await cli(['samples'])).code).toBe(0);
  }, 60_000);

  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]();
    await place?.remove();
    await other?.remove();
  });

  test('a dry run tells what would be sent and sends nothing', async () => {
    const target = `${registry.host}/bases/nano:1`;
    const { code, out } = await cli(['push', '--dry-run', `${nanoserver}:ltsc2022`, target]);
    expect(code).toBe(0);
    expect(out).toContain(`${target} would become sha256:`);
    expect(out).toMatch(/would be sent/);
    await expect(
      skopeo('inspect', '--raw', '--tls-verify=false', `docker://${target}`),
    ).rejects.toThrow('manifest unknown');
  });

  test('what is pushed is what skopeo reads, byte for byte', async () => {
    const target = `${registry.host}/bases/nano:1`;
    const pushed = await cli(['push', '--progress', 'plain', `${nanoserver}:ltsc2022`, target]);
    expect(pushed.code).toBe(0);
    expect(pushed.err).toMatch(/pushed .+ sha256:[0-9a-f]{64}, .+ sent/);
    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${target}`);
    const digest = `sha256:${createHash('sha256').update(raw).digest('hex')}`;
    expect(pushed.err).toContain(digest);
    const shown = await cli(['manifest', '--raw', '--remote', target]);
    expect(shown.out).toBe(raw);
  });

  test('what skopeo pushes is pulled, shown as a plain log, and up to date the second time', async () => {
    const archive = path.join(place.dir, 'nano.tar');
    expect((await cli(['save', '-o', archive, `${nanoserver}:ltsc2025`])).code).toBe(0);
    const target = `${registry.host}/by-skopeo:2`;
    await skopeo('copy', '--dest-tls-verify=false', `oci-archive:${archive}`, `docker://${target}`);
    const pull = cliIn(other, other.dir);
    const first = await pull(['pull', target]);
    expect(first.code).toBe(0);
    expect(first.err).toMatch(/sha256:[0-9a-f]{12} .+ downloaded/);
    expect(first.err).toContain(`pulled ${target} sha256:`);
    const second = await pull(['pull', target]);
    expect(second.err).toContain(`${target} is up to date: sha256:`);
    const quiet = await pull(['pull', '-q', target]);
    expect(quiet.out).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    const { code } = await pull(['inspect', target]);
    expect(code).toBe(0);
  });

  test('the events of a pull are one JSON value a line', async () => {
    const { code, out } = await cli([
      'pull',
      '--progress',
      'json',
      `${registry.host}/bases/nano:1`,
    ]);
    expect(code).toBe(0);
    const kinds = out
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds[0]).toBe('resolving');
    expect(new Set(kinds)).toEqual(new Set(['resolving', 'resolved', 'planned', 'blob']));
  });

  test('an index of two Windows versions is made, pushed, and read by skopeo with its os.versions', async () => {
    const name = `${registry.host}/shop:1`;
    const images = [`${nanoserver}:ltsc2022`, `${nanoserver}:ltsc2025`];
    const made = await cli(['index', 'create', '--push', '-q', name, ...images]);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^sha256:/) as string });
    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${name}`);
    const { manifests } = JSON.parse(raw) as {
      manifests: { platform: { 'os.version': string } }[];
    };
    expect(manifests.map(({ platform }) => platform['os.version'].split('.')[2])).toEqual([
      '26100',
      '20348',
    ]);
    const one = await cli([
      'manifest',
      '--raw',
      '--remote',
      '--platform',
      'windows(10.0.20348)/amd64',
      name,
    ]);
    expect(JSON.parse(one.out)).toHaveProperty('layers');
    const none = await cli(['pull', '--platform', 'windows(10.0.17763)/amd64', name]);
    expect(none.code).toBe(1);
    expect(none.err).toContain('has no image for windows(10.0.17763)/amd64');
    expect(none.err).toContain('windows(10.0.20348');
  });

  test('a build takes the image of an index that was pulled, and pulls another one for another platform', async () => {
    const name = `${registry.host}/shop:1`;
    await using fresh = await disposable();
    const build = async (...flags: readonly string[]) =>
      await cliIn(fresh.place, fresh.place.dir)(['build', '--iidfile', 'id', ...flags, '.']);
    await fresh.place.files({ Dockerfile: `FROM ${name}\nLABEL a=b\n` });
    const never = await build('--pull', 'never');
    expect(never).toMatchObject({
      code: 1,
      err: expect.stringContaining('not in the store') as string,
    });
    const pull = ['pull', '--platform', 'windows(10.0.20348)/amd64', name];
    expect((await cliIn(fresh.place, fresh.place.dir)(pull)).code).toBe(0);
    expect(await build('--pull', 'never')).toMatchObject({ code: 0 });
    const other = ['--platform', 'windows(10.0.26100)/amd64'];
    expect((await build('--pull', 'never', ...other)).code).toBe(1);
    expect(await build(...other)).toMatchObject({ code: 0 });
  });

  test('catalog and tags tell what is there, in words and as JSON', async () => {
    const all = await cli(['catalog', registry.host]);
    expect(all.out.split('\n')).toEqual(expect.arrayContaining(['bases/nano', 'shop']));
    const found = JSON.parse(
      (await cli(['catalog', '--json', registry.host, 'nano'])).out,
    ) as unknown;
    expect(found).toEqual(['bases/nano']);
    const shown = await cli(['tags', `${registry.host}/shop`]);
    expect(shown.out).toMatch(/^TAG +OS VERSION +ARCH/);
    expect(shown.out).toMatch(/^1 +10\.0\.26100\.\d+ +amd64/m);
    const [tag] = JSON.parse((await cli(['tags', '--json', `${registry.host}/shop`])).out) as {
      candidates: object[];
    }[];
    expect(tag?.candidates).toHaveLength(2);
    const names = await cli(['tags', '--names-only', `${registry.host}/shop`]);
    expect(names.out).toBe('1\n');
  });

  test('a bundle brings an image to another store, and its report says that it is whole', async () => {
    const file = path.join(place.dir, 'bundle.tar');
    const made = await cli(['bundle', 'create', '-o', file, `${nanoserver}:ltsc2022`]);
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('complete') as string });
    const brought = await cliIn(other, other.dir)(['bundle', 'import', '--json', file]);
    expect(brought.code).toBe(0);
    const report = JSON.parse(brought.out) as { images: { state: string; reference: string }[] };
    expect(report.images).toEqual([
      expect.objectContaining({ state: 'complete', reference: `${nanoserver}:ltsc2022` }),
    ]);
  });

  test('a damaged bundle is told and ends with 1', async () => {
    const file = path.join(place.dir, 'damaged.tar');
    expect((await cli(['bundle', 'create', '-o', file, `${nanoserver}:ltsc2022`])).code).toBe(0);
    const content = await readFile(file);
    // In the middle of the largest blob.
    const middle = Math.floor(content.length / 2);
    content[middle] = (content[middle] ?? 0) ^ 0xff;
    await writeFile(file, content);
    await using fresh = await disposable();
    const brought = await cliIn(fresh.place, fresh.place.dir)(['bundle', 'import', file]);
    expect(brought.code).toBe(1);
    expect(brought.out).toContain('INCOMPLETE, not brought in');
    expect(brought.out).toContain('damaged sha256:');
  });

  test('a reference that is none ends with 3, a tag that is not there with 1 and advice', async () => {
    expect((await cli(['pull', 'Not/A:Reference:'])).code).toBe(3);
    const missing = await cli(['pull', `${registry.host}/nothing:here`]);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain('error: ');
    expect(missing.err).toContain('advice: ');
  });
});
