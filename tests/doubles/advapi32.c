/*
 * TEST DOUBLE of advapi32.dll: the privileges of the token. Wine grants whatever is asked for; here the test decides
 * what the token holds, and what is merely held is off until it is adjusted.
 */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "kernel.h"
#include "privileges.h"

#ifndef _WIN32
typedef struct {
  uint32_t LowPart;
  int32_t HighPart;
} LUID, *PLUID;
typedef struct {
  LUID Luid;
  DWORD Attributes;
} LUID_AND_ATTRIBUTES;
typedef struct {
  DWORD PrivilegeCount;
  LUID_AND_ATTRIBUTES Privileges[1];
} TOKEN_PRIVILEGES, *PTOKEN_PRIVILEGES;
typedef int TOKEN_INFORMATION_CLASS;
typedef HANDLE *PHANDLE;
typedef DWORD *PDWORD;
#define TokenElevation 20
#endif

struct privilege {
  const char *name;
  bool held;
  bool enabled;
};

static struct privilege privileges[] = {
  {"SeBackupPrivilege", true, false},
  {"SeRestorePrivilege", true, false},
  {"SeSecurityPrivilege", true, false},
  {"SeManageVolumePrivilege", true, false},
  {"SeDebugPrivilege", true, false},
};
#define PRIVILEGES (sizeof privileges / sizeof privileges[0])
static bool elevated = true;

bool may_backup_and_restore(void) {
  return privileges[0].enabled && privileges[1].enabled;
}

void reset_privileges(void) {
  for (size_t i = 0; i < PRIVILEGES; i++) privileges[i] = (struct privilege){privileges[i].name, true, false};
  elevated = true;
}

/* What the token holds: an elevated administrator's privileges, or nothing of it. */
EXPORT void Double_Elevated(int32_t is_elevated) {
  lock();
  elevated = is_elevated != 0;
  for (size_t i = 0; i < PRIVILEGES; i++) privileges[i] = (struct privilege){privileges[i].name, elevated, false};
  unlock();
}

/* Takes one privilege from the token. */
EXPORT void Double_WithoutPrivilege(const char *name) {
  lock();
  for (size_t i = 0; i < PRIVILEGES; i++)
    if (strcmp(privileges[i].name, name) == 0) privileges[i].held = privileges[i].enabled = false;
  unlock();
}

BOOL WINAPI SYSTEM_API(OpenProcessToken)(HANDLE process, DWORD access, PHANDLE token) {
  struct call call;
  begin(&call, "OpenProcessToken");
  flags_argument(&call, "access", access);
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (process != (HANDLE)(intptr_t)-1) error = ERROR_INVALID_HANDLE;
    else if (token == NULL || access == 0) error = ERROR_INVALID_PARAMETER;
    else *token = open_token(access);
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(OpenProcessToken);

BOOL WINAPI SYSTEM_API(LookupPrivilegeValueW)(LPCWSTR system, LPCWSTR name, PLUID luid) {
  struct call call;
  begin(&call, "LookupPrivilegeValueW");
  const char *privilege = text_argument(&call, "name", name);
  uint32_t error = ERROR_NO_SUCH_PRIVILEGE;
  if (stopped(&call)) error = 0;
  else if (system != NULL || privilege == NULL || luid == NULL) error = ERROR_INVALID_PARAMETER;
  else
    for (size_t i = 0; i < PRIVILEGES; i++) {
      if (strcmp(privileges[i].name, privilege) != 0) continue;
      luid->LowPart = (DWORD)i + 100;
      luid->HighPart = 0;
      error = 0;
    }
  return end_win32(&call, error);
}
SAME_SIGNATURE(LookupPrivilegeValueW);

/* One entry of the request: true where the token does not hold it. */
static bool adjust(const LUID_AND_ATTRIBUTES *wanted) {
  size_t i = wanted->Luid.LowPart - 100u;
  if (i >= PRIVILEGES || !privileges[i].held) return true;
  privileges[i].enabled = (wanted->Attributes & SE_PRIVILEGE_ENABLED) != 0;
  return false;
}

/* Gives TRUE even where a privilege is not held; only the last error, ERROR_NOT_ALL_ASSIGNED, tells (learn.microsoft.com). */
BOOL WINAPI SYSTEM_API(AdjustTokenPrivileges)(HANDLE token, BOOL disable_all, PTOKEN_PRIVILEGES state, DWORD size,
                                              PTOKEN_PRIVILEGES previous, PDWORD returned) {
  struct call call;
  begin(&call, "AdjustTokenPrivileges");
  (void)size, (void)previous, (void)returned;
  bool missing = false;
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (!is_token(token, TOKEN_ADJUST_PRIVILEGES)) error = ERROR_INVALID_HANDLE;
    else if (disable_all || state == NULL || state->PrivilegeCount == 0) error = ERROR_INVALID_PARAMETER;
    else {
      number_argument(&call, "count", state->PrivilegeCount);
      for (DWORD i = 0; i < state->PrivilegeCount; i++) missing |= adjust(&state->Privileges[i]);
    }
  }
  BOOL done = end_win32(&call, error);
  if (done && missing) set_last_error(ERROR_NOT_ALL_ASSIGNED);
  return done;
}
SAME_SIGNATURE(AdjustTokenPrivileges);

BOOL WINAPI SYSTEM_API(GetTokenInformation)(HANDLE token, TOKEN_INFORMATION_CLASS what, LPVOID out, DWORD size,
                                            PDWORD returned) {
  struct call call;
  begin(&call, "GetTokenInformation");
  number_argument(&call, "class", what);
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (!is_token(token, TOKEN_QUERY)) error = ERROR_INVALID_HANDLE;
    else if (what != TokenElevation || out == NULL || returned == NULL) error = ERROR_INVALID_PARAMETER;
    else if (size < 4) error = ERROR_INSUFFICIENT_BUFFER;
    else {
      DWORD is_elevated = elevated;
      memcpy(out, &is_elevated, 4);
      *returned = 4;
    }
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(GetTokenInformation);
