/*
 * TEST DOUBLE of kernel32.dll, as far as it is missing on Linux or lies in Wine: files with backup semantics, BackupRead
 * and BackupWrite over the streams of metadata.c, basic information with all four times. Under Wine real handles of
 * the real kernel32 are below.
 */
#include "kernel.h"

#include <stdlib.h>
#include <string.h>

#include "metadata.h"
#include "native.h"
#include "platform.h"
#include "privileges.h"

#ifndef _WIN32
typedef int FILE_INFO_BY_HANDLE_CLASS;
typedef void *LPSECURITY_ATTRIBUTES;
typedef BYTE *LPBYTE;
typedef DWORD *LPDWORD;
#endif

enum handle_kind { HANDLE_FILE, HANDLE_TOKEN };

/* What lpContext of BackupRead and BackupWrite points to. */
struct backup {
  /* Reading: the whole form, and how much of it was given. Writing: bytes that are not a whole header and name yet. */
  struct buffer bytes;
  size_t given;
  bool reads;
  struct stream *stream;
  /* Bytes of the stream that are still to come. */
  uint64_t missing;
  /* Where the next contents go. */
  uint64_t offset;
};

struct handle {
  HANDLE value;
  enum handle_kind kind;
  unsigned number;
  char *path;
  DWORD access;
  bool deletes;
  /* Times that were set through the handle stay, whatever is written through it (FILE_BASIC_INFO). */
  bool has_basic;
  struct basic basic;
  struct handle *next;
};

static struct handle *handles;
static struct backup *backups[64];
static unsigned handle_numbers;

static struct handle *find_handle(HANDLE value) {
  for (struct handle *handle = handles; handle != NULL; handle = handle->next)
    if (handle->value == value) return handle;
  return NULL;
}

static struct handle *add_handle(HANDLE value, enum handle_kind kind, DWORD access) {
  struct handle *handle = calloc(1, sizeof *handle);
  if (handle == NULL) abort();
  *handle = (struct handle){.value = value, .kind = kind, .access = access, .number = ++handle_numbers, .next = handles};
  handles = handle;
  count(COUNT_HANDLES, 1);
  return handle;
}

static void drop_handle(struct handle *handle) {
  struct handle **at = &handles;
  while (*at != handle) at = &(*at)->next;
  *at = handle->next;
  count(COUNT_HANDLES, -1);
  free(handle->path);
  free(handle);
}

static void handle_argument(struct call *call, const struct handle *handle) {
  if (handle == NULL) word_argument(call, "handle", "unknown");
  else number_argument(call, "handle", handle->number);
}

HANDLE open_token(DWORD access) {
  return add_handle(native_marker(), HANDLE_TOKEN, access)->value;
}

bool is_token(HANDLE value, DWORD access) {
  struct handle *handle = find_handle(value);
  return handle != NULL && handle->kind == HANDLE_TOKEN && (handle->access & access) == access;
}

static const char *object_path(struct call *call, const char *name, LPCWSTR path, uint32_t *error) {
  const char *text = text_argument(call, name, path);
  if (text == NULL || text[0] == 0) *error = ERROR_INVALID_PARAMETER;
  else if (!is_absolute(text)) *error = ERROR_PATH_NOT_FOUND;
  else return text;
  refuse(call, S_OK, copy_text("not an absolute path"));
  return NULL;
}

/* Whether the file is to be made, or why it cannot be opened. */
static uint32_t check_open(const char *path, DWORD access, DWORD disposition, DWORD flags, bool *makes) {
  enum file_kind kind = file_kind(path);
  bool backup = (flags & FILE_FLAG_BACKUP_SEMANTICS) != 0;
  *makes = kind == FILE_NONE;
  if (kind == FILE_NONE && (disposition == OPEN_EXISTING || disposition == TRUNCATE_EXISTING)) {
    char *parent = dir_name(path);
    uint32_t error = file_kind(parent) == FILE_DIRECTORY ? ERROR_FILE_NOT_FOUND : ERROR_PATH_NOT_FOUND;
    free(parent);
    return error;
  }
  if (kind != FILE_NONE && disposition == CREATE_NEW) return ERROR_FILE_EXISTS;
  if (kind == FILE_DIRECTORY && (!backup || disposition == CREATE_ALWAYS)) return ERROR_ACCESS_DENIED;
  if ((access & ACCESS_SYSTEM_SECURITY) && !(backup && may_backup_and_restore())) return ERROR_PRIVILEGE_NOT_HELD;
  bool reparse = kind != FILE_NONE && find_stream(path, STREAM_REPARSE) != NULL;
  return reparse && !(flags & FILE_FLAG_OPEN_REPARSE_POINT) ? 1920 /* ERROR_CANT_ACCESS_FILE */ : 0;
}

HANDLE WINAPI SYSTEM_API(CreateFileW)(LPCWSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
                                      DWORD disposition, DWORD flags, HANDLE template) {
  struct call call;
  begin(&call, "CreateFileW");
  HANDLE value = INVALID_HANDLE_VALUE;
  uint32_t error = 0;
  const char *path = object_path(&call, "name", name, &error);
  flags_argument(&call, "access", access);
  flags_argument(&call, "share", share);
  number_argument(&call, "disposition", disposition);
  flags_argument(&call, "flags", flags);
  if (!stopped(&call) && path != NULL) {
    bool makes = false;
    error = security != NULL || template != NULL ? ERROR_INVALID_PARAMETER : 0;
    if (error == 0) error = check_open(path, access, disposition, flags, &makes);
    if (error == 0) error = native_open(path, access, share, disposition, flags, &value);
    if (error == 0) {
      if (makes) forget_metadata(path);
      struct handle *handle = add_handle(value, HANDLE_FILE, access);
      handle->path = plain_path(path);
      number_argument(&call, "handle", handle->number);
    }
  }
  bool fails = call.faulty && call.mode == FAULT_AFTER;
  if (fails && error == 0) {
    native_close(value);
    drop_handle(find_handle(value));
  }
  return end_win32(&call, error) ? value : INVALID_HANDLE_VALUE;
}
SAME_SIGNATURE(CreateFileW);

static uint32_t close_handle(struct handle *handle) {
  if (handle == NULL) return ERROR_INVALID_HANDLE;
  uint32_t error = handle->kind == HANDLE_TOKEN ? 0 : native_close(handle->value);
  if (handle->has_basic && file_kind(handle->path) == FILE_FILE) set_basic(handle->path, handle->basic);
  if (handle->deletes && error == 0) {
    bool folder = file_kind(handle->path) == FILE_DIRECTORY;
    if (file_facts(handle->path).links <= 1 || folder) forget_metadata(handle->path);
    error = folder ? delete_folder(handle->path) : delete_file(handle->path);
  }
  drop_handle(handle);
  return error;
}

BOOL WINAPI SYSTEM_API(CloseHandle)(HANDLE value) {
  struct call call;
  begin(&call, "CloseHandle");
  struct handle *handle = find_handle(value);
  handle_argument(&call, handle);
  uint32_t error = stopped(&call) ? 0 : close_handle(handle);
  return end_win32(&call, error);
}
SAME_SIGNATURE(CloseHandle);

static struct backup **context_of(LPVOID *context) {
  for (size_t i = 0; i < sizeof backups / sizeof backups[0]; i++)
    if (context != NULL && backups[i] != NULL && backups[i] == *context) return &backups[i];
  return NULL;
}

static void free_stream(struct stream *stream) {
  if (stream == NULL) return;
  free_buffer(&stream->name);
  free_buffer(&stream->data);
  free(stream);
}

static void close_backup(struct backup **backup) {
  free_buffer(&(*backup)->bytes);
  free_stream((*backup)->stream);
  free(*backup);
  *backup = NULL;
  count(COUNT_BACKUP_CONTEXTS, -1);
}

static struct backup *open_backup(LPVOID *context, bool reads) {
  size_t i = 0;
  while (i < sizeof backups / sizeof backups[0] && backups[i] != NULL) i++;
  if (i == sizeof backups / sizeof backups[0]) return NULL;
  backups[i] = calloc(1, sizeof **backups);
  backups[i]->reads = reads;
  *context = backups[i];
  count(COUNT_BACKUP_CONTEXTS, 1);
  return backups[i];
}

/* The context of the call, made where it is the first one; what is wrong with the call otherwise. */
static uint32_t backup_for(const struct handle *handle, bool abort, LPVOID *context, bool reads, struct backup **found) {
  *found = NULL;
  struct backup **known = context_of(context);
  if (context == NULL || (known == NULL && *context != NULL)) return ERROR_INVALID_PARAMETER;
  if (abort) {
    if (known != NULL) close_backup(known);
    *context = NULL;
    return 0;
  }
  if (handle == NULL || handle->kind != HANDLE_FILE) return ERROR_INVALID_HANDLE;
  if (!(handle->access & (reads ? GENERIC_READ : GENERIC_WRITE))) return ERROR_ACCESS_DENIED;
  if (known != NULL && (*known)->reads != reads) return ERROR_INVALID_PARAMETER;
  *found = known != NULL ? *known : open_backup(context, reads);
  return *found == NULL ? ERROR_NOT_SUPPORTED : 0;
}

BOOL WINAPI SYSTEM_API(BackupRead)(HANDLE value, LPBYTE out, DWORD size, LPDWORD got, BOOL abort, BOOL with_security,
                                   LPVOID *context) {
  struct call call;
  begin(&call, "BackupRead");
  struct handle *handle = find_handle(value);
  handle_argument(&call, handle);
  number_argument(&call, "abort", abort);
  number_argument(&call, "security", with_security);
  uint32_t error = 0;
  if (!stopped(&call)) {
    bool first = context != NULL && *context == NULL;
    struct backup *backup;
    error = !abort && (out == NULL || got == NULL) ? ERROR_INVALID_PARAMETER : 0;
    if (error == 0) error = backup_for(handle, abort, context, true, &backup);
    if (error == 0 && backup != NULL) {
      if (first) add_backup(&backup->bytes, handle->path, with_security);
      size_t left = backup->bytes.size - backup->given;
      *got = left < size ? (DWORD)left : size;
      if (*got > 0) memcpy(out, backup->bytes.data + backup->given, *got);
      backup->given += *got;
    }
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(BackupRead);

/* Begins a stream once its header and name are there; false while they are not. */
static bool begin_stream(struct backup *backup, uint32_t *error) {
  const uint8_t *bytes = backup->bytes.data;
  if (backup->bytes.size < 20) return false;
  uint32_t id = (uint32_t)little(bytes, 4);
  size_t name_size = little(bytes + 16, 4);
  bool good = id >= STREAM_DATA && id <= STREAM_SPARSE && (name_size > 0) == (id == STREAM_ALTERNATE) && name_size < 1024;
  if (!good) {
    *error = ERROR_INVALID_DATA;
    return false;
  }
  if (backup->bytes.size < 20 + name_size) return false;
  struct stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) abort();
  stream->id = id;
  stream->attributes = (uint32_t)little(bytes + 4, 4);
  add_bytes(&stream->name, bytes + 20, name_size);
  backup->missing = little(bytes + 8, 8);
  backup->stream = stream;
  backup->bytes.size -= 20 + name_size;
  memmove(backup->bytes.data, bytes + 20 + name_size, backup->bytes.size);
  return true;
}

static uint32_t end_stream(struct handle *handle, struct backup *backup, bool with_security) {
  struct stream *stream = backup->stream;
  backup->stream = NULL;
  uint32_t error = 0;
  if (stream->id == STREAM_SPARSE) {
    if (stream->data.size < 8) error = ERROR_INVALID_DATA;
    else error = native_write(handle->value, little(stream->data.data, 8), stream->data.data + 8, stream->data.size - 8);
  }
  if (stream->id == STREAM_REPARSE && stream->data.size < 8) error = ERROR_INVALID_DATA;
  // Descriptors need both rights; without them Windows drops them and says nothing (zlayer.md, 2.4).
  DWORD rights = WRITE_DAC | WRITE_OWNER;
  bool dropped = stream->id == STREAM_SECURITY && (!with_security || (handle->access & rights) != rights);
  if (error == 0 && !dropped && stream->id != STREAM_DATA && stream->id != STREAM_LINK) add_stream(handle->path, stream);
  else free_stream(stream);
  return error;
}

static uint32_t write_streams(struct handle *handle, struct backup *backup, bool with_security) {
  uint32_t error = 0;
  while (error == 0) {
    if (backup->stream == NULL && !begin_stream(backup, &error)) break;
    size_t here = backup->bytes.size < backup->missing ? backup->bytes.size : (size_t)backup->missing;
    if (backup->stream->id == STREAM_DATA) {
      if (file_kind(handle->path) == FILE_DIRECTORY) return ERROR_INVALID_PARAMETER;
      error = here == 0 ? 0 : native_write(handle->value, backup->offset, backup->bytes.data, here);
      backup->offset += here;
    } else {
      add_bytes(&backup->stream->data, backup->bytes.data, here);
    }
    backup->missing -= here;
    backup->bytes.size -= here;
    if (here > 0) memmove(backup->bytes.data, backup->bytes.data + here, backup->bytes.size);
    if (backup->missing > 0) break;
    if (error == 0) error = end_stream(handle, backup, with_security);
  }
  return error;
}

BOOL WINAPI SYSTEM_API(BackupWrite)(HANDLE value, LPBYTE bytes, DWORD size, LPDWORD written, BOOL abort,
                                    BOOL with_security, LPVOID *context) {
  struct call call;
  begin(&call, "BackupWrite");
  struct handle *handle = find_handle(value);
  handle_argument(&call, handle);
  number_argument(&call, "size", size);
  number_argument(&call, "abort", abort);
  number_argument(&call, "security", with_security);
  uint32_t error = 0;
  if (!stopped(&call)) {
    struct backup *backup = NULL;
    if (!abort && (bytes == NULL || written == NULL)) error = ERROR_INVALID_PARAMETER;
    else if (!abort && !may_backup_and_restore()) error = ERROR_PRIVILEGE_NOT_HELD;
    struct backup **ending = abort ? context_of(context) : NULL;
    if (ending != NULL && ((*ending)->stream != NULL || (*ending)->bytes.size > 0))
      refuse(&call, S_OK, copy_text("ends within a stream"));
    if (error == 0) error = backup_for(handle, abort, context, false, &backup);
    if (error == 0 && backup != NULL) {
      add_bytes(&backup->bytes, bytes, size);
      error = write_streams(handle, backup, with_security);
      *written = error == 0 ? size : 0;
    }
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(BackupWrite);

enum { CLASS_BASIC = 0, CLASS_STANDARD = 1, CLASS_DISPOSITION = 4, CLASS_ATTRIBUTE_TAG = 9, CLASS_ID = 18, CLASS_DISPOSITION_EX = 21 };

struct standard_information {
  int64_t allocation;
  int64_t size;
  uint32_t links;
  uint8_t delete_pending;
  uint8_t directory;
};

struct id_information {
  uint64_t volume;
  uint64_t id[2];
};

/* FILE_BASIC_INFO has 4 bytes of padding at its end. */
struct basic_information {
  uint64_t times[4];
  uint32_t attributes;
  uint32_t padding;
};

static uint32_t copy_out(void *out, DWORD room, const void *from, size_t size) {
  if (room < size) return 24 /* ERROR_BAD_LENGTH */;
  memcpy(out, from, size);
  return 0;
}

static uint32_t information(const struct handle *handle, int class, void *out, DWORD room) {
  struct file_facts facts = file_facts(handle->path);
  struct basic basic = handle->has_basic ? handle->basic : basic_of(handle->path);
  basic.attributes = basic_of(handle->path).attributes;
  if (class == CLASS_BASIC) {
    struct times times = basic.times;
    struct basic_information all = {{times.created, times.accessed, times.written, times.changed}, basic.attributes, 0};
    return copy_out(out, room, &all, sizeof all);
  }
  if (class == CLASS_STANDARD) {
    struct standard_information all = {(int64_t)facts.size, (int64_t)facts.size, facts.links, handle->deletes, facts.kind == FILE_DIRECTORY};
    return copy_out(out, room, &all, sizeof all);
  }
  if (class == CLASS_ATTRIBUTE_TAG) {
    const struct stream *reparse = find_stream(handle->path, STREAM_REPARSE);
    uint32_t all[2] = {basic.attributes, reparse == NULL ? 0 : (uint32_t)little(reparse->data.data, 4)};
    return copy_out(out, room, all, sizeof all);
  }
  if (class == CLASS_ID) {
    struct id_information all = {facts.volume, {facts.index, 0}};
    return copy_out(out, room, &all, sizeof all);
  }
  return ERROR_INVALID_PARAMETER;
}

BOOL WINAPI SYSTEM_API(GetFileInformationByHandleEx)(HANDLE value, FILE_INFO_BY_HANDLE_CLASS class, LPVOID out, DWORD room) {
  struct call call;
  begin(&call, "GetFileInformationByHandleEx");
  struct handle *handle = find_handle(value);
  handle_argument(&call, handle);
  number_argument(&call, "class", class);
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (handle == NULL || handle->kind != HANDLE_FILE) error = ERROR_INVALID_HANDLE;
    else error = out == NULL ? ERROR_INVALID_PARAMETER : information(handle, class, out, room);
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(GetFileInformationByHandleEx);

static uint32_t set_information(struct handle *handle, int class, const void *in, DWORD size) {
  if (class == CLASS_BASIC) {
    struct basic_information all;
    if (size < sizeof all) return 24;
    memcpy(&all, in, sizeof all);
    struct times times = {all.times[0], all.times[1], all.times[2], all.times[3]};
    set_basic(handle->path, (struct basic){times, all.attributes});
    handle->basic = basic_of(handle->path);
    handle->has_basic = true;
    return 0;
  }
  if (class == CLASS_DISPOSITION || class == CLASS_DISPOSITION_EX) {
    if (!(handle->access & DELETE)) return ERROR_ACCESS_DENIED;
    uint32_t flags = 0;
    memcpy(&flags, in, class == CLASS_DISPOSITION ? 1 : 4);
    bool deletes = (flags & 1) != 0;
    // FILE_DISPOSITION_FLAG_IGNORE_READONLY_ATTRIBUTE is 0x10.
    bool read_only = (basic_of(handle->path).attributes & FILE_ATTRIBUTE_READONLY) != 0;
    if (deletes && read_only && !(flags & 0x10)) return ERROR_ACCESS_DENIED;
    struct names names = list_folder(handle->path);
    size_t entries = names.count;
    free_names(names);
    if (deletes && entries > 0) return ERROR_DIR_NOT_EMPTY;
    handle->deletes = deletes;
    return 0;
  }
  return ERROR_INVALID_PARAMETER;
}

BOOL WINAPI SYSTEM_API(SetFileInformationByHandle)(HANDLE value, FILE_INFO_BY_HANDLE_CLASS class, LPVOID in, DWORD size) {
  struct call call;
  begin(&call, "SetFileInformationByHandle");
  struct handle *handle = find_handle(value);
  handle_argument(&call, handle);
  number_argument(&call, "class", class);
  uint32_t error = 0;
  if (!stopped(&call)) {
    if (handle == NULL || handle->kind != HANDLE_FILE) error = ERROR_INVALID_HANDLE;
    else error = in == NULL || size == 0 ? ERROR_INVALID_PARAMETER : set_information(handle, class, in, size);
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(SetFileInformationByHandle);

BOOL WINAPI SYSTEM_API(CreateDirectoryW)(LPCWSTR name, LPSECURITY_ATTRIBUTES security) {
  struct call call;
  begin(&call, "CreateDirectoryW");
  uint32_t error = 0;
  const char *path = object_path(&call, "path", name, &error);
  if (!stopped(&call) && path != NULL) {
    error = security != NULL ? ERROR_INVALID_PARAMETER : make_folder(path);
    if (error == ERROR_FILE_NOT_FOUND) error = ERROR_PATH_NOT_FOUND;
    if (error == 0) forget_metadata(path);
  }
  return end_win32(&call, error);
}
SAME_SIGNATURE(CreateDirectoryW);

BOOL WINAPI SYSTEM_API(CreateHardLinkW)(LPCWSTR name, LPCWSTR target, LPSECURITY_ATTRIBUTES security) {
  struct call call;
  begin(&call, "CreateHardLinkW");
  uint32_t error = 0;
  const char *path = object_path(&call, "name", name, &error);
  const char *from = object_path(&call, "target", target, &error);
  if (!stopped(&call) && path != NULL && from != NULL)
    error = security != NULL ? ERROR_INVALID_PARAMETER : link_file(from, path);
  return end_win32(&call, error);
}
SAME_SIGNATURE(CreateHardLinkW);

/* Strings of HCS and HNS: Microsoft's pages say LocalFree, hcsshim uses CoTaskMemFree; either does here. */
HLOCAL WINAPI SYSTEM_API(LocalFree)(HLOCAL memory) {
  struct call call;
  begin(&call, "LocalFree");
  bool known = memory == NULL || take_string(memory);
  HRESULT result = known ? S_OK : refuse(&call, E_HANDLE, copy_text("not a string that was given, or freed twice"));
  return end(&call, result) == S_OK ? NULL : memory;
}
SAME_SIGNATURE(LocalFree);

void WINAPI SYSTEM_API(CoTaskMemFree)(LPVOID memory) {
  struct call call;
  begin(&call, "CoTaskMemFree");
  bool known = memory == NULL || take_string(memory);
  end(&call, known ? S_OK : refuse(&call, E_HANDLE, copy_text("not a string that was given, or freed twice")));
}

void reset_kernel(void) {
  while (handles != NULL) {
    if (handles->kind != HANDLE_TOKEN) native_close(handles->value);
    drop_handle(handles);
  }
  for (size_t i = 0; i < sizeof backups / sizeof backups[0]; i++)
    if (backups[i] != NULL) close_backup(&backups[i]);
  handle_numbers = 0;
}
