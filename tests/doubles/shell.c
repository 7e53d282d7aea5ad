/*
 * TEST DOUBLE of cmd.exe, for the few lines that Dockerfiles of tests have: commands joined by &&, || and &, redirection
 * with > and >>, %NAME%, and echo, type, mkdir, del, rmdir, copy, ren, cd, set, if [not] exist, dir /b, exit, rem, ver. It
 * is no measure of how the real cmd.exe reads a line.
 */
#include <stdlib.h>
#include <string.h>

#include "container.h"

struct shell {
  struct process *process;
  /* NAME=value lines. */
  struct buffer variables;
  struct buffer out;
  bool exits;
};

static bool is_flag(const char *word) {
  return word[0] == '/' && strlen(word) >= 2;
}

static const char *skip_blanks(const char *at) {
  while (*at == ' ' || *at == '\t') at++;
  return at;
}

/* The next word, without quotes; NULL at the end, else to be freed. */
static char *next_word(const char **at) {
  const char *from = skip_blanks(*at);
  if (*from == 0) return NULL;
  struct buffer word = {0};
  bool quoted = false;
  for (; *from != 0 && (quoted || (*from != ' ' && *from != '\t')); from++) {
    if (*from == '"') quoted = !quoted;
    else add_bytes(&word, from, 1);
  }
  *at = from;
  return take_text(&word);
}

char *shell_line(const char *command_line) {
  const char *at = command_line;
  char *program = next_word(&at);
  if (program == NULL) return NULL;
  const char *name = strrchr(program, '\\');
  name = name == NULL ? program : name + 1;
  bool is_cmd = same_name(name, "cmd") || same_name(name, "cmd.exe");
  free(program);
  if (!is_cmd) return NULL;
  for (at = skip_blanks(at); *at == '/'; at = skip_blanks(at)) {
    bool last = (at[1] | 32) == 'c';
    at += strcspn(at, " \t");
    if (last) break;
  }
  at = skip_blanks(at);
  size_t size = strlen(at);
  while (size > 0 && (at[size - 1] == ' ' || at[size - 1] == '\t')) size--;
  bool quoted = size >= 2 && at[0] == '"' && at[size - 1] == '"';
  return quoted ? format_text("%.*s", (int)(size - 2), at + 1) : format_text("%.*s", (int)size, at);
}

static char *value_of(const struct shell *shell, const char *name, size_t size) {
  char *found = NULL;
  char *lines = format_text("%s%.*s", shell->process->environment, (int)shell->variables.size,
                            shell->variables.data == NULL ? "" : (char *)shell->variables.data);
  for (char *line = lines; *line != 0; line = strchr(line, '\n') + 1) {
    char *equals = strchr(line, '=');
    char *key = format_text("%.*s", (int)(equals - line), line);
    char *wanted = format_text("%.*s", (int)size, name);
    if (same_name(key, wanted)) {
      free(found);
      found = format_text("%.*s", (int)(strchr(line, '\n') - equals - 1), equals + 1);
    }
    free(key);
    free(wanted);
  }
  free(lines);
  return found;
}

static char *expand(const struct shell *shell, const char *line) {
  struct buffer text = {0};
  while (*line != 0) {
    const char *end = *line == '%' ? strchr(line + 1, '%') : NULL;
    char *value = end == NULL || end == line + 1 ? NULL : value_of(shell, line + 1, (size_t)(end - line - 1));
    if (value != NULL) {
      add_text(&text, value);
      line = end + 1;
      free(value);
    } else {
      add_bytes(&text, line++, 1);
    }
  }
  return take_text(&text);
}

static uint32_t complain(struct shell *shell, const char *message) {
  write_output(shell->process, true, message, strlen(message));
  write_output(shell->process, true, "\r\n", 2);
  return 1;
}

static uint32_t explain(struct shell *shell, uint32_t error) {
  if (error == 0) return 0;
  if (error == ERROR_ACCESS_DENIED) return complain(shell, "Access is denied.");
  if (error == ERROR_PATH_NOT_FOUND) return complain(shell, "The system cannot find the path specified.");
  return complain(shell, "The system cannot find the file specified.");
}

static uint32_t echo(struct shell *shell, const char *rest) {
  if (*rest == ' ' || *rest == '.' || *rest == ':') rest++;
  add_text(&shell->out, rest);
  add_text(&shell->out, "\r\n");
  return 0;
}

static uint32_t type(struct shell *shell, const char *path) {
  size_t size = 0;
  uint8_t *bytes = read_in_container(shell->process, path, &size);
  if (bytes == NULL) return explain(shell, ERROR_FILE_NOT_FOUND);
  add_bytes(&shell->out, bytes, size);
  free(bytes);
  return 0;
}

static uint32_t copy(struct shell *shell, const char *from, const char *to, bool moves) {
  if (from == NULL || to == NULL) return complain(shell, "The syntax of the command is incorrect.");
  size_t size = 0;
  uint8_t *bytes = read_in_container(shell->process, from, &size);
  if (bytes == NULL) return explain(shell, ERROR_FILE_NOT_FOUND);
  const char *name = strrchr(from, '\\');
  bool folder = kind_in_container(shell->process, to) == FILE_DIRECTORY;
  char *target = folder ? format_text("%s\\%s", to, name == NULL ? from : name + 1) : copy_text(to);
  uint32_t error = write_in_container(shell->process, target, bytes, size, false);
  if (error == 0 && moves) error = delete_in_container(shell->process, from);
  free(target);
  free(bytes);
  return explain(shell, error);
}

static uint32_t change_dir(struct shell *shell, const char *path) {
  if (path == NULL) {
    add_text(&shell->out, shell->process->working_dir);
    add_text(&shell->out, "\r\n");
    return 0;
  }
  if (kind_in_container(shell->process, path) != FILE_DIRECTORY) return explain(shell, ERROR_PATH_NOT_FOUND);
  char *full = full_path(shell->process, path);
  free(shell->process->working_dir);
  shell->process->working_dir = full;
  return 0;
}

static uint32_t set_variable(struct shell *shell, const char *rest) {
  rest = skip_blanks(rest);
  const char *equals = strchr(rest, '=');
  if (equals != NULL) {
    add_format(&shell->variables, "%s\n", rest);
    return 0;
  }
  char *value = value_of(shell, rest, strlen(rest));
  if (value == NULL) return complain(shell, "Environment variable not defined");
  add_format(&shell->out, "%s=%s\r\n", rest, value);
  free(value);
  return 0;
}

static uint32_t list(struct shell *shell, const char *path) {
  if (path != NULL && kind_in_container(shell->process, path) == FILE_NONE) return explain(shell, ERROR_FILE_NOT_FOUND);
  struct names names = list_in_container(shell->process, path == NULL ? shell->process->working_dir : path);
  for (size_t i = 0; i < names.count; i++) add_format(&shell->out, "%s\r\n", names.items[i]);
  free_names(names);
  return 0;
}

static uint32_t run_simple(struct shell *shell, const char *line);

/* `if [not] exist PATH command`. */
static uint32_t run_if(struct shell *shell, const char *rest) {
  char *word = next_word(&rest);
  bool negated = word != NULL && same_name(word, "not");
  if (negated) {
    free(word);
    word = next_word(&rest);
  }
  bool exist = word != NULL && same_name(word, "exist");
  char *path = next_word(&rest);
  uint32_t code = 0;
  if (!exist || path == NULL) code = complain(shell, "The syntax of the command is incorrect.");
  else if ((kind_in_container(shell->process, path) != FILE_NONE) != negated) code = run_simple(shell, skip_blanks(rest));
  free(word);
  free(path);
  return code;
}

static uint32_t on_paths(struct shell *shell, const char *command, const char *rest) {
  char *words[3] = {0};
  int count = 0;
  for (char *word = next_word(&rest); word != NULL; word = next_word(&rest)) {
    if (is_flag(word) || count == 3) free(word);
    else words[count++] = word;
  }
  struct process *process = shell->process;
  uint32_t code;
  if (same_name(command, "copy")) code = copy(shell, words[0], words[1], false);
  else if (same_name(command, "ren") || same_name(command, "move")) code = copy(shell, words[0], words[1], true);
  else if (same_name(command, "cd") || same_name(command, "chdir")) code = change_dir(shell, words[0]);
  else if (same_name(command, "dir")) code = list(shell, words[0]);
  else if (words[0] == NULL) code = complain(shell, "The syntax of the command is incorrect.");
  else if (same_name(command, "type")) code = type(shell, words[0]);
  else if (same_name(command, "mkdir") || same_name(command, "md")) code = explain(shell, make_folder_in_container(process, words[0]));
  else code = explain(shell, delete_in_container(process, words[0]));
  for (int i = 0; i < count; i++) free(words[i]);
  return code;
}

static uint32_t leave(struct shell *shell, const char *rest) {
  shell->exits = true;
  rest = skip_blanks(rest);
  if (rest[0] == '/') rest = skip_blanks(rest + 2);
  return (uint32_t)strtol(rest, NULL, 10);
}

static uint32_t run_command(struct shell *shell, const char *line) {
  static const char *const on_files[] = {"copy", "ren", "move", "cd", "chdir", "dir", "type", "mkdir", "md", "del", "erase", "rmdir", "rd"};
  const char *rest = line;
  size_t size = strcspn(line, " \t.:");
  bool echoes = size == 4 && (line[4] == '.' || line[4] == ':' || line[4] == ' ' || line[4] == 0);
  char *command = echoes ? format_text("%.4s", line) : next_word(&rest);
  if (echoes) rest = line + 4;
  uint32_t code = 9009;
  if (command == NULL || same_name(command, "rem")) code = 0;
  else if (same_name(command, "echo")) code = echo(shell, rest);
  else if (same_name(command, "set")) code = set_variable(shell, rest);
  else if (same_name(command, "exit")) code = leave(shell, rest);
  else if (same_name(command, "if")) code = run_if(shell, rest);
  else if (same_name(command, "ver")) code = echo(shell, " Microsoft Windows [a double]");
  for (size_t i = 0; command != NULL && i < sizeof on_files / sizeof on_files[0]; i++)
    if (same_name(command, on_files[i])) code = on_paths(shell, command, rest);
  if (code == 9009) {
    char *problem = format_text("'%s' is not recognized as an internal or external command,\r\noperable program or batch file.", command);
    complain(shell, problem);
    free(problem);
  }
  free(command);
  return code;
}

/* Splits off `> file` or `>> file`, runs the rest, and puts its output where it belongs. */
static uint32_t run_simple(struct shell *shell, const char *line) {
  bool quoted = false;
  const char *redirect = NULL;
  for (const char *at = line; *at != 0 && redirect == NULL; at++) {
    if (*at == '"') quoted = !quoted;
    if (!quoted && *at == '>') redirect = at;
  }
  size_t size = redirect == NULL ? strlen(line) : (size_t)(redirect - line);
  char *command = format_text("%.*s", (int)size, line);
  shell->out.size = 0;
  uint32_t code = run_command(shell, command);
  free(command);
  if (redirect == NULL) {
    write_output(shell->process, false, shell->out.data, shell->out.size);
    return code;
  }
  bool appends = redirect[1] == '>';
  const char *rest = redirect + (appends ? 2 : 1);
  char *file = next_word(&rest);
  uint32_t error = file == NULL ? ERROR_PATH_NOT_FOUND : write_in_container(shell->process, file, shell->out.data, shell->out.size, appends);
  free(file);
  return code != 0 ? code : explain(shell, error);
}

/* Where the next &&, || or & is; `*joint` is '&' for &&, '|' for ||, ';' for a single &, 0 at the end. */
static size_t next_joint(const char *line, char *joint, size_t *width) {
  bool quoted = false;
  for (size_t i = 0; line[i] != 0; i++) {
    if (line[i] == '"') quoted = !quoted;
    if (quoted || (line[i] != '&' && line[i] != '|')) continue;
    bool twice = line[i + 1] == line[i];
    *width = twice ? 2 : 1;
    *joint = line[i] == '|' ? '|' : twice ? '&' : ';';
    return i;
  }
  *joint = 0;
  *width = 0;
  return strlen(line);
}

uint32_t run_shell(struct process *process, const char *line) {
  struct shell shell = {.process = process};
  uint32_t code = 0;
  char joint = ';';
  while (!shell.exits && !is_killed(process)) {
    size_t width;
    char before = joint;
    size_t size = next_joint(line, &joint, &width);
    char *part = format_text("%.*s", (int)size, skip_blanks(line));
    size_t skipped = (size_t)(skip_blanks(line) - line);
    part[size > skipped ? size - skipped : 0] = 0;
    bool runs = before == ';' || (before == '&') == (code == 0);
    char *expanded = expand(&shell, part);
    if (runs) code = run_simple(&shell, expanded);
    free(expanded);
    free(part);
    line += size + width;
    if (joint == 0) break;
  }
  free_buffer(&shell.variables);
  free_buffer(&shell.out);
  return code;
}
