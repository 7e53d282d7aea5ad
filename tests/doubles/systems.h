/*
 * TEST DOUBLE. Compute systems and their processes, whichever DLL asks for them. All of this is called with the lock held.
 */
#pragma once

#include <stdbool.h>

#include "core.h"
#include "kernel.h"
#include "layers.h"
#ifdef _WIN32
#include <windows.h>
#endif
#include "computecore.h"

#define VMCOMPUTE_PENDING ((HRESULT)0xC0370103)

/* Events that happened to a system or a process, and who wants to hear of them. One thread calls all callbacks. */
struct event {
  uint32_t type;
  HRESULT status;
  char *data;
  struct event *next;
};

struct events {
  /* HCS_EVENT_CALLBACK, or HCS_NOTIFICATION_CALLBACK of vmcompute.dll. */
  void *callback;
  void *context;
  bool notifies;
  /* Calls of the callback that are under way. */
  int busy;
  struct event *first;
  struct events *next;
};

void add_events(struct events *events);
void happen(struct events *events, uint32_t type, HRESULT status, char *data);
/* Waits for callbacks under way, without the lock; none come afterwards. False where there is no such registration. */
bool forget_callback(struct events *events);
/* The same for good, with the events that nobody heard of. */
void drop_events(struct events *events);

enum system_state { SYSTEM_CREATED, SYSTEM_RUNNING, SYSTEM_STOPPED };

struct mount {
  char *host;
  char *container;
  bool read_only;
};

/* What the configuration of a compute system says, checked. */
struct configuration {
  char *owner;
  char *scratch;
  struct chain chain;
  struct mount *mounts;
  size_t mount_count;
  /* GUIDs; NULL where there is no network. */
  char *network_namespace;
  char *endpoint;
  bool hyperv;
  bool terminates_on_close;
};

struct system {
  char *id;
  unsigned number;
  enum system_state state;
  struct configuration configuration;
  struct events events;
  int handles;
  uint64_t started;
  uint64_t busy_100ns;
  uint64_t bytes_read;
  uint64_t bytes_written;
  struct system *next;
};

struct process {
  uint32_t pid;
  struct system *system;
  struct events events;
  /* The caller's handle is open; the thread runs. */
  bool open;
  bool running;
  bool killed;
  uint32_t exit_code;
  char *command_line;
  char *working_dir;
  char *environment;
  /* Our ends of the pipes; NULL where none was asked for. */
  HANDLE out;
  HANDLE err;
  struct process *next;
};

/* These give S_OK or why not, with a ResultError document in `*document` that is to be freed. */
HRESULT read_container(struct call *call, const char *text, struct configuration *configuration);
HRESULT read_hyperv_container(struct call *call, const char *id, const char *text, struct configuration *configuration);
void free_configuration(struct configuration configuration);
char *error_document(HRESULT result, const char *message);

struct system *find_system(const char *id);
bool is_system(const struct system *system);
HRESULT add_system(struct call *call, const char *id, struct configuration configuration, struct system **system);
HRESULT start_system(struct call *call, struct system *system);
HRESULT terminate_system(struct call *call, struct system *system);
void open_system(struct system *system);
void close_system(struct system *system);
char *system_properties(const struct system *system, bool with_statistics);
/* The document of HcsEnumerateComputeSystems, or why the query is refused. */
HRESULT list_systems(struct call *call, const char *query, char **document);
HRESULT check_property_query(struct call *call, const char *query);

bool is_process(const struct process *process);
HRESULT create_process(struct call *call, struct system *system, const char *parameters, struct process **process,
                       HCS_PROCESS_INFORMATION *information);
HRESULT terminate_process(struct call *call, struct process *process);
void close_process(struct process *process);
/* Of all systems for NULL. Waits until they have ended, without the lock. */
void kill_processes(struct system *system);
void reset_process_ids(void);
char *process_status(const struct process *process);

/* What the process does, on its thread, without the lock; gives its exit code. */
uint32_t run_process(struct process *process);

/* A compute system that has not ended is in the namespace. */
bool namespace_is_used(const char *guid);

/* True where the namespace or endpoint is there (computenetwork.c). */
bool namespace_exists(const char *guid);
bool endpoint_exists(const char *guid);
