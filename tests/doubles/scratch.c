/*
 * TEST DOUBLE. Writable layers: created, activated (the disk is attached), prepared (the filter shows the parents),
 * and back in the opposite order. HRESULTs of calls out of order are the double's own choice, as none are documented.
 */
#include <stdlib.h>
#include <string.h>

#include "metadata.h"
#include "platform.h"
#include "storage.h"

/* Scratches that this process has made or used, so that what is left active is counted. */
static char **known;
static size_t known_count;

static void remember(const char *path) {
  for (size_t i = 0; i < known_count; i++)
    if (same_text(known[i], path)) return;
  known = realloc(known, (known_count + 1) * sizeof(char *));
  known[known_count++] = copy_text(path);
}

void reset_scratches(void) {
  for (size_t i = 0; i < known_count; i++) free(known[i]);
  known_count = 0;
}

char *volume_of(const char *scratch) {
  return join(scratch, "volume");
}

char *scratch_of_volume(const char *volume) {
  char *plain = plain_path(volume);
  char *scratch = dir_name(plain);
  char *expected = volume_of(scratch);
  bool right = same_text(expected, plain);
  free(expected);
  free(plain);
  if (right) return scratch;
  free(scratch);
  return NULL;
}

/* The state of the scratch at `path` where it is one. */
static HRESULT open_scratch(struct call *call, const char *path, struct layer *layer) {
  *layer = (struct layer){.kind = LAYER_NONE};
  HRESULT result = check_path(call, path);
  if (result != S_OK) return result;
  *layer = read_layer(path);
  if (layer->kind == LAYER_NONE) return refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), format_text("no scratch: %s", path));
  if (layer->kind != LAYER_SCRATCH) return refuse(call, E_INVALIDARG, format_text("not a scratch: %s", path));
  remember(path);
  return S_OK;
}

static HRESULT save(struct call *call, const char *path, struct layer layer) {
  uint32_t error = write_layer(path, layer);
  return error == 0 ? S_OK : refuse(call, HRESULT_OF(error), copy_text("while writing"));
}

HRESULT create_scratch(struct call *call, const char *path, struct chain chain) {
  HRESULT result = check_path(call, path);
  if (result != S_OK) return result;
  struct layer old = read_layer(path);
  free_layer(old);
  if (old.kind != LAYER_NONE) return refuse(call, HRESULT_OF(ERROR_FILE_EXISTS), format_text("exists: %s", path));
  uint32_t error = file_kind(path) == FILE_DIRECTORY ? 0 : make_folder(path);
  char *volume = volume_of(path);
  char *files = join(chain.paths[0], "Files");
  if (error == 0) error = link_tree(files, volume);
  free(volume);
  free(files);
  if (error != 0) return refuse(call, HRESULT_OF(error == ERROR_FILE_NOT_FOUND ? ERROR_PATH_NOT_FOUND : error), copy_text("while making"));
  remember(path);
  return save(call, path, (struct layer){.kind = LAYER_SCRATCH, .size = 20ll << 30, .parents = chain.paths, .parent_count = chain.count});
}

HRESULT expand_scratch(struct call *call, const char *path, uint64_t size) {
  struct layer layer;
  HRESULT result = open_scratch(call, path, &layer);
  if (result == S_OK && layer.active) result = refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("the scratch is active"));
  if (result == S_OK && (int64_t)size < layer.size) result = refuse(call, E_INVALIDARG, copy_text("a disk does not shrink"));
  layer.size = (int64_t)size;
  if (result == S_OK) result = save(call, path, layer);
  free_layer(layer);
  return result;
}

HRESULT activate_scratch(struct call *call, const char *path) {
  struct layer layer;
  HRESULT result = open_scratch(call, path, &layer);
  if (result == S_OK && layer.active) result = refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("already active"));
  if (result == S_OK) {
    layer.active = true;
    result = save(call, path, layer);
    count(COUNT_ACTIVE_SCRATCHES, 1);
  }
  free_layer(layer);
  return result;
}

bool is_over(struct layer scratch, struct chain chain) {
  bool same = scratch.parent_count == chain.count;
  for (size_t i = 0; i < chain.count && same; i++) same = same_text(scratch.parents[i], chain.paths[i]);
  return same;
}

HRESULT prepare_scratch(struct call *call, const char *path, struct chain chain) {
  struct layer layer;
  HRESULT result = open_scratch(call, path, &layer);
  if (result == S_OK && !layer.active) result = refuse(call, E_INVALIDARG, copy_text("not active"));
  if (result == S_OK && layer.prepared) result = refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("already prepared"));
  if (result == S_OK && !is_over(layer, chain)) result = refuse(call, HCS_E_INVALID_LAYER, copy_text("made over other parents"));
  if (result == S_OK) {
    layer.prepared = true;
    result = save(call, path, layer);
    count(COUNT_PREPARED_SCRATCHES, 1);
  }
  free_layer(layer);
  return result;
}

HRESULT unprepare_scratch(struct call *call, const char *path) {
  struct layer layer;
  HRESULT result = open_scratch(call, path, &layer);
  if (result == S_OK && !layer.prepared) result = refuse(call, E_INVALIDARG, copy_text("not prepared"));
  if (result == S_OK && system_uses(path)) result = refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("a compute system uses it"));
  if (result == S_OK) {
    layer.prepared = false;
    result = save(call, path, layer);
    count(COUNT_PREPARED_SCRATCHES, -1);
  }
  free_layer(layer);
  return result;
}

HRESULT deactivate_scratch(struct call *call, const char *path) {
  struct layer layer;
  HRESULT result = open_scratch(call, path, &layer);
  if (result == S_OK && !layer.active) result = refuse(call, E_INVALIDARG, copy_text("not active"));
  if (result == S_OK && layer.prepared) result = refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("still prepared"));
  if (result == S_OK) {
    layer.active = false;
    result = save(call, path, layer);
    count(COUNT_ACTIVE_SCRATCHES, -1);
  }
  free_layer(layer);
  return result;
}

/* A scratch that is there has the layer among its parents. */
static bool is_parent(const char *path) {
  bool found = false;
  for (size_t i = 0; i < known_count && !found; i++) {
    struct layer layer = read_layer(known[i]);
    for (size_t k = 0; layer.kind == LAYER_SCRATCH && layer.active && k < layer.parent_count; k++) found |= same_text(layer.parents[k], path);
    free_layer(layer);
  }
  return found;
}

HRESULT destroy_layer(struct call *call, const char *path) {
  HRESULT result = check_path(call, path);
  if (result != S_OK) return result;
  if (file_kind(path) != FILE_DIRECTORY) return refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), format_text("not there: %s", path));
  struct layer layer = read_layer(path);
  free_layer(layer);
  if (layer.active || layer.prepared) return refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("still active"));
  if (system_uses(path) || is_parent(path)) return refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("in use"));
  uint32_t error = delete_tree(path);
  return error == 0 ? S_OK : refuse(call, HRESULT_OF(error), copy_text("while deleting"));
}
