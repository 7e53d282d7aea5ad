/*
 * TEST DOUBLE. What simulated processes do: the script that a test registered for their command line, or what shell.c
 * makes of a line for cmd.exe. The operations of scripts are listed in README.md.
 */
#include <stdlib.h>
#include <string.h>

#include "container.h"
#include "metadata.h"

struct script {
  char *pattern;
  struct json *operations;
  struct script *next;
};

static struct script *scripts;

void reset_scripts(void) {
  while (scripts != NULL) {
    struct script *next = scripts->next;
    free(scripts->pattern);
    free_json(scripts->operations);
    free(scripts);
    scripts = next;
  }
}

/*
 * Command lines that fit `pattern` (`*` stands for anything) run `operations`, a JSON array; the latest that fits counts.
 * False where it is no array.
 */
EXPORT int32_t Double_Script(const char *pattern, const char *operations) {
  struct json *json = parse_json(operations, NULL);
  if (json == NULL || json->kind != JSON_ARRAY) {
    free_json(json);
    return 0;
  }
  lock();
  struct script *script = calloc(1, sizeof *script);
  *script = (struct script){copy_text(pattern), json, scripts};
  scripts = script;
  unlock();
  return 1;
}

static bool fits(const char *pattern, const char *text) {
  if (*pattern == '*') {
    do {
      if (fits(pattern + 1, text)) return true;
    } while (*text++ != 0);
    return false;
  }
  if (*pattern == 0 || *pattern != *text) return *pattern == *text;
  return fits(pattern + 1, text + 1);
}

static const struct json *script_for(const char *command_line) {
  for (struct script *script = scripts; script != NULL; script = script->next)
    if (fits(script->pattern, command_line)) return script->operations;
  return NULL;
}

bool knows_command(const char *command_line) {
  if (script_for(command_line) != NULL) return true;
  char *line = shell_line(command_line);
  free(line);
  return line != NULL;
}

static int digit(char c) {
  return c >= 'a' ? c - 'a' + 10 : c >= 'A' ? c - 'A' + 10 : c - '0';
}

/* The bytes of `text` or `hex` of an operation. */
static struct buffer bytes_of(const struct json *operation, const char *text_key, const char *hex_key) {
  struct buffer bytes = {0};
  const char *text = text_member(operation, text_key);
  const char *hex = text_member(operation, hex_key);
  if (text != NULL) add_text(&bytes, text);
  for (; hex != NULL && hex[0] != 0 && hex[1] != 0; hex += 2) {
    uint8_t byte = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
    add_bytes(&bytes, &byte, 1);
  }
  return bytes;
}

static void print(struct process *process, bool to_stderr, const char *text) {
  write_output(process, to_stderr, text, strlen(text));
}

static uint32_t print_file(struct process *process, const char *path) {
  size_t size = 0;
  uint8_t *bytes = read_in_container(process, path, &size);
  if (bytes == NULL) return ERROR_FILE_NOT_FOUND;
  write_output(process, false, bytes, size);
  free(bytes);
  return 0;
}

static uint32_t print_variable(struct process *process, const char *name) {
  char *start = format_text("%s=", name);
  for (const char *line = process->environment; *line != 0; line = strchr(line, '\n') + 1) {
    if (strncmp(line, start, strlen(start)) != 0) continue;
    char *value = format_text("%.*s\r\n", (int)(strchr(line, '\n') - line - (long)strlen(start)), line + strlen(start));
    print(process, false, value);
    free(value);
  }
  free(start);
  return 0;
}

static uint32_t output(struct process *process, const struct json *operation) {
  struct buffer out = bytes_of(operation, "stdout", "stdoutHex");
  struct buffer err = bytes_of(operation, "stderr", "stderrHex");
  write_output(process, false, out.data, out.size);
  write_output(process, true, err.data, err.size);
  free_buffer(&out);
  free_buffer(&err);
  return 0;
}

static uint32_t write_operation(struct process *process, const struct json *operation, const char *path) {
  struct buffer bytes = bytes_of(operation, "text", "hex");
  char *parent = copy_text(path);
  char *last = strrchr(parent, '\\');
  if (last != NULL) *last = 0;
  if (strlen(parent) > 2) make_folder_in_container(process, parent);
  free(parent);
  uint32_t error = write_in_container(process, path, bytes.data, bytes.size, true_member(operation, "append"));
  free_buffer(&bytes);
  return error;
}

static uint32_t stream_operation(struct process *process, const struct json *operation, const char *path) {
  struct stream *stream = calloc(1, sizeof *stream);
  stream->id = (uint32_t)number_member(operation, "id", STREAM_ALTERNATE);
  const char *name = text_member(operation, "name");
  if (name != NULL) {
    WCHAR *wide = utf16_of(name);
    add_bytes(&stream->name, wide, wide_length(wide) * 2);
    free(wide);
  }
  stream->data = bytes_of(operation, "text", "hex");
  return add_stream_in_container(process, path, stream);
}

static uint32_t hive_operation(struct process *process, const struct json *operation, const char *name) {
  struct buffer bytes = bytes_of(operation, "text", "hex");
  uint32_t error = write_hive(process, name, bytes.data, bytes.size);
  free_buffer(&bytes);
  return error;
}

static uint32_t endless(struct process *process, const char *text) {
  while (write_output(process, false, text, strlen(text))) continue;
  return 0;
}

/* Registers that the process used the processor for so long, and was awake all the time. */
static uint32_t busy(struct process *process, int64_t milliseconds) {
  pause_process(process, (uint32_t)milliseconds);
  lock();
  process->system->busy_100ns += (uint64_t)milliseconds * 10000;
  unlock();
  return 0;
}

static uint32_t on_files(struct process *process, const struct json *operation) {
  const char *path;
  if ((path = text_member(operation, "write")) != NULL) return write_operation(process, operation, path);
  if ((path = text_member(operation, "delete")) != NULL) return delete_in_container(process, path);
  if ((path = text_member(operation, "mkdir")) != NULL) return make_folder_in_container(process, path);
  if ((path = text_member(operation, "link")) != NULL) return link_in_container(process, text_member(operation, "to"), path);
  if ((path = text_member(operation, "attributesOf")) != NULL)
    return set_attributes_in_container(process, path, (uint32_t)number_member(operation, "attributes", 0));
  if ((path = text_member(operation, "streamOf")) != NULL) return stream_operation(process, operation, path);
  if ((path = text_member(operation, "hive")) != NULL) return hive_operation(process, operation, path);
  if ((path = text_member(operation, "print")) != NULL) return print_file(process, path);
  return output(process, operation);
}

static uint32_t perform(struct process *process, const struct json *operation) {
  const char *text;
  if (member(operation, "sleepMs") != NULL) return !pause_process(process, (uint32_t)number_member(operation, "sleepMs", 0));
  if (member(operation, "busyMs") != NULL) return busy(process, number_member(operation, "busyMs", 0));
  if (true_member(operation, "wait")) return !pause_process(process, UINT32_MAX);
  if ((text = text_member(operation, "endless")) != NULL) return endless(process, text);
  if ((text = text_member(operation, "variable")) != NULL) return print_variable(process, text);
  if ((text = text_member(operation, "cmd")) != NULL) return run_shell(process, text);
  if (true_member(operation, "cwd")) {
    print(process, false, process->working_dir);
    print(process, false, "\r\n");
    return 0;
  }
  return on_files(process, operation);
}

/* An operation that fails says so and ends the script with 1. */
static uint32_t run_script(struct process *process, const struct json *operations) {
  for (const struct json *at = operations->first; at != NULL; at = at->next) {
    if (member(at, "exit") != NULL) return (uint32_t)number_member(at, "exit", 0);
    int64_t times = number_member(at, "times", 1);
    for (int64_t i = 0; i < times; i++) {
      uint32_t error = perform(process, at);
      if (is_killed(process)) return 1;
      if (error == 0) continue;
      char *problem = format_text("the script failed with error %u\r\n", error);
      print(process, true, problem);
      free(problem);
      return 1;
    }
  }
  return 0;
}

uint32_t run_process(struct process *process) {
  lock();
  const struct json *operations = script_for(process->command_line);
  unlock();
  if (operations != NULL) return run_script(process, operations);
  char *line = shell_line(process->command_line);
  uint32_t exit_code = run_shell(process, line);
  free(line);
  return exit_code;
}
