/*
 * TEST SUPPORT, for Wine. Windows' Node cannot use a Unix pipe as its stdout (`open EBADF`). This starts its arguments
 * with pipes that Wine made, copies what comes to its own stdout and stderr, and ends with the exit code.
 */
#include <windows.h>

struct pump {
  HANDLE from;
  HANDLE to;
};

static DWORD WINAPI run(void *argument) {
  struct pump *pump = argument;
  char bytes[16384];
  DWORD got = 0;
  while (ReadFile(pump->from, bytes, sizeof bytes, &got, NULL) && got > 0) {
    DWORD written = 0;
    WriteFile(pump->to, bytes, got, &written, NULL);
  }
  return 0;
}

static HANDLE open_pump(struct pump *pump, DWORD standard) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE writer = NULL;
  if (!CreatePipe(&pump->from, &writer, &inherited, 0)) ExitProcess(125);
  SetHandleInformation(pump->from, HANDLE_FLAG_INHERIT, 0);
  pump->to = GetStdHandle(standard);
  return writer;
}

/* What comes after the name of this program in its command line. */
static WCHAR *arguments(void) {
  WCHAR *at = GetCommandLineW();
  BOOL quoted = FALSE;
  for (; *at != 0 && (quoted || *at != ' '); at++)
    if (*at == '"') quoted = !quoted;
  while (*at == ' ') at++;
  return at;
}

int main(void) {
  struct pump pumps[2];
  PROCESS_INFORMATION process;
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  startup.hStdOutput = open_pump(&pumps[0], STD_OUTPUT_HANDLE);
  startup.hStdError = open_pump(&pumps[1], STD_ERROR_HANDLE);
  if (!CreateProcessW(NULL, arguments(), NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) return 126;
  CloseHandle(startup.hStdOutput);
  CloseHandle(startup.hStdError);
  HANDLE threads[2];
  for (int i = 0; i < 2; i++) threads[i] = CreateThread(NULL, 0, run, &pumps[i], 0, NULL);
  WaitForSingleObject(process.hProcess, INFINITE);
  WaitForMultipleObjects(2, threads, TRUE, INFINITE);
  DWORD code = 127;
  GetExitCodeProcess(process.hProcess, &code);
  return (int)code;
}
