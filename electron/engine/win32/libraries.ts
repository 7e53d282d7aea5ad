import { bindAdvapi32, type Advapi32 } from './advapi32.ts';
import { bindComputecore, type Computecore } from './computecore.ts';
import { bindComputenetwork, type Computenetwork } from './computenetwork.ts';
import { bindComputestorage, type Computestorage } from './computestorage.ts';
import { openDll, type Dll, type DllName, type DllPaths } from './dll.ts';
import { bindKernel32, type Kernel32 } from './kernel32.ts';
import { bindNtdll, type Ntdll } from './ntdll.ts';
import { bindCoTaskMemFree } from './ole32.ts';
import { bindShell32, type Shell32 } from './shell32.ts';
import {
  bindLayerFunctions,
  bindSystemFunctions,
  type Vmcompute,
  type VmcomputeSystems,
} from './vmcompute.ts';

/** What we call of Windows. A DLL is loaded when the first of its functions is called, and says then what is missing. */
export interface Libraries {
  readonly advapi32: Advapi32;
  readonly computecore: Computecore;
  readonly computenetwork: Computenetwork;
  readonly computestorage: Computestorage;
  readonly kernel32: Kernel32;
  readonly ntdll: Ntdll;
  readonly shell32: Shell32;
  readonly vmcompute: Vmcompute;
  readonly vmcomputeSystems: VmcomputeSystems;
  /** Which of them are not there; loads all of them. */
  missing(): readonly DllName[];
}

/** Loads nothing yet. `paths` names other files than the DLLs of Windows, for tests. */
export function openLibraries(paths: DllPaths = {}): Libraries {
  const opened: Dll[] = [];
  const dll = (name: DllName) => {
    const one = openDll(name, paths);
    opened.push(one);
    return one;
  };
  const kernel32 = bindKernel32(dll('kernel32'));
  const coTaskMemFree = bindCoTaskMemFree(dll('ole32'));
  const vmcompute = dll('vmcompute');
  return {
    advapi32: bindAdvapi32(dll('advapi32'), kernel32.lastError),
    computecore: bindComputecore(dll('computecore'), kernel32.localFree),
    computenetwork: bindComputenetwork(dll('computenetwork'), coTaskMemFree),
    computestorage: bindComputestorage(dll('computestorage')),
    kernel32,
    ntdll: bindNtdll(dll('ntdll')),
    shell32: bindShell32(dll('shell32'), kernel32.lastError),
    vmcompute: bindLayerFunctions(vmcompute),
    vmcomputeSystems: bindSystemFunctions(vmcompute, coTaskMemFree),
    missing: () => opened.filter(one => !one.isThere()).map(({ name }) => name),
  };
}
