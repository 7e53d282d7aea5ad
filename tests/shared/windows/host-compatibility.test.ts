import { describe, expect, test } from 'vitest';
import type { Platform } from '../../../shared/oci/descriptor.ts';
import {
  hostVerdict,
  oldestProcessBuild,
  rankForHost,
  type Host,
} from '../../../shared/windows/host-compatibility.ts';

function hostOf(build: number, edition: 'server' | 'client' = 'server'): Host {
  return {
    kind: 'windows',
    version: { major: 10, minor: 0, build },
    edition,
    architecture: 'amd64',
  };
}

function imageOf(build: number | string | undefined, more: Partial<Platform> = {}): Platform {
  const version = typeof build === 'number' ? `10.0.${build}.1` : build;
  return {
    os: 'windows',
    architecture: 'amd64',
    ...(version === undefined ? {} : { 'os.version': version }),
    ...more,
  };
}

// The cases of hcsshim's osversion/platform_compat_windows_test.go, and more of the same rule.
test.each([
  [17763, 17763, true],
  [17763, 20348, false],
  [20348, 17763, false],
  [20348, 20348, true],
  [22621, 17763, false],
  [22621, 20348, true],
  [26100, 20348, true],
  [20348, 26100, false],
  [20348, 22621, false],
  [26100, 22621, true],
  [25398, 20348, true],
  [26200, 26100, true],
  [26200, 20348, false],
  [19045, 19044, false],
])('a host of build %i runs an image of build %i with process isolation: %s', (host, image, ok) => {
  expect(hostVerdict(imageOf(image), hostOf(host)).kind === 'process').toBe(ok);
});

test('the oldest image of a host is the LTSC before it', () => {
  expect([17763, 20348, 25398, 26100, 26200].map(oldestProcessBuild)).toEqual([
    17763, 20348, 20348, 20348, 26100,
  ]);
});

describe('verdicts', () => {
  test('an older image needs Hyper-V, and the remedy says what would not', () => {
    expect(hostVerdict(imageOf(17763), hostOf(26100))).toEqual({
      kind: 'hyperv-only',
      reason:
        'The image, Windows Server 2019 (build 17763), is too old for process isolation on Windows Server 2025 (build 26100): that needs a build from 20348 to 26100.',
      remedy:
        'Run it with docker run --isolation=hyperv, or choose a base of a build from 20348 to 26100.',
    });
  });

  test('a newer image is impossible', () => {
    expect(hostVerdict(imageOf(26100), hostOf(20348))).toMatchObject({
      kind: 'impossible',
      remedy: 'Choose an image of build 20348 or older, or a newer host.',
    });
  });

  test('on client Windows the stable ABI is a preview, and before 1809 there is only Hyper-V', () => {
    expect(hostVerdict(imageOf(20348), hostOf(22631, 'client')).reason).toContain('preview');
    expect(hostVerdict(imageOf(17134), hostOf(17134, 'client')).kind).toBe('hyperv-only');
  });

  test('another OS, architecture, generation or feature is impossible', () => {
    const host = hostOf(20348);
    const kinds = [
      imageOf(20348, { os: 'linux' }),
      imageOf(20348, { architecture: 'arm64' }),
      imageOf('6.3.9600'),
      imageOf(20348, { 'os.features': ['win32k', 'teleport'] }),
    ].map(image => hostVerdict(image, host).kind);
    expect(kinds).toEqual(['impossible', 'impossible', 'impossible', 'impossible']);
    expect(hostVerdict(imageOf(20348, { 'os.features': ['win32k'] }), host).kind).toBe('process');
  });

  test('an image without or with a strange os.version is unknown', () => {
    expect(hostVerdict(imageOf(undefined), hostOf(20348)).kind).toBe('unknown');
    expect(hostVerdict(imageOf('latest'), hostOf(20348)).kind).toBe('unknown');
  });

  test('a host that is not Windows is told where the image runs', () => {
    expect(hostVerdict(imageOf(20348), { kind: 'other', os: 'Linux' })).toEqual({
      kind: 'not-windows',
      reason:
        'Linux cannot run Windows containers; the image can be built and inspected here. It runs with process isolation on Windows Server 2022; Windows Server, version 23H2; Windows Server 2025; and with Hyper-V isolation on any host of build 20348 or newer.',
    });
  });
});

test('an image of a build that no release has, or for another OS, is told apart elsewhere', () => {
  const host: Host = { kind: 'other', os: 'macOS' };
  expect(hostVerdict(imageOf(99_999), host).reason).toBe(
    'macOS cannot run Windows containers; the image can be built and inspected here. It runs with Hyper-V isolation on any host of build 99999 or newer.',
  );
  expect(hostVerdict(imageOf(undefined, { os: 'linux' }), host).reason).toBe(
    'This is an image for linux, not for Windows.',
  );
});

describe('choosing from an index', () => {
  const index = [
    { name: 'linux', platform: { os: 'linux', architecture: 'amd64' } },
    { name: 'none' },
    { name: 'no version', platform: imageOf(undefined) },
    { name: '2019', platform: imageOf('10.0.17763.9999') },
    { name: '2022 old', platform: imageOf('10.0.20348.9') },
    { name: '2022 new', platform: imageOf('10.0.20348.10') },
    { name: '23H2', platform: imageOf('10.0.25398.1') },
    { name: '2025', platform: imageOf('10.0.26100.1') },
    { name: '2025 arm64', platform: imageOf('10.0.26100.2', { architecture: 'arm64' }) },
  ];
  const order = (host: Host) => rankForHost(index, host).map(({ candidate }) => candidate.name);

  test('the build of the host with the highest revision is first, every entry is listed', () => {
    expect(order(hostOf(20348))).toEqual([
      '2022 new',
      '2022 old',
      '2019',
      'no version',
      '2025 arm64',
      '2025',
      '23H2',
      'linux',
      'none',
    ]);
  });

  test('without the exact build, the newest compatible one is first', () => {
    expect(order(hostOf(26052)).slice(0, 5)).toEqual([
      '23H2',
      '2022 new',
      '2022 old',
      '2019',
      'no version',
    ]);
  });

  test('a host that is not Windows keeps the order of the index', () => {
    expect(order({ kind: 'other', os: 'macOS' })).toEqual(index.map(({ name }) => name));
  });

  test('each candidate comes with its reason', () => {
    const [first, , third] = rankForHost(index, hostOf(20348));
    expect([first?.verdict.kind, third?.verdict.kind]).toEqual(['process', 'hyperv-only']);
  });
});
