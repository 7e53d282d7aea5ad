/*
 * TEST DOUBLE of what tells about the host: ntdll's version, volumes, code page (kernel32), registry and services
 * (advapi32). The answers are those of the document that Double_Host was given.
 */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "json.h"
#include "kernel.h"
#include "layers.h"
#include "native.h"
#include "platform.h"

#ifndef _WIN32
typedef HANDLE HKEY;
typedef HANDLE SC_HANDLE;
typedef uint64_t *PULARGE;
typedef void *PVOID;
typedef DWORD *LPDWORD;
typedef struct {
  DWORD dwServiceType;
  DWORD dwCurrentState;
  DWORD rest[5];
} SERVICE_STATUS, *LPSERVICE_STATUS;
typedef ULARGE_INTEGER *PULARGE_INTEGER;
#endif

static const char usual_host[] =
  "{\"build\":26100,\"revision\":4652,\"productType\":3,\"oemCodePage\":437,\"freeBytes\":200000000000,"
  "\"totalBytes\":500000000000,\"fileSystem\":\"NTFS\",\"volumeFlags\":65472255,"
  "\"services\":{\"vmcompute\":4,\"hns\":4},\"registry\":{}}";

static struct json *host;

static const struct json *facts(void) {
  if (host == NULL) host = parse_json(usual_host, NULL);
  return host;
}

void reset_host(void) {
  free_json(host);
  host = NULL;
}

/* Facts of the host, as in `usual_host` above; absent ones are unknown to it. False where it is no JSON. */
EXPORT int32_t Double_Host(const char *document) {
  lock();
  struct json *json = parse_json(document, NULL);
  if (json != NULL) {
    reset_host();
    host = json;
  }
  unlock();
  return json != NULL;
}

/* OSVERSIONINFOEXW up to the end of what it has. */
struct version {
  DWORD size;
  DWORD major;
  DWORD minor;
  DWORD build;
  DWORD platform;
  WCHAR service_pack[128];
  uint16_t service_pack_major;
  uint16_t service_pack_minor;
  uint16_t suites;
  uint8_t product_type;
  uint8_t reserved;
};

EXPORT LONG WINAPI RtlGetVersion(struct version *version) {
  struct call call;
  begin(&call, "RtlGetVersion");
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    bool small = version == NULL || (version->size != 276 && version->size != sizeof *version);
    if (small) result = refuse(&call, E_INVALIDARG, copy_text("size of the structure"));
    else {
      version->major = 10;
      version->minor = 0;
      version->build = (DWORD)number_member(facts(), "build", 0);
      version->platform = 2;
      version->service_pack[0] = 0;
      if (version->size == sizeof *version) version->product_type = (uint8_t)number_member(facts(), "productType", 1);
    }
  }
  return end(&call, result);
}

UINT WINAPI SYSTEM_API(GetOEMCP)(void) {
  lock();
  UINT page = (UINT)number_member(facts(), "oemCodePage", 437);
  unlock();
  return page;
}
SAME_SIGNATURE(GetOEMCP);

BOOL WINAPI SYSTEM_API(GetDiskFreeSpaceExW)(LPCWSTR folder, PULARGE_INTEGER own, PULARGE_INTEGER total, PULARGE_INTEGER all) {
  struct call call;
  begin(&call, "GetDiskFreeSpaceExW");
  const char *path = text_argument(&call, "folder", folder);
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (path == NULL || file_kind(path) != FILE_DIRECTORY) error = ERROR_PATH_NOT_FOUND;
    else {
      uint64_t available = (uint64_t)number_member(facts(), "freeBytes", 0);
      if (own != NULL) own->QuadPart = available;
      if (all != NULL) all->QuadPart = available;
      if (total != NULL) total->QuadPart = (uint64_t)number_member(facts(), "totalBytes", 0);
    }
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(GetDiskFreeSpaceExW);

static uint32_t give_text(const char *text, WCHAR *out, DWORD room) {
  WCHAR *wide = utf16_of(text);
  size_t length = wide_length(wide) + 1;
  bool fits = length <= room;
  if (fits) memcpy(out, wide, length * sizeof(WCHAR));
  free(wide);
  return fits ? 0 : ERROR_INSUFFICIENT_BUFFER;
}

BOOL WINAPI SYSTEM_API(GetVolumePathNameW)(LPCWSTR file, LPWSTR out, DWORD room) {
  struct call call;
  begin(&call, "GetVolumePathNameW");
  const char *path = text_argument(&call, "file", file);
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (path == NULL || out == NULL || !is_absolute(path)) error = ERROR_INVALID_PARAMETER;
    else {
#ifdef _WIN32
      char *root = plain_path(path);
      root[3] = 0;
#else
      char *root = copy_text("/");
#endif
      error = give_text(root, out, room);
      free(root);
    }
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(GetVolumePathNameW);

BOOL WINAPI SYSTEM_API(GetVolumeInformationW)(LPCWSTR root, LPWSTR name, DWORD name_room, LPDWORD serial, LPDWORD longest,
                                              LPDWORD flags, LPWSTR system, DWORD system_room) {
  struct call call;
  begin(&call, "GetVolumeInformationW");
  (void)name_room;
  char *path = utf8_of(root);
  size_t size = path == NULL ? 0 : strlen(path);
  bool ended = size > 0 && path[size - 1] == SEPARATOR;
  word_argument(&call, "root", ended ? "<volume>" : "no volume");
  free(path);
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (!ended || name != NULL) error = ERROR_INVALID_PARAMETER;
    else {
      if (serial != NULL) *serial = 1;
      if (longest != NULL) *longest = 255;
      if (flags != NULL) *flags = (DWORD)number_member(facts(), "volumeFlags", 0);
      const char *kind = text_member(facts(), "fileSystem");
      if (system != NULL) error = give_text(kind == NULL ? "" : kind, system, system_room);
    }
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(GetVolumeInformationW);

/* Values of `registry` are under `subkey\value`; texts and numbers are REG_SZ and REG_DWORD. */
LSTATUS WINAPI SYSTEM_API(RegGetValueW)(HKEY root, LPCWSTR subkey, LPCWSTR value, DWORD flags, LPDWORD type, PVOID data,
                                        LPDWORD size) {
  struct call call;
  begin(&call, "RegGetValueW");
  const char *key = text_argument(&call, "subkey", subkey);
  const char *name = text_argument(&call, "value", value);
  uint32_t error = 0;
  if (!stopped(&call)) {
    bool machine = (uint32_t)(uintptr_t)root == 0x80000002u;
    char *full = format_text("%s\\%s", key == NULL ? "" : key, name == NULL ? "" : name);
    const struct json *found = member(member(facts(), "registry"), full);
    WCHAR *text = found != NULL && found->kind == JSON_STRING ? utf16_of(found->text) : NULL;
    uint32_t number = found == NULL ? 0 : (uint32_t)found->number;
    uint32_t needed = text == NULL ? 4 : (uint32_t)(wide_length(text) + 1) * 2;
    bool wanted = text == NULL ? (flags & 0x10) != 0 : (flags & 2) != 0;
    if (!machine || size == NULL) error = ERROR_INVALID_PARAMETER;
    else if (found == NULL) error = ERROR_FILE_NOT_FOUND;
    else if (!wanted) error = 1630 /* ERROR_UNSUPPORTED_TYPE */;
    else if (data != NULL && *size < needed) error = 234 /* ERROR_MORE_DATA */;
    else if (data != NULL) memcpy(data, text == NULL ? (void *)&number : (void *)text, needed);
    if (size != NULL) *size = needed;
    if (type != NULL) *type = text == NULL ? 4 : 1;
    free(text);
    free(full);
  }
  return (LSTATUS)((uint32_t)end(&call, error == 0 ? S_OK : HRESULT_OF(error)) & 0xffff);
}
SAME_SIGNATURE(RegGetValueW);

/* The manager is 1, a service its place in `services` plus 2. */
static uintptr_t service_handle(const char *name) {
  uintptr_t handle = 2;
  const struct json *services = member(facts(), "services");
  for (const struct json *at = services == NULL ? NULL : services->first; at != NULL; at = at->next, handle++)
    if (same_name(at->key, name)) return handle;
  return 0;
}

SC_HANDLE WINAPI SYSTEM_API(OpenSCManagerW)(LPCWSTR machine, LPCWSTR database, DWORD access) {
  struct call call;
  begin(&call, "OpenSCManagerW");
  flags_argument(&call, "access", access);
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (machine != NULL || database != NULL) error = ERROR_INVALID_PARAMETER;
    else count(COUNT_HANDLES, 1);
  }
  return end_win32(&call, error) ? (SC_HANDLE)(uintptr_t)1 : NULL;
}
SAME_SIGNATURE(OpenSCManagerW);

SC_HANDLE WINAPI SYSTEM_API(OpenServiceW)(SC_HANDLE manager, LPCWSTR service, DWORD access) {
  struct call call;
  begin(&call, "OpenServiceW");
  const char *name = text_argument(&call, "name", service);
  flags_argument(&call, "access", access);
  uintptr_t handle = 0;
  uint32_t error = 0;
  if (!stopped(&call)) {
    handle = name == NULL ? 0 : service_handle(name);
    if ((uintptr_t)manager != 1) error = ERROR_INVALID_HANDLE;
    else if (handle == 0) error = 1060 /* ERROR_SERVICE_DOES_NOT_EXIST */;
    else count(COUNT_HANDLES, 1);
  }
  return end_win32(&call, error) ? (SC_HANDLE)handle : NULL;
}
SAME_SIGNATURE(OpenServiceW);

BOOL WINAPI SYSTEM_API(QueryServiceStatus)(SC_HANDLE service, LPSERVICE_STATUS status) {
  struct call call;
  begin(&call, "QueryServiceStatus");
  uint32_t error = 0;
  if (!stopped(&call)) {
    const struct json *at = member(facts(), "services");
    at = at == NULL ? NULL : at->first;
    for (uintptr_t i = 2; at != NULL && i < (uintptr_t)service; i++) at = at->next;
    if (at == NULL || (uintptr_t)service < 2) error = ERROR_INVALID_HANDLE;
    else if (status == NULL) error = ERROR_INVALID_PARAMETER;
    else {
      memset(status, 0, sizeof *status);
      status->dwServiceType = 0x20;
      status->dwCurrentState = (DWORD)at->number;
    }
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(QueryServiceStatus);

BOOL WINAPI SYSTEM_API(CloseServiceHandle)(SC_HANDLE service) {
  struct call call;
  begin(&call, "CloseServiceHandle");
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (service == NULL) error = ERROR_INVALID_HANDLE;
    else count(COUNT_HANDLES, -1);
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(CloseServiceHandle);
