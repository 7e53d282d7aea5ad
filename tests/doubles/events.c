/* TEST DOUBLE. See systems.h: one thread tells whoever registered a callback, in the order in which things happened. */
#include <pthread.h>
#include <stdlib.h>

#include "systems.h"

static struct events *all;
static bool dispatching;

static struct events *next_to_tell(void) {
  for (struct events *events = all; events != NULL; events = events->next)
    if (events->callback != NULL && events->first != NULL) return events;
  return NULL;
}

static void tell(struct events *events) {
  struct event *event = events->first;
  events->first = event->next;
  void *callback = events->callback;
  void *context = events->context;
  bool notifies = events->notifies;
  events->busy++;
  unlock();
  WCHAR *data = utf16_of(event->data);
  if (notifies) {
    ((HCS_NOTIFICATION_CALLBACK)callback)(event->type, context, event->status, data);
  } else {
    HCS_EVENT told = {.Type = (HCS_EVENT_TYPE)event->type, .EventData = data};
    ((HCS_EVENT_CALLBACK)callback)(&told, context);
  }
  free(data);
  free(event->data);
  free(event);
  lock();
  events->busy--;
  state_changed();
}

static void *dispatch(void *unused) {
  lock();
  for (;;) {
    struct events *events = next_to_tell();
    if (events == NULL) wait_for_change(UINT64_MAX);
    else tell(events);
  }
  return unused;
}

void add_events(struct events *events) {
  events->next = all;
  all = events;
  if (dispatching) return;
  pthread_t thread;
  dispatching = pthread_create(&thread, NULL, dispatch, NULL) == 0;
  pthread_detach(thread);
}

void happen(struct events *events, uint32_t type, HRESULT status, char *data) {
  struct event *event = calloc(1, sizeof *event);
  if (event == NULL) abort();
  *event = (struct event){type, status, data, NULL};
  struct event **last = &events->first;
  while (*last != NULL) last = &(*last)->next;
  *last = event;
  state_changed();
}

bool forget_callback(struct events *events) {
  struct events *at = all;
  while (at != NULL && at != events) at = at->next;
  if (at == NULL || events->callback == NULL) return false;
  events->callback = NULL;
  while (events->busy > 0) wait_for_change(UINT64_MAX);
  return true;
}

void drop_events(struct events *events) {
  events->callback = NULL;
  while (events->busy > 0) wait_for_change(UINT64_MAX);
  while (events->first != NULL) {
    struct event *event = events->first;
    events->first = event->next;
    free(event->data);
    free(event);
  }
  struct events **at = &all;
  while (*at != NULL && *at != events) at = &(*at)->next;
  if (*at != NULL) *at = events->next;
}
