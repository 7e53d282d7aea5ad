import type { BasicInfo } from '../layer/backup/basic-info.ts';

export type { BasicInfo };

/**
 * What the hcs backend needs of a Windows host: typed verbs over win32/. Paths are native and absolute; lists of
 * parents stand nearest first, as HCS wants them. Every promise rejects with an AppError that names the API and the
 * HRESULT, and an aborted signal leaves nothing behind that was not there before.
 */
export interface WindowsHost {
  readonly layers: LayerStorage;
  readonly files: BackupFiles;
  readonly scratches: ScratchStorage;
  readonly systems: ComputeSystems;
  readonly networks: Networks;
  /** SeBackupPrivilege and SeRestorePrivilege for this process; fails with what is missing and what to do. */
  enablePrivileges(): void;
  /** GetOEMCP: the code page in which console programs write that know no better. */
  oemCodePage(): number;
}

/** Read-only layers in their on-disk form (computestorage.dll, vmcompute.dll). */
export interface LayerStorage {
  /** HcsImportLayer: makes `layerDir` of the staged form in `sourceDir`. */
  importLayer(
    layerDir: string,
    sourceDir: string,
    parentsNearestFirst: readonly string[],
  ): Promise<void>;
  /** HcsExportLayer: writes what `layerDir` changes over its parents into `exportDir`, in the staged form. */
  exportLayer(
    layerDir: string,
    exportDir: string,
    parentsNearestFirst: readonly string[],
  ): Promise<void>;
  /** HcsDestroyLayer; a folder that is not there is no failure. */
  destroyLayer(layerDir: string): Promise<void>;
  /** ProcessBaseImage of vmcompute.dll: makes a base layer of a folder of real files. */
  processBaseLayer(layerDir: string): Promise<void>;
  /** ProcessUtilityImage of vmcompute.dll. */
  processUtilityVm(utilityVmDir: string): Promise<void>;
}

/** Files of layers, with what only backup semantics reach (kernel32.dll). Nothing here follows a reparse point. */
export interface BackupFiles {
  /** Makes the file or directory at `path` and opens it with backup semantics; existing directories are opened. */
  create(path: string, kind: 'file' | 'directory'): Promise<BackupFile>;
  /**
   * The backup streams (BackupRead) of what is at `path`, the security descriptor only if asked for. Chunks are valid
   * until the next.
   */
  read(path: string, withSecurity: boolean): AsyncIterable<Uint8Array>;
  /** GetFileInformationByHandleEx(FileBasicInfo). */
  basicInfo(path: string): Promise<BasicInfo>;
  /** SetFileInformationByHandle(FileBasicInfo) of an existing file or directory; attributes of 0 stay as they are. */
  setBasicInfo(path: string, info: BasicInfo): Promise<void>;
  /** CreateHardLinkW: a further name `path` of the file `target`. */
  hardLink(path: string, target: string): Promise<void>;
  /** Deletes a file, an empty directory or a reparse point, read-only or not. What is not there is no failure. */
  remove(path: string): Promise<void>;
}

export interface BackupFile {
  /** Writes bytes of a backup stream (BackupWrite with security); header and data may be split anywhere. */
  write(bytes: Uint8Array): Promise<void>;
  /** SetFileInformationByHandle(FileBasicInfo); comes before the content, as times set through a handle stay. */
  setBasicInfo(info: BasicInfo): Promise<void>;
  close(): Promise<void>;
}

/** Writable layers over a chain of parents. */
export interface ScratchStorage {
  /** Creates, activates and prepares a scratch in the new folder `dir`; whatever fails, what was done is undone. */
  open(
    dir: string,
    parentsNearestFirst: readonly string[],
    options: ScratchOptions,
    signal?: AbortSignal,
  ): Promise<ScratchLayer>;
  /** Activates and prepares a scratch that `detach` left at `dir`; undone where a part fails. */
  reopen(
    dir: string,
    parentsNearestFirst: readonly string[],
    options: Pick<ScratchOptions, 'activate'>,
    signal?: AbortSignal,
  ): Promise<ScratchLayer>;
  /** Takes down what a crash left at `dir`, in whatever state it is. */
  sweep(dir: string): Promise<void>;
}

export interface ScratchOptions {
  /** Size of the volume in bytes; the default of Windows (20 GiB) where absent. */
  readonly sizeBytes?: number;
  /** Only created, for a utility VM that attaches the disk itself. */
  readonly activate: boolean;
}

export interface ScratchLayer {
  readonly dir: string;
  /** `\\?\Volume{GUID}\`, with the backslash at the end; '' where it is not activated. */
  readonly volumePath: string;
  /**
   * Takes the filter off, so that the changes can be exported. Idempotent. The disk stays attached; that of a Hyper-V
   * container, which is not in use any more, is attached for it.
   */
  unprepare(): Promise<void>;
  /** Puts the filter on again. */
  prepare(): Promise<void>;
  /** Unprepares and deactivates; the disk stays for `reopen`. `release` then does nothing. */
  detach(): Promise<void>;
  /** Unprepares, deactivates and destroys, each as far as it is needed. Idempotent. */
  release(): Promise<void>;
}

/** Compute systems and their processes (computecore.dll). */
export interface ComputeSystems {
  /** Creates and starts a container; it is terminated and closed where that fails. */
  start(spec: ContainerSpec, signal?: AbortSignal): Promise<Container>;
  /** Terminates what a crash left: every system of our owner whose build does not run any more. */
  sweep(isAlive: (id: string) => boolean): Promise<readonly string[]>;
}

export interface ContainerSpec {
  /** Id of the compute system; ours begin with `layerwright-`. */
  readonly id: string;
  readonly hostName: string;
  readonly isolation: 'process' | 'hyperv';
  readonly scratch: ScratchLayer;
  readonly parentsNearestFirst: readonly string[];
  /** GUID of the HCN namespace; absent for no network. */
  readonly networkNamespace?: string;
  readonly memoryBytes?: number;
  /** Number of processors. */
  readonly cpus?: number;
  /** Folders of the host that the container sees. */
  readonly mounts: readonly ContainerMount[];
}

export interface ContainerMount {
  readonly hostPath: string;
  /** With a drive letter: `C:\cache`. */
  readonly containerPath: string;
  readonly readOnly: boolean;
}

export interface Container {
  readonly id: string;
  exec(spec: ProcessSpec, signal?: AbortSignal): Promise<RunningProcess>;
  /** Use of the container since its start. */
  statistics(): Promise<ContainerStatistics>;
  /** Ends every process in it and closes it. Idempotent. */
  terminate(): Promise<void>;
}

export interface ProcessSpec {
  readonly commandLine: string;
  readonly workingDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Empty: the image's default. */
  readonly user: string;
}

export interface RunningProcess {
  readonly pid: number;
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /** The exit code as an unsigned 32-bit number, once the process has ended. */
  readonly exit: Promise<number>;
  kill(): Promise<void>;
}

export interface ContainerStatistics {
  /** Processor time in ms. */
  readonly cpuMs: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  readonly memoryBytes: number;
}

/** Networks of the Host Networking Service (computenetwork.dll). */
export interface Networks {
  list(): Promise<readonly HostNetwork[]>;
  /**
   * A namespace with an endpoint in `networkName` (else the NAT network); undone where a part fails. Both carry
   * `owner`, the id of the compute system they are for.
   */
  attach(
    owner: string,
    networkName: string | undefined,
    signal?: AbortSignal,
  ): Promise<NetworkAttachment>;
  /** Deletes the endpoint and the namespace of `owner`, as far as they are there. */
  detach(owner: string): Promise<void>;
  /** Deletes what a crash left: our endpoints and namespaces whose owner does not run any more; gives their owners. */
  sweep(isAlive: (owner: string) => boolean): Promise<readonly string[]>;
}

export interface HostNetwork {
  readonly name: string;
  /** `NAT`, `L2Bridge`, `Transparent`, `ICS`. */
  readonly type: string;
  readonly subnets: readonly string[];
}

export interface NetworkAttachment {
  /** Bare GUID in lower case. */
  readonly namespace: string;
  readonly ipAddress: string;
  readonly gateway: string;
  readonly dnsServers: readonly string[];
  /** Deletes the endpoint and the namespace. Idempotent. */
  release(): Promise<void>;
}
