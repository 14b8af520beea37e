/* See credentials.h. */
#include "credentials.h"

#include <string.h>

#include "bus/keys.h"
#include "layout.h"
#include "postgres.h"
#include "secrets.h"

#define ADAPTER      "adapter"
#define SECRET_BYTES 32

/* What each key may read and ask, and no more: personal data is asked of registry by the two that need it. */
static const struct {
    const char *name, *grants;
} granted[] = {
    {"gateway", "reads=* asks=*"}, /* speaks for tokens, which it judges */
    {"registry", "reads=gateway"},
    {"matching", "reads=registry reads=scheduling"},
    {"scheduling", "reads=registry reads=matching"},
    {"notifications", "reads=registry reads=matching reads=scheduling asks=koppel.registry.contacts.v1"},
    {"reporting", "reads=gateway reads=registry reads=matching reads=scheduling"},
    {ADAPTER, "reads=gateway reads=registry"},
};
/* A key without grants may do everything: a new service must not get one by being forgotten here. */
_Static_assert(sizeof granted / sizeof *granted == STACK_SERVICES + 1, "each service and the adapter");

static const char *grants_of(const char *name)
{
    for (size_t i = 0; i < sizeof granted / sizeof *granted; i++)
        if (strcmp(granted[i].name, name) == 0)
            return granted[i].grants;
    return NULL;
}

bool credentials_follows(const char *reader, const char *source)
{
    static const char word[] = "reads=";
    size_t size = strlen(source);
    for (const char *at = grants_of(reader); at && (at = strstr(at, word)) != NULL;) {
        at += strlen(word);
        if (strncmp(at, source, size) == 0 && (at[size] == ' ' || at[size] == '\0'))
            return true;
    }
    return false;
}

static enum bus_status key_make(const char *dir, const char *name, const char *role, struct bus_error *err)
{
    return bus_keys_exist(dir, name) ? BUS_OK : bus_keys_make(dir, name, role, grants_of(name), err);
}

/* A service of this version may follow more than the one that its key was made for. A key that is shut out,
 * whose public half was taken away, stays so. */
static enum bus_status service_key(const char *dir, const char *name, struct bus_error *err)
{
    if (!bus_keys_exist(dir, name))
        return key_make(dir, name, BUS_ROLE_PEER, err);
    enum bus_status status = bus_keys_grant(dir, name, grants_of(name), err);
    return status == BUS_NOT_FOUND ? BUS_OK : status;
}

enum bus_status credentials_keys(const char *keys_dir, struct bus_error *err)
{
    enum bus_status status = key_make(keys_dir, STACK_OPERATOR, BUS_ROLE_OPERATOR, err);
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++)
        status = service_key(keys_dir, stack_services[i], err);
    return status == BUS_OK ? key_make(keys_dir, ADAPTER, BUS_ROLE_ADAPTER, err) : status;
}

const char *credentials_password_file(const char *secrets_dir, const char *role, struct bus_arena *arena)
{
    return bus_printf(arena, "%s/db-%s", secrets_dir, role);
}

enum bus_status credentials_secrets(const char *secrets_dir, struct bus_arena *arena, struct bus_error *err)
{
    static const char *const names[] = {"token", "insz.key", "calendar.key", NULL};
    enum bus_status status = BUS_OK;
    for (int i = 0; status == BUS_OK && names[i]; i++)
        status = secret_make(bus_printf(arena, "%s/%s", secrets_dir, names[i]), SECRET_BYTES, err);
    if (status == BUS_OK)
        status =
            secret_make(credentials_password_file(secrets_dir, POSTGRES_ADMIN, arena), SECRET_BYTES, err);
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++)
        status =
            secret_make(credentials_password_file(secrets_dir, stack_services[i], arena), SECRET_BYTES, err);
    return status;
}
