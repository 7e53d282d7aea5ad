import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChallenges } from '../../../../electron/engine/registry/challenge.ts';
import {
  contentRange,
  contentType,
  headerNumber,
  retryAfterSeconds,
  uploadedBytes,
} from '../../../../electron/engine/registry/headers.ts';
import { apiHost, isLoopback, shownUrl } from '../../../../electron/engine/registry/hosts.ts';
import { nextLink } from '../../../../electron/engine/registry/link-header.ts';
import { plainText } from '../../../../electron/engine/registry/plain-text.ts';
import {
  mergeScopes,
  repositoryScope,
  splitScopes,
} from '../../../../electron/engine/registry/scopes.ts';

function read(header: string | string[]) {
  return parseChallenges(header).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);
}

describe('WWW-Authenticate', () => {
  test.each([
    ['Basic realm="a"', [['basic', { realm: 'a' }]]],
    [
      'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push"',
      [
        [
          'bearer',
          {
            realm: 'https://auth.example/token',
            service: 'registry',
            scope: 'repository:a/b:pull,push',
          },
        ],
      ],
    ],
    [
      'Negotiate, Basic realm="x, Bearer realm=y" , BEARER Realm = z',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x, Bearer realm=y' }],
        ['bearer', { realm: 'z' }],
      ],
    ],
    [
      'Negotiate YIIabc==, Basic realm=""',
      [
        ['negotiate', {}],
        ['basic', { realm: '' }],
      ],
    ],
    [
      String.raw`Basic realm="say \"hi\" \\"`,
      [['basic', { realm: String.raw`say "hi" \ `.trim() }]],
    ],
    ['Bearer realm="first",realm="second"', [['bearer', { realm: 'first' }]]],
    ['Basic realm="never closed', [['basic', {}]]],
    ['', []],
    ['=,;"', []],
  ])('%s is read as it is meant', (header, challenges) => {
    expect(read(header)).toEqual(challenges);
  });

  test('may come several times', () => {
    expect(read(['Basic realm="a"', 'Bearer realm="b"'])).toEqual([
      ['basic', { realm: 'a' }],
      ['bearer', { realm: 'b' }],
    ]);
  });

  test('gives back any parameters that were quoted into it', () => {
    const name = fc.stringMatching(/^[a-z]{1,10}$/);
    const value = fc.string({ unit: fc.constantFrom(...Array.from('az09 ,="\\/:;<>\t')) });
    const parameters = fc.dictionary(name, value, { minKeys: 1, noNullPrototype: true });
    const challenge = fc.tuple(fc.constantFrom('Bearer', 'Basic', 'x-own'), parameters);
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), challenges => {
        const header = challenges
          .map(([scheme, given]) => {
            const pairs = Object.entries(given).map(
              ([key, text]) => `${key}="${text.replace(/["\\]/g, String.raw`\$&`)}"`,
            );
            return `${scheme} ${pairs.join(', ')}`;
          })
          .join(', ');
        expect(read(header)).toEqual(
          challenges.map(([scheme, given]) => [scheme.toLowerCase(), { ...given }]),
        );
      }),
    );
  });

  test('ends quickly whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('a= ,"\\\t')) }), text => {
        expect(Array.isArray(parseChallenges(text))).toBe(true);
      }),
    );
    const started = performance.now();
    for (const piece of ['a', '=', '"', '\\', 'a=', 'a ', ', ', 'a="', 'Basic ']) {
      parseChallenges(piece.repeat(1_000_000 / piece.length));
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test.each([
  ['</v2/_catalog?last=b&n=2>; rel="next"', '/v2/_catalog?last=b&n=2'],
  ['<a>; rel=prev, <b>; title="x"; REL="last next"', 'b'],
  ['<a>;rel=next', 'a'],
  ['<a>; rel="prev"', undefined],
  ['nonsense', undefined],
])('the next page of the link %s is %s', (header, next) => {
  expect(nextLink(header)).toBe(next);
});

test('Link is read in no time whatever comes', () => {
  const started = performance.now();
  for (const piece of ['<', '>', '<>', '<a>;', '<a>; rel', ' ']) nextLink(piece.repeat(200_000));
  expect(performance.now() - started).toBeLessThan(1000);
});

describe('headers', () => {
  const now = Date.UTC(2026, 0, 1, 12);

  test.each([
    ['7', 7],
    ['0', 0],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['-7', undefined],
    ['99999999999999', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('Retry-After %j means %s seconds', (text, seconds) => {
    expect(retryAfterSeconds({ 'retry-after': text }, now)).toBe(seconds);
  });

  test.each([
    ['bytes 5-9/10', { first: 5, last: 9, total: 10 }],
    ['bytes 5-9/*', { first: 5, last: 9 }],
    ['bytes 9-5/10', undefined],
    ['bytes */10', undefined],
    ['items 5-9/10', undefined],
    [undefined, undefined],
  ])('Content-Range %j is read', (text, range) => {
    expect(contentRange({ 'content-range': text })).toEqual(range);
  });

  test.each([
    ['0-99', 100],
    ['bytes=0-99', 100],
    ['0--1', 0],
    ['0-0', 0],
    ['0-1', 2],
    ['5-99', undefined],
    ['x', undefined],
  ])('the Range %j of an upload means %s bytes', (text, bytes) => {
    expect(uploadedBytes({ range: text })).toBe(bytes);
  });

  test('lengths and types are read strictly', () => {
    expect(headerNumber({ 'content-length': ['12', '13'] }, 'content-length')).toBe(12);
    expect(headerNumber({ 'content-length': '1e3' }, 'content-length')).toBeUndefined();
    expect(contentType({ 'content-type': 'Text/HTML; charset=utf-8' })).toBe('text/html');
  });
});

describe('scopes', () => {
  test('of one repository become one', () => {
    const scopes = [
      repositoryScope('a/b', 'push'),
      repositoryScope('c', 'pull'),
      'repository:a/b:pull,delete',
      'nonsense',
      ':x',
      'repository:d:',
    ];
    expect(mergeScopes(scopes)).toEqual(['repository:a/b:delete,pull,push', 'repository:c:pull']);
    expect(splitScopes(' a  b\tc ')).toEqual(['a', 'b', 'c']);
    expect(splitScopes('a '.repeat(1000))).toHaveLength(20);
  });

  test('are the same text for the same rights in any order', () => {
    const scope = fc
      .tuple(fc.constantFrom('repository:a', 'repository:b:80/c'), fc.constantFrom('pull', 'push'))
      .map(([resource, action]) => `${resource}:${action}`);
    fc.assert(
      fc.property(fc.array(scope), scopes => {
        const merged = mergeScopes(scopes);
        expect(mergeScopes([...scopes].reverse())).toEqual(merged);
        expect(mergeScopes(merged)).toEqual(merged);
      }),
    );
  });
});

test('what others say is shown in one line without tricks', () => {
  expect(plainText('a\u0000b\u001b[31m\u202Ec\n\n d ')).toBe('a b [31m c d');
  expect(plainText('x'.repeat(10_000))).toHaveLength(300);
});

test('addresses are shown without what may be secret', () => {
  expect(shownUrl('https://me:secret@host:1/a/b?token=secret#secret')).toBe('https://host:1/a/b');
  expect(shownUrl('nonsense')).toBe('an address that cannot be read');
});

test.each([
  ['localhost', true],
  ['localhost:5000', true],
  ['127.0.0.1:80', true],
  ['127.8.9.1', true],
  ['[::1]:5000', true],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['10.0.0.1', false],
  ['example.com:127', false],
])('%s is this machine: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

test("Docker Hub's API is at another name", () => {
  expect(apiHost('docker.io')).toBe('registry-1.docker.io');
  expect(apiHost('mcr.microsoft.com')).toBe('mcr.microsoft.com');
});
