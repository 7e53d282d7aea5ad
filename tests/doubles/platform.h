/*
 * TEST DOUBLE. What differs between Linux and Windows (Wine): files by UTF-8 path, threads, time. Paths are native and
 * absolute. Nothing here knows of HCS.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum file_kind { FILE_NONE, FILE_FILE, FILE_DIRECTORY };

#ifdef _WIN32
#define SEPARATOR '\\'
#else
#define SEPARATOR '/'
#endif

/* What tells two files apart, also after a rename; times in units of 100 ns since 1601. */
struct file_facts {
  enum file_kind kind;
  uint64_t volume;
  uint64_t index;
  uint64_t born;
  uint64_t written;
  uint64_t size;
  uint32_t links;
};

struct names {
  char **items;
  size_t count;
};

bool is_absolute(const char *path);
/* `a` + separator + `b`; to be freed. */
char *join(const char *a, const char *b);
/* The last component, without separators at the end; to be freed. */
char *base_name(const char *path);
/* The folder that holds it; to be freed. */
char *dir_name(const char *path);
/* Without `\\?\` and separators at the end; to be freed. */
char *plain_path(const char *path);

struct file_facts file_facts(const char *path);
enum file_kind file_kind(const char *path);
/* The entries of a folder, sorted by code units; freed with `free_names`. */
struct names list_folder(const char *path);
void free_names(struct names names);

/* These give 0, or a Win32 error. */
uint32_t make_folder(const char *path);
uint32_t link_file(const char *from, const char *to);
uint32_t delete_file(const char *path);
uint32_t delete_folder(const char *path);
uint32_t delete_tree(const char *path);
uint32_t rename_file(const char *from, const char *to);
uint32_t write_file(const char *path, const void *bytes, size_t size);
uint32_t set_written(const char *path, uint64_t time);
/* To be freed; NULL where it cannot be read. */
uint8_t *read_file(const char *path, size_t *size);

uint64_t now(void);
void sleep_ms(unsigned milliseconds);
