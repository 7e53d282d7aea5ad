/*
 * TEST DOUBLE of vmcompute.dll: the older storage calls. It has no public header; prototypes and structures are those of
 * hcsshim (internal/wclayer/wclayer.go, layerutils.go). vmcompute/forward.c gives the functions their names.
 */
#include <stdlib.h>
#include <string.h>

#include "layers.h"
#include "platform.h"

#define VMCOMPUTE(name) EXPORT HRESULT WINAPI Vmcompute_##name

/* DriverInfo: flavour 1 is the filter driver; a home of NULL crashes the real DLL. */
struct driver_info {
  int32_t flavour;
  PCWSTR home;
};

static HRESULT check_driver(struct call *call, const struct driver_info *info) {
  bool right = info != NULL && info->flavour == 1 && info->home != NULL && info->home[0] == 0;
  return right ? S_OK : refuse(call, E_INVALIDARG, copy_text("driver info"));
}

/* What the calls on one scratch have in common. */
static HRESULT on_scratch(const char *api, const struct driver_info *info, PCWSTR path, HRESULT (*act)(struct call *, const char *)) {
  struct call call;
  begin(&call, api);
  const char *text = text_argument(&call, "path", path);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    char *plain = text == NULL ? NULL : plain_path(text);
    result = check_driver(&call, info);
    if (result == S_OK) result = act(&call, plain);
    free(plain);
  }
  return end(&call, result);
}

/* The same with parents. */
static HRESULT over_parents(const char *api, const struct driver_info *info, PCWSTR path, const struct layer_descriptor *layers,
                            size_t count, HRESULT (*act)(struct call *, const char *, struct chain)) {
  struct call call;
  begin(&call, api);
  const char *text = text_argument(&call, "path", path);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    char *plain = text == NULL ? NULL : plain_path(text);
    struct chain chain = {0};
    result = check_driver(&call, info);
    if (result == S_OK) result = chain_of_descriptors(&call, layers, count, &chain);
    if (result == S_OK) result = act(&call, plain, chain);
    free_chain(chain);
    free(plain);
  }
  return end(&call, result);
}

VMCOMPUTE(CreateSandboxLayer)(const struct driver_info *info, PCWSTR path, SIZE_T parent,
                                         const struct layer_descriptor *layers, SIZE_T count) {
  return parent != 0 ? E_INVALIDARG : over_parents("CreateSandboxLayer", info, path, layers, count, create_scratch);
}

VMCOMPUTE(PrepareLayer)(const struct driver_info *info, PCWSTR path, const struct layer_descriptor *layers, SIZE_T count) {
  return over_parents("PrepareLayer", info, path, layers, count, prepare_scratch);
}

VMCOMPUTE(ActivateLayer)(const struct driver_info *info, PCWSTR path) {
  return on_scratch("ActivateLayer", info, path, activate_scratch);
}

VMCOMPUTE(UnprepareLayer)(const struct driver_info *info, PCWSTR path) {
  return on_scratch("UnprepareLayer", info, path, unprepare_scratch);
}

VMCOMPUTE(DeactivateLayer)(const struct driver_info *info, PCWSTR path) {
  return on_scratch("DeactivateLayer", info, path, deactivate_scratch);
}

VMCOMPUTE(ExpandSandboxSize)(const struct driver_info *info, PCWSTR path, uint64_t size) {
  struct call call;
  begin(&call, "ExpandSandboxSize");
  const char *text = text_argument(&call, "path", path);
  number_argument(&call, "size", (int64_t)size);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    result = check_driver(&call, info);
    if (result == S_OK) result = expand_scratch(&call, text, size);
  }
  return end(&call, result);
}

/* First call: `buffer` NULL, gives the length with NUL. Second call: fills a buffer of that length. */
static HRESULT mount_path(struct call *call, const char *path, SIZE_T *length, WCHAR *buffer) {
  HRESULT result = check_path(call, path);
  if (result != S_OK) return result;
  if (length == NULL) return refuse(call, E_INVALIDARG, copy_text("no length"));
  struct layer layer = read_layer(path);
  free_layer(layer);
  if (layer.kind != LAYER_SCRATCH) return refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), copy_text("not a scratch"));
  if (!layer.active) return refuse(call, HRESULT_OF(ERROR_NOT_READY), copy_text("not active"));
  char *volume = volume_of(path);
  char *ended = format_text("%s%c", volume, SEPARATOR);
  WCHAR *wide = utf16_of(ended);
  SIZE_T needed = wide_length(wide) + 1;
  if (buffer != NULL && *length < needed) result = refuse(call, HRESULT_OF(ERROR_INSUFFICIENT_BUFFER), copy_text("buffer"));
  else if (buffer != NULL) memcpy(buffer, wide, needed * sizeof(WCHAR));
  *length = needed;
  free(volume);
  free(ended);
  free(wide);
  return result;
}

VMCOMPUTE(GetLayerMountPath)(const struct driver_info *info, PCWSTR path, SIZE_T *length, WCHAR *buffer) {
  struct call call;
  begin(&call, "GetLayerMountPath");
  const char *text = text_argument(&call, "path", path);
  word_argument(&call, "buffer", buffer == NULL ? "NULL" : "given");
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    result = check_driver(&call, info);
    if (result == S_OK) result = mount_path(&call, text, length, buffer);
  }
  return end(&call, result);
}

VMCOMPUTE(NameToGuid)(PCWSTR name, GUID *guid) {
  struct call call;
  begin(&call, "NameToGuid");
  const char *text = text_argument(&call, "name", name);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    if (text == NULL || text[0] == 0 || guid == NULL) result = refuse(&call, E_INVALIDARG, copy_text("no name"));
    else *guid = guid_of_name(text);
  }
  return end(&call, result);
}

static HRESULT on_path(const char *api, PCWSTR path, HRESULT (*act)(struct call *, const char *)) {
  struct call call;
  begin(&call, api);
  const char *text = text_argument(&call, "path", path);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    char *plain = text == NULL ? NULL : plain_path(text);
    result = act(&call, plain);
    free(plain);
  }
  return end(&call, result);
}

VMCOMPUTE(ProcessBaseImage)(PCWSTR path) {
  return on_path("ProcessBaseImage", path, process_base);
}

VMCOMPUTE(ProcessUtilityImage)(PCWSTR path) {
  return on_path("ProcessUtilityImage", path, process_utility);
}
