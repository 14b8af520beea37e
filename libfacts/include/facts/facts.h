/* What is so in the world and no schema can say: which languages and postcodes there are, whether the
 * digits of a national or enterprise number fit, how people write a phone number. One set of rules for every
 * door. Pure. */
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include <stdbool.h>

#include "bus/arena.h"

/* What is wrong with a text by one of the rules that a schema names with `x-rule`, in words that do not quote
 * it; NULL when nothing is. A bus_rule_fn. */
const char *facts_fault(const char *rule, const char *text, struct bus_arena *arena);

/* By its ISO 639 code: two letters where it has them, else three. */
bool facts_is_language(const char *code);
/* An interest may be any word. Those that are known by name; and the one that was meant by a word which is
 * none of them and nearly one, else NULL. */
bool facts_is_interest(const char *word);
const char *facts_interest_meant(const char *word);
/* Whether a word is another but for a letter too many, too few, or swapped with its neighbour. */
bool facts_is_slip(const char *given, const char *meant);
/* Phone numbers in the form +32470123456; a number without country code is Belgian. NULL when it is none. */
const char *facts_phone(const char *text, struct bus_arena *arena);
/* One @, a name before it, a domain of at least two labels after it. */
bool facts_is_mail(const char *text);

/* False of a text that is there and shows nothing: of signs without width, say, or of the direction of
 * writing. Blanks alone are nothing: they count as not given. */
bool facts_shows(const char *text);

/* National numbers (INSZ) and BIS numbers: 11 digits of which the last two check the first nine. Takes
 * "93051822361" and "93.05.18-223.61": digits separated by blanks, dots or dashes or not at all. NULL and the
 * digits, or what is wrong. */
#define FACTS_INSZ_DIGITS 11
const char *facts_insz(const char *text, char ret_digits[FACTS_INSZ_DIGITS + 1]);

/* Enterprise numbers (KBO), also with dots or BE in front: ten digits, the first of them 0 or 1, of which the
 * last two check the others. */
bool facts_is_enterprise(const char *text);
/* One of those, or any other id under which partners know each other: what looks like one must be one. */
bool facts_is_partner(const char *text);

#endif
