import { expect, test } from 'vitest';
import { hostOf } from '../../../../electron/engine/catalogue/host.ts';

test('Windows Server is a server host with its build', () => {
  const facts = {
    platform: 'win32',
    release: '10.0.20348',
    version: 'Windows Server 2022 Datacenter',
    architecture: 'x64',
  };
  expect(hostOf(facts)).toMatchObject({
    kind: 'windows',
    version: { build: 20348 },
    edition: 'server',
    architecture: 'amd64',
  });
});

test('Windows 11 is a client host', () => {
  const facts = {
    platform: 'win32',
    release: '10.0.26100',
    version: 'Windows 11 Pro',
    architecture: 'arm64',
  };
  expect(hostOf(facts)).toMatchObject({ edition: 'client', architecture: 'arm64' });
});

test.each([
  ['linux', 'Linux'],
  ['darwin', 'macOS'],
  ['freebsd', 'freebsd'],
])('%s is no Windows host', (platform, os) => {
  const facts = { platform, release: '6.1.0', version: '#1 SMP', architecture: 'x64' };
  expect(hostOf(facts)).toEqual({ kind: 'other', os });
});
