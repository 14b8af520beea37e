/* /readyz of every service, until all say yes. */
#include "health.h"

#include <curl/curl.h>
#include <stdio.h>
#include <time.h>

#include "bus/clock.h"
#include "process.h"

#define LIVES_MAX 5

static size_t body_drop(char *data, size_t size, size_t n, void *arg)
{
    (void)data;
    (void)arg;
    return size * n;
}

static void curl_done(CURL **self_p)
{
    curl_easy_cleanup(*self_p);
}

static bool is_ready(CURL *curl, const struct stack *stack, int service)
{
    char url[64];
    long code = 0;
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/readyz", stack_port_health(stack->port, service));
    curl_easy_setopt(curl, CURLOPT_URL, url);
    return curl_easy_perform(curl) == CURLE_OK &&
           curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK && code == 200;
}

/* Counts the processes a service has had since we look: one that dies again and again is not worth waiting
 * for. */
struct lives {
    pid_t pid;
    int n;
};

static bool keeps_dying(struct lives *lives, const struct stack *stack, int service)
{
    pid_t pid = process_recorded_last(stack_path(stack, "run/%s.pid", stack_services[service]));
    if (pid > 0 && pid != lives->pid) {
        lives->pid = pid;
        lives->n++;
    }
    return lives->n > LIVES_MAX;
}

static enum bus_status fail_for(const struct stack *stack, int service, struct bus_error *err)
{
    const char *log = stack_path(stack, "log/%s.log", stack_services[service]);
    const char *line = stack_reason(log, stack->arena);
    return bus_fail(err, BUS_RETRY, "%s is not ready; its log (%s) says: %s", stack_services[service], log,
                    *line ? line : "(nothing)");
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

enum bus_status health_wait(const struct stack *stack, const struct services *services, int patience_ms,
                            struct bus_error *err)
{
    AUTO(curl_done) CURL *curl = curl_easy_init();
    if (!curl)
        return bus_fail(err, BUS_BUG, "the HTTP client cannot be started");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_drop);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 1000L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    int64_t until_us = bus_clock_monotonic_us() + patience_ms * INT64_C(1000);
    for (int i = 0; i < STACK_SERVICES; i++) {
        struct lives lives = {0};
        while (services->fd[i] >= 0 && !is_ready(curl, stack, i)) {
            if (refusal_find(stack, err) != BUS_OK)
                return BUS_INVALID;
            if (keeps_dying(&lives, stack, i) || bus_clock_monotonic_us() > until_us)
                return fail_for(stack, i, err);
            nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        }
    }
    return BUS_OK;
}
