/*
 * TEST DOUBLE of computenetwork.dll: networks that are there, namespaces and endpoints that are made (learn.microsoft.com,
 * HCN; hcsshim hcn). No packet ever goes through them. One NAT network is there unless a test says otherwise.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "systems.h"
#ifdef _WIN32
#include <windows.h>
#endif
#include "computenetwork.h"

#define HCN_E_NETWORK_NOT_FOUND ((HRESULT)0x803B0001)
#define HCN_E_ENDPOINT_NOT_FOUND ((HRESULT)0x803B0002)
#define HCN_E_INVALID_JSON ((HRESULT)0x803B001B)
#define HCN_E_ENDPOINT_ALREADY_ATTACHED ((HRESULT)0x803B0014)

enum thing_kind { THING_NETWORK, THING_NAMESPACE, THING_ENDPOINT };

struct thing {
  enum thing_kind kind;
  char *guid;
  /* What a query gives. */
  char *properties;
  /* Of an endpoint: the namespace that it is in. */
  char *inside;
  struct thing *next;
};

struct opened {
  enum thing_kind kind;
  char *guid;
  struct opened *next;
};

static struct thing *things;
static struct opened *opened;
static bool has_usual_networks;
static unsigned addresses;

static const char usual_networks[] =
  "[{\"ID\":\"b95d0c5e-57d4-412b-b571-18a81a16e005\",\"Name\":\"nat\",\"Type\":\"NAT\",\"Ipams\":[{\"Type\":\"Static\","
  "\"Subnets\":[{\"IpAddressPrefix\":\"172.20.0.0/20\",\"Routes\":[{\"NextHop\":\"172.20.0.1\","
  "\"DestinationPrefix\":\"0.0.0.0/0\"}]}]}],\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}]";

static struct thing *find_thing(enum thing_kind kind, const char *guid) {
  for (struct thing *at = things; at != NULL && guid != NULL; at = at->next)
    if (at->kind == kind && same_name(at->guid, guid)) return at;
  return NULL;
}

static struct thing *add_thing(enum thing_kind kind, const char *guid, char *properties) {
  struct thing *added = calloc(1, sizeof *added);
  if (added == NULL) abort();
  *added = (struct thing){kind, copy_text(guid), properties, NULL, things};
  things = added;
  if (kind == THING_NAMESPACE) count(COUNT_NAMESPACES, 1);
  if (kind == THING_ENDPOINT) count(COUNT_ENDPOINTS, 1);
  return added;
}

static void drop_thing(struct thing *thing) {
  struct thing **at = &things;
  while (*at != thing) at = &(*at)->next;
  *at = thing->next;
  if (thing->kind == THING_NAMESPACE) count(COUNT_NAMESPACES, -1);
  if (thing->kind == THING_ENDPOINT) count(COUNT_ENDPOINTS, -1);
  free(thing->guid);
  free(thing->properties);
  free(thing->inside);
  free(thing);
}

static void drop_networks(void) {
  for (struct thing *at = things, *next; at != NULL; at = next) {
    next = at->next;
    if (at->kind == THING_NETWORK) drop_thing(at);
  }
}

/* JSON again of what was read; the order of members is kept. */
static void add_json(struct buffer *out, const struct json *json) {
  bool object = json->kind == JSON_OBJECT;
  if (json->kind == JSON_STRING) add_json_string(out, json->text);
  else if (json->kind == JSON_NUMBER) add_format(out, "%lld", (long long)json->number);
  else if (json->kind == JSON_BOOLEAN) add_text(out, json->truth ? "true" : "false");
  else {
    add_text(out, object ? "{" : "[");
    for (const struct json *at = json->first; at != NULL; at = at->next) {
      if (at != json->first) add_text(out, ",");
      if (object) add_json_string(out, at->key);
      if (object) add_text(out, ":");
      add_json(out, at);
    }
    add_text(out, object ? "}" : "]");
  }
}

static bool set_networks(const char *document) {
  struct json *json = parse_json(document, NULL);
  bool right = json != NULL && json->kind == JSON_ARRAY;
  if (right) drop_networks();
  for (const struct json *at = right ? json->first : NULL; at != NULL; at = at->next) {
    struct buffer text = {0};
    add_json(&text, at);
    add_thing(THING_NETWORK, text_member(at, "ID"), take_text(&text));
  }
  has_usual_networks |= right;
  free_json(json);
  return right;
}

static void need_networks(void) {
  if (!has_usual_networks) set_networks(usual_networks);
}

/* The networks of the host, as HcnQueryNetworkProperties gives them. False where it is no array. */
EXPORT int32_t Double_Networks(const char *document) {
  lock();
  bool right = set_networks(document);
  unlock();
  return right;
}

/* A namespace and an endpoint of that name, as a crashed program leaves them. */
EXPORT void Double_LeaveEndpoint(const char *guid, const char *name) {
  lock();
  struct buffer text = {0};
  add_format(&text, "{\"ID\":\"%s\",\"Name\":", guid);
  add_json_string(&text, name);
  add_text(&text, "}");
  add_thing(THING_ENDPOINT, guid, take_text(&text));
  unlock();
}

bool namespace_exists(const char *guid) {
  return find_thing(THING_NAMESPACE, guid) != NULL;
}

bool endpoint_exists(const char *guid) {
  return find_thing(THING_ENDPOINT, guid) != NULL;
}

void reset_networks(void) {
  while (things != NULL) drop_thing(things);
  while (opened != NULL) {
    struct opened *next = opened->next;
    free(opened->guid);
    free(opened);
    opened = next;
  }
  has_usual_networks = false;
  addresses = 0;
}

static void *open_thing(struct thing *thing) {
  struct opened *handle = calloc(1, sizeof *handle);
  if (handle == NULL) abort();
  *handle = (struct opened){thing->kind, copy_text(thing->guid), opened};
  opened = handle;
  count(COUNT_NETWORK_HANDLES, 1);
  return handle;
}

static struct opened *find_opened(enum thing_kind kind, const void *handle) {
  for (struct opened *at = opened; at != NULL; at = at->next)
    if (at == handle && at->kind == kind) return at;
  return NULL;
}

/* The error record of a failed call, which the caller frees. */
static HRESULT tell(struct call *call, PWSTR *record, HRESULT result) {
  if (record == NULL) return result;
  *record = NULL;
  if (result != S_OK && call->complaint != NULL) {
    struct buffer text = {0};
    add_text(&text, "{\"Success\":false,\"Error\":");
    add_json_string(&text, call->complaint);
    add_format(&text, ",\"ErrorCode\":%u}", (uint32_t)result);
    char *document = take_text(&text);
    *record = give_string(document);
    free(document);
  }
  return result;
}

static const struct field query_fields[] = {
  {.name = "SchemaVersion", .kind = FIELD_OBJECT, .required = true, .fields = schema_version_fields},
  {.name = "Flags", .kind = FIELD_NUMBER, .required = true},
  {.name = "Filter", .kind = FIELD_TEXT},
  {0},
};
static const struct field namespace_fields[] = {
  {.name = "Type", .kind = FIELD_TEXT, .required = true},
  {.name = "SchemaVersion", .kind = FIELD_OBJECT, .required = true, .fields = schema_version_fields},
  {0},
};
static const struct field endpoint_fields[] = {
  {.name = "Name", .kind = FIELD_TEXT, .required = true},
  {.name = "HostComputeNetwork", .kind = FIELD_TEXT, .required = true},
  {.name = "SchemaVersion", .kind = FIELD_OBJECT, .required = true, .fields = schema_version_fields},
  {0},
};
static const struct field settings_fields[] = {{.name = "EndpointId", .kind = FIELD_TEXT, .required = true}, {0}};
static const struct field modify_fields[] = {
  {.name = "ResourceType", .kind = FIELD_TEXT, .required = true},
  {.name = "RequestType", .kind = FIELD_TEXT, .required = true},
  {.name = "Settings", .kind = FIELD_OBJECT, .required = true, .fields = settings_fields},
  {0},
};

static HRESULT read_document(struct call *call, const char *text, const struct field *fields, struct json **json) {
  *json = NULL;
  if (text == NULL || text[0] == 0) return refuse(call, E_INVALIDARG, copy_text("no document"));
  char *problem = NULL;
  *json = parse_document(text, fields, &problem);
  return problem == NULL ? S_OK : refuse(call, HCN_E_INVALID_JSON, problem);
}

static HRESULT check_query(struct call *call, const char *text) {
  struct json *json;
  HRESULT result = read_document(call, text, query_fields, &json);
  free_json(json);
  return result;
}

static HRESULT enumerate(const char *api, enum thing_kind kind, PCWSTR query, PWSTR *list, PWSTR *record) {
  struct call call;
  begin(&call, api);
  const char *text = text_argument(&call, "query", query);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    need_networks();
    result = list == NULL ? refuse(&call, E_INVALIDARG, copy_text("no place")) : check_query(&call, text);
    struct buffer guids = {0};
    add_text(&guids, "[");
    for (struct thing *at = things; at != NULL; at = at->next)
      if (at->kind == kind) add_format(&guids, "%s\"%s\"", guids.size > 1 ? "," : "", at->guid);
    add_text(&guids, "]");
    char *document = take_text(&guids);
    bool fails = call.faulty && call.mode == FAULT_AFTER;
    if (result == S_OK && !fails) *list = give_string(document);
    free(document);
    result = tell(&call, record, result);
  }
  return end(&call, result);
}

static HRESULT not_found(struct call *call, enum thing_kind kind) {
  HRESULT result = kind == THING_NETWORK ? HCN_E_NETWORK_NOT_FOUND : kind == THING_ENDPOINT ? HCN_E_ENDPOINT_NOT_FOUND : HRESULT_OF(ERROR_NOT_FOUND);
  return refuse(call, result, copy_text("there is none of that id"));
}

static char *guid_argument(struct call *call, const GUID *id) {
  char *guid = id == NULL ? NULL : guid_text(*id);
  word_argument(call, "id", guid == NULL ? "NULL" : guid);
  return guid;
}

static HRESULT open_one(const char *api, enum thing_kind kind, const GUID *id, void **handle, PWSTR *record) {
  struct call call;
  begin(&call, api);
  char *guid = guid_argument(&call, id);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    need_networks();
    struct thing *thing = find_thing(kind, guid);
    bool fails = call.faulty && call.mode == FAULT_AFTER;
    if (guid == NULL || handle == NULL) result = refuse(&call, E_INVALIDARG, copy_text("no id or place"));
    else if (thing == NULL) result = not_found(&call, kind);
    else if (!fails) *handle = open_thing(thing);
    result = tell(&call, record, result);
  }
  free(guid);
  return end(&call, result);
}

static HRESULT query_one(const char *api, enum thing_kind kind, void *handle, PCWSTR query, PWSTR *properties, PWSTR *record) {
  struct call call;
  begin(&call, api);
  const char *text = text_argument(&call, "query", query);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct opened *found = find_opened(kind, handle);
    struct thing *thing = found == NULL ? NULL : find_thing(kind, found->guid);
    if (properties == NULL) result = refuse(&call, E_INVALIDARG, copy_text("no place"));
    else if (found == NULL) result = refuse(&call, E_HANDLE, copy_text("handle"));
    else if (thing == NULL) result = not_found(&call, kind);
    else result = check_query(&call, text);
    bool fails = call.faulty && call.mode == FAULT_AFTER;
    if (result == S_OK && !fails) *properties = give_string(thing->properties);
    result = tell(&call, record, result);
  }
  return end(&call, result);
}

static HRESULT close_one(const char *api, enum thing_kind kind, void *handle) {
  struct call call;
  begin(&call, api);
  struct opened *found = find_opened(kind, handle);
  HRESULT result = found == NULL ? refuse(&call, E_HANDLE, copy_text("not open, or closed twice")) : S_OK;
  if (found != NULL) {
    struct opened **at = &opened;
    while (*at != found) at = &(*at)->next;
    *at = found->next;
    count(COUNT_NETWORK_HANDLES, -1);
    free(found->guid);
    free(found);
  }
  return end(&call, result);
}

/* A compute system that runs needs it. */
static bool is_needed(const struct thing *thing) {
  return thing->kind == THING_NAMESPACE && namespace_is_used(thing->guid);
}

static HRESULT delete_one(const char *api, enum thing_kind kind, const GUID *id, PWSTR *record) {
  struct call call;
  begin(&call, api);
  char *guid = guid_argument(&call, id);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct thing *thing = find_thing(kind, guid);
    if (thing == NULL) result = not_found(&call, kind);
    else if (is_needed(thing)) result = refuse(&call, HRESULT_OF(ERROR_SHARING_VIOLATION), copy_text("a compute system uses it"));
    else drop_thing(thing);
    result = tell(&call, record, result);
  }
  free(guid);
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcnEnumerateNetworks(PCWSTR query, PWSTR *list, PWSTR *record) {
  return enumerate("HcnEnumerateNetworks", THING_NETWORK, query, list, record);
}

EXPORT HRESULT WINAPI HcnOpenNetwork(REFGUID id, PHCN_NETWORK network, PWSTR *record) {
  return open_one("HcnOpenNetwork", THING_NETWORK, id, network, record);
}

EXPORT HRESULT WINAPI HcnQueryNetworkProperties(HCN_NETWORK network, PCWSTR query, PWSTR *properties, PWSTR *record) {
  return query_one("HcnQueryNetworkProperties", THING_NETWORK, network, query, properties, record);
}

EXPORT HRESULT WINAPI HcnCloseNetwork(HCN_NETWORK network) {
  return close_one("HcnCloseNetwork", THING_NETWORK, network);
}

EXPORT HRESULT WINAPI HcnEnumerateNamespaces(PCWSTR query, PWSTR *list, PWSTR *record) {
  return enumerate("HcnEnumerateNamespaces", THING_NAMESPACE, query, list, record);
}

EXPORT HRESULT WINAPI HcnOpenNamespace(REFGUID id, PHCN_NAMESPACE namespace, PWSTR *record) {
  return open_one("HcnOpenNamespace", THING_NAMESPACE, id, namespace, record);
}

EXPORT HRESULT WINAPI HcnQueryNamespaceProperties(HCN_NAMESPACE namespace, PCWSTR query, PWSTR *properties, PWSTR *record) {
  return query_one("HcnQueryNamespaceProperties", THING_NAMESPACE, namespace, query, properties, record);
}

EXPORT HRESULT WINAPI HcnCloseNamespace(HCN_NAMESPACE namespace) {
  return close_one("HcnCloseNamespace", THING_NAMESPACE, namespace);
}

EXPORT HRESULT WINAPI HcnDeleteNamespace(REFGUID id, PWSTR *record) {
  return delete_one("HcnDeleteNamespace", THING_NAMESPACE, id, record);
}

EXPORT HRESULT WINAPI HcnCreateNamespace(REFGUID id, PCWSTR settings, PHCN_NAMESPACE namespace, PWSTR *record) {
  struct call call;
  begin(&call, "HcnCreateNamespace");
  char *guid = guid_argument(&call, id);
  const char *text = text_argument(&call, "settings", settings);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct json *json;
    result = read_document(&call, text, namespace_fields, &json);
    if (guid == NULL || namespace == NULL) result = refuse(&call, E_INVALIDARG, copy_text("no id or place"));
    else if (result == S_OK && !same_text(text_member(json, "Type"), "Host")) result = refuse(&call, E_INVALIDARG, copy_text("Type"));
    else if (result == S_OK && find_thing(THING_NAMESPACE, guid) != NULL) result = refuse(&call, HRESULT_OF(ERROR_ALREADY_EXISTS), copy_text("id"));
    if (result == S_OK) {
      char *properties = format_text("{\"ID\":\"%s\",\"Type\":\"Host\",\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}", guid);
      struct thing *made = add_thing(THING_NAMESPACE, guid, properties);
      if (!(call.faulty && call.mode == FAULT_AFTER)) *namespace = open_thing(made);
    }
    free_json(json);
    result = tell(&call, record, result);
  }
  free(guid);
  return end(&call, result);
}

static HRESULT put_inside(struct call *call, const char *namespace, const struct json *json) {
  bool adds = same_text(text_member(json, "ResourceType"), "Endpoint") && same_text(text_member(json, "RequestType"), "Add");
  struct thing *endpoint = find_thing(THING_ENDPOINT, text_member(member(json, "Settings"), "EndpointId"));
  if (!adds) return refuse(call, E_INVALIDARG, copy_text("request"));
  if (endpoint == NULL) return not_found(call, THING_ENDPOINT);
  if (endpoint->inside != NULL) return refuse(call, HCN_E_ENDPOINT_ALREADY_ATTACHED, copy_text("is in a namespace"));
  endpoint->inside = copy_text(namespace);
  return S_OK;
}

EXPORT HRESULT WINAPI HcnModifyNamespace(HCN_NAMESPACE namespace, PCWSTR settings, PWSTR *record) {
  struct call call;
  begin(&call, "HcnModifyNamespace");
  const char *text = text_argument(&call, "settings", settings);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct json *json;
    struct opened *found = find_opened(THING_NAMESPACE, namespace);
    result = read_document(&call, text, modify_fields, &json);
    if (found == NULL) result = refuse(&call, E_HANDLE, copy_text("handle"));
    else if (result == S_OK) result = put_inside(&call, found->guid, json);
    free_json(json);
    result = tell(&call, record, result);
  }
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcnEnumerateEndpoints(PCWSTR query, PWSTR *list, PWSTR *record) {
  return enumerate("HcnEnumerateEndpoints", THING_ENDPOINT, query, list, record);
}

EXPORT HRESULT WINAPI HcnOpenEndpoint(REFGUID id, PHCN_ENDPOINT endpoint, PWSTR *record) {
  return open_one("HcnOpenEndpoint", THING_ENDPOINT, id, endpoint, record);
}

EXPORT HRESULT WINAPI HcnQueryEndpointProperties(HCN_ENDPOINT endpoint, PCWSTR query, PWSTR *properties, PWSTR *record) {
  return query_one("HcnQueryEndpointProperties", THING_ENDPOINT, endpoint, query, properties, record);
}

EXPORT HRESULT WINAPI HcnCloseEndpoint(HCN_ENDPOINT endpoint) {
  return close_one("HcnCloseEndpoint", THING_ENDPOINT, endpoint);
}

EXPORT HRESULT WINAPI HcnDeleteEndpoint(REFGUID id, PWSTR *record) {
  return delete_one("HcnDeleteEndpoint", THING_ENDPOINT, id, record);
}

static char *endpoint_properties(const char *guid, const struct json *settings) {
  struct buffer text = {0};
  add_format(&text, "{\"ID\":\"%s\",\"Name\":", guid);
  add_json_string(&text, text_member(settings, "Name"));
  add_format(&text,
             ",\"HostComputeNetwork\":\"%s\",\"IpConfigurations\":[{\"IpAddress\":\"172.20.0.%u\",\"PrefixLength\":20}],"
             "\"Dns\":{\"ServerList\":[\"172.20.0.1\"]},\"Routes\":[{\"NextHop\":\"172.20.0.1\",\"DestinationPrefix\":\"0.0.0.0/0\"}],"
             "\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}",
             text_member(settings, "HostComputeNetwork"), 2 + addresses++ % 250);
  return take_text(&text);
}

EXPORT HRESULT WINAPI HcnCreateEndpoint(HCN_NETWORK network, REFGUID id, PCWSTR settings, PHCN_ENDPOINT endpoint, PWSTR *record) {
  struct call call;
  begin(&call, "HcnCreateEndpoint");
  char *guid = guid_argument(&call, id);
  const char *text = text_argument(&call, "settings", settings);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct json *json;
    struct opened *found = find_opened(THING_NETWORK, network);
    result = read_document(&call, text, endpoint_fields, &json);
    const char *named = text_member(json, "HostComputeNetwork");
    if (guid == NULL || endpoint == NULL) result = refuse(&call, E_INVALIDARG, copy_text("no id or place"));
    else if (found == NULL) result = refuse(&call, E_HANDLE, copy_text("network"));
    else if (result == S_OK && !same_name(found->guid, named)) result = refuse(&call, E_INVALIDARG, copy_text("HostComputeNetwork is another"));
    else if (result == S_OK && find_thing(THING_ENDPOINT, guid) != NULL) result = refuse(&call, HRESULT_OF(ERROR_ALREADY_EXISTS), copy_text("id"));
    if (result == S_OK) {
      struct thing *made = add_thing(THING_ENDPOINT, guid, endpoint_properties(guid, json));
      if (!(call.faulty && call.mode == FAULT_AFTER)) *endpoint = open_thing(made);
    }
    free_json(json);
    result = tell(&call, record, result);
  }
  free(guid);
  return end(&call, result);
}
