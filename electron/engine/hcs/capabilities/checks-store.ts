import type { HostCheck } from '../../../../shared/ipc/host-views.ts';
import { formatBytes } from '../../../../shared/format-bytes.ts';
import type { HostFacts, StoreFacts } from './facts.ts';
import { unknownCheck } from './unknown-check.ts';

const gibibyte = 1024 ** 3;
/** Room for one more base image of Server Core. */
const fewBytes = 5 * gibibyte;
/** What a scratch may grow to where nothing else is said; only where programs run. */
const scratchBytes = 20 * gibibyte;
/** package.json: engines. */
const oldestNode = 24;

export function checkStore({ dir, writeError }: StoreFacts): HostCheck {
  const common = { check: 'store', title: 'Store', found: dir } as const;
  if (writeError === undefined) {
    return { ...common, state: 'ok', meaning: 'Images and history are kept here.' };
  }
  return {
    ...common,
    state: 'problem',
    meaning: `Nothing can be written there (${writeError}).`,
    remedy: {
      text: 'Make the folder writable, or use a store in another one.',
      command: 'layerwright --store <folder> doctor',
    },
  };
}

export function checkSpace({ store, windows }: HostFacts): HostCheck {
  const common = { check: 'disk-space', title: 'Disk space' } as const;
  const { free, total } = store;
  if (free === undefined || total === undefined) {
    return unknownCheck(common, 'The disk does not tell.');
  }
  const found = `${formatBytes(free)} of ${formatBytes(total)} free`;
  const wanted = windows ? scratchBytes : fewBytes;
  if (free >= wanted) return { ...common, state: 'ok', found, meaning: 'There is room to build.' };
  return {
    ...common,
    state: free < gibibyte ? 'problem' : 'warning',
    found,
    meaning: windows
      ? `A step that runs a program may need up to ${formatBytes(scratchBytes)} while it runs.`
      : 'Base images of Windows take several GB.',
    remedy: {
      text: 'Remove what nothing needs any more.',
      command: 'layerwright storage gc --dry-run',
    },
  };
}

export function checkNode(version: string): HostCheck {
  const common = { check: 'node', title: 'Node.js', found: version } as const;
  const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
  if (major >= oldestNode) return { ...common, state: 'ok', meaning: 'New enough.' };
  return {
    ...common,
    state: 'problem',
    meaning: `Layerwright needs Node.js ${oldestNode} or newer.`,
    remedy: {
      text: 'Start it with npm run in the folder of Layerwright, which brings the right version.',
      command: 'npm run layerwright -- doctor',
    },
  };
}
