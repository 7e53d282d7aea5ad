/* TEST DOUBLE. See native.h: Wine's kernel32. */
#ifdef _WIN32
#include "native.h"

#include <stdlib.h>
#include <windows.h>

#include "kernel.h"

static uint32_t result(BOOL done) {
  return done ? 0 : GetLastError();
}

void set_last_error(DWORD error) {
  SetLastError(error);
}

uint32_t native_open(const char *path, DWORD access, DWORD share, DWORD disposition, DWORD flags, HANDLE *handle) {
  WCHAR *wide = utf16_of(path);
  // Wine knows no SACLs: the right to them is checked by the double alone.
  *handle = CreateFileW(wide, access & ~ACCESS_SYSTEM_SECURITY, share, NULL, disposition, flags, NULL);
  free(wide);
  return *handle == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

uint32_t native_close(HANDLE handle) {
  return result(CloseHandle(handle));
}

uint32_t native_read(HANDLE handle, void *out, DWORD size, DWORD *got) {
  return result(ReadFile(handle, out, size, got, NULL));
}

uint32_t native_write(HANDLE handle, uint64_t offset, const void *bytes, size_t size) {
  LARGE_INTEGER position = {.QuadPart = (int64_t)offset};
  DWORD written = 0;
  if (!SetFilePointerEx(handle, position, NULL, FILE_BEGIN)) return GetLastError();
  return result(size == 0 ? SetEndOfFile(handle) : WriteFile(handle, bytes, (DWORD)size, &written, NULL));
}

uint32_t native_cancel(HANDLE handle) {
  return result(CancelIoEx(handle, NULL));
}

void native_pipe(HANDLE *reader, HANDLE *writer) {
  if (!CreatePipe(reader, writer, NULL, 65536)) abort();
}

bool native_write_pipe(HANDLE handle, const void *bytes, size_t size) {
  const char *at = bytes;
  while (size > 0) {
    DWORD written = 0;
    if (!WriteFile(handle, at, (DWORD)size, &written, NULL)) return false;
    at += written;
    size -= written;
  }
  return true;
}

HANDLE native_marker(void) {
  static intptr_t next = 0x40000000;
  return (HANDLE)(next += 4);
}
#endif
