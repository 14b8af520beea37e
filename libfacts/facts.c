/* The rules by their names; see facts.h. */
#include "facts/facts.h"

#include <stdlib.h>
#include <string.h>

#include "bus/status.h"
#include "languages.h"
#include "places.h"

static int by_code(const void *code, const void *item)
{
    return strcmp(code, *(const char *const *)item);
}

bool facts_is_language(const char *code)
{
    return bsearch(code, languages, languages_n, sizeof *languages, by_code) != NULL;
}

static const char *language(const char *text, struct bus_arena *arena)
{
    (void)arena;
    return facts_is_language(text)
               ? NULL
               : "is no language by its ISO 639 code: two letters where it has them, else three, such as nl";
}

static const char *interest(const char *text, struct bus_arena *arena)
{
    const char *meant = facts_interest_meant(text);
    return meant == NULL ? NULL
                         : bus_printf(arena, "is nearly an interest that is known: did you mean %s?", meant);
}

static const char *postcode(const char *text, struct bus_arena *arena)
{
    (void)arena;
    return places_nis(text) != NULL ? NULL : "is no postcode that exists";
}

static const char *insz(const char *text, struct bus_arena *arena)
{
    char digits[FACTS_INSZ_DIGITS + 1];
    (void)arena;
    return facts_insz(text, digits);
}

static const char *mail(const char *text, struct bus_arena *arena)
{
    (void)arena;
    return facts_is_mail(text) ? NULL : "is not a mail address, such as name@example.org";
}

static const char *phone(const char *text, struct bus_arena *arena)
{
    return facts_phone(text, arena) != NULL
               ? NULL
               : "is not a phone number: begin with 0 in Belgium, or with + and the country code";
}

#define ENTERPRISE_WORDS \
    "is no enterprise number: its last two digits do not fit the eight before them; look for a typing error"

static const char *enterprise(const char *text, struct bus_arena *arena)
{
    (void)arena;
    return facts_is_enterprise(text) ? NULL : ENTERPRISE_WORDS;
}

static const char *partner(const char *text, struct bus_arena *arena)
{
    (void)arena;
    return facts_is_partner(text) ? NULL : ENTERPRISE_WORDS;
}

/* A line break in a name would end up in the head of a mail. */
static const char *line(const char *text, struct bus_arena *arena)
{
    const char *begin = text;
    (void)arena;
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return "holds a line break or another control character";
    return facts_shows(begin) ? NULL : "holds no sign that can be seen";
}

const char *facts_fault(const char *rule, const char *text, struct bus_arena *arena)
{
    static const struct {
        const char *name;
        const char *(*fault)(const char *text, struct bus_arena *arena);
    } rules[] = {{"language", language},
                 {"interest", interest},
                 {"postcode", postcode},
                 {"national-number", insz},
                 {"enterprise-number", enterprise},
                 {"partner", partner},
                 {"mail", mail},
                 {"phone", phone},
                 {"line", line}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].name, rule) == 0)
            return rules[i].fault(text, arena);
    bus_die("a schema names the rule %s, which is not known", rule);
}
