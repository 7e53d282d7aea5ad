import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/failure.ts';
import { parseOsVersion } from '../../../shared/windows/builds.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import { decideIsolation, type HyperV, type Isolation } from '../../../shared/windows/isolation.ts';

const hostOf = (osVersion: string, edition: 'server' | 'client' = 'server'): Host => ({
  kind: 'windows',
  version: parseOsVersion(osVersion) ?? { major: 0, minor: 0, build: 0 },
  edition,
  architecture: 'amd64',
});
const image = (osVersion?: string) => ({
  os: 'windows',
  architecture: 'amd64',
  ...(osVersion === undefined ? {} : { 'os.version': osVersion }),
});
const server2025 = hostOf('10.0.26100.4652');

function refusal(osVersion: string, host: Host, wanted: 'auto' | Isolation, hyperV: HyperV) {
  try {
    decideIsolation(image(osVersion), host, wanted, hyperV);
  } catch (error) {
    if (error instanceof AppError && error.failure.code === 'isolation-refused')
      return error.failure;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the isolation of a container', () => {
  it('is a process where the image has the build of the host', () => {
    const decision = decideIsolation(image('10.0.26100.1'), server2025, 'auto', 'missing');
    expect(decision).toMatchObject({ isolation: 'process' });
    expect(decision.reason).toContain('build of this host');
  });

  it('is a process where the host keeps the ABI of the image', () => {
    expect(
      decideIsolation(image('10.0.20348.5386'), server2025, 'auto', 'available').isolation,
    ).toBe('process');
  });

  it('is Hyper-V where the image is too old for a process, and says why', () => {
    const decision = decideIsolation(image('10.0.17763.1'), server2025, 'auto', 'available');
    expect(decision.isolation).toBe('hyperv');
    expect(decision.reason).toContain('too old for process isolation');
  });

  it('is what was asked for, where that works', () => {
    expect(decideIsolation(image('10.0.26100.1'), server2025, 'hyperv', 'unknown')).toEqual({
      isolation: 'hyperv',
      reason: 'It was asked for.',
    });
    expect(decideIsolation(image('10.0.26100.1'), server2025, 'process', 'missing').isolation).toBe(
      'process',
    );
  });

  it('is refused for an image that is newer than the host, however it is asked for', () => {
    const server2022 = hostOf('10.0.20348.1');
    for (const wanted of ['auto', 'process', 'hyperv'] as const) {
      expect(refusal('10.0.26100.1', server2022, wanted, 'available')).toMatchObject({ wanted });
    }
  });

  it('is refused with the command that turns Hyper-V on, where the image needs it', () => {
    const { reason, remedy } = refusal('10.0.17763.1', server2025, 'auto', 'missing');
    expect(reason).toContain('Hyper-V, which that needs, is not there');
    expect(remedy).toContain('-FeatureName Microsoft-Hyper-V');
  });

  it('is refused as a process for an old image, and the advice names the way out', () => {
    const { remedy } = refusal('10.0.17763.1', server2025, 'process', 'available');
    expect(remedy).toContain('--isolation auto');
  });

  it('is a process for an image that does not say its build', () => {
    expect(decideIsolation(image(), server2025, 'auto', 'available').isolation).toBe('process');
  });

  it('is refused everywhere but on Windows', () => {
    const linux: Host = { kind: 'other', os: 'Linux' };
    expect(refusal('10.0.20348.1', linux, 'auto', 'unknown').reason).toContain('Linux');
  });
});
