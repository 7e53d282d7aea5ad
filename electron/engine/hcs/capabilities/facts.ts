import type { Host } from '../../../../shared/windows/host-compatibility.ts';
import type { HostNetwork } from '../host.ts';

/** What was found out about a machine; what could not be found out is undefined. */
export interface HostFacts {
  readonly host: Host;
  readonly store: StoreFacts;
  readonly nodeVersion: string;
  /** Only on Windows. */
  readonly windows?: WindowsFacts;
}

export interface StoreFacts {
  readonly dir: string;
  /** The error code of the attempt to write there, such as `EACCES`; undefined where it worked. */
  readonly writeError: string | undefined;
  /** In bytes. */
  readonly free: number | undefined;
  readonly total: number | undefined;
  /** `NTFS`; undefined elsewhere than on Windows. */
  readonly fileSystem: string | undefined;
}

/** The Host Compute Service, the Host Networking Service, Hyper-V Virtual Machine Management. */
export type ServiceName = 'vmcompute' | 'hns' | 'vmms';
export type ServiceState = 'running' | 'stopped' | 'missing';

export interface WindowsFacts {
  /** `EditionID` of the registry, such as `Professional` or `ServerStandard`. */
  readonly editionId: string | undefined;
  /** The update, the last part of the version (UBR of the registry). */
  readonly revision: number | undefined;
  readonly isElevated: boolean | undefined;
  readonly missingPrivileges: readonly string[] | undefined;
  /** DLLs that could not be loaded. */
  readonly missingLibraries: readonly string[];
  readonly services: Readonly<Record<ServiceName, ServiceState | undefined>>;
  readonly networks: readonly HostNetwork[] | undefined;
  /** Why something is undefined, in a sentence each. */
  readonly unknown: Readonly<Partial<Record<Question, string>>>;
}

/** What Windows is asked. */
export type Question =
  | 'editionId'
  | 'revision'
  | 'isElevated'
  | 'missingPrivileges'
  | 'networks'
  | ServiceName;
