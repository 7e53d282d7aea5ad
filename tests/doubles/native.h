/*
 * TEST DOUBLE. What is below the simulated kernel: descriptors on Linux, handles of Wine's kernel32 on Windows. Errors are
 * Win32 errors, 0 for none.
 */
#pragma once

#include <stdbool.h>

#include "text.h"

uint32_t native_open(const char *path, DWORD access, DWORD share, DWORD disposition, DWORD flags, HANDLE *handle);
uint32_t native_close(HANDLE handle);
uint32_t native_write(HANDLE handle, uint64_t offset, const void *bytes, size_t size);

/*
 * Pipes for the output of simulated processes. `*reader` is what HCS_PROCESS_INFORMATION holds: a handle of a named pipe
 * on Windows, a bare descriptor on Linux, which Node makes a socket of and closes. `writer` is the double's own end.
 */
void native_pipe(HANDLE *reader, HANDLE *writer);
/* Bytes written, 0 where the pipe is full; -1 once the reader is gone. */
int native_write_pipe(HANDLE writer, const void *bytes, size_t size);
void native_close_pipe(HANDLE writer);
/* A reader that nobody has got. */
void native_close_reader(HANDLE reader);
/* Readers that nobody has closed (Linux only; 0 on Windows, where handles are not to be told apart). */
int native_open_readers(void);
/* A value that is no other handle's, for objects that have nothing below. */
HANDLE native_marker(void);
