/*
 * TEST DOUBLE. What HcsImportLayer and ProcessBaseImage make of a folder. The staged form is the one that hcsshim writes
 * (internal/wclayer/legacy.go): below `Files`, 4 bytes of attributes and backup streams for a file, and the same in
 * `NAME.$wcidirs$` beside each folder; `Hives` holds plain files. What hcsshim never leaves there is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "metadata.h"
#include "platform.h"
#include "privileges.h"
#include "storage.h"

static HRESULT failed(struct call *call, uint32_t error, const char *path) {
  return error == 0 ? S_OK : refuse(call, HRESULT_OF(error), format_text("at %s", path));
}

/* Attributes and streams of `staged` for `target`; the times are those of the staged file. */
static HRESULT restore(struct call *call, const char *staged, const char *target) {
  size_t size = 0;
  uint8_t *bytes = read_file(staged, &size);
  struct basic basic = basic_of(staged);
  HRESULT result = S_OK;
  if (bytes == NULL) result = failed(call, ERROR_FILE_NOT_FOUND, staged);
  else if (size < 4) result = failed(call, ERROR_INVALID_DATA, staged);
  else {
    basic.attributes = (uint32_t)little(bytes, 4);
    result = failed(call, restore_backup(target, bytes + 4, size - 4), staged);
    if (result == S_OK) set_basic(target, basic);
  }
  free(bytes);
  return result;
}

static HRESULT import_folder(struct call *call, const char *source, const char *target);

static HRESULT import_entry(struct call *call, const char *staged, const char *target_folder, const char *name) {
  bool folder = file_kind(staged) == FILE_DIRECTORY;
  char *marker = format_text("%s" MARKER, staged);
  char *old = actual_name(target_folder, name);
  char *target = join(target_folder, old == NULL || !folder ? name : old);
  HRESULT result = S_OK;
  if (folder && file_kind(marker) == FILE_NONE) result = failed(call, ERROR_FILE_NOT_FOUND, marker);
  if (result == S_OK && old != NULL) {
    char *existing = join(target_folder, old);
    bool merges = folder && file_kind(existing) == FILE_DIRECTORY;
    if (!merges) result = failed(call, delete_tree(existing), existing);
    free(existing);
  }
  if (result == S_OK && file_kind(target) == FILE_NONE) {
    uint32_t error = folder ? make_folder(target) : write_file(target, "", 0);
    result = failed(call, error, target);
    forget_metadata(target);
  }
  if (result == S_OK && folder) {
    clear_streams(target);
    result = import_folder(call, staged, target);
  }
  if (result == S_OK) result = restore(call, folder ? marker : staged, target);
  free(marker);
  free(old);
  free(target);
  return result;
}

static HRESULT import_folder(struct call *call, const char *source, const char *target) {
  struct names names = list_folder(source);
  HRESULT result = S_OK;
  for (size_t i = 0; i < names.count && result == S_OK; i++) {
    char *staged = join(source, names.items[i]);
    if (!ends_with(names.items[i], MARKER)) {
      result = import_entry(call, staged, target, names.items[i]);
    } else {
      char *of = copy_text(staged);
      of[strlen(of) - strlen(MARKER)] = 0;
      if (file_kind(of) != FILE_DIRECTORY) result = failed(call, ERROR_PATH_NOT_FOUND, of);
      free(of);
    }
    free(staged);
  }
  free_names(names);
  return result;
}

static HRESULT check_source(struct call *call, const char *source) {
  static const char *const allowed[] = {"Files", "Files" MARKER, "Hives", "Hives" MARKER};
  struct names names = list_folder(source);
  HRESULT result = S_OK;
  bool files = false;
  for (size_t i = 0; i < names.count && result == S_OK; i++) {
    bool known = false;
    for (int k = 0; k < 4; k++) known |= same_text(names.items[i], allowed[k]);
    files |= same_text(names.items[i], "Files");
    if (!known) result = refuse(call, E_INVALIDARG, format_text("not of the staged form: %s", names.items[i]));
  }
  free_names(names);
  return result == S_OK && !files ? refuse(call, HRESULT_OF(ERROR_FILE_NOT_FOUND), copy_text("no Files")) : result;
}

static HRESULT import_hives(struct call *call, const char *source, const char *target) {
  char *from = join(source, "Hives");
  char *to = join(target, "Hives");
  struct names names = list_folder(from);
  HRESULT result = failed(call, make_folder(to), to);
  for (size_t i = 0; i < names.count && result == S_OK; i++) {
    size_t size = 0;
    char *hive = join(from, names.items[i]);
    char *copy = join(to, names.items[i]);
    uint8_t *bytes = read_file(hive, &size);
    bool regf = bytes != NULL && size >= 4 && memcmp(bytes, "regf", 4) == 0;
    if (!regf) result = failed(call, 1009 /* ERROR_BADDB */, hive);
    else result = failed(call, write_file(copy, bytes, size), copy);
    free(bytes);
    free(hive);
    free(copy);
  }
  free_names(names);
  free(from);
  free(to);
  return result;
}

static HRESULT check_import(struct call *call, const char *path, const char *source) {
  HRESULT result = check_path(call, path);
  if (result == S_OK) result = check_path(call, source);
  if (result != S_OK) return result;
  if (!may_backup_and_restore()) return refuse(call, HRESULT_OF(ERROR_PRIVILEGE_NOT_HELD), copy_text("privileges"));
  if (file_kind(source) != FILE_DIRECTORY) return failed(call, ERROR_PATH_NOT_FOUND, source);
  if (file_kind(path) != FILE_DIRECTORY) return failed(call, ERROR_PATH_NOT_FOUND, path);
  if (same_text(path, source)) return refuse(call, E_INVALIDARG, copy_text("a layer cannot be its own source"));
  struct layer old = read_layer(path);
  free_layer(old);
  if (old.kind != LAYER_NONE) return failed(call, ERROR_ALREADY_EXISTS, path);
  return check_source(call, source);
}

HRESULT import_layer(struct call *call, const char *path, const char *source, struct chain chain) {
  HRESULT result = check_import(call, path, source);
  if (result != S_OK) return result;
  char *parent_files = join(chain.paths[0], "Files");
  char *files = join(path, "Files");
  char *staged = join(source, "Files");
  result = failed(call, link_tree(parent_files, files), files);
  if (result == S_OK) result = import_folder(call, staged, files);
  if (result == S_OK) result = import_hives(call, source, path);
  if (result == S_OK) {
    struct layer layer = {.kind = LAYER_DIFF, .parents = guids_of(chain), .parent_count = chain.count};
    result = failed(call, write_layer(path, layer), path);
    free_layer(layer);
  }
  free(parent_files);
  free(files);
  free(staged);
  return result;
}

static HRESULT copy_base_hive(struct call *call, const char *path, struct hive_name name) {
  char *from = format_text("%s%cFiles%cWindows%cSystem32%cconfig%c%s", path, SEPARATOR, SEPARATOR, SEPARATOR, SEPARATOR, SEPARATOR, name.config_name);
  char *to = format_text("%s%cHives%c%s_Base", path, SEPARATOR, SEPARATOR, name.layer_name);
  size_t size = 0;
  uint8_t *bytes = read_file(from, &size);
  HRESULT result = bytes == NULL ? failed(call, ERROR_PATH_NOT_FOUND, from) : failed(call, write_file(to, bytes, size), to);
  free(bytes);
  free(from);
  free(to);
  return result;
}

static HRESULT write_disks(struct call *call, const char *path, const char *const *names) {
  HRESULT result = S_OK;
  for (int i = 0; names[i] != NULL && result == S_OK; i++) {
    char *disk = join(path, names[i]);
    result = failed(call, write_file(disk, "double of a disk", 16), disk);
    free(disk);
  }
  return result;
}

HRESULT process_base(struct call *call, const char *path) {
  HRESULT result = check_path(call, path);
  if (result != S_OK) return result;
  if (!may_backup_and_restore()) return refuse(call, HRESULT_OF(ERROR_PRIVILEGE_NOT_HELD), copy_text("privileges"));
  struct layer old = read_layer(path);
  free_layer(old);
  if (old.kind != LAYER_NONE) return failed(call, ERROR_ALREADY_EXISTS, path);
  char *hives = join(path, "Hives");
  uint32_t error = make_folder(hives);
  result = error == ERROR_ALREADY_EXISTS ? S_OK : failed(call, error, hives);
  for (int i = 0; i < 5 && result == S_OK; i++) result = copy_base_hive(call, path, hive_names[i]);
  static const char *const disks[] = {"blank-base.vhdx", "blank.vhdx", "layout", NULL};
  if (result == S_OK) result = write_disks(call, path, disks);
  if (result == S_OK) result = failed(call, write_layer(path, (struct layer){.kind = LAYER_BASE}), path);
  free(hives);
  return result;
}

HRESULT process_utility(struct call *call, const char *path) {
  HRESULT result = check_path(call, path);
  if (result != S_OK) return result;
  char *boot = format_text("%s%cFiles%cEFI%cMicrosoft%cBoot%cBCD", path, SEPARATOR, SEPARATOR, SEPARATOR, SEPARATOR, SEPARATOR);
  result = file_kind(boot) == FILE_FILE ? S_OK : failed(call, ERROR_PATH_NOT_FOUND, boot);
  static const char *const disks[] = {"SystemTemplateBase.vhdx", "SystemTemplate.vhdx", NULL};
  if (result == S_OK) result = write_disks(call, path, disks);
  free(boot);
  return result;
}
