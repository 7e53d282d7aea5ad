/* TEST DOUBLE. See systems.h: the life of processes. What they do is in script.c and shell.c, on a thread of each. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"
#include "native.h"
#include "platform.h"
#include "systems.h"

/* What the doubles give as the exit code of a process that was ended; Windows' is not documented. */
#define KILLED 0xC000013Au

static struct process *processes;
static uint32_t last_pid = 1000;

bool is_process(const struct process *process) {
  for (const struct process *at = processes; at != NULL; at = at->next)
    if (at == process) return at->open;
  return false;
}

static void free_process(struct process *process) {
  struct process **at = &processes;
  while (*at != process) at = &(*at)->next;
  *at = process->next;
  free(process->command_line);
  free(process->working_dir);
  free(process->environment);
  free(process);
}

char *process_status(const struct process *process) {
  return format_text("{\"ProcessId\":%u,\"Exited\":%s,\"ExitCode\":%u,\"LastWaitResult\":0}", process->pid,
                     process->running ? "false" : "true", process->running ? 259 : process->exit_code);
}

static void *run(void *argument) {
  struct process *process = argument;
  uint32_t exit_code = run_process(process);
  lock();
  process->exit_code = process->killed ? KILLED : exit_code;
  process->running = false;
  HANDLE ends[2] = {process->out, process->err};
  unlock();
  for (int i = 0; i < 2; i++)
    if (ends[i] != NULL) native_close_pipe(ends[i]);
  lock();
  count(COUNT_PROCESSES, -1);
  process->out = process->err = NULL;
  if (process->open) happen(&process->events, HcsEventProcessExited, S_OK, process_status(process));
  else free_process(process);
  state_changed();
  unlock();
  return NULL;
}

static const struct field parameter_fields[] = {
  {.name = "CommandLine", .kind = FIELD_TEXT, .required = true},
  {.name = "WorkingDirectory", .kind = FIELD_TEXT},
  {.name = "Environment", .kind = FIELD_MAP, .may_be_empty = true},
  {.name = "User", .kind = FIELD_TEXT},
  {.name = "EmulateConsole", .kind = FIELD_BOOLEAN},
  {.name = "CreateStdInPipe", .kind = FIELD_BOOLEAN},
  {.name = "CreateStdOutPipe", .kind = FIELD_BOOLEAN},
  {.name = "CreateStdErrPipe", .kind = FIELD_BOOLEAN},
  {.name = "ConsoleSize", .kind = FIELD_NUMBERS},
  {0},
};

static bool is_known_user(const char *user) {
  static const char *const users[] = {"ContainerAdministrator", "ContainerUser", "NT AUTHORITY\\SYSTEM", "Administrator"};
  for (size_t i = 0; user != NULL && i < sizeof users / sizeof users[0]; i++)
    if (same_name(user, users[i])) return true;
  return user == NULL;
}

static HRESULT check_parameters(struct call *call, struct system *system, const struct json *json) {
  const char *folder = text_member(json, "WorkingDirectory");
  const char *command = text_member(json, "CommandLine");
  if (!is_known_user(text_member(json, "User")))
    return refuse(call, HRESULT_OF(1332 /* ERROR_NONE_MAPPED */), copy_text("no such user"));
  if (folder != NULL && container_kind(system, folder) != FILE_DIRECTORY)
    return refuse(call, HRESULT_OF(267 /* ERROR_DIRECTORY */), format_text("no such folder: %s", folder));
  if (strlen(command) > 32767) return refuse(call, HRESULT_OF(206 /* ERROR_FILENAME_EXCED_RANGE */), copy_text("command line"));
  return knows_command(command) ? S_OK : refuse(call, HRESULT_OF(ERROR_FILE_NOT_FOUND), format_text("no program: %s", command));
}

static char *lines_of(const struct json *environment) {
  struct buffer text = {0};
  for (const struct json *at = environment == NULL ? NULL : environment->first; at != NULL; at = at->next)
    add_format(&text, "%s=%s\n", at->key, at->text);
  return take_text(&text);
}

static struct process *new_process(struct system *system, const struct json *json, HCS_PROCESS_INFORMATION *information) {
  struct process *process = calloc(1, sizeof *process);
  if (process == NULL) abort();
  process->pid = last_pid += 4;
  process->system = system;
  process->open = process->running = true;
  const char *folder = text_member(json, "WorkingDirectory");
  process->working_dir = copy_text(folder == NULL ? "C:\\" : folder);
  process->command_line = copy_text(text_member(json, "CommandLine"));
  process->environment = lines_of(member(json, "Environment"));
  *information = (HCS_PROCESS_INFORMATION){.ProcessId = process->pid};
  if (true_member(json, "CreateStdOutPipe")) native_pipe(&information->StdOutput, &process->out);
  if (true_member(json, "CreateStdErrPipe")) native_pipe(&information->StdError, &process->err);
  process->next = processes;
  processes = process;
  add_events(&process->events);
  return process;
}

HRESULT create_process(struct call *call, struct system *system, const char *parameters, struct process **process,
                       HCS_PROCESS_INFORMATION *information) {
  if (system->state == SYSTEM_STOPPED) return refuse(call, HCS_E_SYSTEM_ALREADY_STOPPED, copy_text("stopped"));
  if (system->state != SYSTEM_RUNNING) return refuse(call, HCS_E_INVALID_STATE, copy_text("not started"));
  char *problem = NULL;
  struct json *json = parse_document(parameters, parameter_fields, &problem);
  HRESULT result = problem == NULL ? S_OK : refuse(call, HCS_E_INVALID_JSON, problem);
  if (result == S_OK) result = check_parameters(call, system, json);
  if (result == S_OK) {
    *process = new_process(system, json, information);
    count(COUNT_PROCESS_HANDLES, 1);
    count(COUNT_PROCESSES, 1);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, *process) != 0) abort();
    pthread_detach(thread);
  }
  free_json(json);
  return result;
}

HRESULT terminate_process(struct call *call, struct process *process) {
  if (!process->running) return refuse(call, HCS_E_PROCESS_ALREADY_STOPPED, copy_text("has ended"));
  process->killed = true;
  state_changed();
  return S_OK;
}

void close_process(struct process *process) {
  process->open = false;
  count(COUNT_PROCESS_HANDLES, -1);
  drop_events(&process->events);
  if (!process->running && process->out == NULL && process->err == NULL) free_process(process);
}

void reset_process_ids(void) {
  last_pid = 1000;
}

void kill_processes(struct system *system) {
  for (bool waiting = true; waiting;) {
    waiting = false;
    for (struct process *at = processes; at != NULL; at = at->next) {
      bool ends = at->running && (system == NULL || at->system == system);
      at->killed |= ends;
      waiting |= ends;
    }
    state_changed();
    if (waiting) wait_for_change(deadline_after(10));
  }
}

bool is_killed(struct process *process) {
  lock();
  bool killed = process->killed;
  unlock();
  return killed;
}

bool pause_process(struct process *process, uint32_t milliseconds) {
  uint64_t deadline = deadline_after(milliseconds);
  lock();
  while (!process->killed && wait_for_change(deadline)) continue;
  bool goes_on = !process->killed;
  unlock();
  return goes_on;
}

bool write_output(struct process *process, bool to_stderr, const void *bytes, size_t size) {
  HANDLE pipe = to_stderr ? process->err : process->out;
  const char *at = bytes;
  while (size > 0 && pipe != NULL) {
    int written = native_write_pipe(pipe, at, size);
    if (written < 0) return false;
    at += written;
    size -= (size_t)written;
    if (written == 0 && !pause_process(process, 2)) return false;
  }
  return !is_killed(process);
}
