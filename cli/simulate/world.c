/* See world.h. */
#include "simulate/world.h"

#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/header.h"
#include "bus/id.h"
#include "simulate/params.h"

struct sent {
    int64_t time_us;
    size_t number;
    struct bus_bytes header, data;
};

void world_init(struct world *self, uint64_t seed)
{
    *self = (struct world){.arena = bus_arena_new(), .seed = seed, .kept = json_object()};
}

void world_done(struct world *self)
{
    free(self->sent);
    json_decref(self->kept);
    bus_arena_free(&self->arena);
}

int64_t world_at(int32_t day, int hour, int minute)
{
    return day * BUS_DAY_US + hour * BUS_HOUR_US + minute * BUS_MINUTE_US;
}

struct bus_id world_id(struct world *self, int64_t time_us, const char *what, int64_t n)
{
    const char *seed = bus_printf(self->arena, "%llu/%s/%s/%lld", (unsigned long long)self->seed,
                                  self->partnership, what, (long long)n);
    return bus_id_derived(time_us, seed, strlen(seed), 0);
}

static struct bus_bytes keep(struct world *self, const struct bus_buffer *buffer)
{
    return bus_bytes(bus_copy(self->arena, buffer->data, buffer->size), buffer->size);
}

void world_send(struct world *self, int64_t time_us, const struct bus_type *type, const void *value)
{
    AUTO(bus_buffer_done) struct bus_buffer header = {0};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    struct bus_error err = {0};
    char id[BUS_ID_TEXT];
    bus_id_format(world_id(self, time_us, type->name, (int64_t)self->sent_n), id);
    struct bus_header attributes = {.id = id,
                                    .source = bus_printf(self->arena, "/%s", self->actor),
                                    .type = type->type,
                                    .time_us = time_us,
                                    .actor = self->actor,
                                    .extensions = {{"partnership", self->partnership}},
                                    .command = type->kind == BUS_TYPE_COMMAND};
    if (bus_encode(type->shape, value, &data, &err) != BUS_OK ||
        bus_header_encode(&attributes, &header, &err) != BUS_OK)
        params_wrong("this makes a wrong %s: %s", type->name, err.text);
    if (self->sent_n == self->sent_capacity) {
        self->sent_capacity = self->sent_capacity ? 2 * self->sent_capacity : 4096;
        self->sent = realloc(self->sent, self->sent_capacity * sizeof *self->sent);
        if (self->sent == NULL)
            bus_die("out of memory");
    }
    self->sent[self->sent_n] = (struct sent){
        .time_us = time_us, .number = self->sent_n, .header = keep(self, &header), .data = keep(self, &data)};
    self->sent_n++;
}

static int by_time(const void *a, const void *b)
{
    const struct sent *x = a, *y = b;
    if (x->time_us != y->time_us)
        return x->time_us < y->time_us ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

enum bus_status world_write(struct world *self, const char *path, const struct logfile_info *info,
                            struct bus_error *err)
{
    AUTO(logfile_close) struct logfile *log = NULL;
    qsort(self->sent, self->sent_n, sizeof *self->sent, by_time);
    enum bus_status status = logfile_create(path, info, &log, err);
    for (size_t i = 0; status == BUS_OK && i < self->sent_n; i++)
        status = logfile_add(log, self->sent[i].header, self->sent[i].data, err);
    return status == BUS_OK ? logfile_finish(log, err) : status;
}
