/* TEST DOUBLE. See systems.h: the life of compute systems. */
#include "systems.h"

#include <stdlib.h>

#include "platform.h"

static struct system *systems;
static unsigned system_numbers;

bool is_system(const struct system *system) {
  for (const struct system *at = systems; at != NULL; at = at->next)
    if (at == system) return at->handles > 0;
  return false;
}

struct system *find_system(const char *id) {
  for (struct system *at = systems; at != NULL; at = at->next)
    if (at->state != SYSTEM_STOPPED && same_text(at->id, id)) return at;
  return NULL;
}

bool system_uses(const char *path) {
  for (const struct system *at = systems; at != NULL; at = at->next) {
    if (at->state == SYSTEM_STOPPED) continue;
    if (same_text(at->configuration.scratch, path)) return true;
    for (size_t i = 0; i < at->configuration.chain.count; i++)
      if (same_text(at->configuration.chain.paths[i], path)) return true;
  }
  return false;
}

bool namespace_is_used(const char *guid) {
  for (const struct system *at = systems; at != NULL; at = at->next)
    if (at->state != SYSTEM_STOPPED && same_text(at->configuration.network_namespace, guid)) return true;
  return false;
}

void open_system(struct system *system) {
  system->handles++;
  count(COUNT_SYSTEM_HANDLES, 1);
}

HRESULT add_system(struct call *call, const char *id, struct configuration configuration, struct system **system) {
  if (find_system(id) != NULL) return refuse(call, HCS_E_SYSTEM_ALREADY_EXISTS, format_text("id: %s", id));
  struct system *added = calloc(1, sizeof *added);
  if (added == NULL) abort();
  added->id = copy_text(id);
  added->number = ++system_numbers;
  added->configuration = configuration;
  added->next = systems;
  systems = added;
  add_events(&added->events);
  count(COUNT_SYSTEMS, 1);
  *system = added;
  return S_OK;
}

HRESULT start_system(struct call *call, struct system *system) {
  if (system->state == SYSTEM_STOPPED) return refuse(call, HCS_E_SYSTEM_ALREADY_STOPPED, copy_text("stopped"));
  if (system->state == SYSTEM_RUNNING) return refuse(call, HCS_E_INVALID_STATE, copy_text("already started"));
  system->state = SYSTEM_RUNNING;
  system->started = now();
  return S_OK;
}

HRESULT terminate_system(struct call *call, struct system *system) {
  if (system->state == SYSTEM_STOPPED) return refuse(call, HCS_E_SYSTEM_ALREADY_STOPPED, copy_text("stopped"));
  system->state = SYSTEM_STOPPED;
  kill_processes(system);
  count(COUNT_SYSTEMS, -1);
  happen(&system->events, HcsEventSystemExited, S_OK, copy_text("{\"Status\":0,\"ExitType\":\"ForcedExit\"}"));
  return S_OK;
}

void close_system(struct system *system) {
  system->handles--;
  count(COUNT_SYSTEM_HANDLES, -1);
  if (system->handles > 0) return;
  if (system->state != SYSTEM_STOPPED && system->configuration.terminates_on_close) {
    struct call unlogged = {0};
    terminate_system(&unlogged, system);
  }
  drop_events(&system->events);
  // Processes whose handles are open still point to it; it stays until Double_Reset.
  if (system->state == SYSTEM_STOPPED) {
    free_configuration(system->configuration);
    system->configuration = (struct configuration){0};
  }
}

char *system_properties(const struct system *system, bool with_statistics) {
  struct buffer text = {0};
  uint64_t uptime = system->started == 0 ? 0 : now() - system->started;
  add_text(&text, "{\"Id\":");
  add_json_string(&text, system->id);
  add_text(&text, ",\"SystemType\":\"Container\",\"RuntimeOsType\":\"Windows\",\"Owner\":");
  add_json_string(&text, system->configuration.owner);
  add_format(&text, ",\"State\":\"%s\"", system->state == SYSTEM_RUNNING ? "Running" : "Created");
  if (with_statistics)
    add_format(&text,
               ",\"Statistics\":{\"Uptime100ns\":%llu,\"Processor\":{\"TotalRuntime100ns\":%llu,\"RuntimeUser100ns\":%llu},"
               "\"Memory\":{\"MemoryUsageCommitBytes\":%llu,\"MemoryUsagePrivateWorkingSetBytes\":%llu},"
               "\"Storage\":{\"ReadCountNormalized\":1,\"ReadSizeBytes\":%llu,\"WriteCountNormalized\":1,\"WriteSizeBytes\":%llu}}",
               (unsigned long long)uptime, (unsigned long long)system->busy_100ns, (unsigned long long)system->busy_100ns,
               64ull << 20, 32ull << 20, (unsigned long long)system->bytes_read, (unsigned long long)system->bytes_written);
  add_text(&text, "}");
  return take_text(&text);
}

static bool names_owner(const struct json *owners, const char *owner) {
  if (owners == NULL) return true;
  for (const struct json *at = owners->first; at != NULL; at = at->next)
    if (same_text(at->text, owner)) return true;
  return false;
}

static const struct field query_fields[] = {
  {.name = "Ids", .kind = FIELD_TEXTS},
  {.name = "Names", .kind = FIELD_TEXTS},
  {.name = "Owners", .kind = FIELD_TEXTS},
  {.name = "Types", .kind = FIELD_TEXTS},
  {0},
};

HRESULT list_systems(struct call *call, const char *query, char **document) {
  char *problem = NULL;
  struct json *json = query == NULL || query[0] == 0 ? NULL : parse_document(query, query_fields, &problem);
  struct buffer text = {0};
  add_text(&text, "[");
  for (struct system *at = systems; at != NULL && problem == NULL; at = at->next) {
    if (at->state == SYSTEM_STOPPED || !names_owner(member(json, "Owners"), at->configuration.owner)) continue;
    char *properties = system_properties(at, false);
    if (text.size > 1) add_text(&text, ",");
    add_text(&text, properties);
    free(properties);
  }
  add_text(&text, "]");
  free_json(json);
  *document = take_text(&text);
  return problem == NULL ? S_OK : refuse(call, HCS_E_INVALID_JSON, problem);
}

static const struct field property_fields[] = {{.name = "PropertyTypes", .kind = FIELD_TEXTS, .required = true}, {0}};

HRESULT check_property_query(struct call *call, const char *query) {
  char *problem = NULL;
  struct json *json = parse_document(query == NULL ? "" : query, property_fields, &problem);
  free_json(json);
  return problem == NULL ? S_OK : refuse(call, HCS_E_INVALID_JSON, problem);
}

void reset_systems(void) {
  struct call unlogged = {0};
  for (struct system *at = systems; at != NULL; at = at->next)
    if (at->state != SYSTEM_STOPPED) terminate_system(&unlogged, at);
  kill_processes(NULL);
  free(unlogged.complaint);
  while (systems != NULL) {
    struct system *next = systems->next;
    // A callback under way still has it: it is left, as waiting for the main thread from the main thread never ends.
    bool busy = systems->events.busy > 0;
    systems->events.callback = NULL;
    if (!busy) {
      drop_events(&systems->events);
      free_configuration(systems->configuration);
      free(systems->id);
      free(systems);
    }
    systems = next;
  }
  system_numbers = 0;
  reset_process_ids();
}

/* A system that a crashed program left running, as the next one finds it. */
EXPORT void Double_LeaveSystem(const char *id, const char *owner) {
  struct system *system;
  struct call unlogged = {0};
  lock();
  struct configuration configuration = {.owner = copy_text(owner)};
  if (add_system(&unlogged, id, configuration, &system) == S_OK) start_system(&unlogged, system);
  free(unlogged.complaint);
  unlock();
}
