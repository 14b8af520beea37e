/* Drives one peer, the same way for all:
 *   renew HOST PORT                              an empty stream or queue
 *   write HOST PORT EVENTS PER_SECOND            (0: as fast as it goes)   prints when it began
 *   read  HOST PORT EVENTS CONNINFO                                        prints when it had ended
 * Times are microseconds of the monotonic clock. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/filling.h"
#include "effect.h"
#include "pace.h"
#include "peer.h"

static struct event batch[BATCH];

/* Sends whatever has come due. An event that is late counts from when it was due. */
static void write_events(const char *host, int port, int64_t events, int64_t per_second)
{
    void *writer = peer.open_writer(host, port, per_second > 0);
    int64_t began_us = bus_clock_monotonic_us(), began_wall_us = bus_clock_wall_us();
    for (int64_t sent = 0; sent < events;) {
        size_t n = 0;
        int64_t now_us = wait_until(began_us + due_after_us(sent, per_second));
        while (n < BATCH && sent < events && began_us + due_after_us(sent, per_second) <= now_us) {
            batch[n].said_us = began_wall_us + due_after_us(sent, per_second);
            batch[n].number = ++sent;
            filling_write(batch[n].rest, sizeof batch[n].rest, (uint64_t)sent);
            n++;
        }
        peer.send(writer, batch, n);
    }
    peer.close_writer(writer);
    printf("%lld\n", (long long)began_us);
}

static void read_events(const char *host, int port, int64_t events, const char *conninfo)
{
    struct effect *effect = effect_open(conninfo);
    void *reader = peer.open_reader(host, port, effect_position(effect));
    printf("ready\n");
    fflush(stdout);
    while (effect_position(effect) < events) {
        size_t n = peer.receive(reader, batch);
        effect_commit(effect, batch, n);
        peer.committed(reader);
    }
    printf("%lld\n", (long long)bus_clock_monotonic_us());
    peer.close_reader(reader);
    effect_close(effect);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "renew") == 0) {
        peer.renew(argv[2], atoi(argv[3]));
    } else if (argc == 6 && strcmp(argv[1], "write") == 0) {
        write_events(argv[2], atoi(argv[3]), atoll(argv[4]), atoll(argv[5]));
    } else if (argc == 6 && strcmp(argv[1], "read") == 0) {
        read_events(argv[2], atoi(argv[3]), atoll(argv[4]), argv[5]);
    } else {
        fprintf(stderr,
                "renew HOST PORT | write HOST PORT EVENTS PER_SECOND | read HOST PORT EVENTS CONNINFO\n");
        return 2;
    }
    return 0;
}
