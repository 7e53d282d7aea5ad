/* TEST DOUBLE. See storage.h. */
#include "storage.h"

#include <stdlib.h>
#include <string.h>

#include "metadata.h"
#include "platform.h"

const struct hive_name hive_names[5] = {
  {"DefaultUser", "DEFAULT"}, {"Sam", "SAM"}, {"Security", "SECURITY"}, {"Software", "SOFTWARE"}, {"System", "SYSTEM"},
};

bool ends_with(const char *text, const char *tail) {
  size_t size = strlen(text);
  size_t tail_size = strlen(tail);
  return size >= tail_size && strcmp(text + size - tail_size, tail) == 0;
}

char *actual_name(const char *folder, const char *name) {
  char *exact = join(folder, name);
  bool found = file_kind(exact) != FILE_NONE;
  free(exact);
#ifndef _WIN32
  if (found) return copy_text(name);
#else
  if (!found) return NULL;
#endif
  struct names names = list_folder(folder);
  char *actual = NULL;
  for (size_t i = 0; i < names.count && actual == NULL; i++)
    if (same_name(names.items[i], name)) actual = copy_text(names.items[i]);
  free_names(names);
  return actual;
}

uint32_t link_tree(const char *from, const char *to) {
  uint32_t error = make_folder(to);
  if (error != 0) return error;
  forget_metadata(to);
  struct names names = list_folder(from);
  for (size_t i = 0; i < names.count && error == 0; i++) {
    char *source = join(from, names.items[i]);
    char *target = join(to, names.items[i]);
    error = file_kind(source) == FILE_DIRECTORY ? link_tree(source, target) : link_file(source, target);
    free(source);
    free(target);
  }
  free_names(names);
  if (error == 0) copy_metadata(from, to);
  return error;
}

static void put_u32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (i * 8));
}

/* Base block, one hive bin, a root key and its security cell (Suhanov, "Windows registry file format specification"). */
void add_empty_hive(struct buffer *out) {
  uint8_t hive[8192] = {0};
  memcpy(hive, "regf", 4);
  put_u32(hive + 4, 1);
  put_u32(hive + 8, 1);
  put_u32(hive + 20, 1);
  put_u32(hive + 24, 5);
  put_u32(hive + 32, 1);
  put_u32(hive + 36, 32);
  put_u32(hive + 40, 4096);
  put_u32(hive + 44, 1);
  uint32_t sum = 0;
  for (int i = 0; i < 508; i += 4) sum ^= (uint32_t)little(hive + i, 4);
  put_u32(hive + 508, sum);
  uint8_t *bin = hive + 4096;
  memcpy(bin, "hbin", 4);
  put_u32(bin + 8, 4096);
  uint8_t *key = bin + 32;
  put_u32(key, (uint32_t)-88);
  memcpy(key + 4, "nk\x2c\0", 4);
  put_u32(key + 4 + 16, 0xffffffff);
  put_u32(key + 4 + 28, 0xffffffff);
  put_u32(key + 4 + 32, 0xffffffff);
  put_u32(key + 4 + 40, 0xffffffff);
  put_u32(key + 4 + 44, 32 + 88);
  put_u32(key + 4 + 48, 0xffffffff);
  put_u32(key + 4 + 72, 4);
  memcpy(key + 4 + 76, "ROOT", 4);
  uint8_t *security = key + 88;
  /* O:BA G:SY D:(A;;KA;;;SY), 20 + 16 + 12 + 28 bytes. */
  static const uint8_t descriptor[] = {
    1, 0, 4, 0x80, 20, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0,
    1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0,
    2, 0, 28, 0, 1, 0, 0, 0, 0, 0, 20, 0, 0x3f, 0, 15, 0, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0,
  };
  uint32_t cell = (4 + 20 + sizeof descriptor + 7) / 8 * 8;
  put_u32(security, (uint32_t)-(int32_t)cell);
  memcpy(security + 4, "sk", 2);
  put_u32(security + 8, 32 + 88);
  put_u32(security + 12, 32 + 88);
  put_u32(security + 16, 1);
  put_u32(security + 20, sizeof descriptor);
  memcpy(security + 24, descriptor, sizeof descriptor);
  uint32_t used = 32 + 88 + cell;
  put_u32(bin + used, 4096 - used);
  add_bytes(out, hive, sizeof hive);
}
