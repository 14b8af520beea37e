/* See doors.h. */
#include "doors.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "bus/clock.h"
#include "bus/status.h"

#define HEADERS_US (20 * BUS_SECOND_US)

struct door {
    int fd;
    bool busy;
    int64_t since_us;
    struct door *next, *before;
};

struct doors {
    struct door *first;
    size_t n;
};

struct doors *doors_new(void)
{
    struct doors *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for connections");
    return self;
}

void doors_free(struct doors **self_p)
{
    if (*self_p == NULL)
        return;
    for (struct door *door = (*self_p)->first, *next; door != NULL; door = next) {
        next = door->next;
        free(door);
    }
    free(*self_p);
    *self_p = NULL;
}

static void door_add(struct doors *self, struct MHD_Connection *connection, void **slot)
{
    struct door *door = calloc(1, sizeof *door);
    if (door == NULL)
        bus_die("out of memory: no room for a connection");
    door->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    door->since_us = bus_clock_monotonic_us();
    door->next = self->first;
    if (self->first != NULL)
        self->first->before = door;
    self->first = door;
    self->n++;
    *slot = door;
}

static void door_remove(struct doors *self, struct door *door)
{
    if (door->before != NULL)
        door->before->next = door->next;
    else
        self->first = door->next;
    if (door->next != NULL)
        door->next->before = door->before;
    self->n--;
    free(door);
}

void doors_notify(void *self, struct MHD_Connection *connection, void **slot,
                  enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        door_add(self, connection, slot);
    } else if (*slot != NULL) {
        door_remove(self, *slot);
        *slot = NULL;
    }
}

static void set_busy(struct MHD_Connection *connection, bool busy)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct door *door = info != NULL ? info->socket_context : NULL;
    if (door == NULL)
        return;
    door->busy = busy;
    door->since_us = bus_clock_monotonic_us();
}

void doors_busy(struct doors *self, struct MHD_Connection *connection)
{
    (void)self;
    set_busy(connection, true);
}

void doors_idle(struct doors *self, struct MHD_Connection *connection)
{
    (void)self;
    set_busy(connection, false);
}

/* The daemon sees the end of the connection at its next turn, and does the rest. */
void doors_tick(struct doors *self)
{
    int64_t latest_us = bus_clock_monotonic_us() - HEADERS_US;
    for (struct door *door = self->first; door != NULL; door = door->next)
        if (!door->busy && door->since_us < latest_us)
            (void)shutdown(door->fd, SHUT_RDWR);
}

size_t doors_count(const struct doors *self)
{
    return self->n;
}
