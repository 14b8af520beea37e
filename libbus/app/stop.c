/* See stop.h. */
#include "app/stop.h"

#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bus/log.h"
#include "bus/status.h"

#define PATIENCE_S 8 /* whoever stops us waits for 10 */

static void *hear(void *self_p)
{
    const struct stop *self = self_p;
    int signal = 0;
    while (sigwait(&self->signals, &signal) != 0)
        continue;
    (void)eventfd_write(self->fd, 1);
    (void)sleep(PATIENCE_S);
    bus_log_warn("stopped; what was still under way was cut off and is done again at the next start");
    _exit(0);
}

struct stop *stop_open(void)
{
    static struct stop self;
    pthread_t thread;
    sigemptyset(&self.signals);
    sigaddset(&self.signals, SIGTERM);
    sigaddset(&self.signals, SIGINT);
    self.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (self.fd < 0 || pthread_sigmask(SIG_BLOCK, &self.signals, NULL) != 0 ||
        pthread_create(&thread, NULL, hear, &self) != 0)
        bus_die("cannot start a thread: the system's limits are reached");
    (void)pthread_detach(thread);
    return &self;
}

bool stop_told(const struct stop *self)
{
    if (self == NULL)
        return false;
    struct pollfd at = {.fd = self->fd, .events = POLLIN};
    return poll(&at, 1, 0) > 0;
}
