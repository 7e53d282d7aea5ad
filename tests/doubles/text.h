/* TEST DOUBLE. Growing buffers, and UTF-16 from and to UTF-8 (lone surrogates pass as three bytes each). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef _WIN32
#include <windows.h>
#else
#include "windows.h"
#endif

struct buffer {
  uint8_t *data;
  size_t size;
  size_t room;
};

void add_bytes(struct buffer *buffer, const void *bytes, size_t size);
void add_text(struct buffer *buffer, const char *text);
void add_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void add_u32(struct buffer *buffer, uint32_t value);
void add_u64(struct buffer *buffer, uint64_t value);
/* The number in `size` bytes, the lowest first. */
uint64_t little(const uint8_t *bytes, int size);
/* A JSON string, quotes included. */
void add_json_string(struct buffer *buffer, const char *text);
void free_buffer(struct buffer *buffer);
/* The text of the buffer, ended by NUL; the buffer is empty afterwards. To be freed. */
char *take_text(struct buffer *buffer);

/* To be freed; NULL of NULL. */
char *utf8_of(const WCHAR *text);
WCHAR *utf16_of(const char *text);
size_t wide_length(const WCHAR *text);
/* `printf` into new memory; to be freed. */
char *format_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *copy_text(const char *text);
bool same_text(const char *a, const char *b);
/* Equal but for the case of ASCII letters. */
bool same_name(const char *a, const char *b);
