/* Drives one contestant, the same way for all:
 *   renew HOST PORT CONNINFO                     an empty stream or queue
 *   write HOST PORT CONNINFO EVENTS PER_SECOND   (0: as fast as it goes)   prints when it began, in
 *                                                microseconds of the wall clock
 *   read  HOST PORT CONNINFO EVENTS              prints "ready" once it is */
#include "contestant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/filling.h"
#include "effect.h"
#include "pace.h"

static struct event batch[BATCH];

static void fill(struct event *event, int64_t number, int64_t now_us)
{
    event->number = number;
    event->said_us = now_us;
    if (contestant.open_reader != NULL)
        filling_write(event->rest, sizeof event->rest, (uint64_t)number);
}

static void write_events(const struct place *place, int64_t events, int64_t per_second)
{
    void *writer = contestant.open_writer(place, per_second > 0);
    struct pace pace = pace_begin(per_second);
    for (int64_t sent = 0; sent < events;) {
        int64_t most = events - sent < BATCH ? events - sent : BATCH;
        int64_t n = pace_wait(&pace, sent, most), now_us = bus_clock_wall_us();
        for (int64_t i = 0; i < n; i++)
            fill(&batch[i], ++sent, now_us);
        contestant.send(writer, batch, (size_t)n);
    }
    contestant.close_writer(writer);
    printf("%lld\n", (long long)pace.began_wall_us);
}

static void read_events(const struct place *place, int64_t events)
{
    struct effect *effect = effect_open(place->conninfo, contestant.forgets);
    void *reader = contestant.open_reader(place, effect_position(effect));
    printf("ready\n");
    fflush(stdout);
    while (effect_position(effect) < events) {
        size_t n = contestant.receive(reader, batch);
        effect_commit(effect, batch, n);
        contestant.committed(reader);
    }
    contestant.close_reader(reader);
    effect_close(effect);
}

int main(int argc, char **argv)
{
    const char *verb = argc > 4 ? argv[1] : "";
    struct place place = {0};
    if (argc > 4)
        place = (struct place){argv[2], atoi(argv[3]), argv[4]};
    if (argc == 5 && strcmp(verb, "renew") == 0) {
        contestant.renew(&place);
    } else if (argc == 7 && strcmp(verb, "write") == 0) {
        write_events(&place, atoll(argv[5]), atoll(argv[6]));
    } else if (argc == 6 && strcmp(verb, "read") == 0 && contestant.open_reader != NULL) {
        read_events(&place, atoll(argv[5]));
    } else {
        fprintf(stderr, "renew HOST PORT CONNINFO | write HOST PORT CONNINFO EVENTS PER_SECOND | "
                        "read HOST PORT CONNINFO EVENTS\n");
        return 2;
    }
    return 0;
}
