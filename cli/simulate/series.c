/* Talk tables and the like: sessions by their recurrence rule, a core of people who enrolled, and a varying
 * public. */
#include <libical/ical.h>
#include <stdlib.h>

#include "bus/clock.h"
#include "schema/scheduling.h"
#include "simulate/params.h"
#include "simulate/programmes.h"

#define ATTEND_MAX 200

struct series {
    struct people *people;
    const json_t *params;
    struct bus_id id;
    struct someone **core;
    size_t core_n;
};

static void create(struct series *self, int32_t day)
{
    const json_t *p = self->params;
    struct scheduling_create_series in = {.series_id = self->id,
                                          .programme = param_text(p, "programme"),
                                          .partnership = self->people->world->partnership,
                                          .title = param_text(p, "title"),
                                          .rrule = param_text(p, "rrule"),
                                          .starts = param_text(p, "starts"),
                                          .duration_minutes = param_int(p, "minutes", 120),
                                          .capacity = param_int(p, "capacity", 20),
                                          .nis = param_text(p, "nis"),
                                          .venue = param_text(p, "venue")};
    configure_programme(self->people, p, "conversation-group", day - 1);
    world_send(self->people->world, world_at(day, 9, 0), &scheduling_create_series_type, &in);
}

static void enrol_core(struct series *self, int32_t first, int32_t last)
{
    int64_t n = param_count(self->params, "enrolled");
    self->core = calloc((size_t)n + 1, sizeof *self->core);
    if (self->core == NULL)
        bus_die("out of memory");
    for (int64_t i = 0; i < n; i++) {
        /* Most come in the first months, some later. */
        int32_t day = weekday(first + (int32_t)((last - first) * i * i / (n * n + 1)));
        struct someone *one = people_register(self->people, day, COMMON_SIDE_NEWCOMER);
        struct scheduling_enrol in = {.series_id = self->id, .person_id = one->id};
        world_send(self->people->world, world_at(day + 1, 10, 20), &scheduling_enrol_type, &in);
        one->free_from = day + 2;
        self->core[self->core_n++] = one;
    }
}

/* Who was there: of the core and of everybody else who was registered by then. */
static size_t draw_public(struct series *self, int32_t day, int64_t wanted, struct bus_id *ids)
{
    struct people *people = self->people;
    size_t n = 0;
    bool core = self->core_n > 0;
    for (size_t tries = 0; (core || people->n > 0) && n < (size_t)wanted && tries < 400; tries++) {
        size_t i = (size_t)random_between(&people->random, 0, (int64_t)(core ? self->core_n : people->n) - 1);
        const struct someone *one = core ? self->core[i] : people->all[i];
        bool known = one->registered + 2 <= day && (!core || one->free_from <= day);
        for (size_t k = 0; known && k < n; k++)
            known = !bus_id_equal(ids[k], one->id);
        if (known)
            ids[n++] = one->id;
    }
    return n;
}

static void hold(struct series *self, int32_t day)
{
    struct people *people = self->people;
    struct world *world = people->world;
    if (random_chance(&people->random, param_number(self->params, "cancelled", 0))) {
        struct scheduling_cancel_session in = {.series_id = self->id,
                                               .on_date = date_text(people, day),
                                               .reason = SCHEDULING_SESSION_CANCEL_REASON_ILLNESS};
        world_send(world, world_at(day - 1, 12, 0), &scheduling_cancel_session_type, &in);
        return;
    }
    int64_t low = 0, high = 0, fewest = 0, most = 0;
    param_range(self->params, "attend", 0, ATTEND_MAX, &low, &high);
    param_range(self->params, "guests", 0, 1000, &fewest, &most);
    struct bus_id ids[ATTEND_MAX];
    int64_t wanted = random_between(&people->random, low, high);
    struct scheduling_hold_session in = {.series_id = self->id,
                                         .on_date = date_text(people, day),
                                         .attended = ids,
                                         .attended_n = draw_public(self, day, wanted, ids),
                                         .has_guests = true,
                                         .guests = random_between(&people->random, fewest, most)};
    world_send(world, world_at(day, 21, 30), &scheduling_hold_session_type, &in);
}

static void hold_all(struct series *self, int32_t last)
{
    struct icaltimetype starts = icaltime_null_time();
    const char *text = param_text(self->params, "starts");
    if (sscanf(text, "%d-%d-%dT%d:%d", &starts.year, &starts.month, &starts.day, &starts.hour,
               &starts.minute) != 5)
        params_wrong("the parameter \"starts\" is no moment like 2023-09-19T19:00");
    struct icalrecurrencetype rule = icalrecurrencetype_from_string(param_text(self->params, "rrule"));
    icalrecur_iterator *at = icalrecur_iterator_new(rule, starts);
    if (at == NULL)
        params_wrong("the parameter \"rrule\" is no recurrence rule");
    for (;;) {
        struct icaltimetype next = icalrecur_iterator_next(at);
        if (icaltime_is_null_time(next))
            break;
        int32_t day = (int32_t)(icaltime_as_timet(next) / 86400);
        if (day >= last - 1)
            break;
        hold(self, day);
    }
    icalrecur_iterator_free(at);
}

void simulate_series(struct people *people, const json_t *params)
{
    int32_t first = param_day(params, "from"), last = param_day(people->params, "to");
    int32_t announced = first - 10;
    struct series self = {.people = people, .params = params};
    self.id = world_id(people->world, world_at(announced, 9, 0), param_text(params, "programme"), 0);
    create(&self, announced);
    enrol_core(&self, first - 5, last);
    hold_all(&self, last);
    free(self.core);
}
