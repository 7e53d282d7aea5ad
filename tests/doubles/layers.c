/* TEST DOUBLE. See layers.h: what a folder is, and chains of parents. */
#include "layers.h"

#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "storage.h"

static uint64_t hash_of(const char *name, uint64_t hash) {
  WCHAR *wide = utf16_of(name);
  for (WCHAR *at = wide; *at != 0; at++) {
    uint16_t unit = (uint16_t)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
    hash = (hash ^ (unit & 0xff)) * 1099511628211ull;
    hash = (hash ^ (unit >> 8)) * 1099511628211ull;
  }
  free(wide);
  return hash;
}

GUID guid_of_name(const char *name) {
  uint64_t low = hash_of(name, 14695981039346656037ull);
  uint64_t high = hash_of(name, low ^ 0x9e3779b97f4a7c15ull);
  GUID guid = {(uint32_t)low, (uint16_t)(low >> 32), (uint16_t)(0x5000 | (low >> 48 & 0xfff)), {0}};
  for (int i = 0; i < 8; i++) guid.Data4[i] = (uint8_t)(high >> (i * 8));
  guid.Data4[0] = (uint8_t)((guid.Data4[0] & 0x3f) | 0x80);
  return guid;
}

char *guid_text(GUID guid) {
  const uint8_t *d = guid.Data4;
  return format_text("%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", (unsigned)guid.Data1, guid.Data2, guid.Data3,
                     d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
}

static bool same_guid_text(const char *a, const char *b) {
  return strlen(a) == 36 && same_name(a, b);
}

static char *guid_of_path(const char *path) {
  char *name = base_name(path);
  char *guid = guid_text(guid_of_name(name));
  free(name);
  return guid;
}

static struct layer layer_of(const struct json *json) {
  const char *kind = text_member(json, "kind");
  const struct json *parents = member(json, "parents");
  struct layer layer = {
    .kind = same_text(kind, "base") ? LAYER_BASE : same_text(kind, "diff") ? LAYER_DIFF : LAYER_SCRATCH,
    .active = true_member(json, "active"),
    .prepared = true_member(json, "prepared"),
    .size = number_member(json, "size", 0),
    .parent_count = json_length(parents),
  };
  layer.parents = calloc(layer.parent_count + 1, sizeof(char *));
  size_t i = 0;
  for (const struct json *at = parents == NULL ? NULL : parents->first; at != NULL; at = at->next)
    layer.parents[i++] = copy_text(at->text);
  return layer;
}

struct layer read_layer(const char *path) {
  static const char *const files[] = {".double-layer", "sandbox.vhdx"};
  struct layer layer = {.kind = LAYER_NONE};
  for (int i = 0; i < 2 && layer.kind == LAYER_NONE; i++) {
    size_t size;
    char *file = join(path, files[i]);
    char *text = (char *)read_file(file, &size);
    struct json *json = text == NULL ? NULL : parse_json(text, NULL);
    if (json != NULL) layer = layer_of(json);
    free_json(json);
    free(text);
    free(file);
  }
  return layer;
}

void free_layer(struct layer layer) {
  for (size_t i = 0; i < layer.parent_count; i++) free(layer.parents[i]);
  free(layer.parents);
}

uint32_t write_layer(const char *path, struct layer layer) {
  struct buffer text = {0};
  const char *kind = layer.kind == LAYER_BASE ? "base" : layer.kind == LAYER_DIFF ? "diff" : "scratch";
  add_format(&text, "{\"double\":\"of a layer, for tests\",\"kind\":\"%s\",\"active\":%s,\"prepared\":%s,\"size\":%lld,\"parents\":[",
             kind, layer.active ? "true" : "false", layer.prepared ? "true" : "false", (long long)layer.size);
  for (size_t i = 0; i < layer.parent_count; i++) {
    if (i > 0) add_text(&text, ",");
    add_json_string(&text, layer.parents[i]);
  }
  add_text(&text, "]}");
  char *file = join(path, layer.kind == LAYER_SCRATCH ? "sandbox.vhdx" : ".double-layer");
  uint32_t error = write_file(file, text.data, text.size);
  free(file);
  free_buffer(&text);
  return error;
}

char **guids_of(struct chain chain) {
  char **guids = calloc(chain.count + 1, sizeof(char *));
  for (size_t i = 0; i < chain.count; i++) guids[i] = guid_of_path(chain.paths[i]);
  return guids;
}

void free_chain(struct chain chain) {
  for (size_t i = 0; i < chain.count; i++) free(chain.paths[i]);
  free(chain.paths);
}

HRESULT check_path(struct call *call, const char *path) {
  if (path == NULL || path[0] == 0) return refuse(call, E_INVALIDARG, copy_text("no path"));
  if (!is_absolute(path)) return refuse(call, E_INVALIDARG, format_text("not absolute: %s", path));
  return S_OK;
}

/* One layer of a chain: it is there, it is read-only, and what follows it in the chain are its parents. */
static HRESULT check_link(struct call *call, struct chain chain, size_t index) {
  const char *path = chain.paths[index];
  struct layer layer = read_layer(path);
  HRESULT result = S_OK;
  if (layer.kind == LAYER_NONE) result = refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), format_text("no layer: %s", path));
  else if (layer.kind == LAYER_SCRATCH) result = refuse(call, HCS_E_INVALID_LAYER, format_text("a scratch as a parent: %s", path));
  else if (layer.parent_count != chain.count - index - 1)
    result = refuse(call, HCS_E_INVALID_LAYER, format_text("has other parents, or not nearest first: %s", path));
  for (size_t i = 0; i < layer.parent_count && result == S_OK; i++) {
    char *guid = guid_of_path(chain.paths[index + 1 + i]);
    if (!same_text(guid, layer.parents[i]))
      result = refuse(call, HCS_E_INVALID_LAYER, format_text("was imported over other parents: %s", path));
    free(guid);
  }
  free_layer(layer);
  return result;
}

static HRESULT check_chain(struct call *call, struct chain chain) {
  if (chain.count == 0) return refuse(call, E_INVALIDARG, copy_text("no parents"));
  for (size_t i = 0; i < chain.count; i++) {
    HRESULT result = check_link(call, chain, i);
    if (result != S_OK) return result;
  }
  return S_OK;
}

static HRESULT add_parent(struct call *call, struct chain *chain, const char *path, const char *id) {
  HRESULT result = check_path(call, path);
  if (result != S_OK) return result;
  char *guid = guid_of_path(path);
  bool right = same_guid_text(guid, id);
  free(guid);
  if (!right) return refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), format_text("Id is not NameToGuid of the folder's name: %s", path));
  chain->paths = realloc(chain->paths, (chain->count + 1) * sizeof(char *));
  chain->paths[chain->count++] = plain_path(path);
  return S_OK;
}

const struct field layer_fields[] = {
  {.name = "Id", .kind = FIELD_TEXT, .required = true},
  {.name = "Path", .kind = FIELD_TEXT, .required = true},
  {0},
};

HRESULT chain_of_layers(struct call *call, const struct json *layers, struct chain *chain) {
  *chain = (struct chain){0};
  HRESULT result = S_OK;
  for (const struct json *at = layers == NULL ? NULL : layers->first; at != NULL && result == S_OK; at = at->next)
    result = add_parent(call, chain, text_member(at, "Path"), text_member(at, "Id"));
  return result == S_OK ? check_chain(call, *chain) : result;
}

static const struct field data_fields[] = {
  {.name = "SchemaVersion", .kind = FIELD_OBJECT, .required = true, .fields = schema_version_fields},
  {.name = "Layers", .kind = FIELD_OBJECTS, .fields = layer_fields},
  {.name = "FilterType", .kind = FIELD_TEXT},
  {0},
};

HRESULT chain_of_data(struct call *call, const char *layer_data, struct chain *chain) {
  *chain = (struct chain){0};
  if (layer_data == NULL || layer_data[0] == 0) return refuse(call, E_INVALIDARG, copy_text("no layer data"));
  char *problem = NULL;
  struct json *data = parse_document(layer_data, data_fields, &problem);
  HRESULT result = problem == NULL ? S_OK : refuse(call, HCS_E_INVALID_JSON, problem);
  if (result == S_OK && number_member(member(data, "SchemaVersion"), "Major", 0) != 2)
    result = refuse(call, HCS_E_INVALID_JSON, copy_text("SchemaVersion is not 2"));
  if (result == S_OK) result = chain_of_layers(call, member(data, "Layers"), chain);
  free_json(data);
  return result;
}

HRESULT chain_of_descriptors(struct call *call, const struct layer_descriptor *layers, size_t count, struct chain *chain) {
  *chain = (struct chain){0};
  if (layers == NULL) return refuse(call, E_INVALIDARG, copy_text("no descriptors"));
  struct buffer text = {0};
  HRESULT result = S_OK;
  for (size_t i = 0; i < count && result == S_OK; i++) {
    char *path = utf8_of(layers[i].path);
    char *id = guid_text(layers[i].id);
    add_format(&text, "%s%s \"%s\"", i == 0 ? "[" : ", ", id, path == NULL ? "" : path);
    if (layers[i].flags != 0) result = refuse(call, E_INVALIDARG, copy_text("flags of a descriptor"));
    else result = add_parent(call, chain, path, id);
    free(path);
    free(id);
  }
  add_text(&text, "]");
  char *all = take_text(&text);
  word_argument(call, "layers", all);
  free(all);
  return result == S_OK ? check_chain(call, *chain) : result;
}
