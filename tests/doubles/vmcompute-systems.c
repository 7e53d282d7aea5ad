/*
 * TEST DOUBLE of the compute systems in vmcompute.dll (hcsshim internal/vmcompute): the older calls, which take documents
 * of schema 1 and answer that they are pending, until a notification tells how they ended. computecore.dll exports the
 * same names, so these have a prefix here, and vmcompute/forward.c gives them their own.
 */
#include <stdlib.h>

#include "systems.h"

#define VMCOMPUTE(name) EXPORT HRESULT WINAPI Vmcompute_##name

/* What a call that is answered later does with a fault of its result. */
static void notify(struct call *call, struct system *system, uint32_t type, HRESULT result) {
  if (call->faulty && call->mode == FAULT_HANG) {
    call->passed_on = true;
    return;
  }
  if (call->faulty && call->mode == FAULT_RESULT) {
    call->passed_on = true;
    result = call->fault;
  }
  happen(&system->events, type, result, result == S_OK ? NULL : error_document(result, "why it failed"));
}

static HRESULT tell(struct call *call, PWSTR *document, HRESULT result) {
  if (document == NULL) return result;
  *document = NULL;
  bool failed = result != S_OK && result != VMCOMPUTE_PENDING;
  if (!failed || call->complaint == NULL) return result;
  char *text = error_document(result, call->complaint);
  *document = give_string(text);
  free(text);
  return result;
}

VMCOMPUTE(HcsCreateComputeSystem)(PCWSTR id, PCWSTR configuration, HANDLE identity, HCS_SYSTEM *handle, PWSTR *document) {
  struct call call;
  begin(&call, "vmcompute!HcsCreateComputeSystem");
  const char *name = text_argument(&call, "id", id);
  const char *text = text_argument(&call, "configuration", configuration);
  HRESULT result = S_OK;
  if (handle != NULL) *handle = NULL;
  if (!(call.faulty && call.mode == FAULT_CALL)) {
    struct configuration read = {0};
    struct system *system = NULL;
    if (name == NULL || name[0] == 0 || identity != NULL || handle == NULL) result = refuse(&call, E_INVALIDARG, copy_text("id or place"));
    else result = read_hyperv_container(&call, name, text, &read);
    if (result == S_OK) result = add_system(&call, name, read, &system);
    if (result != S_OK) free_configuration(read);
    else {
      open_system(system);
      *handle = (HCS_SYSTEM)system;
      notify(&call, system, HcsNotificationSystemCreateCompleted, S_OK);
      result = VMCOMPUTE_PENDING;
    }
    result = tell(&call, document, result);
  }
  return end(&call, result);
}

static HRESULT on_system(const char *api, HCS_SYSTEM handle, PCWSTR options, PWSTR *document, uint32_t type,
                         HRESULT (*act)(struct call *, struct system *)) {
  struct call call;
  begin(&call, api);
  text_argument(&call, "options", options);
  HRESULT result = S_OK;
  if (!(call.faulty && call.mode == FAULT_CALL)) {
    struct system *system = (struct system *)handle;
    if (!is_system(system)) result = refuse(&call, E_HANDLE, copy_text("system"));
    else if (options != NULL && options[0] != 0) result = refuse(&call, HCS_E_INVALID_JSON, copy_text("options"));
    else {
      bool acts = !call.faulty || call.mode == FAULT_AFTER;
      result = acts ? act(&call, system) : S_OK;
      if (result == S_OK && type != 0) notify(&call, system, type, S_OK);
      else if (call.faulty && call.mode == FAULT_HANG) call.passed_on = true;
      if (result == S_OK) result = VMCOMPUTE_PENDING;
    }
    result = tell(&call, document, result);
  }
  return end(&call, result);
}

VMCOMPUTE(HcsStartComputeSystem)(HCS_SYSTEM system, PCWSTR options, PWSTR *document) {
  return on_system("vmcompute!HcsStartComputeSystem", system, options, document, HcsNotificationSystemStartCompleted, start_system);
}

/* The notification of its exit comes from terminate_system. */
VMCOMPUTE(HcsTerminateComputeSystem)(HCS_SYSTEM system, PCWSTR options, PWSTR *document) {
  return on_system("vmcompute!HcsTerminateComputeSystem", system, options, document, 0, terminate_system);
}

VMCOMPUTE(HcsCloseComputeSystem)(HCS_SYSTEM handle) {
  struct call call;
  begin(&call, "vmcompute!HcsCloseComputeSystem");
  HRESULT result = S_OK;
  if (!is_system((struct system *)handle)) result = refuse(&call, E_HANDLE, copy_text("not open, or closed twice"));
  else close_system((struct system *)handle);
  return end(&call, result);
}

VMCOMPUTE(HcsGetComputeSystemProperties)(HCS_SYSTEM handle, PCWSTR query, PWSTR *properties, PWSTR *document) {
  struct call call;
  begin(&call, "vmcompute!HcsGetComputeSystemProperties");
  const char *text = text_argument(&call, "query", query);
  HRESULT result = S_OK;
  call.silent = !call.faulty;
  if (!stopped(&call)) {
    struct system *system = (struct system *)handle;
    if (!is_system(system)) result = refuse(&call, E_HANDLE, copy_text("system"));
    else result = properties == NULL ? E_INVALIDARG : check_property_query(&call, text);
    if (result == S_OK) {
      char *found = system_properties(system, true);
      *properties = give_string(found);
      free(found);
    }
    result = tell(&call, document, result);
  }
  return end(&call, result);
}

static HRESULT set_callback(struct call *call, struct events *events, HCS_NOTIFICATION_CALLBACK callback, void *context, void **handle) {
  if (callback == NULL || handle == NULL) return refuse(call, E_INVALIDARG, copy_text("callback or place"));
  if (events->callback != NULL) return refuse(call, HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET, copy_text("one is enough"));
  events->callback = (void *)callback;
  events->context = context;
  events->notifies = true;
  *handle = events;
  state_changed();
  return S_OK;
}

VMCOMPUTE(HcsRegisterComputeSystemCallback)(HCS_SYSTEM handle, HCS_NOTIFICATION_CALLBACK callback, void *context, void **registered) {
  struct call call;
  begin(&call, "vmcompute!HcsRegisterComputeSystemCallback");
  struct system *system = (struct system *)handle;
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    if (!is_system(system)) result = refuse(&call, E_HANDLE, copy_text("system"));
    else result = set_callback(&call, &system->events, callback, context, registered);
  }
  return end(&call, result);
}

VMCOMPUTE(HcsRegisterProcessCallback)(HCS_PROCESS handle, HCS_NOTIFICATION_CALLBACK callback, void *context, void **registered) {
  struct call call;
  begin(&call, "vmcompute!HcsRegisterProcessCallback");
  struct process *process = (struct process *)handle;
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    if (!is_process(process)) result = refuse(&call, E_HANDLE, copy_text("process"));
    else result = set_callback(&call, &process->events, callback, context, registered);
  }
  return end(&call, result);
}

/* Waits for callbacks under way. */
static HRESULT unregister(const char *api, void *registered) {
  struct call call;
  begin(&call, api);
  HRESULT result = S_OK;
  if (!forget_callback(registered)) result = refuse(&call, E_HANDLE, copy_text("not registered"));
  return end(&call, result);
}

VMCOMPUTE(HcsUnregisterComputeSystemCallback)(void *registered) {
  return unregister("vmcompute!HcsUnregisterComputeSystemCallback", registered);
}

VMCOMPUTE(HcsUnregisterProcessCallback)(void *registered) {
  return unregister("vmcompute!HcsUnregisterProcessCallback", registered);
}

VMCOMPUTE(HcsCreateProcess)(HCS_SYSTEM handle, PCWSTR parameters, HCS_PROCESS_INFORMATION *information, HCS_PROCESS *process, PWSTR *document) {
  struct call call;
  begin(&call, "vmcompute!HcsCreateProcess");
  const char *text = text_argument(&call, "parameters", parameters);
  HRESULT result = S_OK;
  if (process != NULL) *process = NULL;
  if (!stopped(&call)) {
    struct system *system = (struct system *)handle;
    struct process *made = NULL;
    if (!is_system(system)) result = refuse(&call, E_HANDLE, copy_text("system"));
    else if (text == NULL || information == NULL || process == NULL) result = refuse(&call, E_INVALIDARG, copy_text("parameters or place"));
    else result = create_process(&call, system, text, &made, information);
    if (result == S_OK) *process = (HCS_PROCESS)made;
    result = tell(&call, document, result);
  }
  return end(&call, result);
}

VMCOMPUTE(HcsTerminateProcess)(HCS_PROCESS handle, PWSTR *document) {
  struct call call;
  begin(&call, "vmcompute!HcsTerminateProcess");
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct process *process = (struct process *)handle;
    if (!is_process(process)) result = refuse(&call, E_HANDLE, copy_text("process"));
    else result = terminate_process(&call, process);
    result = tell(&call, document, result);
  }
  return end(&call, result);
}

VMCOMPUTE(HcsGetProcessProperties)(HCS_PROCESS handle, PWSTR *properties, PWSTR *document) {
  struct call call;
  begin(&call, "vmcompute!HcsGetProcessProperties");
  HRESULT result = S_OK;
  if (!stopped(&call)) {
    struct process *process = (struct process *)handle;
    if (!is_process(process) || properties == NULL) result = refuse(&call, E_HANDLE, copy_text("process or place"));
    else {
      char *status = process_status(process);
      *properties = give_string(status);
      free(status);
    }
    result = tell(&call, document, result);
  }
  return end(&call, result);
}

VMCOMPUTE(HcsCloseProcess)(HCS_PROCESS handle) {
  struct call call;
  begin(&call, "vmcompute!HcsCloseProcess");
  HRESULT result = S_OK;
  if (!is_process((struct process *)handle)) result = refuse(&call, E_HANDLE, copy_text("not open, or closed twice"));
  else close_process((struct process *)handle);
  return end(&call, result);
}
