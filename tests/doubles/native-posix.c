/*
 * TEST DOUBLE. See native.h: Linux. A handle of a file is its descriptor * 4 + 0x1000, so that it is a multiple of 4 as Windows'
 * are and never 0. Also the few functions of kernel32 and ntdll that Wine has and Linux lacks.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#include "native.h"

#include <errno.h>
#include <fcntl.h>
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

uint32_t native_write(HANDLE handle, uint64_t offset, const void *bytes, size_t size) {
  if (size == 0) return ftruncate(descriptor_of(handle), (off_t)offset) == 0 ? 0 : ERROR_INVALID_PARAMETER;
  return pwrite(descriptor_of(handle), bytes, size, (off_t)offset) == (ssize_t)size ? 0 : ERROR_INVALID_HANDLE;
}

struct reader {
  int descriptor;
  ino_t pipe;
};
static struct reader *readers;
static size_t reader_count;

static bool is_open(struct reader reader) {
  struct stat stat;
  return fstat(reader.descriptor, &stat) == 0 && S_ISFIFO(stat.st_mode) && stat.st_ino == reader.pipe;
}

int native_open_readers(void) {
  size_t kept = 0;
  for (size_t i = 0; i < reader_count; i++)
    if (is_open(readers[i])) readers[kept++] = readers[i];
  reader_count = kept;
  return (int)kept;
}

void native_pipe(HANDLE *reader, HANDLE *writer) {
  int ends[2];
  struct stat stat;
  if (pipe2(ends, O_CLOEXEC) != 0 || fstat(ends[0], &stat) != 0) abort();
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  native_open_readers();
  readers = realloc(readers, (reader_count + 1) * sizeof *readers);
  readers[reader_count++] = (struct reader){ends[0], stat.st_ino};
  *reader = (HANDLE)(intptr_t)ends[0];
  *writer = (HANDLE)(intptr_t)ends[1];
}

int native_write_pipe(HANDLE writer, const void *bytes, size_t size) {
  ssize_t written = write((int)(intptr_t)writer, bytes, size);
  if (written >= 0) return (int)written;
  return errno == EAGAIN ? 0 : -1;
}

void native_close_pipe(HANDLE writer) {
  close((int)(intptr_t)writer);
}

void native_close_reader(HANDLE reader) {
  close((int)(intptr_t)reader);
}

HANDLE native_marker(void) {
  static intptr_t next = 0x40000000;
  return (HANDLE)(next += 4);
}
#endif
