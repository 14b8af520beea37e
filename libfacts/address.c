/* Phone numbers and mail addresses as people write them; see facts.h. */
#include <ctype.h>
#include <string.h>

#include "facts/facts.h"

const char *facts_phone(const char *text, struct bus_arena *arena)
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

bool facts_is_mail(const char *text)
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
