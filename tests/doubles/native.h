/*
 * TEST DOUBLE. The handles below kernel32.c: descriptors on Linux, handles of Wine's kernel32 on Windows. Errors are
 * Win32 errors, 0 for none. `native_read` gives ERROR_BROKEN_PIPE at the end of a pipe.
 */
#pragma once

#include <stdbool.h>

#include "text.h"

uint32_t native_open(const char *path, DWORD access, DWORD share, DWORD disposition, DWORD flags, HANDLE *handle);
uint32_t native_close(HANDLE handle);
uint32_t native_read(HANDLE handle, void *out, DWORD size, DWORD *got);
uint32_t native_write(HANDLE handle, uint64_t offset, const void *bytes, size_t size);
uint32_t native_cancel(HANDLE handle);
void native_pipe(HANDLE *reader, HANDLE *writer);
bool native_write_pipe(HANDLE handle, const void *bytes, size_t size);
/* A value that is no other handle's, for objects that have nothing below. */
HANDLE native_marker(void);
