/*
 * TEST DOUBLE. A strict reader of JSON (RFC 8259): no duplicate keys, nothing after the value, and no `null`, which the
 * documents of HCS never hold. Values live until `free_json`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_kind { JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_BOOLEAN };

struct json {
  enum json_kind kind;
  /* Key of a member of an object. */
  char *key;
  char *text;
  int64_t number;
  /* The number has a fraction or an exponent. */
  bool fractional;
  bool truth;
  /* Members or elements. */
  struct json *first;
  struct json *next;
};

/* NULL where it is no JSON; `problem` then says why, and is to be freed. */
struct json *parse_json(const char *text, char **problem);
void free_json(struct json *json);
const struct json *member(const struct json *object, const char *key);
const char *text_member(const struct json *object, const char *key);
int64_t number_member(const struct json *object, const char *key, int64_t otherwise);
bool true_member(const struct json *object, const char *key);
size_t json_length(const struct json *json);

/* What a document may hold. Fields that are absent here are refused, and so are empty strings, arrays and objects. */
enum field_kind { FIELD_TEXT, FIELD_NUMBER, FIELD_BOOLEAN, FIELD_OBJECT, FIELD_OBJECTS, FIELD_NUMBERS, FIELD_TEXTS, FIELD_MAP };

struct field {
  const char *name;
  enum field_kind kind;
  bool required;
  /* The fields of an object or of each object of an array; ended by an entry without name. */
  const struct field *fields;
  /* An object that may be empty (`"Processor":{}`). */
  bool may_be_empty;
};

/* NULL where `json` is as `fields` say; else where and why it is not, to be freed. */
char *check_fields(const struct json *json, const struct field *fields);
/* Reads a document that is as `fields` say. `problem` is NULL, or says why it is not; what is read is to be freed anyway. */
struct json *parse_document(const char *text, const struct field *fields, char **problem);

extern const struct field schema_version_fields[];
