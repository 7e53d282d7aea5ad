/*
 * TEST DOUBLE. What HcsExportLayer writes: the staged form of what a layer or scratch changes over its parents, with
 * tombstones.txt. A file is changed when it is not the parent's file (another identity), or differs in its metadata.
 */
#include <stdlib.h>
#include <string.h>

#include "metadata.h"
#include "platform.h"
#include "privileges.h"
#include "storage.h"

/* A file that was exported, so that a further name of it becomes a hard link. */
struct exported {
  struct file_facts file;
  char *staged;
  struct exported *next;
};

struct export {
  struct buffer tombstones;
  struct exported *files;
  uint32_t error;
};

/* `path` in the form of a staged file, with its times and attributes of 0. */
static void write_staged(struct export *export, const char *path, const char *staged) {
  struct buffer bytes = {0};
  struct basic basic = basic_of(path);
  add_u32(&bytes, basic.attributes);
  add_backup(&bytes, path, true);
  if (export->error == 0) export->error = write_file(staged, bytes.data, bytes.size);
  free_buffer(&bytes);
  forget_metadata(staged);
  basic.attributes = 0;
  if (export->error == 0) set_basic(staged, basic);
}

static bool link_exported(struct export *export, const char *path, const char *staged) {
  struct file_facts facts = file_facts(path);
  if (facts.links < 2) return false;
  for (struct exported *at = export->files; at != NULL; at = at->next) {
    if (at->file.index != facts.index || at->file.volume != facts.volume) continue;
    export->error = link_file(at->staged, staged);
    return true;
  }
  struct exported *added = calloc(1, sizeof *added);
  *added = (struct exported){facts, copy_text(staged), export->files};
  export->files = added;
  return false;
}

static bool same_file(const char *a, const char *b) {
  struct file_facts first = file_facts(a);
  struct file_facts second = file_facts(b);
  return first.index == second.index && first.volume == second.volume;
}

static void export_folder(struct export *export, const char *own, const char *parent, const char *target, const char *relative);

/* True where something was exported. */
static bool export_entry(struct export *export, const char *own, const char *parent, const char *target, const char *relative) {
  enum file_kind kind = file_kind(own);
  bool added = file_kind(parent) != kind;
  if (kind == FILE_FILE) {
    if (!added && same_file(own, parent)) return false;
    if (!link_exported(export, own, target)) write_staged(export, own, target);
    return true;
  }
  if (export->error == 0) export->error = make_folder(target);
  size_t before = export->tombstones.size;
  export_folder(export, own, parent, target, relative);
  struct names names = list_folder(target);
  bool changed = added || names.count > 0 || export->tombstones.size > before || !same_metadata(own, parent);
  free_names(names);
  if (!changed) {
    delete_folder(target);
    return false;
  }
  char *marker = format_text("%s" MARKER, target);
  write_staged(export, own, marker);
  free(marker);
  return true;
}

static void export_folder(struct export *export, const char *own, const char *parent, const char *target, const char *relative) {
  struct names names = list_folder(own);
  for (size_t i = 0; i < names.count && export->error == 0; i++) {
    char *own_path = join(own, names.items[i]);
    char *parent_path = join(parent, names.items[i]);
    char *target_path = join(target, names.items[i]);
    char *path = format_text("%s\\%s", relative, names.items[i]);
    export_entry(export, own_path, parent_path, target_path, path);
    free(own_path);
    free(parent_path);
    free(target_path);
    free(path);
  }
  free_names(names);
  names = file_kind(parent) == FILE_DIRECTORY ? list_folder(parent) : (struct names){0};
  for (size_t i = 0; i < names.count; i++) {
    char *own_name = actual_name(own, names.items[i]);
    if (own_name == NULL) add_format(&export->tombstones, "%s\\%s\n", relative, names.items[i]);
    free(own_name);
  }
  free_names(names);
}

static void export_hives(struct export *export, const char *layer, const char *target) {
  char *folder = join(target, "Hives");
  if (export->error == 0) export->error = make_folder(folder);
  for (int i = 0; i < 5 && export->error == 0; i++) {
    char *from = format_text("%s%cHives%c%s_Delta", layer, SEPARATOR, SEPARATOR, hive_names[i].layer_name);
    char *to = format_text("%s%c%s_Delta", folder, SEPARATOR, hive_names[i].layer_name);
    struct buffer hive = {0};
    size_t size = 0;
    uint8_t *own = read_file(from, &size);
    if (own == NULL) add_empty_hive(&hive);
    else add_bytes(&hive, own, size);
    export->error = write_file(to, hive.data, hive.size);
    free(own);
    free_buffer(&hive);
    free(from);
    free(to);
  }
  free(folder);
}

static HRESULT check_export(struct call *call, const char *path, const char *target, struct layer layer, bool writable) {
  HRESULT result = check_path(call, target);
  if (result != S_OK) return result;
  struct names names = list_folder(target);
  size_t entries = names.count;
  free_names(names);
  if (!may_backup_and_restore()) return refuse(call, HRESULT_OF(ERROR_PRIVILEGE_NOT_HELD), copy_text("privileges"));
  if (layer.kind == LAYER_NONE) return refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), format_text("no layer: %s", path));
  if (layer.kind == LAYER_BASE) return refuse(call, E_INVALIDARG, copy_text("a base is not exported, its files are read"));
  if (file_kind(target) != FILE_DIRECTORY) return refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), format_text("no folder: %s", target));
  if (entries > 0) return refuse(call, HRESULT_OF(ERROR_DIR_NOT_EMPTY), format_text("not empty: %s", target));
  if ((layer.kind == LAYER_SCRATCH) != writable) return refuse(call, E_INVALIDARG, copy_text("IsWritableLayer does not fit"));
  if (layer.prepared) return refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("the scratch is still prepared"));
  if (layer.kind == LAYER_SCRATCH && !layer.active) return refuse(call, HRESULT_OF(ERROR_NOT_READY), copy_text("the scratch is not active"));
  return S_OK;
}

static HRESULT write_export(struct call *call, const char *path, const char *own, const char *parent, const char *target) {
  struct export export = {0};
  char *files = join(target, "Files");
  export.error = make_folder(files);
  add_text(&export.tombstones, "\xef\xbb\xbfVersion 1.0\n");
  if (export.error == 0) export_folder(&export, own, parent, files, "");
  char *marker = join(target, "Files" MARKER);
  if (export.error == 0) write_staged(&export, own, marker);
  export_hives(&export, path, target);
  char *tombstones = join(target, "tombstones.txt");
  if (export.error == 0) export.error = write_file(tombstones, export.tombstones.data, export.tombstones.size);
  while (export.files != NULL) {
    struct exported *next = export.files->next;
    free(export.files->staged);
    free(export.files);
    export.files = next;
  }
  free_buffer(&export.tombstones);
  free(files);
  free(marker);
  free(tombstones);
  return export.error == 0 ? S_OK : refuse(call, HRESULT_OF(export.error), copy_text("while writing"));
}

HRESULT export_layer(struct call *call, const char *path, const char *target, struct chain chain, bool writable) {
  HRESULT result = check_path(call, path);
  if (result != S_OK) return result;
  struct layer layer = read_layer(path);
  result = check_export(call, path, target, layer, writable);
  if (result == S_OK) {
    char *own = layer.kind == LAYER_SCRATCH ? volume_of(path) : join(path, "Files");
    char *parent = join(chain.paths[0], "Files");
    result = write_export(call, path, own, parent, target);
    free(own);
    free(parent);
  }
  free_layer(layer);
  return result;
}
