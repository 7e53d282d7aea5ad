import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { exists } from '../../electron/engine/content/file-system.ts';
import { koffi } from '../../electron/engine/win32/koffi.ts';
import type { DllName, DllPaths } from '../../electron/engine/win32/dll.ts';

const sourceDir = path.resolve(import.meta.dirname, '../doubles');
/** Where what tests compile or set up once is kept. */
export const cacheRoot = path.resolve(
  import.meta.dirname,
  '../../node_modules/.cache/layerwright-doubles',
);

const dllNames: readonly DllName[] = [
  'advapi32',
  'computecore',
  'computenetwork',
  'computestorage',
  'kernel32',
  'ntdll',
  'ole32',
  'vmcompute',
];

/** How a call fails: see `enum fault_mode` in tests/doubles/core.h. */
const faultModes = ['call', 'after', 'hang', 'result'] as const;
export type FaultMode = (typeof faultModes)[number];

export interface Fault {
  readonly api: string;
  /** Calls of it that still succeed; 0 where absent. */
  readonly callsBefore?: number;
  /** HRESULT; of Win32 functions 0x8007xxxx, of which the last error is the lower half. */
  readonly hresult: number;
  /** 'call' where absent. */
  readonly mode?: FaultMode;
}

/** What simulated processes do, one after another; one that fails ends the process with 1. Paths are the container's. */
export type Operation = { readonly times?: number } & (
  | { readonly stdout?: string; readonly stderr?: string }
  | { readonly stdoutHex?: string; readonly stderrHex?: string }
  | {
      readonly write: string;
      readonly text?: string;
      readonly hex?: string;
      readonly append?: true;
    }
  | { readonly delete: string }
  | { readonly mkdir: string }
  | { readonly link: string; readonly to: string }
  | { readonly attributesOf: string; readonly attributes: number }
  /** Adds a stream to a file: 3 security, 4 alternate (with `name`), 2 extended attributes, 8 reparse data. */
  | { readonly streamOf: string; readonly id: number; readonly name?: string; readonly hex: string }
  /** The changes of a hive: DefaultUser, Sam, Security, Software or System. */
  | { readonly hive: string; readonly hex: string }
  | { readonly print: string }
  | { readonly variable: string }
  | { readonly cwd: true }
  /** A line for the likeness of cmd.exe. */
  | { readonly cmd: string }
  | { readonly sleepMs: number }
  | { readonly busyMs: number }
  /** Until it is killed. */
  | { readonly wait: true }
  /** Writes the text until it is killed. */
  | { readonly endless: string }
  | { readonly exit: number }
);

/** What is open in the doubles; all 0 where nothing leaks. */
export type Counters = Readonly<Record<string, number>>;

/** The doubles of this process: there is one state, whoever loads them. Tests of one process run one after another. */
export interface Doubles {
  /** For `createWindowsHost({ libraries })`. */
  readonly libraries: DllPaths;
  /** Every call so far, a line each: `Api(name=value, ...) = 0xHRESULT`, with ` ! reason` where it was refused. */
  calls(): readonly string[];
  clearCalls(): void;
  counters(): Counters;
  fail(fault: Fault): void;
  /** Injected faults that no call has met yet. */
  pendingFaults(): number;
  forgetFaults(): void;
  /** Calls that hang now, in mode 'hang'. */
  hanging(): number;
  releaseHangs(): void;
  /** The folder that the log shows as `<root>`. */
  root(dir: string): void;
  /** Whether the process is an elevated administrator's. Its privileges are off until they are enabled. */
  elevated(isElevated: boolean): void;
  withoutPrivilege(name: string): void;
  /** Facts of the host: see `usual_host` in tests/doubles/host.c. */
  host(facts: Readonly<Record<string, unknown>>): void;
  /**
   * What processes do whose command line is `pattern`, in which `*` stands for anything. Other command lines are read by
   * a small likeness of cmd.exe, or name a program that is not there.
   */
  script(pattern: string, operations: readonly Operation[]): void;
  /** The networks of the host, as HcnQueryNetworkProperties gives them; one NAT network where none were given. */
  networks(networks: readonly Readonly<Record<string, unknown>>[]): void;
  /** An endpoint that a crashed program left. */
  leaveEndpoint(endpointId: string, name: string): void;
  /** A running compute system that a crashed program left. */
  leaveSystem(systemId: string, owner: string): void;
  /** Forgets everything that is not on disk. Nothing may be running. */
  reset(): void;
}

/** The libraries of the doubles: one for all DLLs but vmcompute.dll, which needs its own as it shares names with another. */
export interface DoubleFiles {
  readonly main: string;
  readonly vmcompute: string;
}

/** Compiles the doubles for this machine, once for their content. */
async function compileDoubles(): Promise<DoubleFiles> {
  const compiler = ['gcc', '-std=gnu17', '-O1', '-g', '-Wall', '-Wextra', '-Werror'];
  const linker = ['-fPIC', '-shared', '-pthread', '-fvisibility=hidden', '-Wl,--no-undefined'];
  // koffi unloads a library when nobody holds it any more; the threads of the doubles would run on in there.
  linker.push('-Wl,-z,nodelete');
  const includes = ['-I', path.join(sourceDir, 'posix')];
  const main = await compileOnce({
    command: [...compiler, ...linker, ...includes, ...(await unitsOf('.'))],
    extension: 'so',
  });
  const found = ['-L', cacheRoot, `-l:${path.basename(main)}`, '-Wl,-rpath,$ORIGIN'];
  const vmcompute = await compileOnce({
    command: [...compiler, ...linker, ...(await unitsOf('vmcompute')), ...found],
    extension: 'so',
  });
  return { main, vmcompute };
}

interface Compilation {
  /** Without the output. */
  readonly command: readonly string[];
  readonly extension: string;
}

/** Compiles what is in tests/doubles into the cache; two processes that do so at once do not meet. */
export async function compileOnce({ command, extension }: Compilation): Promise<string> {
  const [program = '', ...args] = command;
  const hash = createHash('sha256').update(JSON.stringify(command));
  for (const file of await sourceFiles()) {
    hash.update(file).update(await readFile(path.join(sourceDir, file)));
  }
  const output = path.join(cacheRoot, `doubles-${hash.digest('hex').slice(0, 16)}.${extension}`);
  if (await exists(output)) return output;
  // A DLL knows the name under which it was linked, so it has its own already while it is made.
  const partial = `${output}.${process.pid}`;
  const made = path.join(partial, path.basename(output));
  await mkdir(partial, { recursive: true });
  try {
    await promisify(execFile)(program, [...args, '-o', made], { cwd: sourceDir });
    await rename(made, output);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return output;
}

/** The C files right in a folder of tests/doubles. */
export async function unitsOf(folder: string): Promise<string[]> {
  const files = await readdir(path.join(sourceDir, folder));
  const units = files.filter(file => file.endsWith('.c')).sort();
  return units.map(file => path.join(folder, file));
}

async function sourceFiles(): Promise<string[]> {
  const files = await readdir(sourceDir, { recursive: true });
  return files.filter(file => /\.(?:c|h|def)$/.test(file)).sort();
}

/** Loads the doubles and resets them. */
export async function loadDoubles(): Promise<Doubles> {
  const doubles = controlOf(await compileDoubles());
  doubles.reset();
  return doubles;
}

/** The control functions of the doubles at `files`, which are loaded. */
export function controlOf(files: DoubleFiles): Doubles {
  const library = koffi().load(files.main);
  const command = (declaration: string) =>
    library.func(declaration) as (...args: unknown[]) => unknown;
  const text = (name: string) => {
    const ask = command(`const char *${name}()`);
    return () => ask() as string;
  };
  const act = (name: string) => {
    const run = command(`void ${name}()`);
    return () => {
      run();
    };
  };
  const calls = text('Double_Calls');
  const counters = text('Double_Counters');
  const fail = command('void Double_Fail(const char *, int32, uint32, int32)');
  const pendingFaults = command('int32 Double_PendingFaults()');
  const hanging = command('int32 Double_Hanging()');
  const root = command('void Double_Root(const char *)');
  const elevated = command('void Double_Elevated(int32)');
  const withoutPrivilege = command('void Double_WithoutPrivilege(const char *)');
  const host = command('int32 Double_Host(const char *)');
  const script = command('int32 Double_Script(const char *, const char *)');
  const networks = command('int32 Double_Networks(const char *)');
  const leaveEndpoint = command('void Double_LeaveEndpoint(const char *, const char *)');
  const leaveSystem = command('void Double_LeaveSystem(const char *, const char *)');
  return {
    libraries: {
      ...Object.fromEntries(dllNames.map(name => [name, files.main])),
      vmcompute: files.vmcompute,
    },
    calls: () => calls().split('\n').slice(0, -1),
    clearCalls: act('Double_ClearCalls'),
    counters: () => JSON.parse(counters()) as Counters,
    fail({ api, callsBefore = 0, hresult, mode = 'call' }) {
      fail(api, callsBefore, hresult >>> 0, faultModes.indexOf(mode));
    },
    pendingFaults: () => pendingFaults() as number,
    forgetFaults: act('Double_ForgetFaults'),
    hanging: () => hanging() as number,
    releaseHangs: act('Double_ReleaseHangs'),
    root: dir => void root(dir),
    elevated: isElevated => void elevated(isElevated ? 1 : 0),
    withoutPrivilege: name => void withoutPrivilege(name),
    host(facts) {
      if (host(JSON.stringify(facts)) === 0) throw new Error('the doubles take no such facts');
    },
    script(pattern, operations) {
      if (script(pattern, JSON.stringify(operations)) === 0) throw new Error('no such operations');
    },
    networks(list) {
      if (networks(JSON.stringify(list)) === 0) throw new Error('no such networks');
    },
    leaveEndpoint: (endpointId, name) => void leaveEndpoint(endpointId, name),
    leaveSystem: (systemId, owner) => void leaveSystem(systemId, owner),
    reset: act('Double_Reset'),
  };
}
