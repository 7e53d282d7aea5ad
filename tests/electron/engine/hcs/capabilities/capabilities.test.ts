import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOsVersion } from '../../../../../shared/windows/builds.ts';
import type { Host } from '../../../../../shared/windows/host-compatibility.ts';
import {
  hyperVOf,
  readCapabilities,
  runProblems,
} from '../../../../../electron/engine/hcs/capabilities/capabilities.ts';
import type { DllName } from '../../../../../electron/engine/win32/dll.ts';
import { loadDoubles, type Doubles } from '../../../../support/doubles.ts';
import { tempDir } from '../../../../support/temp-dir.ts';

const versionKey = String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion`;
const gibibyte = 1024 ** 3;

/** A server on which everything works; tests change one thing each. */
const usual = {
  build: 26_100,
  productType: 3,
  freeBytes: 200 * gibibyte,
  totalBytes: 500 * gibibyte,
  fileSystem: 'NTFS',
  services: { vmcompute: 4, hns: 4, vmms: 4 },
  registry: { [`${versionKey}\\EditionID`]: 'ServerStandard', [`${versionKey}\\UBR`]: 4652 },
};

interface Machine {
  readonly edition?: 'server' | 'client';
  /** DLLs that are not there. */
  readonly without?: readonly DllName[];
}

async function ask(
  change: Readonly<Record<string, unknown>> = {},
  prepare: (doubles: Doubles) => void = () => undefined,
  { edition = 'server', without = [] }: Machine = {},
) {
  const doubles = await loadDoubles();
  doubles.host({ ...usual, ...change });
  prepare(doubles);
  const version = parseOsVersion('10.0.26100') ?? { major: 0, minor: 0, build: 0 };
  const host: Host = { kind: 'windows', version, edition, architecture: 'amd64' };
  const storeDir = path.join(await tempDir(), 'not', 'there', 'yet');
  const libraries = Object.fromEntries(
    Object.entries(doubles.libraries).filter(([name]) => !without.some(each => each === name)),
  );
  const capabilities = await readCapabilities({ host, storeDir, libraries });
  const leaks = Object.values(doubles.counters()).filter(count => count !== 0);
  expect(leaks).toEqual([]);
  const check = (name: string) => capabilities.checks.find(each => each.check === name);
  return { ...capabilities, capabilities, check };
}

describe('the checks of a Windows host', () => {
  it('are all well where nothing is missing', async () => {
    const { canRun, summary, checks, check, capabilities } = await ask();
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(canRun).toBe(true);
    expect(summary).toContain('RUN included');
    expect(check('windows')?.found).toBe('Windows Server 2025 (build 26100.4652), ServerStandard');
    expect(check('network')?.found).toBe('nat (NAT)');
    expect(runProblems(capabilities)).toEqual([]);
    expect(hyperVOf(capabilities)).toBe('available');
  });

  it('tell who is no administrator how to become one', async () => {
    const { canRun, check, capabilities } = await ask({}, doubles => doubles.elevated(false));
    expect(check('elevation')).toMatchObject({
      state: 'problem',
      remedy: { command: 'Start-Process powershell -Verb RunAs' },
    });
    expect(canRun).toBe(false);
    expect(runProblems(capabilities).map(({ problem }) => problem)).toContain(
      'Only an administrator may start containers and write their layers.',
    );
  });

  it('name the privilege that an administrator lacks', async () => {
    const { check } = await ask({}, doubles => doubles.withoutPrivilege('SeBackupPrivilege'));
    expect(check('privileges')).toMatchObject({
      state: 'problem',
      found: 'without SeBackupPrivilege',
      remedy: { command: 'secpol.msc' },
    });
  });

  it.each([
    ['server', 'Install-WindowsFeature -Name Containers'],
    ['client', 'Enable-WindowsOptionalFeature -Online -FeatureName Containers -All'],
  ] as const)('give the command that turns containers on for a %s', async (edition, command) => {
    const { check, canRun } = await ask({ services: { hns: 4 } }, undefined, { edition });
    expect(check('containers')).toMatchObject({ state: 'problem', remedy: { command } });
    expect(canRun).toBe(false);
  });

  it('warn where Hyper-V is missing, which is no problem for images of this build', async () => {
    const { check, canRun, capabilities } = await ask({ services: { vmcompute: 4, hns: 4 } });
    expect(check('hyper-v')).toMatchObject({
      state: 'warning',
      remedy: { command: 'Install-WindowsFeature -Name Hyper-V' },
    });
    expect(canRun).toBe(true);
    expect(hyperVOf(capabilities)).toBe('missing');
  });

  it('warn of services that are stopped, each with the command that starts it', async () => {
    const { check } = await ask({ services: { vmcompute: 1, hns: 1, vmms: 4 } });
    expect(check('containers')?.remedy?.command).toBe('Start-Service vmcompute');
    expect(check('network')?.remedy?.command).toBe('Start-Service hns');
  });

  it('name the libraries that the Containers feature lacks, and that networks come with it', async () => {
    const { check, canRun } = await ask({}, undefined, {
      without: ['computecore', 'computenetwork'],
    });
    expect(check('containers')).toMatchObject({
      state: 'problem',
      found: 'without computecore.dll',
    });
    expect(check('network')).toMatchObject({ state: 'warning', found: 'none' });
    expect(canRun).toBe(false);
  });

  it('warn where there is no NAT network', async () => {
    const { check } = await ask({}, doubles => doubles.networks([]));
    expect(check('network')).toMatchObject({ state: 'warning', found: 'none' });
  });

  it('refuse a store that is not on NTFS', async () => {
    const { check, canRun } = await ask({ fileSystem: 'ReFS' });
    expect(check('file-system')).toMatchObject({ state: 'problem', found: 'ReFS' });
    expect(canRun).toBe(false);
  });

  it('warn of a disk that a program may fill, and refuse a full one', async () => {
    const few = await ask({ freeBytes: 10 * gibibyte });
    expect(few.check('disk-space')?.state).toBe('warning');
    expect(few.canRun).toBe(true);
    const none = await ask({ freeBytes: 1024 ** 2 });
    expect(none.check('disk-space')?.state).toBe('problem');
  });

  it('refuse home editions, which have no containers', async () => {
    const registry = { ...usual.registry, [`${versionKey}\\EditionID`]: 'CoreSingleLanguage' };
    expect(
      (await ask({ registry }, undefined, { edition: 'client' })).check('windows'),
    ).toMatchObject({
      state: 'problem',
    });
  });

  it('say why they do not know where Windows does not tell', async () => {
    const { check } = await ask({}, doubles => {
      doubles.fail({ api: 'OpenSCManagerW', hresult: 0x8007_0005 });
      doubles.fail({ api: 'OpenSCManagerW', hresult: 0x8007_0005 });
      doubles.fail({ api: 'OpenSCManagerW', hresult: 0x8007_0005 });
      doubles.fail({ api: 'GetVolumeInformationW', hresult: 0x8007_0005 });
    });
    expect(check('hyper-v')).toMatchObject({
      state: 'unknown',
      meaning: 'OpenSCManagerW failed: access was denied (0x80070005 ERROR_ACCESS_DENIED).',
    });
    expect(check('file-system')?.state).toBe('unknown');
  });
});

describe('the checks of another system', () => {
  it('say that everything but RUN works here', async () => {
    const storeDir = await tempDir();
    const { canRun, summary, checks } = await readCapabilities({
      host: { kind: 'other', os: 'Linux' },
      storeDir,
    });
    expect(canRun).toBe(false);
    expect(summary).toBe(
      'Linux builds everything but RUN, with the portable backend: RUN starts programs of Windows.',
    );
    expect(checks.map(({ check }) => check)).toEqual(['system', 'store', 'disk-space', 'node']);
    expect(checks.find(({ check }) => check === 'store')).toMatchObject({
      state: 'ok',
      found: storeDir,
    });
  });

  it('refuse a store in which nothing can be written', async () => {
    const storeDir = path.join('/proc', 'layerwright');
    const { checks } = await readCapabilities({ host: { kind: 'other', os: 'Linux' }, storeDir });
    expect(checks.find(({ check }) => check === 'store')).toMatchObject({ state: 'problem' });
  });
});
