/*
 * TEST DOUBLE. What NTFS keeps of a file and the file systems under the tests do not: attributes, all four times,
 * security, extended attributes, alternate streams, reparse data. Kept in memory by the identity of the file, so that it
 * survives renames and is shared by hard links, and forgotten with the process.
 */
#pragma once

#include <stdbool.h>

#include "platform.h"
#include "text.h"

enum stream_id {
  STREAM_DATA = 1,
  STREAM_EA = 2,
  STREAM_SECURITY = 3,
  STREAM_ALTERNATE = 4,
  STREAM_LINK = 5,
  STREAM_PROPERTY = 6,
  STREAM_OBJECT_ID = 7,
  STREAM_REPARSE = 8,
  STREAM_SPARSE = 9,
};
#define STREAM_IS_SPARSE 8

/* A stream as BackupRead gives it. Contents (STREAM_DATA) are in the file itself. */
struct stream {
  uint32_t id;
  uint32_t attributes;
  /* UTF-16, without NUL. */
  struct buffer name;
  struct buffer data;
  struct stream *next;
};

struct times {
  uint64_t created;
  uint64_t accessed;
  uint64_t written;
  uint64_t changed;
};

/* FILE_BASIC_INFO. */
struct basic {
  struct times times;
  uint32_t attributes;
};

struct basic basic_of(const char *path);
/* Attributes of 0 and times of 0 stay as they are, as Windows has it. */
void set_basic(const char *path, struct basic basic);
/* The streams beside the contents; takes `stream`. One of the same id and name is replaced, sparse blocks are added. */
void add_stream(const char *path, struct stream *stream);
const struct stream *find_stream(const char *path, uint32_t id);
void clear_streams(const char *path);
/* Everything of `from` also is of `to`. */
void copy_metadata(const char *from, const char *to);
bool same_metadata(const char *a, const char *b);
void forget_metadata(const char *path);

/* The file in the form of BackupRead. */
void add_backup(struct buffer *out, const char *path, bool with_security);
/* Makes contents and streams of `bytes`, in the form of BackupRead; 0, or a Win32 error where they are malformed. */
uint32_t restore_backup(const char *path, const uint8_t *bytes, size_t size);
