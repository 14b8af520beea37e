/* Finds the services' programs and tells each what it needs to know. */
#include "services.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "postgres.h"

void services_find(struct services *ret)
{
    ssize_t n = readlink("/proc/self/exe", ret->bin, sizeof(ret->bin) - 1);
    ret->bin[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(ret->bin, '/');
    if (slash)
        *slash = '\0';
    for (int i = 0; i < STACK_SERVICES; i++) {
        char path[PATH_MAX + 64];
        struct stat st;
        snprintf(path, sizeof(path), "%s/koppel-%s", ret->bin, stack_services[i]);
        bool runs = stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111) != 0;
        ret->fd[i] = runs ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    }
}

void services_done(struct services *self)
{
    for (int i = 0; i < STACK_SERVICES; i++)
        if (self->fd[i] >= 0)
            close(self->fd[i]);
}

/* "registry=tcp://…,tcp://…;…": every service's events and requests. */
static const char *peers(const struct stack *stack)
{
    const char *text = "";
    for (int i = 0; i < STACK_SERVICES; i++)
        text = bus_printf(stack->arena, "%s%s%s=tcp://127.0.0.1:%d,tcp://127.0.0.1:%d", text, i ? ";" : "",
                          stack_services[i], stack_port_events(stack->port, i),
                          stack_port_requests(stack->port, i));
    return text;
}

#define ENVIRONMENT_EXTRA 24

struct environment {
    char **items;
    size_t n;
};

static void set(const struct stack *stack, struct environment *to, const char *name, const char *value)
{
    size_t size = strlen(name);
    char *item = bus_printf(stack->arena, "%s=%s", name, value);
    for (size_t i = 0; i < to->n; i++)
        if (strncmp(to->items[i], item, size + 1) == 0) {
            to->items[i] = item;
            return;
        }
    to->items[to->n++] = item;
}

static bool is_given(const char *name)
{
    char file[64];
    snprintf(file, sizeof file, "%s_FILE", name);
    return getenv(name) || getenv(file);
}

bool services_mail(bool conducted)
{
    return !conducted && is_given("MAIL_URL");
}

static void keep_here(const struct stack *stack, struct environment *to, const char *name)
{
    set(stack, to, name, bus_printf(stack->arena, "file://%s", stack_path(stack, "mail")));
}

static void set_own(const struct stack *stack, struct environment *to, const char *service)
{
    struct bus_arena *arena = stack->arena;
    if (strcmp(service, "gateway") == 0) {
        set(stack, to, "HTTP_LISTEN", bus_printf(arena, "127.0.0.1:%d", stack_port_http(stack->port)));
        set(stack, to, "ADAPTER_BIND",
            bus_printf(arena, "tcp://127.0.0.1:%d", stack_port_adapters(stack->port)));
        set(stack, to, "DEV_TOKEN_FILE", stack_path(stack, "secrets/token"));
    }
    if (strcmp(service, "registry") == 0) {
        set(stack, to, "INSZ_KEY_FILE", stack_path(stack, "secrets/insz.key"));
        set(stack, to, "ERASURES_PATH", stack_path(stack, "erasures"));
    }
    if (strcmp(service, "scheduling") == 0)
        set(stack, to, "CALENDAR_KEY_FILE", stack_path(stack, "secrets/calendar.key"));
    if (strcmp(service, "notifications") == 0 && !stack->mails)
        keep_here(stack, to, "MAIL_URL");
    if (strcmp(service, "notifications") == 0 && stack->conducted && is_given("SMS_URL"))
        keep_here(stack, to, "SMS_URL");
}

char **services_environment(const struct stack *stack, int service)
{
    struct bus_arena *arena = stack->arena;
    const char *name = stack_services[service];
    size_t n = 0;
    while (environ[n])
        n++;
    struct environment to = {.items = bus_alloc_array(arena, n + ENVIRONMENT_EXTRA, sizeof(char *))};
    for (size_t i = 0; i < n; i++)
        if (strncmp(environ[i], "PG", 2) != 0)
            to.items[to.n++] = environ[i];
    set(stack, &to, "HOME", stack->dir);
    set(stack, &to, "BUS_DATABASE", postgres_conninfo(stack, name));
    set(stack, &to, "BUS_DATABASE_PASSWORD_FILE", postgres_password_file(stack, name));
    set(stack, &to, "BUS_BIND_EVENTS",
        bus_printf(arena, "tcp://127.0.0.1:%d", stack_port_events(stack->port, service)));
    set(stack, &to, "BUS_BIND_REQUESTS",
        bus_printf(arena, "tcp://127.0.0.1:%d", stack_port_requests(stack->port, service)));
    set(stack, &to, "BUS_PEERS", peers(stack));
    set(stack, &to, "BUS_KEYS_DIR", stack_path(stack, "keys"));
    set(stack, &to, "BUS_HEALTH", bus_printf(arena, "127.0.0.1:%d", stack_port_health(stack->port, service)));
    set(stack, &to, "BUS_CLOCK", stack->conducted ? "conducted" : "wall");
    /* After a crash the old owner's lease may still run: wait for it rather than die and be restarted. */
    set(stack, &to, "BUS_STANDBY", "1");
    set_own(stack, &to, name);
    to.items[to.n] = NULL;
    return to.items;
}
