/* TEST DOUBLE. See container.h: files of a container. */
#include "container.h"

#include <stdlib.h>
#include <string.h>
#ifndef _WIN32
#include <unistd.h>
#endif

#include "metadata.h"
#include "storage.h"

/* What is after `prefix` in `path`, where it begins with it and a separator or the end follows. */
static const char *inside(const char *path, const char *prefix) {
  size_t size = strlen(prefix);
  if (strlen(path) < size) return NULL;
  for (size_t i = 0; i < size; i++)
    if ((path[i] | 32) != (prefix[i] | 32)) return NULL;
  return path[size] == 0 || path[size] == '\\' ? path + size : NULL;
}

/* Follows `rest` (`\a\b`) from `folder`, whatever the case of its letters; names that are not there stay as given. */
static char *descend(const char *folder, const char *rest) {
  char *path = copy_text(folder);
  while (*rest != 0) {
    size_t size = strcspn(rest, "\\/");
    if (size > 0 && !(size == 1 && rest[0] == '.')) {
      char *name = format_text("%.*s", (int)size, rest);
      char *actual = actual_name(path, name);
      char *next = join(path, actual == NULL ? name : actual);
      free(name);
      free(actual);
      free(path);
      path = next;
    }
    rest += size;
    if (*rest != 0) rest++;
  }
  return path;
}

#ifdef _WIN32
static char *link_target(const char *path) {
  (void)path;
  return NULL;
}
#else
/* Where a link leads that the host has put into the volume: such links name paths of the container. NULL for others. */
static char *link_target(const char *path) {
  char target[1024];
  ssize_t size = readlink(path, target, sizeof target - 1);
  if (size < 2 || target[1] != ':') return NULL;
  target[size] = 0;
  return copy_text(target);
}
#endif

/* The file of the host; NULL where the drive is unknown. */
static char *locate(const struct system *system, const char *path, bool *read_only) {
  const struct configuration *configuration = &system->configuration;
  *read_only = false;
  for (size_t i = 0; i < configuration->mount_count; i++) {
    const char *rest = inside(path, configuration->mounts[i].container);
    if (rest == NULL) continue;
    *read_only = configuration->mounts[i].read_only;
    return descend(configuration->mounts[i].host, rest);
  }
  if (configuration->scratch == NULL || strchr("Cc", path[0]) == NULL || path[1] != ':') return NULL;
  char *volume = volume_of(configuration->scratch);
  char *located = descend(volume, path + 2);
  free(volume);
  char *target = link_target(located);
  if (target == NULL) return located;
  free(located);
  located = locate(system, target, read_only);
  free(target);
  return located;
}

enum file_kind container_kind(const struct system *system, const char *path) {
  bool read_only;
  char *located = locate(system, path, &read_only);
  enum file_kind kind = located == NULL ? FILE_NONE : file_kind(located);
  free(located);
  return kind;
}

char *full_path(const struct process *process, const char *path) {
  if (path[0] != 0 && path[1] == ':') return copy_text(path);
  if (path[0] == '\\' || path[0] == '/') return format_text("%.2s%s", process->working_dir, path);
  size_t size = strlen(process->working_dir);
  bool ended = process->working_dir[size - 1] == '\\';
  return format_text("%s%s%s", process->working_dir, ended ? "" : "\\", path);
}

/* Locks, and gives the file of the host where it may be changed (or is only to be read). */
static uint32_t begin_work(struct process *process, const char *path, bool changes, char **located) {
  bool read_only;
  char *full = full_path(process, path);
  lock();
  *located = locate(process->system, full, &read_only);
  free(full);
  if (*located == NULL) return ERROR_PATH_NOT_FOUND;
  return changes && read_only ? ERROR_ACCESS_DENIED : 0;
}

static uint32_t end_work(char *located, uint32_t error) {
  free(located);
  unlock();
  return error;
}

enum file_kind kind_in_container(struct process *process, const char *path) {
  char *located;
  uint32_t error = begin_work(process, path, false, &located);
  enum file_kind kind = error == 0 ? file_kind(located) : FILE_NONE;
  end_work(located, 0);
  return kind;
}

uint8_t *read_in_container(struct process *process, const char *path, size_t *size) {
  char *located;
  uint32_t error = begin_work(process, path, false, &located);
  uint8_t *bytes = error == 0 && file_kind(located) == FILE_FILE ? read_file(located, size) : NULL;
  if (bytes != NULL) process->system->bytes_read += *size;
  end_work(located, 0);
  return bytes;
}

struct names list_in_container(struct process *process, const char *path) {
  char *located;
  uint32_t error = begin_work(process, path, false, &located);
  struct names names = error == 0 ? list_folder(located) : (struct names){0};
  end_work(located, 0);
  return names;
}

/* A new file in the place of the old one, as hard links of it belong to the parents. */
static uint32_t replace(const char *path, const struct buffer *bytes) {
  char *aside = format_text("%s.double-new", path);
  uint32_t error = write_file(aside, bytes->data, bytes->size);
  forget_metadata(aside);
  if (error == 0 && file_kind(path) == FILE_FILE) {
    uint64_t time = now();
    copy_metadata(path, aside);
    set_basic(aside, (struct basic){{0, time, time, time}, 0});
    error = delete_file(path);
  }
  if (error == 0) error = rename_file(aside, path);
  free(aside);
  return error;
}

uint32_t write_in_container(struct process *process, const char *path, const void *bytes, size_t size, bool appends) {
  char *located;
  struct buffer all = {0};
  uint32_t error = begin_work(process, path, true, &located);
  if (error == 0 && file_kind(located) == FILE_DIRECTORY) error = ERROR_ACCESS_DENIED;
  char *parent = error == 0 ? dir_name(located) : NULL;
  if (error == 0 && file_kind(parent) != FILE_DIRECTORY) error = ERROR_PATH_NOT_FOUND;
  size_t old_size = 0;
  uint8_t *old = error == 0 && appends && file_kind(located) == FILE_FILE ? read_file(located, &old_size) : NULL;
  add_bytes(&all, old, old_size);
  add_bytes(&all, bytes, size);
  if (error == 0) error = replace(located, &all);
  if (error == 0) process->system->bytes_written += size;
  free(old);
  free(parent);
  free_buffer(&all);
  return end_work(located, error);
}

uint32_t delete_in_container(struct process *process, const char *path) {
  char *located;
  uint32_t error = begin_work(process, path, true, &located);
  if (error == 0 && file_kind(located) == FILE_NONE) error = ERROR_FILE_NOT_FOUND;
  return end_work(located, error == 0 ? delete_tree(located) : error);
}

static uint32_t make_folders(const char *path) {
  if (file_kind(path) == FILE_DIRECTORY) return 0;
  char *parent = dir_name(path);
  uint32_t error = make_folders(parent);
  free(parent);
  if (error == 0) error = make_folder(path);
  if (error == 0) forget_metadata(path);
  return error;
}

uint32_t make_folder_in_container(struct process *process, const char *path) {
  char *located;
  uint32_t error = begin_work(process, path, true, &located);
  return end_work(located, error == 0 ? make_folders(located) : error);
}

uint32_t link_in_container(struct process *process, const char *from, const char *to) {
  char *source;
  char *target;
  uint32_t error = begin_work(process, from, false, &source);
  unlock();
  uint32_t second = begin_work(process, to, true, &target);
  if (error == 0) error = second;
  if (error == 0) error = link_file(source, target);
  free(source);
  return end_work(target, error);
}

uint32_t set_attributes_in_container(struct process *process, const char *path, uint32_t attributes) {
  char *located;
  uint32_t error = begin_work(process, path, true, &located);
  if (error == 0 && file_kind(located) == FILE_NONE) error = ERROR_FILE_NOT_FOUND;
  if (error == 0) set_basic(located, (struct basic){.attributes = attributes});
  return end_work(located, error);
}

uint32_t add_stream_in_container(struct process *process, const char *path, struct stream *stream) {
  char *located;
  uint32_t error = begin_work(process, path, true, &located);
  if (error == 0 && file_kind(located) == FILE_NONE) error = ERROR_FILE_NOT_FOUND;
  if (error == 0) add_stream(located, stream);
  return end_work(located, error);
}

uint32_t write_hive(struct process *process, const char *name, const void *bytes, size_t size) {
  lock();
  char *folder = join(process->system->configuration.scratch, "Hives");
  char *file = format_text("%s%c%s_Delta", folder, SEPARATOR, name);
  if (file_kind(folder) == FILE_NONE) make_folder(folder);
  uint32_t error = write_file(file, bytes, size);
  free(file);
  return end_work(folder, error);
}
