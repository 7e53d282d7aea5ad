import type { HostCheck, HostRemedy } from '../../../../shared/ipc/host-views.ts';
import type { WindowsFacts } from './facts.ts';
import { unknownCheck } from './unknown-check.ts';

type Edition = 'server' | 'client';

/** The libraries that come with the Containers feature. */
const containerLibraries = ['computecore', 'computestorage', 'vmcompute'];

export function checkContainers(
  edition: Edition,
  { missingLibraries, services }: WindowsFacts,
): HostCheck {
  const common = { check: 'containers', title: 'Containers feature' } as const;
  const missing = missingLibraries.filter(name => containerLibraries.includes(name));
  if (missing.length > 0 || services.vmcompute === 'missing') {
    return {
      ...common,
      state: 'problem',
      found:
        missing.length > 0 ? `without ${missing.map(name => `${name}.dll`).join(', ')}` : 'off',
      meaning: 'The Containers feature of Windows is off.',
      remedy: {
        text: 'Turn it on as an administrator, then restart.',
        command: featureCommand(edition, 'Containers'),
      },
    };
  }
  if (services.vmcompute === 'stopped') {
    return {
      ...common,
      state: 'warning',
      found: 'on, its service is stopped',
      meaning: 'The Host Compute Service (vmcompute) runs containers. Windows starts it on demand.',
      remedy: startService('vmcompute'),
    };
  }
  const found = services.vmcompute === undefined ? 'on' : 'on, its service runs';
  return { ...common, state: 'ok', found, meaning: 'Windows can run containers.' };
}

export function checkHyperV(edition: Edition, { services, unknown }: WindowsFacts): HostCheck {
  const common = { check: 'hyper-v', title: 'Hyper-V' } as const;
  if (services.vmms === undefined) {
    return unknownCheck(common, unknown.vmms);
  }
  if (services.vmms === 'missing') {
    return {
      ...common,
      state: 'warning',
      found: 'off',
      meaning:
        'Only base images that fit the build of this host can run programs; others need Hyper-V isolation.',
      remedy: {
        text: 'Turn it on as an administrator, then restart. A virtual machine needs nested virtualization.',
        command: featureCommand(edition, edition === 'server' ? 'Hyper-V' : 'Microsoft-Hyper-V'),
      },
    };
  }
  return {
    ...common,
    state: 'ok',
    found: 'on',
    meaning: 'Base images of older builds can run programs as well, with Hyper-V isolation.',
  };
}

export function checkNetwork(facts: WindowsFacts): HostCheck {
  const { networks, services, missingLibraries, unknown } = facts;
  const common = { check: 'network', title: 'Container network' } as const;
  if (services.hns === 'missing' || missingLibraries.includes('computenetwork')) {
    return {
      ...common,
      state: 'warning',
      found: 'none',
      meaning: 'The Host Networking Service comes with the Containers feature.',
    };
  }
  if (services.hns === 'stopped') {
    return {
      ...common,
      state: 'warning',
      found: 'its service is stopped',
      meaning: 'Programs of RUN have no network while the Host Networking Service does not run.',
      remedy: startService('hns'),
    };
  }
  if (networks === undefined) {
    return unknownCheck(common, unknown.networks);
  }
  const nat = networks.find(({ type }) => type.toLowerCase() === 'nat');
  if (nat) {
    const names = networks.map(({ name, type }) => `${name} (${type})`).join(', ');
    return { ...common, state: 'ok', found: names, meaning: 'Programs of RUN reach the network.' };
  }
  return {
    ...common,
    state: 'warning',
    found: networks.length === 0 ? 'none' : networks.map(({ name }) => name).join(', '),
    meaning: 'There is no NAT network, which programs of RUN use unless --network says otherwise.',
    remedy: {
      text: 'Restart the service that makes it, as an administrator.',
      command: 'Restart-Service hns',
    },
  };
}

function featureCommand(edition: Edition, feature: string): string {
  return edition === 'server'
    ? `Install-WindowsFeature -Name ${feature}`
    : `Enable-WindowsOptionalFeature -Online -FeatureName ${feature} -All`;
}

function startService(name: string): HostRemedy {
  return { text: 'Start it as an administrator.', command: `Start-Service ${name}` };
}
