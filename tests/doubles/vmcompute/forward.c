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
#define SYSTEM(name, with_types, names) FORWARD(Vmcompute_##name, name, with_types, names)

SYSTEM(HcsCreateComputeSystem, (TEXT16 id, TEXT16 text, void *identity, void **system, TEXT16_OUT result), (id, text, identity, system, result))
SYSTEM(HcsStartComputeSystem, (void *system, TEXT16 options, TEXT16_OUT result), (system, options, result))
SYSTEM(HcsTerminateComputeSystem, (void *system, TEXT16 options, TEXT16_OUT result), (system, options, result))
SYSTEM(HcsCloseComputeSystem, (void *system), (system))
SYSTEM(HcsGetComputeSystemProperties, (void *system, TEXT16 query, TEXT16_OUT found, TEXT16_OUT result), (system, query, found, result))
SYSTEM(HcsRegisterComputeSystemCallback, (void *system, void *callback, void *context, void **handle), (system, callback, context, handle))
SYSTEM(HcsUnregisterComputeSystemCallback, (void *handle), (handle))
SYSTEM(HcsCreateProcess, (void *system, TEXT16 text, void *information, void **process, TEXT16_OUT result), (system, text, information, process, result))
SYSTEM(HcsTerminateProcess, (void *process, TEXT16_OUT result), (process, result))
SYSTEM(HcsCloseProcess, (void *process), (process))
SYSTEM(HcsGetProcessProperties, (void *process, TEXT16_OUT found, TEXT16_OUT result), (process, found, result))
SYSTEM(HcsRegisterProcessCallback, (void *process, void *callback, void *context, void **handle), (process, callback, context, handle))
SYSTEM(HcsUnregisterProcessCallback, (void *handle), (handle))
