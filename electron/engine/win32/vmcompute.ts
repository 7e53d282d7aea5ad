import { hresult, status } from './checked.ts';
import type { Dll } from './dll.ts';
import { driverInfo, layerDescriptors } from './layer-parameters.ts';
import {
  bufferOrNull,
  handle,
  none,
  outBytes,
  outGuid,
  outHandle,
  outString,
  u64,
  wide,
  type Handle,
} from './parameter.ts';
import { processInformationSize, readProcessInformation } from './process-information.ts';

export type Vmcompute = ReturnType<typeof bindLayerFunctions>;
export type VmcomputeSystems = ReturnType<typeof bindSystemFunctions>;

/** Layers in vmcompute.dll. Microsoft does not document them; signatures as in hcsshim internal/wclayer. */
export function bindLayerFunctions(dll: Dll) {
  return {
    /** CreateSandboxLayer(info, id: path of the new layer, parent: unused, descriptors, count). */
    createSandboxLayer: hresult(dll, 'CreateSandboxLayer', [
      driverInfo,
      wide,
      none,
      layerDescriptors,
      u64,
    ]),
    /** ExpandSandboxSize(info, path, size in bytes). */
    expandSandboxSize: hresult(dll, 'ExpandSandboxSize', [driverInfo, wide, u64]),
    activateLayer: hresult(dll, 'ActivateLayer', [driverInfo, wide]),
    deactivateLayer: hresult(dll, 'DeactivateLayer', [driverInfo, wide]),
    /** PrepareLayer(info, path, descriptors, count). */
    prepareLayer: hresult(dll, 'PrepareLayer', [driverInfo, wide, layerDescriptors, u64]),
    unprepareLayer: hresult(dll, 'UnprepareLayer', [driverInfo, wide]),
    /** GetLayerMountPath(info, path, length in UTF-16 units with the NUL: in and out, buffer): asked twice. */
    getLayerMountPath: hresult(dll, 'GetLayerMountPath', [
      driverInfo,
      wide,
      bufferOrNull,
      bufferOrNull,
    ]),
    nameToGuid: hresult(dll, 'NameToGuid', [wide, outGuid]),
    processBaseImage: hresult(dll, 'ProcessBaseImage', [wide]),
    processUtilityImage: hresult(dll, 'ProcessUtilityImage', [wide]),
  };
}

/**
 * Compute systems in vmcompute.dll, for the documents of schema 1 (hcsshim internal/vmcompute). Calls may answer that
 * they are pending; a notification then tells their end.
 */
export function bindSystemFunctions(dll: Dll, coTaskMemFree: (pointer: Handle) => void) {
  const text = outString(coTaskMemFree);
  const information = outBytes(processInformationSize, readProcessInformation);
  return {
    /** HcsCreateComputeSystem(id, configuration, identity, system, result). */
    createComputeSystem: status(dll, 'HcsCreateComputeSystem', [wide, wide, none, outHandle, text]),
    startComputeSystem: status(dll, 'HcsStartComputeSystem', [handle, none, text]),
    terminateComputeSystem: status(dll, 'HcsTerminateComputeSystem', [handle, none, text]),
    closeComputeSystem: hresult(dll, 'HcsCloseComputeSystem', [handle]),
    /** HcsGetComputeSystemProperties(system, query, properties, result). */
    getComputeSystemProperties: hresult(
      dll,
      'HcsGetComputeSystemProperties',
      [handle, wide, text, text],
      1,
    ),
    /** HcsRegisterComputeSystemCallback(system, callback, context, callbackHandle). */
    registerComputeSystemCallback: hresult(dll, 'HcsRegisterComputeSystemCallback', [
      handle,
      handle,
      u64,
      outHandle,
    ]),
    unregisterComputeSystemCallback: hresult(dll, 'HcsUnregisterComputeSystemCallback', [handle]),
    /** HcsCreateProcess(system, parameters, information, process, result). */
    createProcess: hresult(
      dll,
      'HcsCreateProcess',
      [handle, wide, information, outHandle, text],
      2,
    ),
    /** HcsTerminateProcess(process, result). */
    terminateProcess: status(dll, 'HcsTerminateProcess', [handle, text]),
    closeProcess: hresult(dll, 'HcsCloseProcess', [handle]),
    /** HcsGetProcessProperties(process, properties, result). */
    getProcessProperties: hresult(dll, 'HcsGetProcessProperties', [handle, text, text], 1),
    registerProcessCallback: hresult(dll, 'HcsRegisterProcessCallback', [
      handle,
      handle,
      u64,
      outHandle,
    ]),
    unregisterProcessCallback: hresult(dll, 'HcsUnregisterProcessCallback', [handle]),
  };
}
