/* TEST DOUBLE. The token of the process, as advapi32.c simulates it. */
#pragma once

#include <stdbool.h>

/* SeBackupPrivilege and SeRestorePrivilege are enabled. */
bool may_backup_and_restore(void);
