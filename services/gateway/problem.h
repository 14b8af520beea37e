/* Refusals as problem documents (RFC 9457). Pure. */
#ifndef GATEWAY_PROBLEM_H
#define GATEWAY_PROBLEM_H

#include "bus/codec.h"

/* Appends {type, title, status, detail, code?, errors?: [{pointer, detail}]}. `code` and `faults` may be
 * NULL. */
void problem_write(struct bus_buffer *out, unsigned status, const char *detail, const char *code,
                   const struct bus_faults *faults);
/* What a refusal by a service is in HTTP. */
unsigned problem_status(enum bus_status status);

#endif
