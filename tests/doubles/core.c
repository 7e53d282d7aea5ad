/* TEST DOUBLE. See core.h. Exports the control functions that tests/support/doubles.ts calls. */
#include "core.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"
#include "platform.h"

struct fault {
  char *api;
  int calls_before;
  HRESULT result;
  enum fault_mode mode;
  struct fault *next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct buffer calls;
static struct fault *faults;
static int64_t counters[COUNTER_END];
static void **strings;
static size_t string_count;
static char *root;
static char *last_answer;
/* Counts the calls of Double_ReleaseHangs: a hanging call ends when it grows. */
static unsigned releases;
static int hanging;

static const char *const counter_names[COUNTER_END] = {
  "handles", "strings", "backupContexts", "activeScratches", "preparedScratches", "operations", "systemHandles",
  "systems", "processHandles", "processes", "networkHandles", "namespaces", "endpoints", "pipes",
};

void lock(void) {
  pthread_mutex_lock(&mutex);
}

void unlock(void) {
  pthread_mutex_unlock(&mutex);
}

void state_changed(void) {
  pthread_cond_broadcast(&changed);
}

uint64_t deadline_after(uint32_t milliseconds) {
  return milliseconds == UINT32_MAX ? UINT64_MAX : now() + (uint64_t)milliseconds * 10000;
}

bool wait_for_change(uint64_t deadline) {
  if (deadline == UINT64_MAX) {
    pthread_cond_wait(&changed, &mutex);
    return true;
  }
  uint64_t since_1970 = deadline - 116444736000000000ull;
  struct timespec until = {.tv_sec = (time_t)(since_1970 / 10000000), .tv_nsec = (long)(since_1970 % 10000000) * 100};
  pthread_cond_timedwait(&changed, &mutex, &until);
  return now() < deadline;
}

void count(enum counter counter, int change) {
  counters[counter] += change;
}

static void find_fault(struct call *call) {
  for (struct fault **at = &faults; *at != NULL; at = &(*at)->next) {
    struct fault *fault = *at;
    if (strcmp(fault->api, call->api) != 0) continue;
    if (fault->calls_before-- > 0) continue;
    call->faulty = true;
    call->mode = fault->mode;
    call->fault = fault->result;
    *at = fault->next;
    free(fault->api);
    free(fault);
    return;
  }
}

void begin(struct call *call, const char *api) {
  *call = (struct call){.api = api};
  lock();
  find_fault(call);
}

void count_hanging(int change) {
  hanging += change;
  state_changed();
}

bool stopped(struct call *call) {
  if (!call->faulty) return false;
  if (call->mode == FAULT_HANG) {
    unsigned before = releases;
    count_hanging(1);
    while (releases == before) wait_for_change(UINT64_MAX);
    count_hanging(-1);
  }
  return call->mode != FAULT_AFTER;
}

/* Paths under the test's folder are logged as `<root>/a/b` on every system, in documents too. */
static void add_neutral(struct buffer *out, const char *text) {
  char *escaped = NULL;
  if (root != NULL) {
    struct buffer quoted = {0};
    add_json_string(&quoted, root);
    escaped = take_text(&quoted);
    escaped[strlen(escaped) - 1] = 0;
  }
  while (*text != 0) {
    size_t size = 0;
    if (root != NULL && strncmp(text, root, strlen(root)) == 0) size = strlen(root);
    else if (root != NULL && strncmp(text, escaped + 1, strlen(escaped + 1)) == 0) size = strlen(escaped + 1);
    if (size == 0) {
      add_bytes(out, text++, 1);
      continue;
    }
    add_text(out, "<root>");
    text += size;
    for (; *text != 0 && strchr("\",)", *text) == NULL; text++) {
      bool separator = *text == '\\';
      if (separator && text[1] == '\\') text++;
      add_bytes(out, separator ? "/" : text, 1);
    }
  }
  free(escaped);
}

static void log_call(struct call *call, HRESULT result) {
  if (call->silent) return;
  add_text(&calls, call->api);
  add_text(&calls, "(");
  if (call->arguments.size > 0) add_bytes(&calls, call->arguments.data, call->arguments.size);
  add_format(&calls, ") = 0x%08x", (uint32_t)result);
  if (call->complaint != NULL) {
    add_text(&calls, " ! ");
    add_neutral(&calls, call->complaint);
  }
  add_text(&calls, "\n");
}

HRESULT end(struct call *call, HRESULT result) {
  if (call->faulty && !call->passed_on) result = call->fault;
  log_call(call, result);
  for (int i = 0; i < call->kept_count; i++) free(call->kept[i]);
  free_buffer(&call->arguments);
  free(call->complaint);
  unlock();
  return result;
}

BOOL end_win32(struct call *call, uint32_t error) {
  HRESULT result = end(call, error == 0 ? S_OK : HRESULT_OF(error));
#ifdef _WIN32
  SetLastError((uint32_t)result & 0xffff);
#else
  extern void SetLastError(DWORD error);
  SetLastError((uint32_t)result & 0xffff);
#endif
  return result == S_OK;
}

static void add_argument(struct call *call, const char *name) {
  if (call->arguments.size > 0) add_text(&call->arguments, ", ");
  add_format(&call->arguments, "%s=", name);
}

const char *text_argument(struct call *call, const char *name, PCWSTR value) {
  add_argument(call, name);
  char *text = utf8_of(value);
  if (text == NULL) {
    add_text(&call->arguments, "NULL");
    return NULL;
  }
  add_text(&call->arguments, "\"");
  add_neutral(&call->arguments, text);
  add_text(&call->arguments, "\"");
  call->kept[call->kept_count++] = text;
  return text;
}

void number_argument(struct call *call, const char *name, int64_t value) {
  add_argument(call, name);
  add_format(&call->arguments, "%lld", (long long)value);
}

void flags_argument(struct call *call, const char *name, uint64_t value) {
  add_argument(call, name);
  add_format(&call->arguments, "0x%llx", (unsigned long long)value);
}

void word_argument(struct call *call, const char *name, const char *what) {
  add_argument(call, name);
  add_neutral(&call->arguments, what);
}

HRESULT refuse(struct call *call, HRESULT result, char *complaint) {
  free(call->complaint);
  call->complaint = complaint;
  return result;
}

PWSTR give_string(const char *text) {
  WCHAR *wide = utf16_of(text);
  strings = realloc(strings, (string_count + 1) * sizeof(void *));
  if (strings == NULL) abort();
  strings[string_count++] = wide;
  count(COUNT_STRINGS, 1);
  return wide;
}

bool take_string(void *string) {
  for (size_t i = 0; i < string_count; i++) {
    if (strings[i] != string) continue;
    strings[i] = strings[--string_count];
    free(string);
    count(COUNT_STRINGS, -1);
    return true;
  }
  return false;
}

const char *answer(char *text) {
  free(last_answer);
  last_answer = text;
  return text;
}

/* The calls so far, a line each: `Api(name=value, ...) = 0xHRESULT`, with ` ! complaint` where one was refused. */
EXPORT const char *Double_Calls(void) {
  lock();
  const char *text = answer(format_text("%.*s", (int)calls.size, calls.data == NULL ? "" : (char *)calls.data));
  unlock();
  return text;
}

EXPORT void Double_ClearCalls(void) {
  lock();
  calls.size = 0;
  unlock();
}

/* What is open now: `{"handles":0,...}`. */
EXPORT const char *Double_Counters(void) {
  lock();
  counters[COUNT_PIPES] = native_open_readers();
  struct buffer text = {0};
  for (int i = 0; i < COUNTER_END; i++)
    add_format(&text, "%s\"%s\":%lld", i == 0 ? "{" : ",", counter_names[i], (long long)counters[i]);
  add_text(&text, "}");
  const char *all = answer(take_text(&text));
  unlock();
  return all;
}

/* The call of `api` after `calls_before` further ones meets the fault; each fault is used once. */
EXPORT void Double_Fail(const char *api, int32_t calls_before, uint32_t result, int32_t mode) {
  lock();
  struct fault *fault = calloc(1, sizeof *fault);
  *fault = (struct fault){copy_text(api), calls_before, (HRESULT)result, (enum fault_mode)mode, NULL};
  struct fault **last = &faults;
  while (*last != NULL) last = &(*last)->next;
  *last = fault;
  unlock();
}

static void forget_faults(void) {
  while (faults != NULL) {
    struct fault *next = faults->next;
    free(faults->api);
    free(faults);
    faults = next;
  }
}

/* How many injected faults have not been met. */
EXPORT int32_t Double_PendingFaults(void) {
  lock();
  int32_t pending = 0;
  for (struct fault *fault = faults; fault != NULL; fault = fault->next) pending++;
  unlock();
  return pending;
}

EXPORT void Double_ForgetFaults(void) {
  lock();
  forget_faults();
  unlock();
}

/* How many calls and operations hang now. */
EXPORT int32_t Double_Hanging(void) {
  lock();
  int32_t number = hanging;
  unlock();
  return number;
}

/* Lets the calls that hang fail with their HRESULT. */
EXPORT void Double_ReleaseHangs(void) {
  lock();
  releases++;
  state_changed();
  unlock();
}

/* The folder of the test, which the log shows as `<root>`. */
EXPORT void Double_Root(const char *path) {
  lock();
  free(root);
  root = copy_text(path);
  unlock();
}

/* Forgets everything that is not on disk. Nothing may be running. */
EXPORT void Double_Reset(void) {
  lock();
  forget_faults();
  calls.size = 0;
  reset_scripts();
  reset_operations();
  reset_systems();
  reset_networks();
  reset_scratches();
  reset_kernel();
  reset_metadata();
  reset_privileges();
  reset_host();
  while (string_count > 0) take_string(strings[0]);
  memset(counters, 0, sizeof counters);
  unlock();
}
