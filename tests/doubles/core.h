/*
 * TEST DOUBLE. What all doubles share: one lock around their state, the log of calls, injected faults, counters of what
 * is open, and strings that callers must free.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
/* kernel32 and the like: exported under the plain name by doubles.def, as the real one is called too. */
#define SYSTEM_API(name) Double_##name
#define SAME_SIGNATURE(name) \
  _Static_assert(__builtin_types_compatible_p(__typeof__(name), __typeof__(Double_##name)), #name)
#else
#define EXPORT __attribute__((visibility("default")))
#define SYSTEM_API(name) EXPORT name
#define SAME_SIGNATURE(name) _Static_assert(1, #name)
#endif

#define HRESULT_OF(error) ((HRESULT)(0x80070000u | (error)))
#define HCS_E_INVALID_STATE ((HRESULT)0x80370105)
#define HCS_E_TERMINATED ((HRESULT)0x80370107)
#define HCS_E_INVALID_JSON ((HRESULT)0x8037010D)
#define HCS_E_SYSTEM_NOT_FOUND ((HRESULT)0x8037010E)
#define HCS_E_SYSTEM_ALREADY_EXISTS ((HRESULT)0x8037010F)
#define HCS_E_SYSTEM_ALREADY_STOPPED ((HRESULT)0x80370110)
#define HCS_E_INVALID_LAYER ((HRESULT)0x80370112)
#define HCS_E_OPERATION_NOT_STARTED ((HRESULT)0x80370115)
#define HCS_E_OPERATION_ALREADY_STARTED ((HRESULT)0x80370116)
#define HCS_E_OPERATION_PENDING ((HRESULT)0x80370117)
#define HCS_E_OPERATION_TIMEOUT ((HRESULT)0x80370118)
#define HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET ((HRESULT)0x80370119)
#define HCS_E_PROCESS_INFO_NOT_AVAILABLE ((HRESULT)0x8037011D)
#define HCS_E_PROCESS_ALREADY_STOPPED ((HRESULT)0x8037011F)
#define HCS_E_OPERATION_ALREADY_CANCELLED ((HRESULT)0x80370121)

enum fault_mode {
  /* The call fails and has no effect. */
  FAULT_CALL,
  /* The call takes effect and still says that it failed. */
  FAULT_AFTER,
  /* The call, or the operation that it starts, does not come back until it is cancelled or `Double_ReleaseHangs`. */
  FAULT_HANG,
  /* The call starts its operation, and that fails. */
  FAULT_RESULT,
};

/* One call of an exported function, from `begin` to `end`; the lock is held in between. */
struct call {
  const char *api;
  struct buffer arguments;
  char *kept[8];
  int kept_count;
  bool faulty;
  enum fault_mode mode;
  HRESULT fault;
  /* The operation that the call started meets the fault instead. */
  bool passed_on;
  /* Not to be logged: calls whose number depends on timing. */
  bool silent;
  /* What was wrong with the arguments, for whoever reads the log. */
  char *complaint;
};

void begin(struct call *call, const char *api);
/* Logs the call, gives `result` or the injected fault, and gives up the lock. */
HRESULT end(struct call *call, HRESULT result);
/* The same for functions that give BOOL and set the last error: `error` 0 is TRUE. */
BOOL end_win32(struct call *call, uint32_t error);
/* Injected faults that come before the call: true where the call must do nothing but give `call->fault`. */
bool stopped(struct call *call);

/* The argument in UTF-8, logged; lives until `end`. NULL stays NULL. */
const char *text_argument(struct call *call, const char *name, PCWSTR value);
void number_argument(struct call *call, const char *name, int64_t value);
void flags_argument(struct call *call, const char *name, uint64_t value);
/* Logged as `name=what` (`handle=#3`). */
void word_argument(struct call *call, const char *name, const char *what);
/* Remembers why the call is refused, and gives `result`. Takes `complaint`, which may be of `format_text`. */
HRESULT refuse(struct call *call, HRESULT result, char *complaint);

/* An operation hangs (1), or does not any more (-1), for Double_Hanging. */
void count_hanging(int change);

void lock(void);
void unlock(void);
/* Waits until the state changes or `milliseconds` are over (-1: no limit); false when they are. The lock is held once. */
bool wait_for_change(uint64_t deadline);
void state_changed(void);
uint64_t deadline_after(uint32_t milliseconds);

enum counter {
  COUNT_HANDLES,
  COUNT_STRINGS,
  COUNT_BACKUP_CONTEXTS,
  COUNT_ACTIVE_SCRATCHES,
  COUNT_PREPARED_SCRATCHES,
  COUNT_OPERATIONS,
  COUNT_SYSTEM_HANDLES,
  COUNT_SYSTEMS,
  COUNT_PROCESS_HANDLES,
  COUNT_PROCESSES,
  COUNT_NETWORK_HANDLES,
  COUNT_NAMESPACES,
  COUNT_ENDPOINTS,
  /* Readers of pipes; asked of the system and not counted. */
  COUNT_PIPES,
  COUNTER_END,
};
void count(enum counter counter, int change);

/* A string that the caller has to free with LocalFree or CoTaskMemFree. */
PWSTR give_string(const char *text);
bool take_string(void *string);

/* For the control functions: text that lives until the next call of one of them. */
const char *answer(char *text);
/* Called by Double_Reset, in the order of the list in core.c. */
void reset_kernel(void);
void reset_metadata(void);
void reset_privileges(void);
void reset_scratches(void);
void reset_systems(void);
void reset_scripts(void);
void reset_networks(void);
void reset_host(void);
void reset_operations(void);
