/* See effects.h. */
#include "app/effects.h"

#include <search.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "app/loop.h"
#include "base/failpoint.h"

#define GATHER_MAX 100
#define GATHER_US  (2 * BUS_SECOND_US) /* what was gathered is used for no longer */

struct effect_job {
    struct job job;
    const struct bus_on_effect *on;
    struct bus_peers *peers;
    const char *key;
    struct bus_bytes payload;
    struct bus_bytes header;
    atomic_bool replaced; /* asked for again before its outcome was handled: the last word counts */
    uint64_t gathering;   /* the one that it was part of */
    enum bus_status status;
    const char *text;
};

struct effects {
    struct worker *worker;
    struct effect_job **finished; /* outcomes not yet recorded */
    size_t finished_n, capacity;
    bool resumed;
    void *asked; /* tree of the last job of each name and key */
    /* The thread's own: */
    struct bus_arena *arena; /* of what was gathered */
    const void *gathered;
    uint64_t gathering;
    int64_t gathered_us;
};

static int by_name_and_key(const void *a, const void *b)
{
    const struct effect_job *x = a, *y = b;
    int order = strcmp(x->on->name, y->on->name);
    return order != 0 ? order : strcmp(x->key, y->key);
}

/* For this one and the others of its kind that wait. */
static void gather(struct effects *self, struct effect_job *job)
{
    struct job *behind[GATHER_MAX - 1];
    struct bus_bytes payloads[GATHER_MAX] = {job->payload};
    size_t behind_n = worker_behind(self->worker, behind, GATHER_MAX - 1), n = 1;
    job->gathering = ++self->gathering;
    for (size_t i = 0; i < behind_n; i++) {
        struct effect_job *other = (struct effect_job *)behind[i];
        if (other->on != job->on || other->replaced)
            continue;
        other->gathering = self->gathering;
        payloads[n++] = other->payload;
    }
    bus_arena_reset(self->arena);
    self->gathered = job->on->gather(job->peers, payloads, n, self->arena);
    self->gathered_us = bus_clock_monotonic_us();
}

/* What was gathered for it, just now or with one before it. */
static const void *gathered_for(struct effects *self, struct effect_job *job)
{
    bool gathered = self->gathering > 0 && job->gathering == self->gathering &&
                    bus_clock_monotonic_us() - self->gathered_us < GATHER_US;
    if (job->on->gather == NULL)
        return NULL;
    if (!gathered)
        gather(self, job);
    return self->gathered;
}

static void run(void *context, struct job *base)
{
    struct effects *effects = context;
    struct effect_job *self = (struct effect_job *)base;
    struct bus_error err = {0};
    const char *text = "";
    if (self->replaced) /* before it began */
        return;
    const void *gathered = gathered_for(effects, self);
    self->status =
        self->on->run(self->peers, self->key, self->payload, gathered, self->job.arena, &text, &err);
    self->text = bus_strdup(self->job.arena, self->status == BUS_OK ? text : err.text);
}

/* There is one thread: what was asked for again runs after what it replaces, if that has begun. */
static void note_asked(struct effects *self, struct effect_job *job)
{
    struct effect_job **last = tsearch(job, &self->asked, by_name_and_key);
    if (last == NULL)
        bus_die("out of memory for effects");
    if (*last != job)
        (*last)->replaced = true;
    *last = job;
}

static void forget(struct effects *self, struct effect_job *job)
{
    if (!job->replaced)
        tdelete(job, &self->asked, by_name_and_key);
    job_free(&job->job);
}

void effects_start(struct loop *loop, const struct store_effect *effect)
{
    for (const struct bus_on_effect *on = loop->service->effects; on != NULL && on->name != NULL; on++) {
        if (strcmp(on->name, effect->name) != 0)
            continue;
        struct effect_job *job = job_new(sizeof *job);
        struct bus_arena *arena = job->job.arena;
        job->on = on;
        job->peers = loop->peers;
        job->key = bus_strdup(arena, effect->key);
        job->payload =
            bus_bytes(bus_copy(arena, effect->payload.data, effect->payload.size), effect->payload.size);
        job->header =
            bus_bytes(bus_copy(arena, effect->header.data, effect->header.size), effect->header.size);
        note_asked(loop->effects, job);
        worker_push(loop->effects->worker, &job->job);
        return;
    }
    bus_log_error("the effect %s is not in the service's table; it waits in the table of effects",
                  effect->name);
}

void effects_open(struct loop *loop)
{
    loop->effects = calloc(1, sizeof *loop->effects);
    if (loop->effects == NULL)
        bus_die("out of memory");
    loop->effects->arena = bus_arena_new();
    loop->effects->worker = worker_new(run, NULL, NULL, loop->effects, 0);
}

enum bus_status effects_resume(struct loop *loop, struct bus_error *err)
{
    struct store_effect *left = NULL;
    size_t n = 0;
    if (loop->effects->resumed)
        return BUS_OK;
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_effects(loop->store, loop->arena, &left, &n, err);
    store_rollback(loop->store);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        effects_start(loop, &left[i]);
    loop->effects->resumed = status == BUS_OK;
    return status;
}

static void keep_job(void *job)
{
    (void)job; /* the tree only points to it */
}

void effects_close(struct loop *loop)
{
    if (loop->effects == NULL)
        return;
    worker_free(&loop->effects->worker);
    bus_arena_free(&loop->effects->arena);
    for (size_t i = 0; i < loop->effects->finished_n; i++)
        job_free(&loop->effects->finished[i]->job);
    free(loop->effects->finished);
    tdestroy(loop->effects->asked, keep_job);
    free(loop->effects);
    loop->effects = NULL;
}

static void collect(struct effects *self)
{
    for (struct job *job; (job = worker_pop(self->worker)) != NULL;) {
        if (self->finished_n == self->capacity) {
            self->capacity = self->capacity ? self->capacity * 2 : 16;
            self->finished = realloc(self->finished, self->capacity * sizeof(struct effect_job *));
            if (self->finished == NULL)
                bus_die("out of memory for outcomes of effects");
        }
        self->finished[self->finished_n++] = (struct effect_job *)job;
    }
}

/* What was replaced has no outcome to tell. */
static void drop_replaced(struct effects *self)
{
    size_t n = 0;
    for (size_t i = 0; i < self->finished_n; i++)
        if (self->finished[i]->replaced)
            forget(self, self->finished[i]);
        else
            self->finished[n++] = self->finished[i];
    self->finished_n = n;
}

static int compare(const void *a, const void *b)
{
    return by_name_and_key(*(struct effect_job *const *)a, *(struct effect_job *const *)b);
}

static struct item outcome_item(struct loop *loop, const struct effect_job *job)
{
    struct item item = {.kind = ITEM_OUTCOME,
                        .on_effect = job->on,
                        .effect = job,
                        .raw_header = job->header,
                        .data = job->payload,
                        .source_name = "effect",
                        .now_us = loop_now(loop)};
    struct bus_error err;
    if (bus_header_decode(job->header, loop->arena, &item.header, &err) != BUS_OK)
        item.header = (struct bus_header){0};
    /* A step may reach further than what asked for the effect. */
    if (loop->step.active && item.header.time_us != 0)
        item.now_us = bus_header_moment_us(&item.header);
    /* What follows from the outcome is not what followed from the cause: ids are made from this. */
    item.header.causationid = item.header.id;
    item.header.id = item_letter_id(loop->arena, job->on->name, job->key);
    item.header.source = "/effect";
    item.header.type = job->on->name;
    item.outcome = (struct bus_outcome){
        .key = job->key, .payload = job->payload, .status = job->status, .text = job->text};
    return item;
}

void effects_take(struct loop *loop, struct item **ret_items, size_t *ret_n)
{
    struct effects *self = loop->effects;
    *ret_n = 0;
    if (loop->step.active && loop->step.outcomes_taken)
        return;
    collect(self);
    drop_replaced(self);
    if (self->finished_n == 0)
        return;
    bus_failpoint("effect-done");
    qsort(self->finished, self->finished_n, sizeof(struct effect_job *), compare);
    size_t n = self->finished_n < TURN_ITEMS_MAX / 2 ? self->finished_n : TURN_ITEMS_MAX / 2;
    *ret_items = bus_alloc_array(loop->arena, n, sizeof **ret_items);
    for (size_t i = 0; i < n; i++)
        (*ret_items)[i] = outcome_item(loop, self->finished[i]);
    *ret_n = n;
}

bool effects_stands(const struct item *outcome)
{
    return !outcome->effect->replaced;
}

void effects_finish(struct loop *loop, const struct item *item)
{
    struct effects *self = loop->effects;
    for (size_t i = 0; i < self->finished_n; i++) {
        if (self->finished[i] != item->effect)
            continue;
        forget(self, self->finished[i]);
        self->finished[i] = self->finished[--self->finished_n];
        return;
    }
}

void effects_tell_whole(struct loop *loop, bool whole)
{
    worker_tell_whole(loop->effects->worker, whole);
}

bool effects_gathered(struct loop *loop)
{
    collect(loop->effects);
    return worker_pending(loop->effects->worker) == 0;
}

size_t effects_pending(struct loop *loop)
{
    return worker_pending(loop->effects->worker) + loop->effects->finished_n;
}

bool effects_left(const struct loop *loop)
{
    return loop->effects->finished_n > 0;
}

int effects_fd(const struct loop *loop)
{
    return worker_fd(loop->effects->worker);
}
