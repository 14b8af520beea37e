/* Settings come from the environment; <NAME>_FILE names a file that holds the value, for secrets. */
#include "app/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct bus_setting common[] = {
    {"BUS_DATABASE", "libpq connection string of this service's role", NULL},
    {"BUS_DATABASE_PASSWORD", "its password (better: BUS_DATABASE_PASSWORD_FILE)", ""},
    {"BUS_BIND_EVENTS", "endpoint of the event stream, such as tcp://127.0.0.1:8090", NULL},
    {"BUS_BIND_REQUESTS", "endpoint for catch-up, commands and queries", NULL},
    {"BUS_KEYS_DIR", "folder with <service>.key and allowed/<peer>.pub", NULL},
    {"BUS_PEERS",
     "every service: name=events,requests;name=events,requests; an address with a standby: "
     "tcp://a:1|tcp://b:1",
     ""},
    {"BUS_HEALTH", "address of /healthz, /readyz and /metrics, for operators alone", "127.0.0.1:0"},
    {"BUS_CLOCK", "wall, or conducted: time stands still until a conductor steps it", "wall"},
    {"BUS_STANDBY", "1: wait while another process owns this service; 0: refuse to start", "0"},
    {"BUS_LOG_KEEP_DAYS",
     "events older than that are trimmed, whole partitions at a time, once every reader "
     "that has told its position has read them; empty: everything is kept",
     ""},
    {"BUS_LOG_PARTITION", "events in a partition of the log; for partitions made from now on", "1000000"},
    {"BUS_READER_AWAY_DAYS", "a reader that does not move on for so long is reported", "7"},
    {"BUS_LOG_LEVEL", "error, warn, info or debug", "info"},
    {NULL, NULL, NULL},
};

static const struct bus_choice common_choices[] = {
    {"BUS_CLOCK", {"wall", "conducted"}},
    {"BUS_STANDBY", {"0", "1"}},
    {"BUS_LOG_LEVEL", {"error", "warn", "info", "debug"}},
    {0},
};

#define SETTINGS_MAX (sizeof common / sizeof *common - 1 + BUS_SETTINGS_MAX)
static struct {
    const char *name;
    const char *value;
} values[SETTINGS_MAX];
static size_t values_n;

static const char *file_value(struct bus_arena *arena, const char *name, struct bus_error *err)
{
    const char *path = getenv(bus_printf(arena, "%s_FILE", name));
    if (path == NULL || path[0] == '\0')
        return NULL;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        (void)bus_fail(err, BUS_INVALID, "%s_FILE names %s, which cannot be read: %s", name, path,
                       strerror(errno));
        return NULL;
    }
    char text[BUS_SETTING_BYTES + 1];
    size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    if (n > BUS_SETTING_BYTES) {
        (void)bus_fail(err, BUS_INVALID,
                       "%s_FILE names %s, which holds more than %d bytes: a setting has no more", name, path,
                       BUS_SETTING_BYTES);
        return NULL;
    }
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    return bus_strndup(arena, text, n);
}

static enum bus_status read_table(const struct bus_setting *table, struct bus_arena *arena,
                                  struct bus_error *err)
{
    for (; table != NULL && table->name != NULL; table++) {
        const char *value = getenv(table->name);
        err->text[0] = '\0';
        if (value == NULL)
            value = file_value(arena, table->name, err);
        if (value == NULL && err->text[0] != '\0')
            return BUS_INVALID;
        if (value == NULL)
            value = table->fallback;
        if (value == NULL)
            return bus_fail(err, BUS_INVALID, "set %s: %s", table->name, table->help);
        if (values_n == SETTINGS_MAX)
            return bus_fail(err, BUS_INVALID, "the service has a setting %s beyond the %d it can have",
                            table->name, BUS_SETTINGS_MAX);
        values[values_n].name = table->name;
        values[values_n++].value = bus_strdup(arena, value);
    }
    return BUS_OK;
}

const char *bus_setting(const char *name)
{
    for (size_t i = 0; i < values_n; i++)
        if (strcmp(values[i].name, name) == 0)
            return values[i].value;
    bus_die("the setting %s is not in the service's table", name);
}

/* A whole number; an empty text is 0. */
static enum bus_status read_number(const char *name, int64_t min, int64_t max, int64_t *ret,
                                   struct bus_error *err)
{
    const char *text = bus_setting(name);
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*end != '\0' || errno != 0 || (text[0] != '\0' && (value < min || value > max)))
        return bus_fail_code(err, BUS_INVALID, "BUS-SETTING",
                             "%s is \"%s\"; it can be a whole number from %lld to %lld", name, text,
                             (long long)min, (long long)max);
    *ret = value;
    return BUS_OK;
}

static enum bus_status check_wholes(const struct bus_whole *table, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (; status == BUS_OK && table != NULL && table->name != NULL; table++) {
        int64_t value = 0;
        status = read_number(table->name, table->min, table->max, &value, err);
        if (status == BUS_OK && bus_setting(table->name)[0] == '\0')
            status = bus_fail_code(err, BUS_INVALID, "BUS-SETTING",
                                   "%s is empty; it can be a whole number from %lld to %lld", table->name,
                                   (long long)table->min, (long long)table->max);
    }
    return status;
}

/* "error, warn, info or debug". */
static const char *words_list(const char *const *words, struct bus_arena *arena)
{
    const char *list = words[0];
    for (size_t i = 1; words[i] != NULL; i++)
        list = bus_printf(arena, "%s%s%s", list, words[i + 1] != NULL ? ", " : " or ", words[i]);
    return list;
}

static enum bus_status check_choices(const struct bus_choice *table, struct bus_arena *arena,
                                     struct bus_error *err)
{
    for (; table != NULL && table->name != NULL; table++) {
        const char *value = bus_setting(table->name);
        size_t i = 0;
        while (table->words[i] != NULL && strcmp(table->words[i], value) != 0)
            i++;
        if (table->words[i] == NULL)
            return bus_fail_code(err, BUS_INVALID, "BUS-SETTING", "%s is \"%s\"; it can be %s", table->name,
                                 value, words_list(table->words, arena));
    }
    return BUS_OK;
}

int64_t bus_setting_whole(const char *name)
{
    return strtoll(bus_setting(name), NULL, 10);
}

static enum bus_status read_log(struct config *config, struct bus_error *err)
{
    int64_t keep_days = 0, away_days = 0;
    enum bus_status status = read_number("BUS_LOG_KEEP_DAYS", 1, 36500, &keep_days, err);
    if (status == BUS_OK)
        status = read_number("BUS_LOG_PARTITION", 10, 1000000000, &config->log_partition, err);
    if (status == BUS_OK && config->log_partition == 0)
        status = bus_fail(err, BUS_INVALID, "BUS_LOG_PARTITION is empty");
    if (status == BUS_OK)
        status = read_number("BUS_READER_AWAY_DAYS", 1, 36500, &away_days, err);
    config->log_keep_us = keep_days * BUS_DAY_US;
    config->reader_away_us = away_days * BUS_DAY_US;
    return status;
}

static enum bus_status read_peers(struct config *config, struct bus_arena *arena, struct bus_error *err)
{
    struct bus_endpoint *peers = NULL;
    enum bus_status status =
        bus_endpoints_parse(bus_setting("BUS_PEERS"), arena, &peers, &config->peers_n, err);
    config->peers = peers;
    return status == BUS_OK ? BUS_OK : bus_fail_in(err, "BUS_PEERS");
}

/* Of more streams a header could not tell what its writer had read. */
static enum bus_status check_follows(const struct bus_service *service, struct bus_error *err)
{
    size_t n = 0;
    while (service->follows != NULL && service->follows[n] != NULL)
        n++;
    if (n <= BUS_FOLLOWS_MAX)
        return BUS_OK;
    return bus_fail(
        err, BUS_INVALID,
        "%s follows %zu streams; it can follow %d, as an event names no more that its writer had read",
        service->name, n, BUS_FOLLOWS_MAX);
}

enum bus_status config_read(const struct bus_service *service, struct bus_arena *arena,
                            struct config *ret_config, struct bus_error *err)
{
    values_n = 0;
    enum bus_status status = check_follows(service, err);
    if (status == BUS_OK)
        status = read_table(common, arena, err);
    if (status == BUS_OK)
        status = read_table(service->settings, arena, err);
    if (status == BUS_OK)
        status = check_choices(common_choices, arena, err);
    if (status == BUS_OK)
        status = check_choices(service->choices, arena, err);
    if (status == BUS_OK)
        status = check_wholes(service->wholes, err);
    if (status == BUS_OK && service->check_settings != NULL)
        status = service->check_settings(err);
    if (status != BUS_OK)
        return status;
    struct config config = {
        .database = bus_setting("BUS_DATABASE"),
        .database_password =
            bus_setting("BUS_DATABASE_PASSWORD")[0] ? bus_setting("BUS_DATABASE_PASSWORD") : NULL,
        .bind_events = bus_setting("BUS_BIND_EVENTS"),
        .bind_requests = bus_setting("BUS_BIND_REQUESTS"),
        .keys_dir = bus_setting("BUS_KEYS_DIR"),
        .health = bus_setting("BUS_HEALTH"),
        .log_level = bus_setting("BUS_LOG_LEVEL"),
        .conducted = strcmp(bus_setting("BUS_CLOCK"), "conducted") == 0,
        .standby = strcmp(bus_setting("BUS_STANDBY"), "1") == 0,
    };
    status = read_log(&config, err);
    if (status == BUS_OK)
        status = read_peers(&config, arena, err);
    if (status == BUS_OK)
        *ret_config = config;
    return status;
}

enum bus_status config_follows(const struct config *config, const struct bus_service *service,
                               struct bus_arena *arena, struct net_peer **ret_peers, size_t *ret_n,
                               struct bus_error *err)
{
    size_t n = 0;
    while (service->follows != NULL && service->follows[n] != NULL)
        n++;
    struct net_peer *peers = bus_alloc_array(arena, n, sizeof *peers);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < config->peers_n; k++)
            if (strcmp(config->peers[k].service, service->follows[i]) == 0)
                peers[i] = (struct net_peer){.name = config->peers[k].service,
                                             .events = config->peers[k].events,
                                             .requests = config->peers[k].requests};
        if (peers[i].name == NULL)
            return bus_fail(err, BUS_INVALID, "BUS_PEERS does not say where %s is, whose stream %s follows",
                            service->follows[i], service->name);
    }
    *ret_peers = peers;
    *ret_n = n;
    return BUS_OK;
}

static void help_table(const struct bus_setting *table)
{
    for (; table != NULL && table->name != NULL; table++)
        printf("  %-24s %s%s%s%s\n", table->name, table->help, table->fallback == NULL ? " (required)" : "",
               table->fallback && table->fallback[0] ? "; default " : "",
               table->fallback ? table->fallback : "");
}

void config_help(const struct bus_service *service)
{
    printf("%s: %s\n\nSettings, from the environment; <NAME>_FILE names a file that holds the value:\n",
           service->name, service->title);
    help_table(common);
    help_table(service->settings);
}
