/* TEST DOUBLE. Handles of the simulated kernel, for the other doubles. */
#pragma once

#include <stdbool.h>

#include "core.h"

HANDLE open_token(DWORD access);
bool is_token(HANDLE handle, DWORD access);
void set_last_error(DWORD error);
