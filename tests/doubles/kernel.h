/* TEST DOUBLE. Handles of the simulated kernel, for the other doubles. */
#pragma once

#include <stdbool.h>

#include "core.h"

HANDLE open_token(DWORD access);
bool is_token(HANDLE handle, DWORD access);
void set_last_error(DWORD error);

/* A pipe for the output of a simulated process: `*reader` is a handle for whoever called, the result the end to write. */
struct pipe_end;
struct pipe_end *open_pipe(HANDLE *reader);
/* The other way round: `*writer` is a handle for whoever called. */
struct pipe_end *open_input_pipe(HANDLE *writer);
/* Waits while the pipe is full, without the lock. False once the reader is gone. */
bool write_pipe(struct pipe_end *end, const void *bytes, size_t size);
void close_pipe(struct pipe_end *end);
