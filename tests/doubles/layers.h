/*
 * TEST DOUBLE. Layer folders as the doubles simulate them. A read-only layer holds in `Files` the whole tree of its
 * chain: its own files, and hard links to those of its parents in the place of Windows' placeholders. A scratch holds the
 * same under `volume`, which is the folder that stands for the volume in its disk. What a folder is stands in
 * `.double-layer` or, of a scratch, in `sandbox.vhdx`, so that it outlives the process as it does on Windows.
 */
#pragma once

#include <stdbool.h>

#include "core.h"
#include "json.h"

enum layer_kind { LAYER_NONE, LAYER_BASE, LAYER_DIFF, LAYER_SCRATCH };

struct layer {
  enum layer_kind kind;
  bool active;
  bool prepared;
  int64_t size;
  /* GUIDs of a layer's parents, paths of a scratch's. */
  char **parents;
  size_t parent_count;
};

struct chain {
  char **paths;
  size_t count;
};

/* vmcompute.dll's WC_LAYER_DESCRIPTOR (hcsshim, internal/wclayer/layerutils.go). */
struct layer_descriptor {
  GUID id;
  ULONG flags;
  PCWSTR path;
};

/* FNV-1a of the name's code units, ASCII letters in lower case; the real NameToGuid is another, unpublished function. */
GUID guid_of_name(const char *name);
char *guid_text(GUID guid);

struct layer read_layer(const char *path);
void free_layer(struct layer layer);

/* Parents nearest first. These refuse with the reason in the log, and otherwise fill `chain`. */
HRESULT chain_of_data(struct call *call, const char *layer_data, struct chain *chain);
HRESULT chain_of_layers(struct call *call, const struct json *layers, struct chain *chain);
HRESULT chain_of_descriptors(struct call *call, const struct layer_descriptor *layers, size_t count, struct chain *chain);
void free_chain(struct chain chain);
extern const struct field layer_fields[];

HRESULT import_layer(struct call *call, const char *path, const char *source, struct chain chain);
HRESULT export_layer(struct call *call, const char *path, const char *target, struct chain chain, bool writable);
HRESULT process_base(struct call *call, const char *path);
HRESULT process_utility(struct call *call, const char *path);
HRESULT destroy_layer(struct call *call, const char *path);

HRESULT create_scratch(struct call *call, const char *path, struct chain chain);
HRESULT expand_scratch(struct call *call, const char *path, uint64_t size);
HRESULT activate_scratch(struct call *call, const char *path);
HRESULT prepare_scratch(struct call *call, const char *path, struct chain chain);
HRESULT unprepare_scratch(struct call *call, const char *path);
HRESULT deactivate_scratch(struct call *call, const char *path);
/* A scratch was made over exactly these layers. */
bool is_over(struct layer scratch, struct chain chain);
/* The folder that stands for the volume; GetLayerMountPath gives it with a separator at its end. To be freed. */
char *volume_of(const char *scratch);
/* The scratch whose volume it is, with or without a separator at the end; NULL, or to be freed. */
char *scratch_of_volume(const char *volume);

/* An absolute path, or a refusal. */
HRESULT check_path(struct call *call, const char *path);
/* A running compute system uses the layer or the scratch (systems.c). */
bool system_uses(const char *path);
