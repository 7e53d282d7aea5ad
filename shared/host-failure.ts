import type { Explanation } from './failure.ts';

/** Ways in which a Windows host refuses to do what we ask of it. Plain data. */
export type HostFailure =
  /** A function of Windows failed. Name, meaning and remedies are those of shared/windows/explain-status.ts. */
  | {
      readonly code: 'windows-api';
      readonly api: string;
      /** HRESULT, as an unsigned 32-bit number. */
      readonly status: number;
      readonly name: string;
      readonly meaning: string;
      readonly remedies: readonly string[];
      /** What it was about: a path or an ID; '' for nothing in particular. */
      readonly subject: string;
      /** What the service says about it (ErrorEvents of its result document). */
      readonly events: readonly string[];
    }
  /** A DLL of Windows, or a function of it, is not there. */
  | {
      readonly code: 'windows-library-missing';
      readonly library: string;
      /** '' where the whole library is missing. */
      readonly function: string;
      readonly reason: 'not-windows' | 'not-found' | 'too-old';
    }
  | { readonly code: 'privilege-missing'; readonly privileges: readonly string[] }
  /** A writable layer over nothing: FROM scratch. */
  | { readonly code: 'no-parent-layers' }
  /** An image cannot run here in the wanted way. `reason` and `remedy` are sentences. */
  | {
      readonly code: 'isolation-refused';
      readonly wanted: 'auto' | 'process' | 'hyperv';
      readonly reason: string;
      readonly remedy: string;
    }
  /** No layer of the image has what a Hyper-V container starts from. */
  | { readonly code: 'utility-vm-missing' }
  | {
      readonly code: 'network-missing';
      /** '' for the NAT network. */
      readonly network: string;
      readonly available: readonly string[];
    }
  /** An answer of HCS or HNS that is not what its documents say; `problem` is a clause. */
  | { readonly code: 'host-answer-invalid'; readonly api: string; readonly problem: string }
  /** The container, or the service that runs it, went away. `reason` is a clause. */
  | { readonly code: 'container-ended'; readonly systemId: string; readonly reason: string };

const featureCommand = 'Enable-WindowsOptionalFeature -Online -FeatureName Containers -All';

export const hostWording: {
  readonly [C in HostFailure['code']]: (failure: Extract<HostFailure, { code: C }>) => Explanation;
} = {
  'windows-api': ({ api, status, name, meaning, remedies, subject, events }) => {
    const code = `0x${status.toString(16).toUpperCase().padStart(8, '0')}`;
    const details = events.length === 0 ? '' : ` Windows says: ${events.join(' ')}`;
    const of = subject === '' ? '' : ` for ${subject}`;
    return {
      message: `${api} failed${of}: ${meaning} (${[code, name].join(' ').trim()}).${details}`,
      ...(remedies.length === 0 ? {} : { advice: remedies.join(' ') }),
    };
  },
  'windows-library-missing': ({ library, function: name, reason }) =>
    reason === 'not-windows'
      ? {
          message: 'Only Windows can run Windows containers.',
          advice: 'Build on a Windows host, or without RUN with --backend portable.',
        }
      : reason === 'not-found'
        ? {
            message: `${library}.dll is not there: the Containers feature of Windows is off.`,
            advice: `Turn it on as an administrator, then restart: ${featureCommand}`,
          }
        : {
            message: `This Windows is too old: its ${library}.dll has no function ${name}.`,
            advice: 'Use Windows 10 or Windows Server, version 1809, or newer.',
          },
  'privilege-missing': ({ privileges }) => ({
    message: `Layers cannot be read and written without ${privileges.join(' and ')}, which this account does not hold.`,
    advice:
      'Start Layerwright as an administrator: open the terminal with "Run as administrator" and start it from there.',
  }),
  'no-parent-layers': () => ({
    message: 'A program cannot run in an image without layers.',
    advice: 'FROM scratch has no Windows to run on. Begin with a base image such as nanoserver.',
  }),
  'isolation-refused': ({ wanted, reason, remedy }) => ({
    message:
      wanted === 'auto'
        ? `The image cannot run on this host. ${reason}`
        : `The image cannot run with ${wanted === 'hyperv' ? 'Hyper-V' : 'process'} isolation on this host. ${reason}`,
    advice: remedy,
  }),
  'utility-vm-missing': () => ({
    message: 'The base image has no UtilityVM folder, which Hyper-V isolation starts from.',
    advice: 'Use a base image of Microsoft, or --isolation process where the host fits the image.',
  }),
  'network-missing': ({ network, available }) => ({
    message:
      network === ''
        ? 'The Host Networking Service has no NAT network.'
        : `There is no container network ${network}.`,
    advice: networkAdvice(available),
  }),
  'host-answer-invalid': ({ api, problem }) => ({
    message: `${api} answered something unexpected: ${problem}.`,
    advice: 'Build again; if it stays, please report it with the version of Windows.',
  }),
  'container-ended': ({ systemId, reason }) => ({
    message: `The container ${systemId} ended: ${reason}.`,
    advice:
      'Look at the Hyper-V-Compute log of the event viewer (Applications and Services Logs, Microsoft, Windows).',
  }),
};

function networkAdvice(available: readonly string[]): string {
  return available.length === 0
    ? 'Make one as an administrator: New-HnsNetwork -Type NAT -Name nat, or restart the service that does: Restart-Service hns. RUN --network=none needs none.'
    : `There is: ${available.join(', ')}. Name one with --network, or use RUN --network=none.`;
}
