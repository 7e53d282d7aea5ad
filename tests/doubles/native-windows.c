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

uint32_t native_write(HANDLE handle, uint64_t offset, const void *bytes, size_t size) {
  LARGE_INTEGER position = {.QuadPart = (int64_t)offset};
  DWORD written = 0;
  if (!SetFilePointerEx(handle, position, NULL, FILE_BEGIN)) return GetLastError();
  return result(size == 0 ? SetEndOfFile(handle) : WriteFile(handle, bytes, (DWORD)size, &written, NULL));
}

void native_pipe(HANDLE *reader, HANDLE *writer) {
  static unsigned number;
  WCHAR name[64];
  DWORD mode = PIPE_NOWAIT;
  wsprintfW(name, L"\\\\.\\pipe\\layerwright-double-%u-%u", GetCurrentProcessId(), ++number);
  DWORD access = PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE;
  *reader = CreateNamedPipeW(name, access, PIPE_TYPE_BYTE | PIPE_WAIT, 1, 65536, 65536, 0, NULL);
  *writer = CreateFileW(name, GENERIC_WRITE | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, 0, NULL, OPEN_EXISTING, 0, NULL);
  if (*reader == INVALID_HANDLE_VALUE || *writer == INVALID_HANDLE_VALUE) abort();
  SetNamedPipeHandleState(*writer, &mode, NULL, NULL);
}

int native_write_pipe(HANDLE writer, const void *bytes, size_t size) {
  DWORD written = 0;
  // A pipe that does not wait takes nothing where the piece does not fit, so pieces are small.
  BOOL done = WriteFile(writer, bytes, (DWORD)(size > 4096 ? 4096 : size), &written, NULL);
  return done ? (int)written : -1;
}

void native_close_pipe(HANDLE writer) {
  FlushFileBuffers(writer);
  CloseHandle(writer);
}

int native_open_readers(void) {
  return 0;
}

void native_close_reader(HANDLE reader) {
  CloseHandle(reader);
}

HANDLE native_marker(void) {
  static intptr_t next = 0x40000000;
  return (HANDLE)(next += 4);
}
#endif
