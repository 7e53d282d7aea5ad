/* TEST DOUBLE. See json.h. */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

struct reader {
  const char *at;
  char *problem;
  int depth;
};

static struct json *fail(struct reader *reader, const char *problem) {
  if (reader->problem == NULL) reader->problem = format_text("%s at \"%.20s\"", problem, reader->at);
  return NULL;
}

static void skip_space(struct reader *reader) {
  while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r') reader->at++;
}

static struct json *new_json(enum json_kind kind) {
  struct json *json = calloc(1, sizeof *json);
  if (json == NULL) abort();
  json->kind = kind;
  return json;
}

void free_json(struct json *json) {
  while (json != NULL) {
    struct json *next = json->next;
    free_json(json->first);
    free(json->key);
    free(json->text);
    free(json);
    json = next;
  }
}

static bool read_hex(struct reader *reader, uint16_t *unit) {
  char digits[5] = {0};
  for (int i = 0; i < 4; i++) {
    digits[i] = reader->at[i];
    if (digits[i] == 0 || strchr("0123456789abcdefABCDEF", digits[i]) == NULL) return false;
  }
  *unit = (uint16_t)strtoul(digits, NULL, 16);
  reader->at += 4;
  return true;
}

static bool read_escape(struct reader *reader, struct buffer *text) {
  static const char from[] = "\"\\/bfnrt";
  static const char to[] = "\"\\/\b\f\n\r\t";
  char c = *reader->at++;
  if (c != 'u') {
    const char *found = c == 0 ? NULL : strchr(from, c);
    if (found == NULL) return false;
    add_bytes(text, &to[found - from], 1);
    return true;
  }
  WCHAR units[3] = {0};
  uint16_t unit;
  if (!read_hex(reader, &unit) || unit == 0) return false;
  units[0] = (WCHAR)unit;
  if (unit >= 0xd800 && unit < 0xdc00 && reader->at[0] == '\\' && reader->at[1] == 'u') {
    reader->at += 2;
    if (!read_hex(reader, &unit)) return false;
    units[1] = (WCHAR)unit;
  }
  char *utf8 = utf8_of(units);
  add_text(text, utf8);
  free(utf8);
  return true;
}

static char *read_text(struct reader *reader) {
  struct buffer text = {0};
  reader->at++;
  while (*reader->at != '"') {
    bool good = (uint8_t)*reader->at >= 0x20;
    if (good && *reader->at == '\\') {
      reader->at++;
      good = read_escape(reader, &text);
    } else if (good) {
      add_bytes(&text, reader->at++, 1);
    }
    if (!good) {
      free_buffer(&text);
      fail(reader, "a string with a character that is not allowed");
      return NULL;
    }
  }
  reader->at++;
  return take_text(&text);
}

static struct json *read_value(struct reader *reader);

static bool has_key(const struct json *object, const char *key) {
  return member(object, key) != NULL;
}

static struct json *read_item(struct reader *reader, struct json *parent) {
  char *key = NULL;
  skip_space(reader);
  if (parent->kind == JSON_OBJECT) {
    if (*reader->at != '"') return fail(reader, "a key expected");
    key = read_text(reader);
    if (key == NULL) return NULL;
    skip_space(reader);
    if (has_key(parent, key) || *reader->at != ':') {
      free(key);
      return fail(reader, "a key twice or no colon");
    }
    reader->at++;
  }
  struct json *item = read_value(reader);
  if (item == NULL) free(key);
  else item->key = key;
  return item;
}

static struct json *read_items(struct reader *reader, enum json_kind kind) {
  char close = kind == JSON_OBJECT ? '}' : ']';
  struct json *parent = new_json(kind);
  struct json **last = &parent->first;
  reader->at++;
  skip_space(reader);
  if (*reader->at == close) {
    reader->at++;
    return parent;
  }
  for (;;) {
    struct json *item = read_item(reader, parent);
    if (item != NULL) {
      *last = item;
      last = &item->next;
      skip_space(reader);
    }
    if (item == NULL || (*reader->at != ',' && *reader->at != close)) {
      fail(reader, "a comma or the end of a list expected");
      free_json(parent);
      return NULL;
    }
    if (*reader->at++ == close) return parent;
  }
}

static struct json *read_number(struct reader *reader) {
  const char *at = reader->at;
  if (*at == '-') at++;
  if (*at < '0' || *at > '9' || (at[0] == '0' && at[1] >= '0' && at[1] <= '9')) return fail(reader, "not a value");
  struct json *json = new_json(JSON_NUMBER);
  char *end;
  json->number = strtoll(reader->at, &end, 10);
  if (*end == '.' || *end == 'e' || *end == 'E') {
    json->fractional = true;
    json->number = (int64_t)strtod(reader->at, &end);
  }
  reader->at = end;
  return json;
}

static struct json *read_word(struct reader *reader) {
  bool yes = strncmp(reader->at, "true", 4) == 0;
  bool no = strncmp(reader->at, "false", 5) == 0;
  if (strncmp(reader->at, "null", 4) == 0) return fail(reader, "null, where a field is to be left out");
  if (!yes && !no) return read_number(reader);
  struct json *json = new_json(JSON_BOOLEAN);
  json->truth = yes;
  reader->at += yes ? 4 : 5;
  return json;
}

static struct json *read_value(struct reader *reader) {
  skip_space(reader);
  if (++reader->depth > 64) return fail(reader, "nested too deeply");
  struct json *json = NULL;
  if (*reader->at == '{') json = read_items(reader, JSON_OBJECT);
  else if (*reader->at == '[') json = read_items(reader, JSON_ARRAY);
  else if (*reader->at != '"') json = read_word(reader);
  else {
    char *text = read_text(reader);
    if (text != NULL) {
      json = new_json(JSON_STRING);
      json->text = text;
    }
  }
  reader->depth--;
  return json;
}

struct json *parse_json(const char *text, char **problem) {
  struct reader reader = {.at = text};
  struct json *json = read_value(&reader);
  skip_space(&reader);
  if (json != NULL && *reader.at != 0) {
    fail(&reader, "something after the value");
    free_json(json);
    json = NULL;
  }
  if (problem != NULL) *problem = reader.problem;
  else free(reader.problem);
  return json;
}

const struct json *member(const struct json *object, const char *key) {
  if (object == NULL || object->kind != JSON_OBJECT) return NULL;
  for (const struct json *item = object->first; item != NULL; item = item->next)
    if (same_text(item->key, key)) return item;
  return NULL;
}

const char *text_member(const struct json *object, const char *key) {
  const struct json *found = member(object, key);
  return found != NULL && found->kind == JSON_STRING ? found->text : NULL;
}

int64_t number_member(const struct json *object, const char *key, int64_t otherwise) {
  const struct json *found = member(object, key);
  return found != NULL && found->kind == JSON_NUMBER ? found->number : otherwise;
}

bool true_member(const struct json *object, const char *key) {
  const struct json *found = member(object, key);
  return found != NULL && found->kind == JSON_BOOLEAN && found->truth;
}

size_t json_length(const struct json *json) {
  size_t length = 0;
  if (json != NULL)
    for (const struct json *item = json->first; item != NULL; item = item->next) length++;
  return length;
}

const struct field schema_version_fields[] = {
  {.name = "Major", .kind = FIELD_NUMBER, .required = true},
  {.name = "Minor", .kind = FIELD_NUMBER, .required = true},
  {0},
};

static enum json_kind kind_of(enum field_kind kind) {
  switch (kind) {
    case FIELD_TEXT: return JSON_STRING;
    case FIELD_NUMBER: return JSON_NUMBER;
    case FIELD_BOOLEAN: return JSON_BOOLEAN;
    case FIELD_OBJECT:
    case FIELD_MAP: return JSON_OBJECT;
    default: return JSON_ARRAY;
  }
}

static bool is_empty(const struct json *json) {
  if (json->kind == JSON_STRING) return json->text[0] == 0;
  return (json->kind == JSON_OBJECT || json->kind == JSON_ARRAY) && json->first == NULL;
}

static char *check_items(const struct json *json, const struct field *field) {
  for (const struct json *item = json->first; item != NULL; item = item->next) {
    char *problem = NULL;
    if (field->kind == FIELD_OBJECTS) problem = check_fields(item, field->fields);
    else if (item->kind != (field->kind == FIELD_NUMBERS ? JSON_NUMBER : JSON_STRING)) problem = copy_text("its kind");
    if (problem == NULL) continue;
    char *whole = format_text("%s.%s", field->name, problem);
    free(problem);
    return whole;
  }
  return NULL;
}

static char *check_field(const struct json *json, const struct field *field) {
  if (json->kind != kind_of(field->kind)) return format_text("%s: its kind", field->name);
  if (json->kind == JSON_NUMBER && json->fractional) return format_text("%s: not an integer", field->name);
  if (is_empty(json) && !field->may_be_empty) return format_text("%s: empty, to be left out", field->name);
  if (field->kind == FIELD_OBJECT) {
    char *problem = check_fields(json, field->fields);
    if (problem == NULL) return NULL;
    char *whole = format_text("%s.%s", field->name, problem);
    free(problem);
    return whole;
  }
  return json->kind == JSON_ARRAY || field->kind == FIELD_MAP ? check_items(json, field) : NULL;
}

static const struct field *field_named(const struct field *fields, const char *name) {
  for (const struct field *field = fields; field->name != NULL; field++)
    if (same_text(field->name, name)) return field;
  return NULL;
}

char *check_fields(const struct json *json, const struct field *fields) {
  if (json->kind != JSON_OBJECT) return copy_text("not an object");
  for (const struct json *item = json->first; item != NULL; item = item->next) {
    const struct field *field = field_named(fields, item->key);
    char *problem = field == NULL ? format_text("%s: unknown", item->key) : check_field(item, field);
    if (problem != NULL) return problem;
  }
  for (const struct field *field = fields; field->name != NULL; field++)
    if (field->required && member(json, field->name) == NULL) return format_text("%s: missing", field->name);
  return NULL;
}

struct json *parse_document(const char *text, const struct field *fields, char **problem) {
  struct json *json = parse_json(text, problem);
  if (json != NULL) *problem = check_fields(json, fields);
  return json;
}
