/* A national number may never stand in an event: streams are kept and nobody can be forgotten in them. */
#ifndef GATEWAY_NATIONAL_NUMBER_H
#define GATEWAY_NATIONAL_NUMBER_H

#include <stdbool.h>

#include "bus/bytes.h"

/* Whether eleven digits in a row, with or without the usual separators, have a day of birth and check digits
 * that fit. A UUID is none, whatever digits it has. Of other numbers of eleven digits one in a few hundred
 * looks so. */
bool national_number_in(struct bus_bytes text);

#endif
