/* TEST DOUBLE of computestorage.dll: the calls that the product makes. */
#include <stdlib.h>

#include "layers.h"
#include "platform.h"
#ifdef _WIN32
#include <windows.h>
#endif
#include "computestorage.h"

EXPORT HRESULT WINAPI HcsImportLayer(PCWSTR layer_path, PCWSTR source_path, PCWSTR layer_data) {
  struct call call;
  begin(&call, "HcsImportLayer");
  const char *path = text_argument(&call, "layerPath", layer_path);
  const char *source = text_argument(&call, "sourceFolderPath", source_path);
  const char *data = text_argument(&call, "layerData", layer_data);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct chain chain;
    result = chain_of_data(&call, data, &chain);
    if (result == S_OK) result = import_layer(&call, path, source, chain);
    free_chain(chain);
  }
  return end(&call, result);
}

static const struct field export_fields[] = {{.name = "IsWritableLayer", .kind = FIELD_BOOLEAN}, {0}};

/* The options of an export; empty text is none. */
static HRESULT read_options(struct call *call, const char *options, bool *writable) {
  *writable = false;
  if (options == NULL || options[0] == 0) return S_OK;
  char *problem = NULL;
  struct json *json = parse_document(options, export_fields, &problem);
  *writable = true_member(json, "IsWritableLayer");
  free_json(json);
  return problem == NULL ? S_OK : refuse(call, HCS_E_INVALID_JSON, problem);
}

EXPORT HRESULT WINAPI HcsExportLayer(PCWSTR layer_path, PCWSTR export_path, PCWSTR layer_data, PCWSTR options) {
  struct call call;
  begin(&call, "HcsExportLayer");
  const char *path = text_argument(&call, "layerPath", layer_path);
  const char *target = text_argument(&call, "exportFolderPath", export_path);
  const char *data = text_argument(&call, "layerData", layer_data);
  const char *wanted = text_argument(&call, "options", options);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct chain chain;
    bool writable = false;
    result = chain_of_data(&call, data, &chain);
    if (result == S_OK) result = read_options(&call, wanted, &writable);
    if (result == S_OK) result = export_layer(&call, path, target, chain, writable);
    free_chain(chain);
  }
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcsDestroyLayer(PCWSTR layer_path) {
  struct call call;
  begin(&call, "HcsDestroyLayer");
  const char *path = text_argument(&call, "layerPath", layer_path);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    char *plain = path == NULL ? NULL : plain_path(path);
    result = destroy_layer(&call, plain);
    free(plain);
  }
  return end(&call, result);
}
