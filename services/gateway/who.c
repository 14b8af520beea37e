/* See who.h. */
#include "who.h"

#include <string.h>

#include "board_scope.h"
#include "token.h"

static const char *const *copy_texts(struct bus_arena *arena, const char *const *texts, size_t n)
{
    const char **copy = bus_alloc_array(arena, n, sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = bus_strdup(arena, texts[i]);
    return copy;
}

void who_copy(struct bus_arena *arena, const struct who *from, struct who *to)
{
    *to = (struct who){
        .id = bus_strdup(arena, from->id),
        .name = bus_strdup(arena, from->name),
        .scopes = copy_texts(arena, from->scopes, from->scopes_n),
        .scopes_n = from->scopes_n,
        .nis = copy_texts(arena, from->nis, from->nis_n),
        .nis_n = from->nis_n,
        .partnerships = copy_texts(arena, from->partnerships, from->partnerships_n),
        .partnerships_n = from->partnerships_n,
        .sources = copy_texts(arena, from->sources, from->sources_n),
        .sources_n = from->sources_n,
    };
}

bool who_may(const struct who *self, const char *name, const char *type)
{
    for (size_t i = 0; i < self->scopes_n; i++)
        if (token_scope_covers(self->scopes[i], name) || token_scope_covers(self->scopes[i], type) ||
            board_scope_covers(self->scopes[i], name))
            return true;
    return false;
}

#define SOURCE_OF "urn:koppel:" /* and the name */

static bool is_of_name(const char *source, const char *name)
{
    size_t head = strlen(SOURCE_OF), size = strlen(name);
    if (strncmp(source, SOURCE_OF, head) != 0 || strncmp(source + head, name, size) != 0)
        return false;
    char next = source[head + size];
    return next == '\0' || next == '/' || next == ':';
}

bool who_may_say(const struct who *self, const char *source)
{
    for (size_t i = 0; i < self->sources_n; i++)
        if (token_scope_covers(self->sources[i], source))
            return true;
    return self->sources_n == 0 && is_of_name(source, self->name);
}

const char *const *who_sources_of_name(const char *name, struct bus_arena *arena, size_t *ret_n)
{
    static const char *const ends[] = {"", "/*", ":*"};
    const size_t n = sizeof ends / sizeof *ends;
    const char **list = bus_alloc_array(arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = bus_printf(arena, SOURCE_OF "%s%s", name, ends[i]);
    *ret_n = n;
    return list;
}

const char *who_source(const struct who *self, struct bus_arena *arena)
{
    return self->sources_n > 0 ? self->sources[0] : bus_printf(arena, SOURCE_OF "%s", self->name);
}

/* ---- what the file of a key says */

#define GRANTS_MAX 100

struct granted {
    const char *word;
    const char *const **list;
    size_t *n;
};

/* What a key may read and ask of services is theirs to judge. */
static bool is_of_the_bus(const char *text)
{
    return strncmp(text, "reads=", 6) == 0 || strncmp(text, "asks=", 5) == 0;
}

static bool grant_one(const struct granted *granted, const char *text, size_t size, struct bus_arena *arena)
{
    for (const struct granted *to = granted; to->word != NULL; to++) {
        size_t head = strlen(to->word);
        if (size <= head || strncmp(text, to->word, head) != 0 || *to->n == GRANTS_MAX)
            continue;
        if (*to->list == NULL)
            *to->list = bus_alloc_array(arena, GRANTS_MAX, sizeof **to->list);
        ((const char **)*to->list)[(*to->n)++] = bus_strndup(arena, text + head, size - head);
        return true;
    }
    return false;
}

bool who_grant(struct who *self, const char *grants, struct bus_arena *arena)
{
    const struct granted granted[] = {{"source=", &self->sources, &self->sources_n},
                                      {"partnership=", &self->partnerships, &self->partnerships_n},
                                      {"nis=", &self->nis, &self->nis_n},
                                      {NULL, NULL, NULL}};
    for (const char *at = grants + strspn(grants, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        if (!is_of_the_bus(at) && !grant_one(granted, at, size, arena))
            return false;
        at += size;
    }
    return true;
}

bool who_limited(const struct who *self)
{
    return self->nis_n > 0 || self->partnerships_n > 0;
}

const char *who_within(const struct who *self, struct bus_arena *arena)
{
    const char *words = NULL;
    for (size_t i = 0; i < self->partnerships_n; i++)
        words = bus_printf(arena, "%s%spartnership=%s", words ? words : "", words ? " " : "",
                           self->partnerships[i]);
    for (size_t i = 0; i < self->nis_n; i++)
        words = bus_printf(arena, "%s%snis=%s", words ? words : "", words ? " " : "", self->nis[i]);
    return words;
}

static bool covers(const char *const *list, size_t n, const char *value)
{
    for (size_t i = 0; value != NULL && i < n; i++)
        if (strcmp(list[i], value) == 0)
            return true;
    return n == 0;
}

bool who_covers_partnership(const struct who *self, const char *partnership)
{
    return covers(self->partnerships, self->partnerships_n, partnership);
}

bool who_covers_nis(const struct who *self, const char *nis)
{
    return covers(self->nis, self->nis_n, nis);
}

static enum bus_status check_field(const struct bus_shape *shape, const void *value, const char *name,
                                   const char *const *list, size_t n, bool needed, struct bus_error *err)
{
    for (size_t i = 0; n > 0 && i < shape->fields_n; i++) {
        const struct bus_field *field = &shape->fields[i];
        if (strcmp(field->name, name) != 0 || field->kind != BUS_KIND_TEXT || field->array)
            continue;
        const char *given = *(const char *const *)((const char *)value + field->offset);
        if (given == NULL && needed)
            return bus_fail(err, BUS_DENIED, "your token is not for all: name the %s", name);
        if (given != NULL && !covers(list, n, given))
            return bus_fail(err, BUS_DENIED, "your token does not cover this %s", name);
    }
    return BUS_OK;
}

enum bus_status who_covers(const struct who *self, const struct bus_shape *shape, const void *value,
                           bool needed, struct bus_error *err)
{
    enum bus_status status =
        check_field(shape, value, "partnership", self->partnerships, self->partnerships_n, needed, err);
    if (status == BUS_OK)
        status = check_field(shape, value, "nis", self->nis, self->nis_n, needed, err);
    return status;
}
