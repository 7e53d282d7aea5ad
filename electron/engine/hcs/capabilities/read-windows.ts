import { explain, failureOf } from '../../../../shared/failure.ts';
import { isWin32 } from '../../win32/failures.ts';
import type { Libraries } from '../../win32/libraries.ts';
import { createNetworks } from '../networks/networks.ts';
import { enablePrivileges, layerPrivileges } from '../privileges.ts';
import type { ServiceState, WindowsFacts } from './facts.ts';
import { readNumber, readText } from './registry.ts';

const versionKey = String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion`;
const tokenQuery = 0x8;
const tokenElevation = 20;
const errorServiceDoesNotExist = 1060;
const managerConnect = 0x1;
const serviceQueryStatus = 0x4;
const serviceRunning = 4;

/** Asks Windows itself. Enables the privileges that builds need, in this process only. */
export async function readWindowsFacts(libraries: Libraries): Promise<WindowsFacts> {
  const unknown: string[] = [];
  /** The answer, or undefined with the reason on the list. */
  const ask = async <T>(question: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await question();
    } catch (error) {
      unknown.push(explain(failureOf(error)).message);
      return undefined;
    }
  };
  const service = async (name: string) =>
    await ask(async () => await serviceState(libraries, name));
  const missingLibraries = libraries.missing();
  return {
    editionId: await ask(() => readText(libraries.advapi32, versionKey, 'EditionID')),
    revision: await ask(() => readNumber(libraries.advapi32, versionKey, 'UBR')),
    isElevated: await ask(() => isElevated(libraries)),
    missingPrivileges: await ask(() => enablePrivileges(libraries, layerPrivileges)),
    missingLibraries,
    services: {
      vmcompute: await service('vmcompute'),
      hns: await service('hns'),
      vmms: await service('vmms'),
    },
    networks: missingLibraries.includes('computenetwork')
      ? undefined
      : await ask(async () => await createNetworks(libraries.computenetwork).list()),
    unknown,
  };
}

/** TokenElevation: a DWORD that is not 0 for an elevated process. */
function isElevated({ advapi32, kernel32 }: Libraries): boolean {
  const [token] = advapi32.openProcessToken(kernel32.getCurrentProcess(), tokenQuery);
  try {
    const answer = Buffer.alloc(4);
    advapi32.getTokenInformation(token, tokenElevation, answer, answer.length);
    return answer.readUInt32LE(0) !== 0;
  } finally {
    kernel32.closeHandle(token);
  }
}

async function serviceState({ advapi32 }: Libraries, name: string): Promise<ServiceState> {
  const manager = await advapi32.openServiceManager(managerConnect);
  try {
    const service = await advapi32.openService(manager, name, serviceQueryStatus);
    try {
      const [state] = await advapi32.queryServiceStatus(service);
      return state === serviceRunning ? 'running' : 'stopped';
    } finally {
      advapi32.closeServiceHandle(service);
    }
  } catch (error) {
    if (isWin32(error, errorServiceDoesNotExist)) return 'missing';
    throw error;
  } finally {
    advapi32.closeServiceHandle(manager);
  }
}
