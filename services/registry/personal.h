/* Personal data as it comes in, and as it is kept: trimmed, checked, with the keys it is compared by. Pure.
 */
#ifndef REGISTRY_PERSONAL_H
#define REGISTRY_PERSONAL_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/status.h"
#include "insz.h"
#include "schema/registry.h"

/* As given; NULL where nothing was. */
struct personal_given {
    const char *first_name, *last_name, *email, *phone, *street, *national_number;
};

/* As kept. Text that is not known is NULL; the keys are never shown. */
struct personal {
    const char *first_name, *last_name, *email, *phone, *street;
    struct bus_bytes insz_hash;       /* 32 bytes, or no data */
    const char *first_key, *last_key; /* for search and order; "" when not known */
    const char *name_key, *email_key; /* for duplicates; NULL when not known */
};

/* BUS_INVALID names the field that is wrong in *ret_field (which may be NULL) and never its value. */
BUS_CHECKED enum bus_status personal_clean(const struct personal_given *given,
                                           const uint8_t key[INSZ_HASH_BYTES], struct bus_arena *arena,
                                           struct personal *ret, const char **ret_field,
                                           struct bus_error *err);
/* Takes out the field that personal_clean() named, so that it can tell of the next. */
void personal_leave_out(struct personal_given *given, const char *field);
/* Equal for equal text in every field. Without the key nobody can find what it was by trying all there is. */
#define PERSONAL_DIGEST_BYTES 32
void personal_digest(const struct personal_given *given, const uint8_t key[INSZ_HASH_BYTES],
                     uint8_t ret_digest[PERSONAL_DIGEST_BYTES]);
/* Nothing is known: what a replay without personal data finds. */
bool personal_is_empty(const struct personal *self);

/* Knows no longer what `field` names; makes the keys anew. */
void personal_forget(struct personal *self, enum registry_personal_field field, struct bus_arena *arena);
/* Lays what is known in `more` over `self`, or only where `self` knows nothing; makes the keys anew. */
void personal_overlay(struct personal *self, const struct personal *more, struct bus_arena *arena);
void personal_fill(struct personal *self, const struct personal *more, struct bus_arena *arena);

/* Mail with a mail address, else SMS with a mobile or foreign number, else none. */
enum common_channel personal_channel(const struct personal *self);

/* Of a number as facts_phone() gives it. */
bool phone_takes_sms(const char *normal);

#endif
