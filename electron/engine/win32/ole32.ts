import { declare } from './call.ts';
import type { Dll } from './dll.ts';
import { handle, type Handle } from './parameter.ts';

/** CoTaskMemFree of ole32.dll (combaseapi.h). */
export function bindCoTaskMemFree(dll: Dll): (pointer: Handle) => void {
  const free = declare(dll, 'CoTaskMemFree', 'void', [handle]);
  return pointer => {
    free.sync([pointer]);
  };
}
