/* TEST DOUBLE. Shared by layers.c, import.c, export.c and scratch.c. */
#pragma once

#include "layers.h"

uint32_t write_layer(const char *path, struct layer layer);
/* GUIDs of the folders' names; the array and its items are to be freed. */
char **guids_of(struct chain chain);
/* Makes `to` a copy of the tree at `from`: folders anew, files as hard links. */
uint32_t link_tree(const char *from, const char *to);
/* The name in the folder that is `name` but for the case of letters; NULL, or to be freed. */
char *actual_name(const char *folder, const char *name);
/* A hive without keys in the form of Windows (regf 1.5). */
void add_empty_hive(struct buffer *out);
#define MARKER ".$wcidirs$"
bool ends_with(const char *text, const char *tail);
/* "DefaultUser", "Sam", "Security", "Software", "System" and the names of their hives in a base. */
struct hive_name {
  const char *layer_name;
  const char *config_name;
};
extern const struct hive_name hive_names[5];
