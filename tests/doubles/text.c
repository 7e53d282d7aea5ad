/* TEST DOUBLE. See text.h. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void add_bytes(struct buffer *buffer, const void *bytes, size_t size) {
  if (buffer->size + size + 1 > buffer->room) {
    buffer->room = (buffer->size + size + 1) * 2;
    buffer->data = realloc(buffer->data, buffer->room);
    if (buffer->data == NULL) abort();
  }
  if (size > 0) memcpy(buffer->data + buffer->size, bytes, size);
  buffer->size += size;
}

void add_text(struct buffer *buffer, const char *text) {
  add_bytes(buffer, text, strlen(text));
}

static char *format_list(const char *format, va_list list) {
  va_list copy;
  va_copy(copy, list);
  int size = vsnprintf(NULL, 0, format, copy);
  va_end(copy);
  char *text = malloc((size_t)size + 1);
  if (text == NULL) abort();
  vsnprintf(text, (size_t)size + 1, format, list);
  return text;
}

char *format_text(const char *format, ...) {
  va_list list;
  va_start(list, format);
  char *text = format_list(format, list);
  va_end(list);
  return text;
}

void add_format(struct buffer *buffer, const char *format, ...) {
  va_list list;
  va_start(list, format);
  char *text = format_list(format, list);
  va_end(list);
  add_text(buffer, text);
  free(text);
}

void add_u32(struct buffer *buffer, uint32_t value) {
  uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
  add_bytes(buffer, bytes, 4);
}

void add_u64(struct buffer *buffer, uint64_t value) {
  add_u32(buffer, (uint32_t)value);
  add_u32(buffer, (uint32_t)(value >> 32));
}

uint64_t little(const uint8_t *bytes, int size) {
  uint64_t value = 0;
  for (int i = size - 1; i >= 0; i--) value = value << 8 | bytes[i];
  return value;
}

void add_json_string(struct buffer *buffer, const char *text) {
  add_text(buffer, "\"");
  for (const uint8_t *at = (const uint8_t *)text; *at != 0; at++) {
    if (*at == '"' || *at == '\\') add_format(buffer, "\\%c", *at);
    else if (*at < 0x20) add_format(buffer, "\\u%04x", *at);
    else add_bytes(buffer, at, 1);
  }
  add_text(buffer, "\"");
}

void free_buffer(struct buffer *buffer) {
  free(buffer->data);
  *buffer = (struct buffer){0};
}

char *take_text(struct buffer *buffer) {
  add_bytes(buffer, "", 1);
  char *text = (char *)buffer->data;
  *buffer = (struct buffer){0};
  return text;
}

size_t wide_length(const WCHAR *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  return length;
}

static void add_code_point(struct buffer *buffer, uint32_t point) {
  uint8_t bytes[4];
  size_t size = 0;
  if (point < 0x80) {
    bytes[size++] = (uint8_t)point;
  } else if (point < 0x800) {
    bytes[size++] = (uint8_t)(0xc0 | (point >> 6));
  } else if (point < 0x10000) {
    bytes[size++] = (uint8_t)(0xe0 | (point >> 12));
    bytes[size++] = (uint8_t)(0x80 | ((point >> 6) & 0x3f));
  } else {
    bytes[size++] = (uint8_t)(0xf0 | (point >> 18));
    bytes[size++] = (uint8_t)(0x80 | ((point >> 12) & 0x3f));
    bytes[size++] = (uint8_t)(0x80 | ((point >> 6) & 0x3f));
  }
  if (point >= 0x80) bytes[size++] = (uint8_t)(0x80 | (point & 0x3f));
  add_bytes(buffer, bytes, size);
}

char *utf8_of(const WCHAR *text) {
  if (text == NULL) return NULL;
  struct buffer buffer = {0};
  for (size_t i = 0; text[i] != 0; i++) {
    uint32_t unit = (uint16_t)text[i];
    uint32_t next = (uint16_t)text[i + 1];
    if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
      i++;
    }
    add_code_point(&buffer, unit);
  }
  return take_text(&buffer);
}

static uint32_t next_code_point(const uint8_t **at) {
  uint32_t first = *(*at)++;
  int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  uint32_t point = more == 0 ? first : first & (0x3fu >> more);
  for (; more > 0 && **at != 0; more--) point = (point << 6) | (*(*at)++ & 0x3f);
  return point;
}

WCHAR *utf16_of(const char *text) {
  if (text == NULL) return NULL;
  struct buffer buffer = {0};
  const uint8_t *at = (const uint8_t *)text;
  while (*at != 0) {
    uint32_t point = next_code_point(&at);
    uint16_t units[2] = {(uint16_t)point, 0};
    if (point >= 0x10000) {
      units[0] = (uint16_t)(0xd800 + ((point - 0x10000) >> 10));
      units[1] = (uint16_t)(0xdc00 + ((point - 0x10000) & 0x3ff));
    }
    add_bytes(&buffer, units, units[1] == 0 ? 2 : 4);
  }
  add_bytes(&buffer, "\0\0", 2);
  return (WCHAR *)buffer.data;
}

char *copy_text(const char *text) {
  return text == NULL ? NULL : format_text("%s", text);
}

bool same_text(const char *a, const char *b) {
  return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static int lower(int c) {
  return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

bool same_name(const char *a, const char *b) {
  while (*a != 0 && lower(*a) == lower(*b)) a++, b++;
  return *a == 0 && *b == 0;
}
