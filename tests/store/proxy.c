/* One thread, one connection at a time. */
#include "tests/store/proxy.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct proxy {
    char folder[64];
    struct sockaddr_un own, server;
    int listener, wake;
    pthread_t thread;
    atomic_bool stop, lose_request, lose_reply, away_after, away, hangs;
    const char *_Atomic hang_at;
};

static void address(struct sockaddr_un *to, const char *folder)
{
    to->sun_family = AF_UNIX;
    snprintf(to->sun_path, sizeof(to->sun_path), "%s/.s.PGSQL.5432", folder);
}

/* Moves what `from` said to `to`; false ends the connection. */
static bool forward(struct proxy *self, int from, int to, atomic_bool *lose)
{
    char bytes[65536];
    ssize_t n = read(from, bytes, sizeof(bytes));
    if (n <= 0)
        return false;
    const char *word = atomic_load(&self->hang_at);
    if (word && lose == &self->lose_request && memmem(bytes, (size_t)n, word, strlen(word)))
        atomic_store(&self->hangs, true);
    if (atomic_load(&self->hangs))
        return true;
    if (atomic_exchange(lose, false)) {
        atomic_store(&self->away, atomic_load(&self->away_after));
        return false;
    }
    for (ssize_t sent = 0; sent < n;) {
        ssize_t step = send(to, bytes + sent, (size_t)(n - sent), MSG_NOSIGNAL);
        if (step <= 0)
            return false;
        sent += step;
    }
    return true;
}

static void serve(struct proxy *self, int client)
{
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    bool going = !atomic_load(&self->away) &&
                 connect(server, (struct sockaddr *)&self->server, sizeof(self->server)) == 0;
    while (going) {
        struct pollfd sockets[] = {{.fd = client, .events = POLLIN},
                                   {.fd = server, .events = POLLIN},
                                   {.fd = self->wake, .events = POLLIN}};
        if (poll(sockets, 3, -1) < 0)
            continue;
        if (sockets[2].revents)
            going = false;
        if (going && sockets[0].revents)
            going = forward(self, client, server, &self->lose_request);
        if (going && sockets[1].revents)
            going = forward(self, server, client, &self->lose_reply);
    }
    close(server);
    close(client);
}

static void *run(void *argument)
{
    struct proxy *self = argument;
    while (!atomic_load(&self->stop)) {
        struct pollfd sockets[] = {{.fd = self->listener, .events = POLLIN},
                                   {.fd = self->wake, .events = POLLIN}};
        if (poll(sockets, 2, -1) < 0)
            continue;
        if (sockets[1].revents) {
            eventfd_t seen;
            eventfd_read(self->wake, &seen);
        }
        if (sockets[0].revents && !atomic_load(&self->stop))
            serve(self, accept(self->listener, NULL, NULL));
    }
    return NULL;
}

struct proxy *proxy_open(const char *folder)
{
    struct proxy *self = calloc(1, sizeof(*self));
    if (!self)
        abort();
    strcpy(self->folder, "/tmp/pgproxy-XXXXXX");
    if (!mkdtemp(self->folder))
        abort();
    address(&self->own, self->folder);
    address(&self->server, folder);
    self->wake = eventfd(0, EFD_NONBLOCK);
    self->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(self->listener, (struct sockaddr *)&self->own, sizeof(self->own)) != 0 ||
        listen(self->listener, 8) != 0 || pthread_create(&self->thread, NULL, run, self) != 0)
        abort();
    return self;
}

void proxy_close(struct proxy **self_p)
{
    struct proxy *self = *self_p;
    atomic_store(&self->stop, true);
    eventfd_write(self->wake, 1);
    pthread_join(self->thread, NULL);
    close(self->listener);
    close(self->wake);
    unlink(self->own.sun_path);
    rmdir(self->folder);
    free(self);
    *self_p = NULL;
}

const char *proxy_folder(const struct proxy *self)
{
    return self->folder;
}

void proxy_lose_request(struct proxy *self, bool away)
{
    atomic_store(&self->away_after, away);
    atomic_store(&self->lose_request, true);
}

void proxy_lose_reply(struct proxy *self, bool away)
{
    atomic_store(&self->away_after, away);
    atomic_store(&self->lose_reply, true);
}

void proxy_hang_at(struct proxy *self, const char *word)
{
    atomic_store(&self->hangs, false);
    atomic_store(&self->hang_at, word);
}

bool proxy_hangs(const struct proxy *self)
{
    return atomic_load(&self->hangs);
}

void proxy_cut(struct proxy *self)
{
    eventfd_write(self->wake, 1);
}

void proxy_back(struct proxy *self)
{
    atomic_store(&self->away, false);
}
