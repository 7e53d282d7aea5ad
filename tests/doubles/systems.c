/* TEST DOUBLE. Compute systems: nothing runs yet. */
#include "layers.h"

bool system_uses(const char *path) {
  (void)path;
  return false;
}

void reset_systems(void) {}
void reset_scripts(void) {}
void reset_networks(void) {}
