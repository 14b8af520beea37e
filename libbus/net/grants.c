/* What the words of a key file say its holder may. Pure. */
#include <string.h>

#include "bus/keys.h"

bool bus_key_grants(const char *grants, const char *what, const char *value)
{
    size_t what_size = strlen(what), value_size = strlen(value);
    for (const char *at = grants + strspn(grants, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        const char *given = at + what_size + 1;
        bool named = size > what_size + 1 && strncmp(at, what, what_size) == 0 && at[what_size] == '=';
        size_t given_size = named ? size - what_size - 1 : 0;
        if (named && ((given_size == 1 && *given == '*') ||
                      (given_size == value_size && strncmp(given, value, value_size) == 0)))
            return true;
        at += size;
    }
    return grants[0] == '\0';
}
