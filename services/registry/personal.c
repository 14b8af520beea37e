/* See personal.h. */
#include "personal.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "facts/facts.h"
#include "names.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Without blanks around it; NULL when nothing is left. */
static const char *trimmed(struct bus_arena *arena, const char *text)
{
    if (text == NULL)
        return NULL;
    while (is_blank(*text))
        text++;
    size_t n = strlen(text);
    while (n > 0 && is_blank(text[n - 1]))
        n--;
    return n > 0 ? bus_strndup(arena, text, n) : NULL;
}

bool phone_takes_sms(const char *normal)
{
    bool belgian = strncmp(normal, "+32", 3) == 0;
    return !belgian || (normal[3] == '4' && strlen(normal) == 12);
}

static const char *lower(struct bus_arena *arena, const char *text)
{
    char *copy = bus_strdup(arena, text);
    for (char *c = copy; c != NULL && *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static void make_keys(struct personal *self, struct bus_arena *arena)
{
    self->first_key = name_fold(arena, self->first_name);
    self->last_key = name_fold(arena, self->last_name);
    self->name_key = name_key(arena, self->first_name, self->last_name);
    self->email_key = lower(arena, self->email);
}

static enum bus_status refuse(struct bus_error *err, const char **ret_field, const char *field,
                              const char *why)
{
    if (ret_field != NULL)
        *ret_field = field;
    char pointer[sizeof err->pointer];
    snprintf(pointer, sizeof pointer, "/%s", field);
    return bus_fail_at(err, BUS_INVALID, pointer, "%s %s", field, why);
}

static struct bus_bytes number_hash(const char *number, const uint8_t key[INSZ_HASH_BYTES],
                                    struct bus_arena *arena)
{
    char digits[FACTS_INSZ_DIGITS + 1];
    if (number == NULL || facts_insz(number, digits) != NULL)
        return (struct bus_bytes){0};
    uint8_t *hash = bus_alloc(arena, INSZ_HASH_BYTES);
    insz_hash(digits, key, hash);
    return bus_bytes(hash, INSZ_HASH_BYTES);
}

enum bus_status personal_clean(const struct personal_given *given, const uint8_t key[INSZ_HASH_BYTES],
                               struct bus_arena *arena, struct personal *ret, const char **ret_field,
                               struct bus_error *err)
{
    struct personal clean = {
        .first_name = trimmed(arena, given->first_name),
        .last_name = trimmed(arena, given->last_name),
        .email = trimmed(arena, given->email),
        .street = trimmed(arena, given->street),
    };
    const char *phone = trimmed(arena, given->phone), *number = trimmed(arena, given->national_number);
    const struct {
        const char *field, *rule, *text;
    } all[] = {{"first_name", "line", clean.first_name},
               {"last_name", "line", clean.last_name},
               {"street", "line", clean.street},
               {"email", "mail", clean.email},
               {"phone", "phone", phone},
               {"national_number", "national-number", number}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const char *why = all[i].text != NULL ? facts_fault(all[i].rule, all[i].text, arena) : NULL;
        if (why != NULL)
            return refuse(err, ret_field, all[i].field, why);
    }
    clean.phone = phone != NULL ? facts_phone(phone, arena) : NULL;
    clean.insz_hash = number_hash(number, key, arena);
    make_keys(&clean, arena);
    *ret = clean;
    return BUS_OK;
}

void personal_leave_out(struct personal_given *given, const char *field)
{
    const struct {
        const char *field, **text;
    } all[] = {{"first_name", &given->first_name}, {"last_name", &given->last_name},
               {"email", &given->email},           {"phone", &given->phone},
               {"street", &given->street},         {"national_number", &given->national_number}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].field, field) == 0)
            *all[i].text = NULL;
}

void personal_digest(const struct personal_given *given, const uint8_t key[INSZ_HASH_BYTES],
                     uint8_t ret_digest[PERSONAL_DIGEST_BYTES])
{
    const char *const fields[] = {given->first_name, given->last_name, given->email,
                                  given->phone,      given->street,    given->national_number};
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, INSZ_HASH_BYTES, PERSONAL_DIGEST_BYTES);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = fields[i] != NULL ? fields[i] : "";
        const uint8_t is_given = fields[i] != NULL;
        crypto_generichash_update(&state, &is_given, 1);
        crypto_generichash_update(&state, (const uint8_t *)text, strlen(text) + 1);
    }
    crypto_generichash_final(&state, ret_digest, PERSONAL_DIGEST_BYTES);
}

bool personal_is_empty(const struct personal *self)
{
    return self->first_name == NULL && self->last_name == NULL && self->email == NULL &&
           self->phone == NULL && self->street == NULL && self->insz_hash.data == NULL;
}

void personal_fill(struct personal *self, const struct personal *more, struct bus_arena *arena)
{
    if (self->first_name == NULL)
        self->first_name = more->first_name;
    if (self->last_name == NULL)
        self->last_name = more->last_name;
    if (self->email == NULL)
        self->email = more->email;
    if (self->phone == NULL)
        self->phone = more->phone;
    if (self->street == NULL)
        self->street = more->street;
    if (self->insz_hash.data == NULL)
        self->insz_hash = more->insz_hash;
    make_keys(self, arena);
}

void personal_overlay(struct personal *self, const struct personal *more, struct bus_arena *arena)
{
    struct personal before = *self;
    *self = *more;
    personal_fill(self, &before, arena);
}

void personal_forget(struct personal *self, enum registry_personal_field field, struct bus_arena *arena)
{
    switch (field) {
    case REGISTRY_PERSONAL_FIELD_FIRST_NAME:
        self->first_name = NULL;
        break;
    case REGISTRY_PERSONAL_FIELD_LAST_NAME:
        self->last_name = NULL;
        break;
    case REGISTRY_PERSONAL_FIELD_EMAIL:
        self->email = NULL;
        break;
    case REGISTRY_PERSONAL_FIELD_PHONE:
        self->phone = NULL;
        break;
    case REGISTRY_PERSONAL_FIELD_STREET:
        self->street = NULL;
        break;
    case REGISTRY_PERSONAL_FIELD_NATIONAL_NUMBER:
        self->insz_hash = (struct bus_bytes){0};
        break;
    case REGISTRY_PERSONAL_FIELD_NONE:
        break;
    }
    make_keys(self, arena);
}

enum common_channel personal_channel(const struct personal *self)
{
    if (self->email != NULL)
        return COMMON_CHANNEL_MAIL;
    if (self->phone != NULL && phone_takes_sms(self->phone))
        return COMMON_CHANNEL_SMS;
    return COMMON_CHANNEL_NONE;
}
