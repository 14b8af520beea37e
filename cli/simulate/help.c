/* Support buddies: people ask for help, one thing after the other, and the same volunteer takes it on. */
#include "bus/clock.h"
#include "schema/matching.h"
#include "simulate/params.h"
#include "simulate/programmes.h"

struct help {
    struct people *people;
    const json_t *params;
    const char *programme;
    int32_t from, to;
};

static int32_t draw_days(struct help *self, const char *name)
{
    int64_t low = 0, high = 0;
    param_range(self->params, name, 0, 1000, &low, &high);
    return (int32_t)random_between(&self->people->random, low, high);
}

static void end_request(struct help *self, struct bus_id request, int32_t day)
{
    struct world *world = self->people->world;
    struct random *random = &self->people->random;
    int64_t at = world_at(day, 17, (int)random_between(random, 0, 59));
    if (random_chance(random, param_number(self->params, "dropped", 0))) {
        world_send(world, at, &matching_drop_help_request_type,
                   &(struct matching_drop_help_request){.request_id = request,
                                                        .reason = MATCHING_HELP_DROP_REASON_NO_CONTACT});
        return;
    }
    world_send(world, at, &matching_fulfil_help_request_type,
               &(struct matching_fulfil_help_request){
                   .request_id = request, .has_hours = true, .hours = draw_days(self, "hours")});
}

/* Someone's requests, one after the other. */
static void ask_for_help(struct help *self, const struct someone *one, int32_t day)
{
    struct world *world = self->people->world;
    struct random *random = &self->people->random;
    for (int32_t n = draw_days(self, "requests_each"); n > 0; n--) {
        int32_t end = weekday(day + draw_days(self, "days_to_fulfil"));
        if (end >= self->to - 2)
            return;
        int64_t at = world_at(weekday(day), 10, (int)random_between(random, 0, 59));
        struct matching_open_help_request in = {
            .programme = self->programme,
            .person_id = one->id,
            .request_id = world_id(world, at, "request", (int64_t)world->sent_n),
            .topic = (enum matching_help_topic)random_between(random, MATCHING_HELP_TOPIC_SCHOOL,
                                                              MATCHING_HELP_TOPIC_ADMINISTRATION)};
        world_send(world, at, &matching_open_help_request_type, &in);
        end_request(self, in.request_id, end);
        day = end + draw_days(self, "days_between");
    }
}

void simulate_help(struct people *people, const json_t *params)
{
    struct help self = {.people = people,
                        .params = params,
                        .programme = param_text(params, "programme"),
                        .from = param_day(people->params, "from"),
                        .to = param_day(people->params, "to")};
    int64_t buddies = param_count(params, "buddies"), asking = param_count(params, "people");
    int32_t half = (self.to - self.from) / 2;
    configure_programme(people, params, param_text(params, "kind"), self.from - 2);
    for (int64_t i = 0; i < buddies; i++) {
        int32_t day = weekday(self.from + (int32_t)(half * i / buddies));
        struct someone *buddy = people_register(people, day, COMMON_SIDE_VOLUNTEER);
        people_intake(people, buddy, self.programme, day + 1);
    }
    /* Whoever asks comes a while after a buddy did. */
    for (int64_t i = 0; i < asking; i++) {
        int32_t day = weekday(self.from + 21 + (int32_t)((self.to - self.from - 200) * i / asking));
        struct someone *one = people_register(people, day, COMMON_SIDE_NEWCOMER);
        ask_for_help(&self, one, day + 3);
    }
}
