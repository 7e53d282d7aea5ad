import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/failure.ts';
import {
  canonicalReference,
  familiarReference,
  formatReference,
  parseReference,
} from '../../../shared/oci/reference.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

describe('a reference', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx', 'nginx'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27', 'nginx:1.27'],
    ['me/app', 'docker.io/me/app', 'me/app'],
    ['docker.io/nginx', 'docker.io/library/nginx', 'nginx'],
    ['index.docker.io/me/app:1', 'docker.io/me/app:1', 'me/app:1'],
    ['docker.io/library/a/b', 'docker.io/library/a/b', 'library/a/b'],
    ['localhost/app', 'localhost/app', 'localhost/app'],
    ['localhost:5000/app:v1', 'localhost:5000/app:v1', 'localhost:5000/app:v1'],
    ['[::1]:5000/app', '[::1]:5000/app', '[::1]:5000/app'],
    ['[2001:db8::1]/app', '[2001:db8::1]/app', '[2001:db8::1]/app'],
    ['HOST/app', 'HOST/app', 'HOST/app'],
    ['app:5000', 'docker.io/library/app:5000', 'app:5000'],
    [
      'mcr.microsoft.com/windows/nanoserver:ltsc2022',
      'mcr.microsoft.com/windows/nanoserver:ltsc2022',
      'mcr.microsoft.com/windows/nanoserver:ltsc2022',
    ],
    [`app@${digest}`, `docker.io/library/app@${digest}`, `app@${digest}`],
    [`a.b/app:1@${digest}`, `a.b/app:1@${digest}`, `a.b/app:1@${digest}`],
    ['a__b/c-d.e---f', 'docker.io/a__b/c-d.e---f', 'a__b/c-d.e---f'],
  ])('%s is in full %s and for people %s', (text, full, familiar) => {
    const reference = parseReference(text);
    expect([formatReference(reference), familiarReference(reference)]).toEqual([full, familiar]);
  });

  test.each([
    ['', 'reference', 'is empty'],
    ['a b', 'reference', 'contains white space'],
    ['https://mcr.microsoft.com/a', 'reference', 'must not start with a scheme such as https://'],
    ['app:', 'tag', 'must be 1 to 128'],
    ['app:-x', 'tag', 'must be 1 to 128'],
    [`app:${'x'.repeat(129)}`, 'tag', 'must be 1 to 128'],
    ['app@sha256:abc', 'digest', 'must be sha256: and 64 hex digits'],
    [`app@${digest.toUpperCase()}`, 'digest', 'must be sha256: and 64 hex digits'],
    ['app@', 'digest', 'must be sha256: and 64 hex digits'],
    ['Nginx', 'repository', 'must be in lower case ("Nginx")'],
    ['me/App:1', 'repository', 'must be in lower case ("App")'],
    ['a//b', 'repository', 'has an empty part between slashes'],
    ['/b', 'repository', 'has an empty part between slashes'],
    ['a/', 'repository', 'has an empty part between slashes'],
    [':tag', 'repository', 'is missing'],
    ['a.b/', 'repository', 'is missing'],
    ['a___b', 'repository', 'has the part "a___b"'],
    ['-a', 'repository', 'has the part "-a"'],
    ['café', 'repository', 'has the part "café"'],
    ['../../etc', 'registry', '".." is not a host name'],
    ['a..b/c', 'registry', '"a..b" is not a host name'],
    ['host:99999/app', 'registry', 'has the port 99999, which is above 65535'],
    ['-host.com/app', 'registry', '"-host.com" is not a host name'],
    ['ab'.repeat(32), 'repository', 'must not look like the digest of an image'],
    [`a/${'b'.repeat(254)}`, 'repository', 'is longer than 255 characters'],
  ])('%j is refused because of its %s', (text, part, problem) => {
    try {
      parseReference(text);
    } catch (error) {
      const failure = error instanceof AppError ? error.failure : undefined;
      expect(failure).toMatchObject({ code: 'reference-invalid', part });
      expect(failure?.code === 'reference-invalid' && failure.problem).toContain(problem);
      return;
    }
    expect.unreachable(`${text} was accepted`);
  });

  test('gets the tag latest where it has neither tag nor digest', () => {
    expect(['app', 'app:1', `app@${digest}`].map(canonicalReference)).toEqual([
      'docker.io/library/app:latest',
      'docker.io/library/app:1',
      `docker.io/library/app@${digest}`,
    ]);
  });

  test('survives being written in full or short and read again', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,8})?$/);
    const reference = fc.record({
      registry: fc.constantFrom('docker.io', 'localhost', 'a.example:5000', '[::1]'),
      path: fc.array(part, { minLength: 1, maxLength: 3 }),
      tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,10}$/), { nil: undefined }),
    });
    fc.assert(
      fc.property(reference, ({ registry, path, tag }) => {
        const text = `${registry}/${path.join('/')}${tag === undefined ? '' : `:${tag}`}`;
        const parsed = parseReference(text);
        expect(parseReference(formatReference(parsed))).toEqual(parsed);
        expect(parseReference(familiarReference(parsed))).toEqual(parsed);
      }),
    );
  });

  test('is read or refused within a bounded time, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), text => {
        try {
          expect(formatReference(parseReference(text))).toContain('/');
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
    const start = performance.now();
    for (const text of ['a-'.repeat(100_000), 'a.'.repeat(100_000) + '/b', '-'.repeat(200_000)]) {
      expect(() => parseReference(text)).toThrow(AppError);
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
