/* Paths, ports and stack.json of a stack's folder. */
#include "layout.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/file.h"

const char *const stack_services[STACK_SERVICES + 1] = {
    "gateway", "registry", "matching", "scheduling", "notifications", "reporting", NULL};

int stack_service_index(const char *name)
{
    for (int i = 0; i < STACK_SERVICES; i++)
        if (strcmp(stack_services[i], name) == 0)
            return i;
    return -1;
}

const char *stack_path(const struct stack *self, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *name = bus_vprintf(self->arena, fmt, args);
    va_end(args);
    return bus_printf(self->arena, "%s/%s", self->dir, name);
}

/* ---- ports */

int stack_port_http(int base)
{
    return base;
}

int stack_port_adapters(int base)
{
    return base + 1;
}

int stack_port_events(int base, int service)
{
    return base + 10 + 2 * service;
}

int stack_port_requests(int base, int service)
{
    return base + 11 + 2 * service;
}

int stack_port_health(int base, int service)
{
    return base + 30 + service;
}

int stack_port_guard(int base)
{
    return base + STACK_PORT_STEP - 1;
}

size_t stack_ports(int base, int ports[STACK_PORTS_MAX])
{
    size_t n = 0;
    ports[n++] = stack_port_http(base);
    ports[n++] = stack_port_adapters(base);
    for (int i = 0; i < STACK_SERVICES; i++) {
        ports[n++] = stack_port_events(base, i);
        ports[n++] = stack_port_requests(base, i);
        ports[n++] = stack_port_health(base, i);
    }
    return n;
}

/* ---- stack.json */

static char *to_json(const struct stack *self, struct bus_arena *arena)
{
    json_t *root = json_pack("{s:i, s:i, s:b, s:b}", "version", 1, "port", self->port, "conducted",
                             self->conducted, "mails", self->mails);
    if (root && self->socket_dir)
        json_object_set_new(root, "socket_dir", json_string(self->socket_dir));
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : NULL;
    json_decref(root);
    if (!text)
        bus_die("stack.json cannot be written as text");
    char *copy = bus_printf(arena, "%s\n", text);
    free(text);
    return copy;
}

static void json_done(json_t **self_p)
{
    json_decref(*self_p);
}

/* What is absent stays as it is in `self`. */
static enum bus_status from_json(struct stack *self, const char *text, struct bus_error *err)
{
    json_error_t fault;
    AUTO(json_done) json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
    if (!root)
        return bus_fail(err, BUS_INVALID, "line %d: %s", fault.line, fault.text);
    json_t *version = json_object_get(root, "version");
    if (!json_is_integer(version) || json_integer_value(version) != 1)
        return bus_fail(err, BUS_INVALID, "its version must be 1: was it made by another release?");
    json_t *port = json_object_get(root, "port");
    json_t *conducted = json_object_get(root, "conducted");
    json_t *mails = json_object_get(root, "mails");
    json_t *socket_dir = json_object_get(root, "socket_dir");
    json_int_t number = json_integer_value(port);
    if (port &&
        (!json_is_integer(port) || (number != 0 && (number < STACK_PORT_MIN || number > STACK_PORT_MAX))))
        return bus_fail(err, BUS_INVALID, "port must be a whole number from %d to %d", STACK_PORT_MIN,
                        STACK_PORT_MAX);
    if (conducted && !json_is_boolean(conducted))
        return bus_fail(err, BUS_INVALID, "conducted must be true or false");
    if (mails && !json_is_boolean(mails))
        return bus_fail(err, BUS_INVALID, "mails must be true or false");
    if (socket_dir && (!json_is_string(socket_dir) || json_string_value(socket_dir)[0] != '/'))
        return bus_fail(err, BUS_INVALID, "socket_dir must be an absolute path");
    if (port)
        self->port = (int)number;
    if (conducted)
        self->conducted = json_is_true(conducted);
    if (mails)
        self->mails = json_is_true(mails);
    if (socket_dir)
        self->socket_dir = bus_strdup(self->arena, json_string_value(socket_dir));
    return BUS_OK;
}

/* The whole file, or NULL with errno. */
static char *file_read(const char *path, size_t max, struct bus_arena *arena)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    char *text = bus_alloc(arena, max + 1);
    size_t size = 0;
    ssize_t n = 0;
    while (size < max && (n = read(fd, text + size, max - size)) > 0)
        size += (size_t)n;
    int error = errno;
    close(fd);
    errno = error;
    return n < 0 ? NULL : text;
}

enum bus_status stack_open(const char *dir, struct stack **ret_stack, struct bus_error *err)
{
    char real[PATH_MAX];
    struct stat st;
    if (!realpath(dir, real) || stat(real, &st) < 0)
        return errno == ENOENT
                   ? bus_fail(
                         err, BUS_NOT_FOUND,
                         "there is no stack in %s: name its folder with --dir, or make one with koppel up",
                         dir)
                   : bus_fail(err, BUS_INVALID, "%s: %s", dir, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return bus_fail(err, BUS_INVALID, "%s is not a folder: name another with --dir", dir);
    AUTO(stack_close) struct stack *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory");
    self->arena = bus_arena_new();
    self->dir = bus_strdup(self->arena, real);
    const char *path = stack_path(self, "stack.json");
    const char *text = file_read(path, 65536, self->arena);
    if (!text && errno != ENOENT)
        return bus_fail(err, BUS_DENIED, "%s cannot be read: %s: use the account that started the stack",
                        path, strerror(errno));
    if (text && from_json(self, text, err) != BUS_OK)
        return bus_fail_in(err, "%s cannot be used", path);
    *ret_stack = self;
    self = NULL;
    return BUS_OK;
}

void stack_close(struct stack **self_p)
{
    struct stack *self = *self_p;
    if (!self)
        return;
    bus_arena_free(&self->arena);
    free(self);
    *self_p = NULL;
}

enum bus_status stack_save(const struct stack *self, struct bus_error *err)
{
    const char *text = to_json(self, self->arena);
    const char *path = stack_path(self, "stack.json");
    const char *draft = stack_path(self, "stack.json.new");
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", draft, strerror(errno));
    size_t size = strlen(text);
    bool written = write(fd, text, size) == (ssize_t)size;
    int error = errno;
    if (close(fd) < 0 || !written || !bus_file_put(draft, path))
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(written ? errno : error));
    return BUS_OK;
}

enum { TAIL = 4096, LINE = 200 };

/* The end of a file, not from before `from`, without what is empty at its end; "" when there is none. */
static size_t tail_read(const char *path, int64_t from, char tail[TAIL + 1])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    ssize_t n = fd < 0 ? 0 : pread(fd, tail, TAIL, size - from > TAIL ? size - TAIL : from);
    if (fd >= 0)
        close(fd);
    while (n > 0 && (tail[n - 1] == '\n' || tail[n - 1] == '\r' || tail[n - 1] == ' '))
        n--;
    tail[n > 0 ? n : 0] = '\0';
    return n > 0 ? (size_t)n : 0;
}

const char *stack_last_line(const char *path, struct bus_arena *arena)
{
    char tail[TAIL + 1];
    const char *line = memrchr(tail, '\n', tail_read(path, 0, tail));
    return bus_strndup(arena, line ? line + 1 : tail, LINE);
}

/* How well a line says why something failed; 0: not at all. Whoever asked a database too early is told so in
 * its log. */
static int tells_why(const char *line)
{
    static const char *const signs[] = {
        "could not ", "error:", "ERROR:", "FATAL:", "PANIC:", "No space left", "Z error "};
    int best = 0;
    if (strstr(line, "FATAL:  the database system is "))
        return 0;
    for (int i = 0; i < (int)(sizeof signs / sizeof *signs); i++)
        if (strstr(line, signs[i]))
            best = i + 1;
    return best;
}

/* What is printed after it says what is done about it. */
const char *stack_reason(const char *path, int64_t from, struct bus_arena *arena)
{
    char tail[TAIL + 1];
    const char *reason = NULL;
    int best = 1;
    (void)tail_read(path, from, tail);
    for (char *rest = NULL, *line = strtok_r(tail, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (tells_why(line) >= best) {
            reason = line;
            best = tells_why(line);
        }
    return reason ? bus_strndup(arena, reason, LINE) : stack_last_line(path, arena);
}
