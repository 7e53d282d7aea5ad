/* TEST DOUBLE. See platform.h: the part that is the same everywhere. */
#include "platform.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

bool is_absolute(const char *path) {
#ifdef _WIN32
  const char *rest = strncmp(path, "\\\\?\\", 4) == 0 ? path + 4 : path;
  return rest[0] != 0 && rest[1] == ':' && rest[2] == '\\';
#else
  return path[0] == '/';
#endif
}

char *plain_path(const char *path) {
  char *plain = copy_text(strncmp(path, "\\\\?\\", 4) == 0 ? path + 4 : path);
  size_t size = strlen(plain);
  while (size > 1 && (plain[size - 1] == '\\' || plain[size - 1] == '/')) plain[--size] = 0;
  return plain;
}

static const char *last_separator(const char *path) {
  const char *found = NULL;
  for (const char *at = path; *at != 0; at++)
    if (*at == SEPARATOR) found = at;
  return found;
}

char *join(const char *a, const char *b) {
  return format_text("%s%c%s", a, SEPARATOR, b);
}

char *base_name(const char *path) {
  char *plain = plain_path(path);
  const char *last = last_separator(plain);
  char *name = copy_text(last == NULL ? plain : last + 1);
  free(plain);
  return name;
}

char *dir_name(const char *path) {
  char *plain = plain_path(path);
  const char *last = last_separator(plain);
  if (last != NULL) plain[last == plain ? 1 : last - plain] = 0;
  return plain;
}

enum file_kind file_kind(const char *path) {
  return file_facts(path).kind;
}

void free_names(struct names names) {
  for (size_t i = 0; i < names.count; i++) free(names.items[i]);
  free(names.items);
}

uint32_t delete_tree(const char *path) {
  struct file_facts facts = file_facts(path);
  if (facts.kind == FILE_NONE) return 0;
  if (facts.kind == FILE_FILE) return delete_file(path);
  struct names names = list_folder(path);
  uint32_t error = 0;
  for (size_t i = 0; i < names.count && error == 0; i++) {
    char *child = join(path, names.items[i]);
    error = delete_tree(child);
    free(child);
  }
  free_names(names);
  return error != 0 ? error : delete_folder(path);
}
