import { AppError } from '../failure.ts';
import type { Platform } from '../oci/descriptor.ts';
import { hostVerdict, type Host } from './host-compatibility.ts';

export type Isolation = 'process' | 'hyperv';

/** How a container of an image runs on a host, and why; the reason is a sentence. */
export interface IsolationDecision {
  readonly isolation: Isolation;
  readonly reason: string;
}

/** Whether Hyper-V can run containers on this host, as far as that is known. */
export type HyperV = 'available' | 'missing' | 'unknown';

const turnHyperVOn =
  'Turn Hyper-V on as an administrator, then restart: Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All';
const withoutChoice = 'Leave the isolation to Layerwright (--isolation auto), or choose Hyper-V.';

/**
 * Decides by the builds of image and host. `auto` takes process isolation wherever it works, as it starts faster and
 * needs less memory, else Hyper-V. Fails with `isolation-refused` where the image cannot run in the wanted way.
 */
export function decideIsolation(
  image: Platform,
  host: Host,
  wanted: 'auto' | Isolation,
  hyperV: HyperV,
): IsolationDecision {
  const { kind, reason, remedy = '' } = hostVerdict(image, host);
  const refuse = (why: string, advice: string): never => {
    throw new AppError({ code: 'isolation-refused', wanted, reason: why, remedy: advice });
  };
  if (kind === 'impossible' || kind === 'not-windows') {
    return refuse(reason, remedy || 'Choose a base image that fits, or build on another host.');
  }
  const needsHyperV = wanted === 'hyperv' || (wanted === 'auto' && kind === 'hyperv-only');
  if (needsHyperV) {
    if (hyperV !== 'missing') {
      return { isolation: 'hyperv', reason: wanted === 'hyperv' ? 'It was asked for.' : reason };
    }
    const why = wanted === 'hyperv' ? '' : `${reason} `;
    return refuse(`${why}Hyper-V, which that needs, is not there.`, turnHyperVOn);
  }
  if (kind === 'hyperv-only') return refuse(reason, withoutChoice);
  return { isolation: 'process', reason };
}
