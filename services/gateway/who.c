/* See who.h. */
#include "who.h"

#include <string.h>

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
        .name = bus_strdup(arena, from->name),
        .scopes = copy_texts(arena, from->scopes, from->scopes_n),
        .scopes_n = from->scopes_n,
        .nis = copy_texts(arena, from->nis, from->nis_n),
        .nis_n = from->nis_n,
        .partnerships = copy_texts(arena, from->partnerships, from->partnerships_n),
        .partnerships_n = from->partnerships_n,
    };
}

bool who_may(const struct who *self, const char *name, const char *type)
{
    for (size_t i = 0; i < self->scopes_n; i++)
        if (token_scope_covers(self->scopes[i], name) || token_scope_covers(self->scopes[i], type))
            return true;
    return false;
}

bool who_limited(const struct who *self)
{
    return self->nis_n > 0 || self->partnerships_n > 0;
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
