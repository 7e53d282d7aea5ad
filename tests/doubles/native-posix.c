/*
 * TEST DOUBLE. See native.h: Linux. A handle is its descriptor * 4 + 0x1000, so that it is a multiple of 4 as Windows'
 * are and never 0. Also the few functions of kernel32 and ntdll that Wine has and Linux lacks.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#include "native.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core.h"
#include "kernel.h"
#include "platform.h"

/* Not of the thread, as koffi calls on other threads; its callbacks read it before anything else is called. */
static DWORD last_error;

EXPORT DWORD GetLastError(void) {
  return last_error;
}

EXPORT void SetLastError(DWORD error) {
  last_error = error;
}

void set_last_error(DWORD error) {
  SetLastError(error);
}

EXPORT HANDLE GetCurrentProcess(void) {
  return (HANDLE)(intptr_t)-1;
}

static HANDLE handle_of(int descriptor) {
  return (HANDLE)(intptr_t)(descriptor * 4 + 0x1000);
}

static int descriptor_of(HANDLE handle) {
  return (int)(((intptr_t)handle - 0x1000) / 4);
}

uint32_t native_open(const char *path, DWORD access, DWORD share, DWORD disposition, DWORD flags, HANDLE *handle) {
  (void)share, (void)flags;
  bool folder = file_kind(path) == FILE_DIRECTORY;
  int mode = folder ? O_RDONLY | O_DIRECTORY : (access & GENERIC_WRITE) ? O_RDWR : O_RDONLY;
  if (disposition == CREATE_NEW) mode |= O_CREAT | O_EXCL;
  if (disposition == CREATE_ALWAYS) mode |= O_CREAT | O_TRUNC;
  if (disposition == OPEN_ALWAYS) mode |= O_CREAT;
  if (disposition == TRUNCATE_EXISTING) mode |= O_TRUNC;
  int descriptor = open(path, mode | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0) return errno == ENOENT ? ERROR_PATH_NOT_FOUND : ERROR_ACCESS_DENIED;
  *handle = handle_of(descriptor);
  return 0;
}

uint32_t native_close(HANDLE handle) {
  return close(descriptor_of(handle)) == 0 ? 0 : ERROR_INVALID_HANDLE;
}

uint32_t native_read(HANDLE handle, void *out, DWORD size, DWORD *got) {
  int descriptor = descriptor_of(handle);
  ssize_t count = read(descriptor, out, size);
  struct stat stat;
  if (count < 0) return ERROR_INVALID_HANDLE;
  *got = (DWORD)count;
  return count == 0 && fstat(descriptor, &stat) == 0 && S_ISFIFO(stat.st_mode) ? ERROR_BROKEN_PIPE : 0;
}

uint32_t native_write(HANDLE handle, uint64_t offset, const void *bytes, size_t size) {
  if (size == 0) return ftruncate(descriptor_of(handle), (off_t)offset) == 0 ? 0 : ERROR_INVALID_PARAMETER;
  return pwrite(descriptor_of(handle), bytes, size, (off_t)offset) == (ssize_t)size ? 0 : ERROR_INVALID_HANDLE;
}

/* A read that waits cannot be woken here: the processes of the doubles end when they are killed, and their pipes with them. */
uint32_t native_cancel(HANDLE handle) {
  (void)handle;
  return ERROR_NOT_FOUND;
}

void native_pipe(HANDLE *reader, HANDLE *writer) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) abort();
  *reader = handle_of(ends[0]);
  *writer = handle_of(ends[1]);
}

bool native_write_pipe(HANDLE handle, const void *bytes, size_t size) {
  const char *at = bytes;
  while (size > 0) {
    ssize_t written = write(descriptor_of(handle), at, size);
    if (written <= 0) return false;
    at += written;
    size -= (size_t)written;
  }
  return true;
}

HANDLE native_marker(void) {
  static intptr_t next = 0x40000000;
  return (HANDLE)(next += 4);
}
#endif
