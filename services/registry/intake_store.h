/* Intakes and consents: the only door to their tables. */
#ifndef REGISTRY_INTAKE_STORE_H
#define REGISTRY_INTAKE_STORE_H

#include "bus/service.h"
#include "schema/registry.h"

/* The greatest id there is; nil: none. */
BUS_CHECKED enum bus_status intake_youngest(struct bus_context *ctx, struct bus_id *ret);
/* Whether an intake with this id (may be nil) was recorded. */
BUS_CHECKED enum bus_status intake_look(struct bus_context *ctx, struct bus_id intake, bool *ret_recorded);
BUS_CHECKED enum bus_status intake_put(struct bus_context *ctx, const struct registry_intake_held *row);

enum consent_answer { CONSENT_NEVER_ASKED, CONSENT_GIVEN, CONSENT_WITHDRAWN };
BUS_CHECKED enum bus_status consent_get(struct bus_context *ctx, struct bus_id person,
                                        enum registry_consent_purpose purpose, enum consent_answer *ret);
BUS_CHECKED enum bus_status consent_put(struct bus_context *ctx, struct bus_id person,
                                        enum registry_consent_purpose purpose, bool given);

#endif
