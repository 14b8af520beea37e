/* See personal.h. */
#include "personal.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

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

/* A line break in a name would end up in the head of a mail. */
static bool has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

const char *phone_normal(struct bus_arena *arena, const char *text)
{
    char *digits = bus_alloc(arena, strlen(text) + 4);
    size_t n = 0;
    bool plus = text[0] == '+';
    for (const char *c = text + plus; *c != '\0'; c++) {
        if (strncmp(c, "(0)", 3) == 0 && (plus || strncmp(text, "00", 2) == 0)) {
            c += 2; /* +32 (0)14: the zero is for who calls from within */
            continue;
        }
        if (*c >= '0' && *c <= '9')
            digits[n++] = *c;
        else if (strchr(" ./()-", *c) == NULL)
            return NULL;
    }
    digits[n] = '\0';
    const char *rest = digits;
    if (!plus && strncmp(digits, "00", 2) == 0) {
        rest += 2;
    } else if (!plus) {
        if (digits[0] != '0') /* within Belgium every number begins with 0 */
            return NULL;
        memmove(digits + 2, digits + 1, n);
        memcpy(digits, "32", 2);
        n++;
    }
    size_t length = strlen(rest);
    if (length < 8 || length > 15 || rest[0] == '0')
        return NULL;
    bool belgian = strncmp(rest, "32", 2) == 0;
    if (belgian && (rest[2] == '0' || (length != 10 && length != 11)))
        return NULL;
    return bus_printf(arena, "+%s", rest);
}

bool phone_takes_sms(const char *normal)
{
    bool belgian = strncmp(normal, "+32", 3) == 0;
    return !belgian || (normal[3] == '4' && strlen(normal) == 12);
}

bool email_plausible(const char *text)
{
    const char *at = strchr(text, '@');
    if (at == NULL || at == text || strchr(at + 1, '@') != NULL || strlen(text) > 254)
        return false;
    for (const char *c = text; c < at; c++)
        if (!isalnum((unsigned char)*c) && strchr("._%+-", *c) == NULL)
            return false;
    bool dot = false;
    char before = '.'; /* neither a label nor the domain begins with a dot */
    for (const char *c = at + 1; *c != '\0'; c++) {
        if (*c == '.' && before == '.')
            return false;
        if (*c != '.' && *c != '-' && !isalnum((unsigned char)*c))
            return false;
        dot = dot || *c == '.';
        before = *c;
    }
    return dot && before != '.';
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

static enum bus_status clean_number(const char *number, const uint8_t key[INSZ_HASH_BYTES],
                                    struct bus_arena *arena, struct personal *to, const char **ret_field,
                                    struct bus_error *err)
{
    char digits[INSZ_DIGITS + 1];
    const char *why = NULL;
    if (number == NULL)
        return BUS_OK;
    if (!insz_parse(number, digits, &why))
        return refuse(err, ret_field, "national_number", why);
    uint8_t *hash = bus_alloc(arena, INSZ_HASH_BYTES);
    insz_hash(digits, key, hash);
    to->insz_hash = bus_bytes(hash, INSZ_HASH_BYTES);
    return BUS_OK;
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
    const char *phone = trimmed(arena, given->phone);
    const struct {
        const char *field, *text;
    } lines[] = {{"first_name", clean.first_name}, {"last_name", clean.last_name}, {"street", clean.street}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (lines[i].text != NULL && has_control(lines[i].text))
            return refuse(err, ret_field, lines[i].field, "holds a line break or another control character");
    if (clean.email != NULL && !email_plausible(clean.email))
        return refuse(err, ret_field, "email", "is not a mail address, such as name@example.org");
    if (phone != NULL && (clean.phone = phone_normal(arena, phone)) == NULL)
        return refuse(err, ret_field, "phone",
                      "is not a phone number: begin with 0 in Belgium, or with + and the country code");
    enum bus_status status =
        clean_number(trimmed(arena, given->national_number), key, arena, &clean, ret_field, err);
    if (status != BUS_OK)
        return status;
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
