/* TEST DOUBLE. See platform.h: Windows, which here is Wine. */
#ifdef _WIN32
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "platform.h"
#include "text.h"

static WCHAR *native(const char *path) {
  char *verbatim = strncmp(path, "\\\\?\\", 4) == 0 ? copy_text(path) : format_text("\\\\?\\%s", path);
  WCHAR *wide = utf16_of(verbatim);
  free(verbatim);
  return wide;
}

static uint64_t ticks(FILETIME time) {
  return ((uint64_t)time.dwHighDateTime << 32) | time.dwLowDateTime;
}

static HANDLE open_path(const char *path, DWORD access) {
  WCHAR *wide = native(path);
  DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  HANDLE handle = CreateFileW(wide, access, share, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
  free(wide);
  return handle;
}

struct file_facts file_facts(const char *path) {
  BY_HANDLE_FILE_INFORMATION information;
  HANDLE handle = open_path(path, 0);
  if (handle == INVALID_HANDLE_VALUE) return (struct file_facts){.kind = FILE_NONE};
  BOOL known = GetFileInformationByHandle(handle, &information);
  CloseHandle(handle);
  if (!known) return (struct file_facts){.kind = FILE_NONE};
  return (struct file_facts){
    .kind = information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? FILE_DIRECTORY : FILE_FILE,
    .volume = information.dwVolumeSerialNumber,
    .index = ((uint64_t)information.nFileIndexHigh << 32) | information.nFileIndexLow,
    .written = ticks(information.ftLastWriteTime),
    .size = ((uint64_t)information.nFileSizeHigh << 32) | information.nFileSizeLow,
    .links = information.nNumberOfLinks,
  };
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names list_folder(const char *path) {
  struct names names = {0};
  WIN32_FIND_DATAW found;
  char *all = join(path, "*");
  WCHAR *wide = native(all);
  HANDLE search = FindFirstFileW(wide, &found);
  free(wide);
  free(all);
  if (search == INVALID_HANDLE_VALUE) return names;
  do {
    char *name = utf8_of(found.cFileName);
    if (same_text(name, ".") || same_text(name, "..")) {
      free(name);
      continue;
    }
    names.items = realloc(names.items, (names.count + 1) * sizeof(char *));
    names.items[names.count++] = name;
  } while (FindNextFileW(search, &found));
  FindClose(search);
  if (names.count > 0) qsort(names.items, names.count, sizeof(char *), compare_names);
  return names;
}

static uint32_t result(BOOL done) {
  return done ? 0 : GetLastError();
}

uint32_t make_folder(const char *path) {
  WCHAR *wide = native(path);
  uint32_t error = result(CreateDirectoryW(wide, NULL));
  free(wide);
  return error;
}

uint32_t link_file(const char *from, const char *to) {
  WCHAR *wide_from = native(from);
  WCHAR *wide_to = native(to);
  uint32_t error = result(CreateHardLinkW(wide_to, wide_from, NULL));
  free(wide_from);
  free(wide_to);
  return error;
}

uint32_t delete_file(const char *path) {
  WCHAR *wide = native(path);
  SetFileAttributesW(wide, FILE_ATTRIBUTE_NORMAL);
  uint32_t error = result(DeleteFileW(wide));
  free(wide);
  return error;
}

uint32_t delete_folder(const char *path) {
  WCHAR *wide = native(path);
  uint32_t error = result(RemoveDirectoryW(wide));
  free(wide);
  return error;
}

uint32_t rename_file(const char *from, const char *to) {
  WCHAR *wide_from = native(from);
  WCHAR *wide_to = native(to);
  uint32_t error = result(MoveFileExW(wide_from, wide_to, MOVEFILE_REPLACE_EXISTING));
  free(wide_from);
  free(wide_to);
  return error;
}

uint32_t write_file(const char *path, const void *bytes, size_t size) {
  WCHAR *wide = native(path);
  HANDLE handle = CreateFileW(wide, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  free(wide);
  if (handle == INVALID_HANDLE_VALUE) return GetLastError();
  DWORD written = 0;
  BOOL done = WriteFile(handle, bytes, (DWORD)size, &written, NULL);
  CloseHandle(handle);
  return done && written == size ? 0 : ERROR_ACCESS_DENIED;
}

uint32_t set_written(const char *path, uint64_t time) {
  FILETIME written = {(DWORD)time, (DWORD)(time >> 32)};
  HANDLE handle = open_path(path, FILE_WRITE_ATTRIBUTES);
  if (handle == INVALID_HANDLE_VALUE) return GetLastError();
  BOOL done = SetFileTime(handle, NULL, NULL, &written);
  CloseHandle(handle);
  return done ? 0 : GetLastError();
}

uint8_t *read_file(const char *path, size_t *size) {
  HANDLE handle = open_path(path, GENERIC_READ);
  if (handle == INVALID_HANDLE_VALUE) return NULL;
  struct buffer buffer = {0};
  static __thread uint8_t chunk[65536];
  DWORD got = 0;
  while (ReadFile(handle, chunk, sizeof chunk, &got, NULL) && got > 0) add_bytes(&buffer, chunk, got);
  CloseHandle(handle);
  *size = buffer.size;
  return (uint8_t *)take_text(&buffer);
}

uint64_t now(void) {
  FILETIME time;
  GetSystemTimeAsFileTime(&time);
  return ticks(time);
}

void sleep_ms(unsigned milliseconds) {
  Sleep(milliseconds);
}
#endif
