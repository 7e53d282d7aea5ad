import type { HostCapabilities, HostCheck } from '../../../../shared/ipc/host-views.ts';
import { checkNode, checkSpace, checkStore } from './checks-store.ts';
import { checkFileSystem, checkWindows } from './checks-windows.ts';
import { checkContainers, checkHyperV, checkNetwork } from './checks-containers.ts';
import { checkElevation, checkPrivileges } from './checks-rights.ts';
import type { HostFacts } from './facts.ts';

/** What the facts mean, and what to do about each. Pure. */
export function judgeHost(facts: HostFacts): HostCapabilities {
  const { host, windows } = facts;
  const common = [checkStore(facts.store), checkSpace(facts), checkNode(facts.nodeVersion)];
  if (host.kind === 'other' || windows === undefined) {
    const system = host.kind === 'other' ? host.os : 'Windows';
    return {
      canRun: false,
      summary: `${system} builds everything but RUN, with the portable backend: RUN starts programs of Windows.`,
      checks: [otherSystem(system), ...common],
    };
  }
  const needed = [
    checkWindows(host, windows),
    checkElevation(windows),
    checkPrivileges(windows),
    checkContainers(host.edition, windows),
    checkFileSystem(facts.store),
    ...common,
  ];
  const useful = [checkHyperV(host.edition, windows), checkNetwork(windows)];
  const [first] = needed.filter(({ state }) => state === 'problem');
  return {
    canRun: first === undefined,
    summary:
      first === undefined
        ? 'Everything can be built here, RUN included, with the hcs backend.'
        : `Everything but RUN can be built here, with the portable backend. RUN does not work: ${first.meaning}`,
    checks: [...needed.slice(0, 4), ...useful, ...needed.slice(4)],
  };
}

function otherSystem(system: string): HostCheck {
  return {
    check: 'system',
    title: 'System',
    state: 'ok',
    found: system,
    meaning:
      'The portable backend writes Windows layers here: COPY, ADD, WORKDIR and everything of the config. RUN needs a Windows host.',
  };
}
