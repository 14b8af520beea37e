/* The same person in two lines of one list. Pure. */
#ifndef REGISTRY_IMPORT_TWICE_H
#define REGISTRY_IMPORT_TWICE_H

#include "import.h"

/* Lines that say the same of a named person, or have the same national number, are faults of the later one.
 * Those that are only alike are noted: two of one name may be father and son. */
void import_find_twice(struct import *self);

#endif
