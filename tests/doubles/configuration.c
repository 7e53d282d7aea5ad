/*
 * TEST DOUBLE. The documents that compute systems are made of, checked field by field: ComputeSystem of schema 2.1 for
 * process isolation (learn.microsoft.com, HCS schema reference; hcsshim internal/hcs/schema2), ContainerConfig of schema
 * 1 for Hyper-V isolation (hcsshim internal/hcs/schema1; moby's local_windows.go). Fields that the product does not use
 * are unknown here.
 */
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "systems.h"

static const struct field guest_fields[] = {{.name = "HostName", .kind = FIELD_TEXT, .required = true}, {0}};
static const struct field storage_fields[] = {
  {.name = "Layers", .kind = FIELD_OBJECTS, .required = true, .fields = layer_fields},
  {.name = "Path", .kind = FIELD_TEXT, .required = true},
  {0},
};
static const struct field directory_fields[] = {
  {.name = "HostPath", .kind = FIELD_TEXT, .required = true},
  {.name = "ContainerPath", .kind = FIELD_TEXT, .required = true},
  {.name = "ReadOnly", .kind = FIELD_BOOLEAN},
  {0},
};
static const struct field memory_fields[] = {{.name = "SizeInMB", .kind = FIELD_NUMBER, .required = true}, {0}};
static const struct field processor_fields[] = {
  {.name = "Count", .kind = FIELD_NUMBER},
  {.name = "Maximum", .kind = FIELD_NUMBER},
  {.name = "Weight", .kind = FIELD_NUMBER},
  {0},
};
static const struct field networking_fields[] = {
  {.name = "AllowUnqualifiedDnsQuery", .kind = FIELD_BOOLEAN},
  {.name = "DnsSearchList", .kind = FIELD_TEXT},
  {.name = "Namespace", .kind = FIELD_TEXT, .required = true},
  {0},
};
static const struct field container_fields[] = {
  {.name = "GuestOs", .kind = FIELD_OBJECT, .required = true, .fields = guest_fields},
  {.name = "Storage", .kind = FIELD_OBJECT, .required = true, .fields = storage_fields},
  {.name = "MappedDirectories", .kind = FIELD_OBJECTS, .fields = directory_fields},
  {.name = "Memory", .kind = FIELD_OBJECT, .fields = memory_fields},
  {.name = "Processor", .kind = FIELD_OBJECT, .fields = processor_fields, .may_be_empty = true},
  {.name = "Networking", .kind = FIELD_OBJECT, .fields = networking_fields},
  {0},
};
static const struct field system_fields[] = {
  {.name = "Owner", .kind = FIELD_TEXT, .required = true},
  {.name = "SchemaVersion", .kind = FIELD_OBJECT, .required = true, .fields = schema_version_fields},
  {.name = "Container", .kind = FIELD_OBJECT, .required = true, .fields = container_fields},
  {.name = "ShouldTerminateOnLastHandleClosed", .kind = FIELD_BOOLEAN},
  {0},
};

static const struct field old_layer_fields[] = {
  {.name = "ID", .kind = FIELD_TEXT, .required = true},
  {.name = "Path", .kind = FIELD_TEXT, .required = true},
  {0},
};
static const struct field runtime_fields[] = {{.name = "ImagePath", .kind = FIELD_TEXT, .required = true}, {0}};
static const struct field old_fields[] = {
  {.name = "SystemType", .kind = FIELD_TEXT, .required = true},
  {.name = "Name", .kind = FIELD_TEXT, .required = true},
  {.name = "Owner", .kind = FIELD_TEXT, .required = true},
  {.name = "LayerFolderPath", .kind = FIELD_TEXT, .required = true},
  {.name = "Layers", .kind = FIELD_OBJECTS, .required = true, .fields = old_layer_fields},
  {.name = "ProcessorCount", .kind = FIELD_NUMBER},
  {.name = "MemoryMaximumInMB", .kind = FIELD_NUMBER},
  {.name = "HostName", .kind = FIELD_TEXT, .required = true},
  {.name = "MappedDirectories", .kind = FIELD_OBJECTS, .fields = directory_fields},
  {.name = "HvPartition", .kind = FIELD_BOOLEAN, .required = true},
  {.name = "EndpointList", .kind = FIELD_TEXTS},
  {.name = "AllowUnqualifiedDNSQuery", .kind = FIELD_BOOLEAN},
  {.name = "HvRuntime", .kind = FIELD_OBJECT, .required = true, .fields = runtime_fields},
  {.name = "TerminateOnLastHandleClosed", .kind = FIELD_BOOLEAN},
  {0},
};

void free_configuration(struct configuration configuration) {
  for (size_t i = 0; i < configuration.mount_count; i++) {
    free(configuration.mounts[i].host);
    free(configuration.mounts[i].container);
  }
  free(configuration.mounts);
  free_chain(configuration.chain);
  free(configuration.owner);
  free(configuration.scratch);
  free(configuration.network_namespace);
  free(configuration.endpoint);
}

char *error_document(HRESULT result, const char *message) {
  struct buffer text = {0};
  add_format(&text, "{\"Error\":%d,\"ErrorMessage\":", (int)result);
  add_json_string(&text, message);
  add_text(&text, "}");
  return take_text(&text);
}

static struct json *checked(struct call *call, const char *text, const struct field *fields, HRESULT *result) {
  *result = E_INVALIDARG;
  if (text == NULL || text[0] == 0) {
    refuse(call, E_INVALIDARG, copy_text("no document"));
    return NULL;
  }
  char *problem = NULL;
  struct json *json = parse_document(text, fields, &problem);
  *result = problem == NULL ? S_OK : refuse(call, HCS_E_INVALID_JSON, problem);
  return json;
}

/* NetBIOS: at most 15 characters, letters, digits and hyphens, beginning with a letter. */
static HRESULT check_host_name(struct call *call, const char *name) {
  bool good = strlen(name) <= 15 && ((name[0] | 32) >= 'a' && (name[0] | 32) <= 'z');
  for (const char *at = name; *at != 0; at++)
    good = good && (((*at | 32) >= 'a' && (*at | 32) <= 'z') || (*at >= '0' && *at <= '9') || *at == '-');
  return good ? S_OK : refuse(call, E_INVALIDARG, format_text("host name: %s", name));
}

static HRESULT read_mounts(struct call *call, const struct json *list, struct configuration *configuration) {
  for (const struct json *at = list == NULL ? NULL : list->first; at != NULL; at = at->next) {
    const char *host = text_member(at, "HostPath");
    const char *container = text_member(at, "ContainerPath");
    if (!is_absolute(host) || file_kind(host) != FILE_DIRECTORY)
      return refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), format_text("no folder to map: %s", host));
    bool drive = strlen(container) > 3 && container[1] == ':' && container[2] == '\\' && strchr(container, '/') == NULL;
    if (!drive) return refuse(call, E_INVALIDARG, format_text("path in the container: %s", container));
    size_t count = ++configuration->mount_count;
    configuration->mounts = realloc(configuration->mounts, count * sizeof(struct mount));
    configuration->mounts[count - 1] = (struct mount){plain_path(host), copy_text(container), true_member(at, "ReadOnly")};
  }
  return S_OK;
}

static HRESULT check_memory(struct call *call, int64_t megabytes) {
  return megabytes < 1 ? refuse(call, E_INVALIDARG, copy_text("memory")) : S_OK;
}

/* The scratch that `Path` names, prepared, over exactly the layers of the document. */
static HRESULT check_storage(struct call *call, const char *volume, struct configuration *configuration) {
  size_t size = strlen(volume);
  if (volume[size - 1] != SEPARATOR)
    return refuse(call, HRESULT_OF(0x1126), copy_text("Storage.Path without a backslash at its end"));
  configuration->scratch = scratch_of_volume(volume);
  if (configuration->scratch == NULL) return refuse(call, HRESULT_OF(0x1126), format_text("not a volume: %s", volume));
  struct layer layer = read_layer(configuration->scratch);
  HRESULT result = S_OK;
  if (!layer.prepared) result = refuse(call, E_INVALIDARG, copy_text("the scratch is not prepared"));
  if (result == S_OK && !is_over(layer, configuration->chain)) result = refuse(call, HCS_E_INVALID_LAYER, copy_text("other layers than the scratch has"));
  free_layer(layer);
  if (result == S_OK && system_uses(configuration->scratch))
    result = refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("another compute system uses the scratch"));
  return result;
}

static HRESULT read_network(struct call *call, const struct json *networking, struct configuration *configuration) {
  const char *name = text_member(networking, "Namespace");
  if (name == NULL) return S_OK;
  configuration->network_namespace = copy_text(name);
  bool bare = strlen(name) == 36;
  for (const char *at = name; *at != 0; at++) bare = bare && !(*at >= 'A' && *at <= 'F');
  if (!bare) return refuse(call, HRESULT_OF(ERROR_NOT_FOUND), copy_text("Namespace is a bare GUID in lower case"));
  return namespace_exists(name) ? S_OK : refuse(call, HRESULT_OF(ERROR_NOT_FOUND), format_text("no namespace: %s", name));
}

HRESULT read_container(struct call *call, const char *text, struct configuration *configuration) {
  *configuration = (struct configuration){0};
  HRESULT result;
  struct json *json = checked(call, text, system_fields, &result);
  const struct json *container = member(json, "Container");
  const struct json *storage = member(container, "Storage");
  const struct json *memory = member(container, "Memory");
  const struct json *processor = member(container, "Processor");
  const struct json *version = member(json, "SchemaVersion");
  if (result == S_OK && (number_member(version, "Major", 0) != 2 || number_member(version, "Minor", 0) < 1))
    result = refuse(call, HCS_E_INVALID_JSON, copy_text("SchemaVersion is not 2.1 or newer"));
  if (result == S_OK) result = check_host_name(call, text_member(member(container, "GuestOs"), "HostName"));
  if (result == S_OK) result = chain_of_layers(call, member(storage, "Layers"), &configuration->chain);
  if (result == S_OK) result = check_storage(call, text_member(storage, "Path"), configuration);
  if (result == S_OK) result = read_mounts(call, member(container, "MappedDirectories"), configuration);
  if (result == S_OK && memory != NULL) result = check_memory(call, number_member(memory, "SizeInMB", 0));
  if (result == S_OK && json_length(processor) > 1)
    result = refuse(call, E_INVALIDARG, copy_text("more than one limit of processors"));
  if (result == S_OK) result = read_network(call, member(container, "Networking"), configuration);
  if (result == S_OK) {
    configuration->owner = copy_text(text_member(json, "Owner"));
    configuration->terminates_on_close = true_member(json, "ShouldTerminateOnLastHandleClosed");
  }
  free_json(json);
  return result;
}

/* A scratch that is only created: HCS attaches its disk to the utility VM. */
static HRESULT check_scratch(struct call *call, const char *path, struct configuration *configuration) {
  configuration->scratch = plain_path(path);
  struct layer layer = read_layer(path);
  free_layer(layer);
  if (layer.kind != LAYER_SCRATCH) return refuse(call, HRESULT_OF(ERROR_PATH_NOT_FOUND), format_text("no scratch: %s", path));
  if (layer.active) return refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("its disk is attached to the host"));
  return system_uses(path) ? refuse(call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("in use")) : S_OK;
}

static HRESULT check_utility_vm(struct call *call, const char *path) {
  char *template = join(path, "SystemTemplate.vhdx");
  enum file_kind kind = file_kind(template);
  free(template);
  return kind == FILE_FILE ? S_OK : refuse(call, HRESULT_OF(ERROR_FILE_NOT_FOUND), format_text("no utility VM: %s", path));
}

/* `ID` of this schema is `Id` of the other. */
static HRESULT read_old_layers(struct call *call, const struct json *layers, struct configuration *configuration) {
  struct buffer text = {0};
  add_text(&text, "[");
  for (const struct json *at = layers->first; at != NULL; at = at->next) {
    add_text(&text, at == layers->first ? "{\"Id\":" : ",{\"Id\":");
    add_json_string(&text, text_member(at, "ID"));
    add_text(&text, ",\"Path\":");
    add_json_string(&text, text_member(at, "Path"));
    add_text(&text, "}");
  }
  add_text(&text, "]");
  char *document = take_text(&text);
  struct json *json = parse_json(document, NULL);
  HRESULT result = chain_of_layers(call, json, &configuration->chain);
  free_json(json);
  free(document);
  return result;
}

HRESULT read_hyperv_container(struct call *call, const char *id, const char *text, struct configuration *configuration) {
  *configuration = (struct configuration){.hyperv = true};
  HRESULT result;
  struct json *json = checked(call, text, old_fields, &result);
  const struct json *endpoints = member(json, "EndpointList");
  const struct json *memory = member(json, "MemoryMaximumInMB");
  bool container = same_text(text_member(json, "SystemType"), "Container") && true_member(json, "HvPartition");
  if (result == S_OK && (!container || !same_text(text_member(json, "Name"), id)))
    result = refuse(call, E_INVALIDARG, copy_text("SystemType, HvPartition or Name"));
  if (result == S_OK) result = check_host_name(call, text_member(json, "HostName"));
  if (result == S_OK) result = read_old_layers(call, member(json, "Layers"), configuration);
  if (result == S_OK) result = check_scratch(call, text_member(json, "LayerFolderPath"), configuration);
  if (result == S_OK) result = check_utility_vm(call, text_member(member(json, "HvRuntime"), "ImagePath"));
  if (result == S_OK) result = read_mounts(call, member(json, "MappedDirectories"), configuration);
  if (result == S_OK && memory != NULL) result = check_memory(call, memory->number);
  if (result == S_OK && endpoints != NULL) {
    configuration->endpoint = copy_text(endpoints->first->text);
    if (!endpoint_exists(configuration->endpoint)) result = refuse(call, HRESULT_OF(ERROR_NOT_FOUND), copy_text("no endpoint"));
  }
  if (result == S_OK) {
    configuration->owner = copy_text(text_member(json, "Owner"));
    configuration->terminates_on_close = true_member(json, "TerminateOnLastHandleClosed");
  }
  free_json(json);
  return result;
}
