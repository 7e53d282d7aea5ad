/*
 * TEST DOUBLE. What a simulated process can do: write output, and work on the files of its container by their names in
 * there (`C:\app\x`): those of mapped directories, or of the scratch's volume. Unless said otherwise without the lock.
 */
#pragma once

#include <stdbool.h>

#include "platform.h"
#include "systems.h"

/* False once the process was killed, or nobody reads. */
bool write_output(struct process *process, bool to_stderr, const void *bytes, size_t size);
bool pause_process(struct process *process, uint32_t milliseconds);
bool is_killed(struct process *process);

/* With the lock held. A registered script, or a line for the simulated cmd.exe. */
bool knows_command(const char *command_line);
enum file_kind container_kind(const struct system *system, const char *path);

/* The path in the container that `path` is, from the working directory; to be freed. */
char *full_path(const struct process *process, const char *path);
enum file_kind kind_in_container(struct process *process, const char *path);
/* To be freed; NULL where it is no file. */
uint8_t *read_in_container(struct process *process, const char *path, size_t *size);
/* These give 0 or a Win32 error. A file that changes keeps its metadata, apart from its times. */
uint32_t write_in_container(struct process *process, const char *path, const void *bytes, size_t size, bool appends);
uint32_t delete_in_container(struct process *process, const char *path);
/* Also makes what is missing above it. */
uint32_t make_folder_in_container(struct process *process, const char *path);
uint32_t link_in_container(struct process *process, const char *from, const char *to);
uint32_t set_attributes_in_container(struct process *process, const char *path, uint32_t attributes);
struct stream;
uint32_t add_stream_in_container(struct process *process, const char *path, struct stream *stream);
uint32_t write_hive(struct process *process, const char *name, const void *bytes, size_t size);
struct names list_in_container(struct process *process, const char *path);

/* The exit code of a line for cmd.exe. */
uint32_t run_shell(struct process *process, const char *line);
/* The line in `cmd /S /C "line"`; NULL where it is no cmd.exe, else to be freed. */
char *shell_line(const char *command_line);
