import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../shared/dockerfile/duration.ts';
import { parsePort } from '../../../shared/dockerfile/ports.ts';
import { isSignal } from '../../../shared/dockerfile/signals.ts';
import { suggest } from '../../../shared/dockerfile/suggest.ts';
import { windowsCommandLine } from '../../../shared/dockerfile/windows-command-line.ts';

describe('a duration', () => {
  test.each([
    ['0', 0, '0s'],
    ['30s', 30e9, '30s'],
    ['1h30m', 5400e9, '1h30m0s'],
    ['1.5s', 1.5e9, '1.5s'],
    ['.5m', 30e9, '30s'],
    ['1m0.25s', 60.25e9, '1m0.25s'],
    ['500ms', 500e6, '500ms'],
    ['1us', 1e3, '1µs'],
    ['1µs', 1e3, '1µs'],
    ['3ns', 3, '3ns'],
    ['+5s', 5e9, '5s'],
    ['-5s', -5e9, '-5s'],
    ['48h', 172_800e9, '48h0m0s'],
  ])('%s is %d ns, which Go writes %s', (text, nanoseconds, written) => {
    expect(parseDuration(text)).toBe(nanoseconds);
    expect(formatDuration(nanoseconds)).toBe(written);
  });

  test.each(['', '5', 's', '1 s', '1d', '1s ', 'x', '1.2.3s', '.s', '--1s', '10000000h'])(
    '%j is none',
    text => expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('a port of EXPOSE', () => {
  test.each([
    ['80', ['80/tcp']],
    ['80/udp', ['80/udp']],
    ['80/', ['80/tcp']],
    ['1-3/SCTP', ['1/sctp', '2/sctp', '3/sctp']],
    ['8080:80', ['80/tcp']],
    ['[::1]:8080:80', ['80/tcp']],
    ['65535', ['65535/tcp']],
  ])('%s is %j', (text, ports) => expect(parsePort(text)).toMatchObject({ ok: true, ports }));

  test.each([
    '',
    '/tcp',
    '65536',
    '3-1',
    'a',
    '-1',
    '1-',
    '80/tcp/udp',
    '80/x',
    'x:80',
    '1-2:80-82',
  ])('%j is none', text => expect(parsePort(text).ok).toBe(false));
});

// Microsoft's documented examples of how a program splits its command line, read backwards.
test.each([
  [['a b c', 'd', 'e'], '"a b c" d e'],
  [['ab"c', '\\', 'd'], 'ab\\"c \\ d'],
  [['a\\\\\\b', 'de fg', 'h'], 'a\\\\\\b "de fg" h'],
  [['a\\"b', 'c', 'd'], 'a\\\\\\"b c d'],
  [['a\\\\b c', 'd', 'e'], '"a\\\\b c" d e'],
  [['ends in \\'], '"ends in \\\\"'],
  [['', 'x'], '"" x'],
])('the arguments %j make the command line %s', (argv, line) => {
  expect(windowsCommandLine(argv)).toBe(line);
});

test.each(['SIGTERM', 'term', '9', 'SIGRTMIN+3', 'RTMAX-1'])('%s is a signal', text => {
  expect(isSignal(text)).toBe(true);
});
test.each(['', '0', '-1', 'SIGFOO', 'RTMIN+16', 'SIG'])('%j is no signal', text => {
  expect(isSignal(text)).toBe(false);
});

test.each([
  ['FORM', 'FROM'],
  ['CPOY', 'COPY'],
  ['ENTRYPONT', 'ENTRYPOINT'],
  ['echo', undefined],
  ['x'.repeat(100), undefined],
])('for %s we suggest %s', (written, meant) => {
  expect(suggest(written, ['FROM', 'COPY', 'ENTRYPOINT', 'ENV'])).toBe(meant);
});
