/* TEST DOUBLE. See platform.h: Linux. Symbolic links are files here and are never followed. */
#ifndef _WIN32
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "platform.h"
#include "text.h"
#include "windows.h"

#define SECONDS_1601_TO_1970 11644473600ull

static uint64_t file_time(int64_t seconds, uint32_t nanoseconds) {
  return ((uint64_t)seconds + SECONDS_1601_TO_1970) * 10000000ull + nanoseconds / 100;
}

static uint32_t last_error(void) {
  switch (errno) {
    case 0: return 0;
    case ENOENT: return ERROR_FILE_NOT_FOUND;
    case ENOTDIR: return ERROR_PATH_NOT_FOUND;
    case EEXIST: return ERROR_ALREADY_EXISTS;
    case ENOTEMPTY: return ERROR_DIR_NOT_EMPTY;
    default: return ERROR_ACCESS_DENIED;
  }
}

static uint32_t result(int status) {
  return status == 0 ? 0 : last_error();
}

struct file_facts file_facts(const char *path) {
  struct statx stat;
  if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &stat) != 0)
    return (struct file_facts){.kind = FILE_NONE};
  uint64_t written = file_time(stat.stx_mtime.tv_sec, stat.stx_mtime.tv_nsec);
  bool has_born = (stat.stx_mask & STATX_BTIME) != 0;
  return (struct file_facts){
    .kind = S_ISDIR(stat.stx_mode) ? FILE_DIRECTORY : FILE_FILE,
    .volume = ((uint64_t)stat.stx_dev_major << 32) | stat.stx_dev_minor,
    .index = stat.stx_ino,
    .born = has_born ? file_time(stat.stx_btime.tv_sec, stat.stx_btime.tv_nsec) : 0,
    .written = written,
    .size = stat.stx_size,
    .links = stat.stx_nlink,
  };
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names list_folder(const char *path) {
  struct names names = {0};
  DIR *folder = opendir(path);
  if (folder == NULL) return names;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (same_text(entry->d_name, ".") || same_text(entry->d_name, "..")) continue;
    names.items = realloc(names.items, (names.count + 1) * sizeof(char *));
    names.items[names.count++] = copy_text(entry->d_name);
  }
  closedir(folder);
  if (names.count > 0) qsort(names.items, names.count, sizeof(char *), compare_names);
  return names;
}

uint32_t make_folder(const char *path) { return result(mkdir(path, 0777)); }
uint32_t link_file(const char *from, const char *to) { return result(link(from, to)); }
uint32_t delete_file(const char *path) { return result(unlink(path)); }
uint32_t delete_folder(const char *path) { return result(rmdir(path)); }
uint32_t rename_file(const char *from, const char *to) { return result(rename(from, to)); }

uint32_t write_file(const char *path, const void *bytes, size_t size) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return last_error();
  bool written = size == 0 || fwrite(bytes, 1, size, file) == size;
  return fclose(file) == 0 && written ? 0 : ERROR_ACCESS_DENIED;
}

uint32_t set_written(const char *path, uint64_t time) {
  struct timespec times[2] = {
    {.tv_nsec = UTIME_OMIT},
    {.tv_sec = (time_t)(time / 10000000ull - SECONDS_1601_TO_1970), .tv_nsec = (long)(time % 10000000ull) * 100},
  };
  return result(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW));
}

uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  struct buffer buffer = {0};
  uint8_t chunk[65536];
  for (size_t got = fread(chunk, 1, sizeof chunk, file); got > 0; got = fread(chunk, 1, sizeof chunk, file))
    add_bytes(&buffer, chunk, got);
  fclose(file);
  *size = buffer.size;
  return (uint8_t *)take_text(&buffer);
}

uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return file_time(time.tv_sec, (uint32_t)time.tv_nsec);
}

void sleep_ms(unsigned milliseconds) {
  usleep(milliseconds * 1000);
}
#endif
