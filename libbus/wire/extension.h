/* The names of extension attributes, as CloudEvents allows them. */
#ifndef WIRE_EXTENSION_H
#define WIRE_EXTENSION_H

#include <stdbool.h>

#include "bus/bytes.h"

/* 1 to 20 lower-case letters and digits. */
bool wire_extension_name_check(struct bus_bytes name);

#endif
