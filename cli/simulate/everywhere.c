/* See everywhere.h. */
#include "simulate/everywhere.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "simulate/params.h"
#include "simulate/programmes.h"
#include "simulate/world.h"

#define RUNS_MAX 600

struct run { /* of one municipality */
    char *path;
    struct logfile *file;
    struct bus_arena *arena;
    struct logfile_record next;
};

struct runs {
    struct run items[RUNS_MAX];
    size_t n;
};

static void runs_done(struct runs *self)
{
    for (size_t i = 0; i < self->n; i++) {
        logfile_close(&self->items[i].file);
        unlink(self->items[i].path);
        free(self->items[i].path);
        bus_arena_free(&self->items[i].arena);
    }
}

/* ---- one municipality */

static void replace(char *text, size_t size, const char *word, const char *with)
{
    char *at;
    while ((at = strstr(text, word)) != NULL) {
        size_t rest = strlen(at + strlen(word)) + 1;
        if ((size_t)(at - text) + strlen(with) + rest > size)
            params_wrong("a text is too long with \"%s\" in it", with);
        memmove(at + strlen(with), at + strlen(word), rest);
        memcpy(at, with, strlen(with));
    }
}

static json_t *fill_text(const json_t *given, const struct place *place)
{
    char text[512];
    if (json_string_length(given) >= sizeof text)
        params_wrong("a text has over %zu characters", sizeof text - 1);
    strcpy(text, json_string_value(given));
    replace(text, sizeof text, "{id}", place->id);
    replace(text, sizeof text, "{nis}", place->nis);
    replace(text, sizeof text, "{name}", place->name);
    return json_string(text);
}

/* A copy of the parameters, with the municipality's words in its texts. */
static json_t *fill(const json_t *given, const struct place *place)
{
    const char *key;
    size_t i;
    json_t *value, *filled;
    if (json_is_string(given))
        return fill_text(given, place);
    if (json_is_array(given)) {
        filled = json_array();
        json_array_foreach((json_t *)given, i, value) json_array_append_new(filled, fill(value, place));
        return filled;
    }
    if (!json_is_object(given))
        return json_deep_copy(given);
    filled = json_object();
    json_object_foreach((json_t *)given, key, value) json_object_set_new(filled, key, fill(value, place));
    return filled;
}

static json_t *postcodes(const struct place *place)
{
    json_t *list = json_array();
    for (size_t i = 0; i < place->postcodes_n; i++) {
        char text[12];
        snprintf(text, sizeof text, "%d", place->postcodes[i]);
        json_array_append_new(list, json_pack("[s,i]", text, 1));
    }
    return list;
}

struct made { /* in all municipalities so far */
    size_t messages, people;
};

static enum bus_status simulate_place(const json_t *params, const struct place *place,
                                      const struct places *places, uint64_t seed, const char *path,
                                      struct made *made, struct bus_error *err)
{
    struct world world;
    world_init(&world, seed);
    world.people_n = made->people;
    json_t *filled = fill(params, place);
    json_object_set_new(filled, "places", postcodes(place));
    simulate_programmes(&world, filled, places, seed);
    enum bus_status status = world_write(&world, path, &(struct logfile_info){.note = ""}, err);
    made->messages += world.sent_n;
    made->people = world.people_n;
    world_done(&world);
    json_decref(filled);
    return status;
}

/* ---- all of them */

static bool is_chosen(const json_t *params, const struct place *place)
{
    size_t i;
    const json_t *beginning;
    json_array_foreach(json_object_get(params, "everywhere"), i, beginning)
    {
        const char *text = json_string_value(beginning);
        if (text != NULL && strncmp(place->nis, text, strlen(text)) == 0)
            return true;
    }
    return false;
}

/* The next record of a run; at its end the run has no file any more. */
static enum bus_status run_next(struct run *run, struct bus_error *err)
{
    bus_arena_reset(run->arena);
    enum bus_status status = logfile_next(run->file, run->arena, &run->next, err);
    if (status == BUS_NOT_FOUND)
        logfile_close(&run->file);
    return status == BUS_NOT_FOUND ? BUS_OK : status;
}

static struct run *earliest(struct runs *runs)
{
    struct run *best = NULL;
    for (size_t i = 0; i < runs->n; i++) {
        struct run *run = &runs->items[i];
        if (run->file != NULL && (best == NULL || run->next.header.time_us < best->next.header.time_us))
            best = run;
    }
    return best;
}

static enum bus_status merge(struct runs *runs, const char *path, const struct logfile_info *info,
                             struct bus_error *err)
{
    AUTO(logfile_close) struct logfile *log = NULL;
    enum bus_status status = logfile_create(path, info, &log, err);
    for (size_t i = 0; status == BUS_OK && i < runs->n; i++) {
        runs->items[i].arena = bus_arena_new();
        status = logfile_open(runs->items[i].path, &runs->items[i].file, err);
        if (status == BUS_OK)
            status = run_next(&runs->items[i], err);
    }
    for (struct run *run; status == BUS_OK && (run = earliest(runs)) != NULL;) {
        status = logfile_add(log, run->next.raw_header, run->next.data, err);
        if (status == BUS_OK)
            status = run_next(run, err);
    }
    return status == BUS_OK ? logfile_finish(log, err) : status;
}

bool everywhere_is(const json_t *params)
{
    return json_object_get(params, "everywhere") != NULL;
}

enum bus_status everywhere_simulate(const json_t *params, const struct places *places, uint64_t seed,
                                    const char *path, const struct logfile_info *info, size_t *ret_messages,
                                    struct bus_error *err)
{
    AUTO(runs_done) struct runs runs = {0};
    enum bus_status status = BUS_OK;
    struct made made = {0};
    size_t n = 0;
    const struct place *all = places_all(places, &n);
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        if (!is_chosen(params, &all[i]))
            continue;
        if (runs.n == RUNS_MAX)
            return bus_fail(err, BUS_INVALID, "the parameters are for more than %d municipalities", RUNS_MAX);
        struct run *run = &runs.items[runs.n++];
        if (asprintf(&run->path, "%s.%s", path, all[i].nis) < 0)
            bus_die("out of memory");
        status = simulate_place(params, &all[i], places, seed, run->path, &made, err);
    }
    if (status == BUS_OK)
        status = merge(&runs, path, info, err);
    *ret_messages = made.messages;
    return status;
}
