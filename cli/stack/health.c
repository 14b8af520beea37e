/* /readyz of every service, until all say yes. */
#include "health.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bus/clock.h"
#include "process.h"
#include "supervisor.h"

#define LIVES_MAX       5
#define PATIENCE_US     (120 * BUS_SECOND_US)
#define OPENS_IN_US     (6 * BUS_SECOND_US)  /* what takes longer is a migration: to connect takes five */
#define REFUSALS_FOR_US (10 * BUS_SECOND_US) /* the lease of a process that was killed is over sooner */

static const int postgres_i = STACK_SERVICES; /* watched like a service, but it has no /readyz */

/* What is known of one process since we look. */
struct watch {
    const char *name;
    bool awaited;
    pid_t pid;
    int lives; /* one that dies again and again is not worth waiting for */
    int64_t until_us;
    int64_t opens_us;   /* since when it has been opening it without a break; 0: it does not */
    int64_t refused_us; /* since when its database refuses it; 0: it does not */
    char told[320];     /* by /readyz: a word of its own, and why in a sentence */
    bool told_migrates;
};

struct watching {
    const struct stack *stack;
    CURL *curl;
    void (*on_progress)(const char *text);
    struct watch items[STACK_SERVICES + 1];
};

static size_t body_keep(char *data, size_t size, size_t n, void *arg)
{
    struct watch *self = arg;
    size_t used = strlen(self->told), room = sizeof self->told - 1 - used;
    memcpy(self->told + used, data, size * n < room ? size * n : room);
    self->told[used + (size * n < room ? size * n : room)] = '\0';
    return size * n;
}

static void curl_done(CURL **self_p)
{
    curl_easy_cleanup(*self_p);
}

static bool is_ready(struct watching *self, int service)
{
    char url[64];
    long code = 0;
    struct watch *watch = &self->items[service];
    watch->told[0] = '\0';
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/readyz", stack_port_health(self->stack->port, service));
    curl_easy_setopt(self->curl, CURLOPT_URL, url);
    curl_easy_setopt(self->curl, CURLOPT_WRITEDATA, watch);
    bool ready = curl_easy_perform(self->curl) == CURLE_OK &&
                 curl_easy_getinfo(self->curl, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK && code == 200;
    watch->told[strcspn(watch->told, "\n")] = '\0';
    return ready;
}

static bool keeps_dying(const struct stack *stack, struct watch *watch)
{
    pid_t pid = process_recorded_last(stack_path(stack, "run/%s.pid", watch->name));
    if (pid > 0 && pid != watch->pid) {
        watch->pid = pid;
        watch->lives++;
    }
    return watch->lives > LIVES_MAX;
}

static bool says(const struct watch *watch, const char *state)
{
    size_t size = strlen(state);
    return strncmp(watch->told, state, size) == 0 && watch->told[size] == ':';
}

/* A migration takes as long as there is data; a database that refuses goes on refusing. */
static bool is_hopeless(struct watch *watch)
{
    int64_t now_us = bus_clock_monotonic_us();
    bool opens = says(watch, "opening"), waits = opens || says(watch, "starting");
    if (!opens)
        watch->opens_us = 0;
    else if (watch->opens_us == 0)
        watch->opens_us = now_us;
    bool migrates = opens && now_us > watch->opens_us + OPENS_IN_US;
    if (migrates)
        watch->until_us = now_us + PATIENCE_US;
    if (migrates || !waits)
        watch->refused_us = 0;
    else if (watch->refused_us == 0)
        watch->refused_us = now_us;
    return now_us > watch->until_us ||
           (watch->refused_us > 0 && now_us > watch->refused_us + REFUSALS_FOR_US);
}

/* It runs and answers, but does not read a stream, which another start does not mend: no reason to have none
 * of the others. A key may still be let in, and a source may still come. */
static bool is_up_without_a_stream(const struct watch *watch)
{
    return says(watch, "diverged") || says(watch, "trimmed") ||
           (bus_clock_monotonic_us() > watch->until_us && (says(watch, "denied") || says(watch, "greeting")));
}

static void warn(struct watching *self, const struct watch *watch)
{
    self->on_progress(bus_printf(self->stack->arena,
                                 "warning: %s runs, but does not read all that it follows: %s (what to do: "
                                 "docs/runbook.md, under that code)",
                                 watch->name, watch->told));
}

/* Once: it may take minutes. */
static void migration_tell(struct watching *self, struct watch *watch)
{
    if (watch->told_migrates || watch->opens_us == 0 ||
        bus_clock_monotonic_us() <= watch->opens_us + OPENS_IN_US)
        return;
    self->on_progress(bus_printf(self->stack->arena,
                                 "%s still opens its database: a new version may be changing its tables, "
                                 "which takes as long as there is data; this is waited for",
                                 watch->name));
    watch->told_migrates = true;
}

/* What it tells itself, if it lives, else what its log ends with. */
static enum bus_status fail_for(const struct stack *stack, const struct watch *watch, struct bus_error *err)
{
    const char *log = stack_path(stack, "log/%s.log", watch->name);
    const char *why = *watch->told ? watch->told : stack_reason(log, 0, stack->arena);
    return bus_fail(err, BUS_RETRY, "%s is not ready: %s (its log: %s)", watch->name,
                    *why ? why : "it says nothing", log);
}

static enum bus_status refusal_find(const struct stack *stack, struct bus_error *err)
{
    for (int i = 0; i < STACK_SERVICES; i++)
        if (process_given_up(stack_path(stack, "run/%s.pid", stack_services[i])))
            return bus_fail(
                err, BUS_INVALID, "%s cannot work with its settings: %s", stack_services[i],
                stack_last_line(stack_path(stack, "log/%s.log", stack_services[i]), stack->arena));
    return BUS_OK;
}

static enum bus_status supervisor_check(const struct stack *stack, struct bus_error *err)
{
    return supervisor_find(stack) ? BUS_OK
                                  : bus_fail(err, BUS_NOT_FOUND, "its supervisor ended (its log: %s)",
                                             stack_path(stack, "log/supervisor.log"));
}

/* BUS_OK and *ret_all false: not yet. */
static enum bus_status look(struct watching *self, bool *ret_all, struct bus_error *err)
{
    *ret_all = true;
    enum bus_status status = supervisor_check(self->stack, err);
    if (status == BUS_OK)
        status = refusal_find(self->stack, err);
    for (int i = STACK_SERVICES; status == BUS_OK && i >= 0; i--) {
        struct watch *watch = &self->items[i];
        if (keeps_dying(self->stack, watch))
            return fail_for(self->stack, watch, err);
        if (!watch->awaited)
            continue;
        watch->awaited = !is_ready(self, i);
        if (watch->awaited && is_up_without_a_stream(watch)) {
            warn(self, watch);
            watch->awaited = false;
        }
        *ret_all = *ret_all && !watch->awaited;
        if (watch->awaited && is_hopeless(watch))
            return fail_for(self->stack, watch, err);
        if (watch->awaited)
            migration_tell(self, watch);
    }
    return status;
}

enum bus_status health_wait(const struct stack *stack, const struct services *services,
                            void (*on_progress)(const char *text), struct bus_error *err)
{
    AUTO(curl_done) CURL *curl = curl_easy_init();
    if (!curl)
        return bus_fail(err, BUS_BUG, "the HTTP client cannot be started");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_keep);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 1000L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    struct watching self = {.stack = stack, .curl = curl, .on_progress = on_progress};
    int64_t until_us = bus_clock_monotonic_us() + PATIENCE_US;
    self.items[postgres_i].name = STACK_POSTGRES;
    for (int i = 0; i < STACK_SERVICES; i++)
        self.items[i] =
            (struct watch){.name = stack_services[i], .awaited = services->fd[i] >= 0, .until_us = until_us};
    for (bool all = false;;) {
        enum bus_status status = look(&self, &all, err);
        if (status != BUS_OK || all)
            return status;
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
}
