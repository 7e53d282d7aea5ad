import { explain, failureOf } from '../../../../shared/failure.ts';
import { isWin32 } from '../../win32/failures.ts';
import type { Libraries } from '../../win32/libraries.ts';
import { createNetworks } from '../networks/networks.ts';
import { enablePrivileges, layerPrivileges } from '../privileges.ts';
import type { Question, ServiceName, ServiceState, WindowsFacts } from './facts.ts';
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
  const unknown: Partial<Record<Question, string>> = {};
  /** The answer, or undefined with the reason on record. */
  const ask = async <T>(question: Question, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      unknown[question] = explain(failureOf(error)).message;
      return undefined;
    }
  };
  const service = async (name: ServiceName) =>
    await ask(name, async () => await serviceState(libraries, name));
  const { advapi32, computenetwork } = libraries;
  const missingLibraries = libraries.missing();
  return {
    editionId: await ask('editionId', () => readText(advapi32, versionKey, 'EditionID')),
    revision: await ask('revision', () => readNumber(advapi32, versionKey, 'UBR')),
    isElevated: await ask('isElevated', () => isElevated(libraries)),
    missingPrivileges: await ask('missingPrivileges', () =>
      enablePrivileges(libraries, layerPrivileges),
    ),
    missingLibraries,
    services: {
      vmcompute: await service('vmcompute'),
      hns: await service('hns'),
      vmms: await service('vmms'),
    },
    networks: missingLibraries.includes('computenetwork')
      ? undefined
      : await ask('networks', async () => await createNetworks(computenetwork).list()),
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
