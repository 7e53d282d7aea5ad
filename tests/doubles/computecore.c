/*
 * TEST DOUBLE of computecore.dll. Operations are done when the call that starts them returns, unless a test makes them
 * hang; what is wrong with a document is told by the operation, as the service tells it, and not by the call.
 */
#include <stdlib.h>

#include "native.h"
#include "systems.h"

struct hcs_operation {
  unsigned number;
  enum { OPERATION_IDLE, OPERATION_PENDING, OPERATION_DONE } state;
  HRESULT result;
  char *document;
  /* The pipes of a new process; closed with the operation where nobody asked for them, which is our assumption. */
  bool has_information;
  bool gave_information;
  HCS_PROCESS_INFORMATION information;
  const void *owner;
  struct hcs_operation *next;
};

static struct hcs_operation *operations;
static unsigned operation_numbers;

static bool is_operation(const void *operation) {
  for (struct hcs_operation *at = operations; at != NULL; at = at->next)
    if (at == operation) return true;
  return false;
}

static void operation_argument(struct call *call, const void *operation) {
  if (is_operation(operation)) number_argument(call, "operation", ((const struct hcs_operation *)operation)->number);
  else word_argument(call, "operation", operation == NULL ? "NULL" : "unknown");
}

static void system_argument(struct call *call, const void *system) {
  if (is_system(system)) number_argument(call, "system", ((const struct system *)system)->number);
  else word_argument(call, "system", system == NULL ? "NULL" : "unknown");
}

static void process_argument(struct call *call, const void *process) {
  if (is_process(process)) number_argument(call, "process", ((const struct process *)process)->pid);
  else word_argument(call, "process", process == NULL ? "NULL" : "unknown");
}

EXPORT HCS_OPERATION WINAPI HcsCreateOperation(const void *context, HCS_OPERATION_COMPLETION callback) {
  struct call call;
  begin(&call, "HcsCreateOperation");
  struct hcs_operation *operation = NULL;
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    if (context != NULL || callback != NULL) result = refuse(&call, E_INVALIDARG, copy_text("callbacks of operations"));
    else {
      operation = calloc(1, sizeof *operation);
      operation->number = ++operation_numbers;
      operation->next = operations;
      operations = operation;
      count(COUNT_OPERATIONS, 1);
      operation_argument(&call, operation);
    }
  }
  return end(&call, result) == S_OK ? (HCS_OPERATION)operation : NULL;
}

/* A pending operation ends. */
static void finish(struct hcs_operation *operation, HRESULT result) {
  operation->state = OPERATION_DONE;
  operation->result = result;
  count_hanging(-1);
}

static void free_operation(struct hcs_operation *operation) {
  if (operation->state == OPERATION_PENDING) finish(operation, E_UNEXPECTED);
  HANDLE readers[2] = {operation->information.StdOutput, operation->information.StdError};
  for (int i = 0; i < 2 && operation->has_information && !operation->gave_information; i++)
    if (readers[i] != NULL) native_close_reader(readers[i]);
  struct hcs_operation **at = &operations;
  while (*at != operation) at = &(*at)->next;
  *at = operation->next;
  count(COUNT_OPERATIONS, -1);
  free(operation->document);
  free(operation);
}

EXPORT void WINAPI HcsCloseOperation(HCS_OPERATION handle) {
  struct call call;
  begin(&call, "HcsCloseOperation");
  operation_argument(&call, handle);
  HRESULT result = S_OK;
  if (!is_operation(handle)) result = refuse(&call, E_HANDLE, copy_text("not open, or closed twice"));
  else free_operation((struct hcs_operation *)handle);
  end(&call, result);
}

/* Whether a call may start `handle`. */
static HRESULT check_idle(struct call *call, const void *handle) {
  if (!is_operation(handle)) return refuse(call, E_HANDLE, copy_text("operation"));
  const struct hcs_operation *operation = handle;
  return operation->state == OPERATION_IDLE ? S_OK : refuse(call, HCS_E_OPERATION_ALREADY_STARTED, copy_text("used twice"));
}

/* The call has started the operation: how that ended. Faults of the operation are met here. */
static HRESULT settle(struct call *call, HCS_OPERATION handle, const void *owner, HRESULT result, char *document) {
  struct hcs_operation *operation = (struct hcs_operation *)handle;
  operation->state = OPERATION_DONE;
  operation->owner = owner;
  operation->result = result;
  operation->document = document;
  if (result != S_OK && document == NULL && call->complaint != NULL) operation->document = error_document(result, call->complaint);
  if (call->faulty && call->mode == FAULT_HANG) {
    call->passed_on = true;
    operation->state = OPERATION_PENDING;
    count_hanging(1);
  }
  if (call->faulty && call->mode == FAULT_RESULT) {
    call->passed_on = true;
    operation->result = call->fault;
    free(operation->document);
    operation->document = error_document(call->fault, "injected by a test");
  }
  return S_OK;
}

/* What a faulty call that starts an operation does not do: with 'call', 'result' and 'hang' nothing happens. */
static bool does_nothing(struct call *call) {
  return call->faulty && call->mode != FAULT_AFTER;
}

EXPORT HRESULT WINAPI HcsCancelOperation(HCS_OPERATION handle) {
  struct call call;
  begin(&call, "HcsCancelOperation");
  operation_argument(&call, handle);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct hcs_operation *operation = (struct hcs_operation *)handle;
    if (!is_operation(handle)) result = refuse(&call, E_HANDLE, copy_text("operation"));
    else if (operation->state == OPERATION_IDLE) result = HCS_E_OPERATION_NOT_STARTED;
    else if (operation->state == OPERATION_PENDING) finish(operation, HRESULT_OF(ERROR_OPERATION_ABORTED));
  }
  return end(&call, result);
}

static HRESULT give_result(struct hcs_operation *operation, PWSTR *document) {
  if (document != NULL) *document = operation->document == NULL ? NULL : give_string(operation->document);
  return operation->result;
}

static HRESULT wait_result(struct call *call, HCS_OPERATION handle, DWORD timeout, PWSTR *document, HCS_PROCESS_INFORMATION *information) {
  struct hcs_operation *operation = (struct hcs_operation *)handle;
  operation_argument(call, handle);
  if (document != NULL) *document = NULL;
  if (!is_operation(handle)) return refuse(call, E_HANDLE, copy_text("operation"));
  if (operation->state == OPERATION_IDLE) return refuse(call, HCS_E_OPERATION_NOT_STARTED, copy_text("not started"));
  uint64_t deadline = deadline_after(timeout);
  while (is_operation(handle) && operation->state == OPERATION_PENDING)
    if (!wait_for_change(deadline)) return HCS_E_OPERATION_TIMEOUT;
  if (!is_operation(handle)) return refuse(call, E_HANDLE, copy_text("closed while it was waited for"));
  if (information != NULL && operation->result == S_OK) {
    if (!operation->has_information) return refuse(call, HCS_E_PROCESS_INFO_NOT_AVAILABLE, copy_text("no process was created"));
    *information = operation->information;
    operation->gave_information = true;
  }
  return give_result(operation, document);
}

EXPORT HRESULT WINAPI HcsWaitForOperationResult(HCS_OPERATION handle, DWORD timeout, PWSTR *document) {
  struct call call;
  begin(&call, "HcsWaitForOperationResult");
  HRESULT result = stopped(&call) ? S_OK : wait_result(&call, handle, timeout, document, NULL);
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcsWaitForOperationResultAndProcessInfo(HCS_OPERATION handle, DWORD timeout,
                                                              HCS_PROCESS_INFORMATION *information, PWSTR *document) {
  struct call call;
  begin(&call, "HcsWaitForOperationResultAndProcessInfo");
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    if (information == NULL) result = refuse(&call, E_INVALIDARG, copy_text("no place for the process"));
    else result = wait_result(&call, handle, timeout, document, information);
  }
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcsGetOperationResult(HCS_OPERATION handle, PWSTR *document) {
  struct call call;
  begin(&call, "HcsGetOperationResult");
  operation_argument(&call, handle);
  struct hcs_operation *operation = (struct hcs_operation *)handle;
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    if (!is_operation(handle)) result = refuse(&call, E_HANDLE, copy_text("operation"));
    else if (operation->state == OPERATION_IDLE) result = HCS_E_OPERATION_NOT_STARTED;
    else if (operation->state == OPERATION_PENDING) result = HCS_E_OPERATION_PENDING;
    else result = give_result(operation, document);
  }
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcsEnumerateComputeSystems(PCWSTR query, HCS_OPERATION operation) {
  struct call call;
  begin(&call, "HcsEnumerateComputeSystems");
  const char *text = text_argument(&call, "query", query);
  operation_argument(&call, operation);
  HRESULT result = S_OK;
  if (!(call.faulty && call.mode == FAULT_CALL)) {
    result = check_idle(&call, operation);
    if (result == S_OK) {
      char *document = NULL;
      HRESULT listed = does_nothing(&call) ? S_OK : list_systems(&call, text, &document);
      result = settle(&call, operation, NULL, listed, document);
    }
  }
  return end(&call, result);
}

static HRESULT create_system(struct call *call, const char *id, const char *text, HCS_OPERATION operation, HCS_SYSTEM *handle) {
  struct configuration configuration;
  struct system *system = NULL;
  HRESULT made = read_container(call, text, &configuration);
  if (made == S_OK) made = add_system(call, id, configuration, &system);
  if (made != S_OK) free_configuration(configuration);
  if (system != NULL) {
    open_system(system);
    *handle = (HCS_SYSTEM)system;
  }
  return settle(call, operation, system, made, NULL);
}

EXPORT HRESULT WINAPI HcsCreateComputeSystem(PCWSTR id, PCWSTR configuration, HCS_OPERATION operation,
                                             const SECURITY_DESCRIPTOR *security, HCS_SYSTEM *system) {
  struct call call;
  begin(&call, "HcsCreateComputeSystem");
  const char *name = text_argument(&call, "id", id);
  const char *text = text_argument(&call, "configuration", configuration);
  operation_argument(&call, operation);
  HRESULT result = S_OK;
  if (system != NULL) *system = NULL;
  if (!(call.faulty && call.mode == FAULT_CALL)) {
    result = check_idle(&call, operation);
    bool wrong = name == NULL || name[0] == 0 || text == NULL || text[0] == 0 || security != NULL || system == NULL;
    if (result == S_OK && wrong) result = refuse(&call, E_INVALIDARG, copy_text("id, configuration or place for the system"));
    if (result == S_OK && does_nothing(&call)) result = settle(&call, operation, NULL, S_OK, NULL);
    else if (result == S_OK) result = create_system(&call, name, text, operation, system);
  }
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcsOpenComputeSystem(PCWSTR id, DWORD access, HCS_SYSTEM *handle) {
  struct call call;
  begin(&call, "HcsOpenComputeSystem");
  const char *name = text_argument(&call, "id", id);
  flags_argument(&call, "access", access);
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct system *system = name == NULL ? NULL : find_system(name);
    if (name == NULL || handle == NULL || access == 0) result = refuse(&call, E_INVALIDARG, copy_text("id, access or place"));
    else if (system == NULL) result = refuse(&call, HCS_E_SYSTEM_NOT_FOUND, copy_text("no such system"));
    else if (!(call.faulty && call.mode == FAULT_AFTER)) {
      open_system(system);
      *handle = (HCS_SYSTEM)system;
    }
  }
  return end(&call, result);
}

EXPORT void WINAPI HcsCloseComputeSystem(HCS_SYSTEM handle) {
  struct call call;
  begin(&call, "HcsCloseComputeSystem");
  system_argument(&call, handle);
  HRESULT result = S_OK;
  if (!is_system((struct system *)handle)) result = refuse(&call, E_HANDLE, copy_text("not open, or closed twice"));
  else close_system((struct system *)handle);
  end(&call, result);
}

/* What the calls that do something with a system through an operation have in common. */
static HRESULT on_system(const char *api, HCS_SYSTEM handle, HCS_OPERATION operation, PCWSTR options,
                         HRESULT (*act)(struct call *, struct system *)) {
  struct call call;
  begin(&call, api);
  system_argument(&call, handle);
  operation_argument(&call, operation);
  const char *text = text_argument(&call, "options", options);
  HRESULT result = S_OK;
  if (!(call.faulty && call.mode == FAULT_CALL)) {
    struct system *system = (struct system *)handle;
    result = check_idle(&call, operation);
    if (result == S_OK && !is_system(system)) result = refuse(&call, E_HANDLE, copy_text("system"));
    if (result == S_OK && text != NULL && text[0] != 0) result = refuse(&call, HCS_E_INVALID_JSON, copy_text("options"));
    if (result == S_OK) {
      HRESULT done = does_nothing(&call) ? S_OK : act(&call, system);
      result = settle(&call, operation, system, done, NULL);
    }
  }
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcsStartComputeSystem(HCS_SYSTEM system, HCS_OPERATION operation, PCWSTR options) {
  return on_system("HcsStartComputeSystem", system, operation, options, start_system);
}

/* Also ends whatever waits for an operation on the system. */
static HRESULT terminate(struct call *call, struct system *system) {
  for (struct hcs_operation *at = operations; at != NULL; at = at->next)
    if (at->owner == system && at->state == OPERATION_PENDING) finish(at, HCS_E_TERMINATED);
  return terminate_system(call, system);
}

EXPORT HRESULT WINAPI HcsTerminateComputeSystem(HCS_SYSTEM system, HCS_OPERATION operation, PCWSTR options) {
  return on_system("HcsTerminateComputeSystem", system, operation, options, terminate);
}

EXPORT HRESULT WINAPI HcsGetComputeSystemProperties(HCS_SYSTEM handle, HCS_OPERATION operation, PCWSTR query) {
  struct call call;
  begin(&call, "HcsGetComputeSystemProperties");
  system_argument(&call, handle);
  operation_argument(&call, operation);
  const char *text = text_argument(&call, "query", query);
  HRESULT result = S_OK;
  // How often it is asked depends on the time that passes.
  call.silent = !call.faulty;
  if (!(call.faulty && call.mode == FAULT_CALL)) {
    struct system *system = (struct system *)handle;
    result = check_idle(&call, operation);
    if (result == S_OK && !is_system(system)) result = refuse(&call, E_HANDLE, copy_text("system"));
    if (result == S_OK) {
      HRESULT asked = system->state == SYSTEM_STOPPED ? HCS_E_SYSTEM_ALREADY_STOPPED : check_property_query(&call, text);
      result = settle(&call, operation, system, asked, asked == S_OK ? system_properties(system, true) : NULL);
    }
  }
  return end(&call, result);
}

static HRESULT set_callback(struct call *call, struct events *events, void *context, HCS_EVENT_CALLBACK callback) {
  if (events->callback != NULL && callback != NULL)
    return refuse(call, HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET, copy_text("one callback for each"));
  events->callback = (void *)callback;
  events->context = context;
  while (callback == NULL && events->busy > 0) wait_for_change(UINT64_MAX);
  state_changed();
  return S_OK;
}

EXPORT HRESULT WINAPI HcsSetComputeSystemCallback(HCS_SYSTEM handle, HCS_EVENT_OPTIONS options, const void *context,
                                                  HCS_EVENT_CALLBACK callback) {
  struct call call;
  begin(&call, "HcsSetComputeSystemCallback");
  system_argument(&call, handle);
  word_argument(&call, "callback", callback == NULL ? "NULL" : "given");
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct system *system = (struct system *)handle;
    if (!is_system(system)) result = refuse(&call, E_HANDLE, copy_text("system"));
    else if (options != HcsEventOptionNone) result = refuse(&call, E_INVALIDARG, copy_text("options"));
    else result = set_callback(&call, &system->events, (void *)context, callback);
  }
  return end(&call, result);
}

static HRESULT start_process(struct call *call, struct system *system, const char *parameters, HCS_OPERATION handle, HCS_PROCESS *process) {
  struct hcs_operation *operation = (struct hcs_operation *)handle;
  struct process *made = NULL;
  HRESULT result = create_process(call, system, parameters, &made, &operation->information);
  operation->has_information = result == S_OK;
  *process = (HCS_PROCESS)made;
  return settle(call, handle, system, result, NULL);
}

EXPORT HRESULT WINAPI HcsCreateProcess(HCS_SYSTEM handle, PCWSTR parameters, HCS_OPERATION operation,
                                       const SECURITY_DESCRIPTOR *security, HCS_PROCESS *process) {
  struct call call;
  begin(&call, "HcsCreateProcess");
  system_argument(&call, handle);
  const char *text = text_argument(&call, "parameters", parameters);
  operation_argument(&call, operation);
  HRESULT result = S_OK;
  if (process != NULL) *process = NULL;
  if (!(call.faulty && call.mode == FAULT_CALL)) {
    struct system *system = (struct system *)handle;
    result = check_idle(&call, operation);
    if (result == S_OK && !is_system(system)) result = refuse(&call, E_HANDLE, copy_text("system"));
    bool wrong = text == NULL || text[0] == 0 || security != NULL || process == NULL;
    if (result == S_OK && wrong) result = refuse(&call, E_INVALIDARG, copy_text("parameters or place for the process"));
    if (result == S_OK && does_nothing(&call)) result = settle(&call, operation, system, S_OK, NULL);
    else if (result == S_OK) result = start_process(&call, system, text, operation, process);
  }
  return end(&call, result);
}

EXPORT void WINAPI HcsCloseProcess(HCS_PROCESS handle) {
  struct call call;
  begin(&call, "HcsCloseProcess");
  process_argument(&call, handle);
  HRESULT result = S_OK;
  if (!is_process((struct process *)handle)) result = refuse(&call, E_HANDLE, copy_text("not open, or closed twice"));
  else close_process((struct process *)handle);
  end(&call, result);
}

EXPORT HRESULT WINAPI HcsTerminateProcess(HCS_PROCESS handle, HCS_OPERATION operation, PCWSTR options) {
  struct call call;
  begin(&call, "HcsTerminateProcess");
  process_argument(&call, handle);
  operation_argument(&call, operation);
  const char *text = text_argument(&call, "options", options);
  HRESULT result = S_OK;
  if (!(call.faulty && call.mode == FAULT_CALL)) {
    struct process *process = (struct process *)handle;
    result = check_idle(&call, operation);
    if (result == S_OK && !is_process(process)) result = refuse(&call, E_HANDLE, copy_text("process"));
    if (result == S_OK && text != NULL && text[0] != 0) result = refuse(&call, HCS_E_INVALID_JSON, copy_text("options"));
    if (result == S_OK) {
      HRESULT done = does_nothing(&call) ? S_OK : terminate_process(&call, process);
      result = settle(&call, operation, process->system, done, NULL);
    }
  }
  return end(&call, result);
}

EXPORT HRESULT WINAPI HcsSetProcessCallback(HCS_PROCESS handle, HCS_EVENT_OPTIONS options, void *context,
                                            HCS_EVENT_CALLBACK callback) {
  struct call call;
  begin(&call, "HcsSetProcessCallback");
  process_argument(&call, handle);
  word_argument(&call, "callback", callback == NULL ? "NULL" : "given");
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct process *process = (struct process *)handle;
    if (!is_process(process)) result = refuse(&call, E_HANDLE, copy_text("process"));
    else if (options != HcsEventOptionNone) result = refuse(&call, E_INVALIDARG, copy_text("options"));
    else result = set_callback(&call, &process->events, context, callback);
  }
  return end(&call, result);
}

void reset_operations(void) {
  while (operations != NULL) free_operation(operations);
  operation_numbers = 0;
}
