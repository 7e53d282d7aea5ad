/*
 * TEST DOUBLE of vmcompute.dll as a library of its own, since computecore.dll exports the same names with other
 * parameters. Everything is in the library of the other doubles; this one only has the names.
 */
#include <stdint.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef int32_t HRESULT;
typedef const uint16_t *TEXT16;
typedef uint16_t **TEXT16_OUT;

/* Declares and forwards a function: names of parameters twice, with and without their types. */
#define FORWARD(target, name, with_types, names) \
  extern HRESULT target with_types;              \
  EXPORT HRESULT name with_types {               \
    return target names;                         \
  }
#define PASS(name, with_types, names) FORWARD(Vmcompute_##name, name, with_types, names)

PASS(HcsCreateComputeSystem, (TEXT16 id, TEXT16 text, void *identity, void **system, TEXT16_OUT result), (id, text, identity, system, result))
PASS(HcsStartComputeSystem, (void *system, TEXT16 options, TEXT16_OUT result), (system, options, result))
PASS(HcsTerminateComputeSystem, (void *system, TEXT16 options, TEXT16_OUT result), (system, options, result))
PASS(HcsCloseComputeSystem, (void *system), (system))
PASS(HcsGetComputeSystemProperties, (void *system, TEXT16 query, TEXT16_OUT found, TEXT16_OUT result), (system, query, found, result))
PASS(HcsRegisterComputeSystemCallback, (void *system, void *callback, void *context, void **handle), (system, callback, context, handle))
PASS(HcsUnregisterComputeSystemCallback, (void *handle), (handle))
PASS(HcsCreateProcess, (void *system, TEXT16 text, void *information, void **process, TEXT16_OUT result), (system, text, information, process, result))
PASS(HcsTerminateProcess, (void *process, TEXT16_OUT result), (process, result))
PASS(HcsCloseProcess, (void *process), (process))
PASS(HcsGetProcessProperties, (void *process, TEXT16_OUT found, TEXT16_OUT result), (process, found, result))
PASS(HcsRegisterProcessCallback, (void *process, void *callback, void *context, void **handle), (process, callback, context, handle))
PASS(HcsUnregisterProcessCallback, (void *handle), (handle))

PASS(CreateSandboxLayer, (void *info, TEXT16 path, void *parent, void *layers, uint64_t count), (info, path, parent, layers, count))
PASS(ExpandSandboxSize, (void *info, TEXT16 path, uint64_t size), (info, path, size))
PASS(ActivateLayer, (void *info, TEXT16 path), (info, path))
PASS(DeactivateLayer, (void *info, TEXT16 path), (info, path))
PASS(PrepareLayer, (void *info, TEXT16 path, void *layers, uint64_t count), (info, path, layers, count))
PASS(UnprepareLayer, (void *info, TEXT16 path), (info, path))
PASS(GetLayerMountPath, (void *info, TEXT16 path, void *length, void *buffer), (info, path, length, buffer))
PASS(NameToGuid, (TEXT16 name, void *guid), (name, guid))
PASS(ProcessBaseImage, (TEXT16 path), (path))
PASS(ProcessUtilityImage, (TEXT16 path), (path))
