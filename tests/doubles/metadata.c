/* TEST DOUBLE. See metadata.h. */
#include "metadata.h"

#include <stdlib.h>
#include <string.h>

#include "core.h"

#define BUCKETS 4096

struct metadata {
  struct file_facts file;
  struct basic basic;
  /* Time of the file when it was set; another one since then means that something else wrote it. */
  uint64_t written_on_disk;
  struct stream *streams;
  struct metadata *next;
};

static struct metadata *table[BUCKETS];

static struct metadata **bucket_of(struct file_facts facts) {
  return &table[(facts.index * 31 + facts.volume) % BUCKETS];
}

static bool same_file(struct file_facts a, struct file_facts b) {
  return a.index == b.index && a.volume == b.volume && a.born == b.born && a.kind == b.kind;
}

static struct metadata *find(struct file_facts facts) {
  for (struct metadata *at = *bucket_of(facts); at != NULL; at = at->next)
    if (same_file(at->file, facts)) return at;
  return NULL;
}

static struct times times_on_disk(struct file_facts facts) {
  uint64_t created = facts.born == 0 ? facts.written : facts.born;
  return (struct times){created, facts.written, facts.written, facts.written};
}

static uint32_t usual_attributes(struct file_facts facts) {
  return facts.kind == FILE_DIRECTORY ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_ARCHIVE;
}

static struct metadata *find_or_add(struct file_facts facts) {
  struct metadata *found = find(facts);
  if (found != NULL) return found;
  struct metadata **bucket = bucket_of(facts);
  struct metadata *added = calloc(1, sizeof *added);
  if (added == NULL) abort();
  added->file = facts;
  added->basic = (struct basic){times_on_disk(facts), usual_attributes(facts)};
  added->written_on_disk = facts.written;
  added->next = *bucket;
  *bucket = added;
  return added;
}

static void free_streams(struct stream *stream) {
  while (stream != NULL) {
    struct stream *next = stream->next;
    free_buffer(&stream->name);
    free_buffer(&stream->data);
    free(stream);
    stream = next;
  }
}

struct basic basic_of(const char *path) {
  struct file_facts facts = file_facts(path);
  const struct metadata *found = find(facts);
  if (found == NULL) return (struct basic){times_on_disk(facts), usual_attributes(facts)};
  struct basic basic = found->basic;
  bool written_since = facts.written != found->written_on_disk;
  if (written_since) basic.times.written = basic.times.changed = facts.written;
  return basic;
}

void set_basic(const char *path, struct basic basic) {
  struct metadata *found = find_or_add(file_facts(path));
  found->basic.times = basic_of(path).times;
  uint64_t *old = &found->basic.times.created;
  const uint64_t *set = &basic.times.created;
  for (int i = 0; i < 4; i++)
    if (set[i] != 0) old[i] = set[i];
  if (basic.attributes != 0) {
    uint32_t fixed = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_SPARSE_FILE;
    found->basic.attributes = (basic.attributes & ~fixed) | (found->basic.attributes & fixed);
  }
  set_written(path, found->basic.times.written);
  found->written_on_disk = file_facts(path).written;
}

static bool same_bytes(const struct buffer *a, const struct buffer *b) {
  return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

static bool replaces(const struct stream *new, const struct stream *old) {
  return new->id != STREAM_SPARSE && new->id == old->id && same_bytes(&new->name, &old->name);
}

static uint32_t flag_of(uint32_t id) {
  if (id == STREAM_REPARSE) return FILE_ATTRIBUTE_REPARSE_POINT;
  return id == STREAM_SPARSE ? FILE_ATTRIBUTE_SPARSE_FILE : 0;
}

void add_stream(const char *path, struct stream *stream) {
  struct metadata *found = find_or_add(file_facts(path));
  struct stream **at = &found->streams;
  while (*at != NULL && !replaces(stream, *at)) at = &(*at)->next;
  if (*at != NULL) {
    struct stream *old = *at;
    *at = old->next;
    old->next = NULL;
    free_streams(old);
    while (*at != NULL) at = &(*at)->next;
  }
  stream->next = NULL;
  *at = stream;
  found->basic.attributes |= flag_of(stream->id);
}

const struct stream *find_stream(const char *path, uint32_t id) {
  const struct metadata *found = find(file_facts(path));
  if (found == NULL) return NULL;
  for (const struct stream *stream = found->streams; stream != NULL; stream = stream->next)
    if (stream->id == id) return stream;
  return NULL;
}

void clear_streams(const char *path) {
  struct metadata *found = find(file_facts(path));
  if (found == NULL) return;
  free_streams(found->streams);
  found->streams = NULL;
  found->basic.attributes &= ~(uint32_t)(FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_SPARSE_FILE);
}

static struct stream *copy_streams(const struct stream *from) {
  if (from == NULL) return NULL;
  struct stream *copy = calloc(1, sizeof *copy);
  if (copy == NULL) abort();
  copy->id = from->id;
  copy->attributes = from->attributes;
  add_bytes(&copy->name, from->name.data, from->name.size);
  add_bytes(&copy->data, from->data.data, from->data.size);
  copy->next = copy_streams(from->next);
  return copy;
}

void copy_metadata(const char *from, const char *to) {
  struct basic basic = basic_of(from);
  const struct metadata *source = find(file_facts(from));
  struct stream *streams = source == NULL ? NULL : copy_streams(source->streams);
  struct metadata *target = find_or_add(file_facts(to));
  free_streams(target->streams);
  target->streams = streams;
  target->basic.attributes = basic.attributes;
  set_basic(to, basic);
}

static bool same_streams(const struct stream *a, const struct stream *b) {
  for (; a != NULL && b != NULL; a = a->next, b = b->next)
    if (a->id != b->id || !same_bytes(&a->name, &b->name) || !same_bytes(&a->data, &b->data)) return false;
  return a == b;
}

bool same_metadata(const char *a, const char *b) {
  const struct metadata *first = find(file_facts(a));
  const struct metadata *second = find(file_facts(b));
  const struct stream *streams_a = first == NULL ? NULL : first->streams;
  const struct stream *streams_b = second == NULL ? NULL : second->streams;
  return basic_of(a).attributes == basic_of(b).attributes && same_streams(streams_a, streams_b);
}

void forget_metadata(const char *path) {
  struct file_facts facts = file_facts(path);
  for (struct metadata **at = bucket_of(facts); *at != NULL; at = &(*at)->next) {
    struct metadata *found = *at;
    if (!same_file(found->file, facts)) continue;
    *at = found->next;
    free_streams(found->streams);
    free(found);
    return;
  }
}

void reset_metadata(void) {
  for (size_t i = 0; i < BUCKETS; i++) {
    while (table[i] != NULL) {
      struct metadata *next = table[i]->next;
      free_streams(table[i]->streams);
      free(table[i]);
      table[i] = next;
    }
  }
}

static void add_header(struct buffer *out, uint32_t id, uint32_t attributes, uint64_t size, const struct buffer *name) {
  add_u32(out, id);
  add_u32(out, attributes);
  add_u64(out, size);
  add_u32(out, name == NULL ? 0 : (uint32_t)name->size);
  if (name != NULL) add_bytes(out, name->data, name->size);
}

static void add_streams_of(struct buffer *out, const struct stream *stream, uint32_t id) {
  for (; stream != NULL; stream = stream->next) {
    if (stream->id != id) continue;
    add_header(out, stream->id, stream->attributes, stream->data.size, &stream->name);
    add_bytes(out, stream->data.data, stream->data.size);
  }
}

static void add_contents(struct buffer *out, const char *path, const struct stream *streams) {
  bool sparse = find_stream(path, STREAM_SPARSE) != NULL;
  if (sparse) {
    add_header(out, STREAM_DATA, STREAM_IS_SPARSE, 0, NULL);
    add_streams_of(out, streams, STREAM_SPARSE);
    return;
  }
  size_t size = 0;
  uint8_t *bytes = read_file(path, &size);
  if (bytes == NULL) return;
  add_header(out, STREAM_DATA, 0, size, NULL);
  add_bytes(out, bytes, size);
  free(bytes);
}

void add_backup(struct buffer *out, const char *path, bool with_security) {
  struct file_facts facts = file_facts(path);
  const struct metadata *found = find(facts);
  const struct stream *streams = found == NULL ? NULL : found->streams;
  if (with_security) add_streams_of(out, streams, STREAM_SECURITY);
  add_streams_of(out, streams, STREAM_REPARSE);
  add_streams_of(out, streams, STREAM_EA);
  bool reparse = find_stream(path, STREAM_REPARSE) != NULL;
  if (facts.kind == FILE_FILE && !reparse) add_contents(out, path, streams);
  add_streams_of(out, streams, STREAM_ALTERNATE);
  add_streams_of(out, streams, STREAM_OBJECT_ID);
}

static void place(struct buffer *contents, uint64_t offset, const uint8_t *bytes, size_t size) {
  static const uint8_t zeros[4096];
  while (contents->size < offset) {
    uint64_t gap = offset - contents->size;
    add_bytes(contents, zeros, gap < sizeof zeros ? gap : sizeof zeros);
  }
  if (contents->size == offset) add_bytes(contents, bytes, size);
  else memcpy(contents->data + offset, bytes, size);
}

static uint32_t restore_stream(const char *path, struct buffer *contents, struct stream *stream) {
  if (stream->id == STREAM_DATA) add_bytes(contents, stream->data.data, stream->data.size);
  if (stream->id == STREAM_SPARSE) {
    if (stream->data.size < 8) return ERROR_INVALID_DATA;
    place(contents, little(stream->data.data, 8), stream->data.data + 8, stream->data.size - 8);
  }
  if (stream->id == STREAM_DATA || stream->id == STREAM_LINK) free_streams(stream);
  else add_stream(path, stream);
  return 0;
}

uint32_t restore_backup(const char *path, const uint8_t *bytes, size_t size) {
  struct buffer contents = {0};
  bool has_contents = false;
  uint32_t error = 0;
  while (size > 0 && error == 0) {
    if (size < 20) error = ERROR_INVALID_DATA;
    uint32_t id = error ? 0 : (uint32_t)little(bytes, 4);
    uint64_t data_size = error ? 0 : little(bytes + 8, 8);
    uint64_t name_size = error ? 0 : little(bytes + 16, 4);
    bool known = id >= STREAM_DATA && id <= STREAM_SPARSE && (name_size == 0) == (id != STREAM_ALTERNATE);
    if (!known || name_size > size - 20 || data_size > size - 20 - name_size) error = ERROR_INVALID_DATA;
    if (error != 0) break;
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) abort();
    stream->id = id;
    stream->attributes = (uint32_t)little(bytes + 4, 4);
    add_bytes(&stream->name, bytes + 20, name_size);
    add_bytes(&stream->data, bytes + 20 + name_size, data_size);
    has_contents |= id == STREAM_DATA || id == STREAM_SPARSE;
    error = restore_stream(path, &contents, stream);
    bytes += 20 + name_size + data_size;
    size -= 20 + name_size + data_size;
  }
  if (error == 0 && has_contents && file_kind(path) == FILE_FILE) error = write_file(path, contents.data, contents.size);
  free_buffer(&contents);
  return error;
}
