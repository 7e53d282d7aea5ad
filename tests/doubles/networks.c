/* TEST DOUBLE. Networks: none yet. */
#include "systems.h"

bool namespace_exists(const char *guid) {
  (void)guid;
  return false;
}

bool endpoint_exists(const char *guid) {
  (void)guid;
  return false;
}

void reset_networks(void) {}
