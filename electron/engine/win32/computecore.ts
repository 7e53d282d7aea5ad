import { hresult, status } from './checked.ts';
import type { Dll } from './dll.ts';
import {
  handle,
  none,
  outBytes,
  outHandle,
  outString,
  u32,
  u64,
  wide,
  wideOrNull,
  type Handle,
} from './parameter.ts';
import { declare } from './call.ts';
import { processInformationSize, readProcessInformation } from './process-information.ts';

export type Computecore = ReturnType<typeof bindComputecore>;

/**
 * computecore.dll (computecore.h, computedefs.h). Microsoft's reference says that result documents are released with
 * LocalFree (hcsshim uses CoTaskMemFree; both end in the heap of the process). Functions that take an operation only
 * start it. Closing waits for callbacks that are under way, which need our main thread, so it runs on another one.
 */
export function bindComputecore(dll: Dll, localFree: (pointer: Handle) => void) {
  const document = outString(localFree);
  const information = outBytes(processInformationSize, readProcessInformation);
  const createOperation = declare(dll, 'HcsCreateOperation', 'void *', [none, none]);
  const closing = (name: string) => {
    const call = declare(dll, name, 'void', [handle]);
    return async (closed: Handle): Promise<void> => {
      await call.async([closed]);
    };
  };
  return {
    /** HcsCreateOperation(context, callback): 0 where there is no memory for it. */
    createOperation: (): Handle => (createOperation.sync([]).result as Handle | null) ?? 0n,
    closeOperation: closing('HcsCloseOperation'),
    cancelOperation: hresult(dll, 'HcsCancelOperation', [handle]),
    /** HcsGetOperationResult(operation, resultDocument). */
    getOperationResult: status(dll, 'HcsGetOperationResult', [handle, document]),
    /** HcsWaitForOperationResult(operation, timeoutMs, resultDocument). */
    waitForOperationResult: status(dll, 'HcsWaitForOperationResult', [handle, u32, document]),
    /** HcsWaitForOperationResultAndProcessInfo(operation, timeoutMs, processInformation, resultDocument). */
    waitForOperationResultAndProcessInfo: status(dll, 'HcsWaitForOperationResultAndProcessInfo', [
      handle,
      u32,
      information,
      document,
    ]),
    /** HcsEnumerateComputeSystems(query, operation). */
    enumerateComputeSystems: status(dll, 'HcsEnumerateComputeSystems', [wide, handle]),
    /** HcsCreateComputeSystem(id, configuration, operation, securityDescriptor, computeSystem). */
    createComputeSystem: status(dll, 'HcsCreateComputeSystem', [
      wide,
      wide,
      handle,
      none,
      outHandle,
    ]),
    /** HcsOpenComputeSystem(id, requestedAccess, computeSystem). */
    openComputeSystem: hresult(dll, 'HcsOpenComputeSystem', [wide, u32, outHandle]),
    closeComputeSystem: closing('HcsCloseComputeSystem'),
    /** HcsStartComputeSystem(computeSystem, operation, options). */
    startComputeSystem: status(dll, 'HcsStartComputeSystem', [handle, handle, wideOrNull]),
    terminateComputeSystem: status(dll, 'HcsTerminateComputeSystem', [handle, handle, wideOrNull]),
    /** HcsGetComputeSystemProperties(computeSystem, operation, propertyQuery). */
    getComputeSystemProperties: status(dll, 'HcsGetComputeSystemProperties', [
      handle,
      handle,
      wide,
    ]),
    /** HcsSetComputeSystemCallback(computeSystem, options, context, callback). */
    setComputeSystemCallback: hresult(dll, 'HcsSetComputeSystemCallback', [
      handle,
      u32,
      u64,
      handle,
    ]),
    /** HcsCreateProcess(computeSystem, processParameters, operation, securityDescriptor, process). */
    createProcess: status(dll, 'HcsCreateProcess', [handle, wide, handle, none, outHandle]),
    closeProcess: closing('HcsCloseProcess'),
    /** HcsTerminateProcess(process, operation, options). */
    terminateProcess: status(dll, 'HcsTerminateProcess', [handle, handle, wideOrNull]),
    /** HcsSetProcessCallback(process, options, context, callback). */
    setProcessCallback: hresult(dll, 'HcsSetProcessCallback', [handle, u32, u64, handle]),
  };
}
