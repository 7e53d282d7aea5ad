import { describe, expect, it } from 'vitest';
import { redact } from '../../../electron/ipc/diagnostics/redact.ts';

const person = { home: 'C:\\Users\\Ada Lovelace', user: 'Ada Lovelace' };

describe('what is taken out of diagnostics', () => {
  it.each([
    ['https://bob:hunter2@registry.example.com/v2/', 'https://***@registry.example.com/v2/'],
    ['https://x.example.com/blob?sig=abc&se=2026', 'https://x.example.com/blob?***'],
    ['PASSWORD=hunter2 rest', 'PASSWORD=*** rest'],
    ['"nuget_token": "abc def"', '"nuget_token": ***'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer ***'],
    ['key ghp_0123456789abcdefghijklmnopqrstuvwxyz', 'key ***'],
    ['C:\\Users\\Ada Lovelace\\shop\\Dockerfile', '~\\shop\\Dockerfile'],
    ['C:/Users/Ada Lovelace/shop', '~/shop'],
    ['built by ada lovelace', 'built by <user>'],
  ])('%s', (text, expected) => {
    expect(redact(text, person)).toBe(expected);
  });

  it.each([
    `nanoserver@sha256:${'0a'.repeat(32)}`,
    'run-needs-windows: line 3',
    'https://mcr.microsoft.com/v2/windows/nanoserver/tags/list',
  ])('nothing of %s', text => {
    expect(redact(text, person)).toBe(text);
  });

  it('copes with names that mean something in a pattern', () => {
    expect(redact('/home/a+b/x a+b.', { home: '/home/a+b', user: '(x' })).toBe('~/x a+b.');
  });
});
