/* Language duos. One side is scarce (in Asse the volunteers, in Herentals the newcomers): a duo is begun for
 * someone of that side, and the other side waits in numbers. The coordinator accepts what matching proposes;
 * the simulation does not know whom, it only guesses, to let nearer duos last longer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "schema/matching.h"
#include "schema/scheduling.h"
#include "simulate/params.h"
#include "simulate/programmes.h"

/* A talk is planned in the five to eleven days after the yes: the simulation does not know which parts of the
 * week the two share. So a talk is told as held when those are past, on the same day of the week. */
#define ACCEPTED_BEFORE_DAYS 14
#define PROPOSED_BEFORE_DAYS 18 /* and somebody may decline then */
#define CHOSEN_BEFORE_DAYS   21
#define LASTS_DAYS_MAX       36500

struct duos {
    struct people *people;
    struct world *world;
    struct random *random;
    const json_t *params;
    const char *programme;
    enum common_side scarce, plenty;
    int32_t from, to;
    int32_t until; /* how long what has begun by `to` goes on */
    int64_t waiting_low, waiting_high;
    int64_t silence_days;
    struct someone **idle; /* of the scarce side: free again, or about to be */
    size_t idle_n;
    struct someone **waiting; /* of the other side, as far as we know */
    size_t waiting_n;
    int32_t last_slot, slot_days;
    int64_t from_the_start; /* so many of the first duos are still to come of those that last */
};

static void add_to(struct someone **list, size_t *n, struct someone *one)
{
    if (*n == PEOPLE_MAX)
        params_wrong("more than %d people wait at once: begin fewer duos, or let fewer wait", PEOPLE_MAX);
    list[(*n)++] = one;
}

static void someone_waits(struct duos *self, int32_t day)
{
    struct someone *one = people_register(self->people, weekday(day), self->plenty);
    people_intake(self->people, one, self->programme, weekday(day) + 1);
    one->free_from = weekday(day) + 1;
    add_to(self->waiting, &self->waiting_n, one);
}

/* How many wait on the plentiful side on that day. */
static int64_t waiting_on(const struct duos *self, int32_t day)
{
    int64_t n = 0;
    for (size_t i = 0; i < self->waiting_n; i++)
        n += self->waiting[i]->free_from <= day;
    return n;
}

static void keep_waiting(struct duos *self, int32_t from, int32_t until)
{
    int64_t n = waiting_on(self, until);
    int64_t wanted = random_between(self->random, self->waiting_low, self->waiting_high);
    if (n >= self->waiting_low && !random_chance(self->random, 0.2))
        return;
    for (; n < wanted; n++)
        someone_waits(self, from + (int32_t)random_between(self->random, 0, until > from ? until - from : 0));
}

/* Whom matching will probably propose: the nearest of who waits. */
static size_t guess_partner(const struct duos *self, const struct someone *scarce, int32_t day,
                            int32_t *ret_metres)
{
    size_t best = self->waiting_n;
    *ret_metres = 3000;
    for (size_t i = 0; i < self->waiting_n; i++) {
        if (self->waiting[i]->free_from > day)
            continue;
        int32_t metres = match_distance_m(&scarce->about, &self->waiting[i]->about);
        if (best < self->waiting_n && metres >= *ret_metres)
            continue;
        best = i;
        *ret_metres = metres;
    }
    return best;
}

/* Of the scarce side who is free on that day for the longest time, or somebody new. */
static struct someone *choose(struct duos *self, int32_t day)
{
    size_t first = 0;
    for (size_t i = 1; i < self->idle_n; i++)
        if (self->idle[i]->free_from < self->idle[first]->free_from)
            first = i;
    if (self->idle_n > 0 && self->idle[first]->free_from <= day) {
        struct someone *one = self->idle[first];
        self->idle[first] = self->idle[--self->idle_n];
        return one;
    }
    struct someone *fresh = people_register(self->people, weekday(day - 2), self->scarce);
    people_intake(self->people, fresh, self->programme, weekday(day - 2) + 1);
    return fresh;
}

static void key_by(const struct duos *self, const struct someone *scarce, struct bus_id *ret_newcomer,
                   struct bus_id *ret_volunteer)
{
    *(self->scarce == COMMON_SIDE_NEWCOMER ? ret_newcomer : ret_volunteer) = scarce->id;
}

static void decline(struct duos *self, const struct someone *scarce, int32_t day)
{
    static const enum common_decline_reason reasons[] = {
        COMMON_DECLINE_REASON_SCHEDULE, COMMON_DECLINE_REASON_INTERESTS, COMMON_DECLINE_REASON_NO_REPLY,
        COMMON_DECLINE_REASON_DISTANCE};
    struct matching_decline_match in = {.person_id = scarce->id,
                                        .programme = self->programme,
                                        .by = random_chance(self->random, 0.5) ? COMMON_DECLINED_BY_NEWCOMER
                                                                               : COMMON_DECLINED_BY_VOLUNTEER,
                                        .reason = reasons[random_between(self->random, 0, 3)]};
    world_send(self->world, world_at(weekday(day), 13, 15), &matching_decline_match_type, &in);
}

static void log_contact(struct duos *self, const struct someone *scarce, int32_t day)
{
    static const double hours[] = {1, 1.5, 2, 2.5, 3};
    struct matching_log_contact in = {.programme = self->programme,
                                      .has_hours = true,
                                      .hours = hours[random_between(self->random, 0, 4)],
                                      .kind = random_chance(self->random, 0.85)
                                                  ? MATCHING_CONTACT_KIND_MEETING
                                                  : MATCHING_CONTACT_KIND_CALL};
    key_by(self, scarce, &in.newcomer_id, &in.volunteer_id);
    int64_t at = world_at(day, 18, (int)random_between(self->random, 0, 59));
    in.contact_id = world_id(self->world, at, "contact", (int64_t)self->world->sent_n);
    world_send(self->world, at, &matching_log_contact_type, &in);
}

/* Contacts from `start` to `end`; a silent stretch may lie in between, and may be the last thing heard. */
static bool log_contacts(struct duos *self, const struct someone *scarce, int32_t start, int32_t end)
{
    int64_t low = 0, high = 0;
    param_range(self->params, "contact_days", 1, 3660, &low, &high);
    bool silent = random_chance(self->random, param_number(self->params, "silent", 0.2)) &&
                  end - start > 3 * self->silence_days;
    int32_t hush =
        silent ? start + (int32_t)random_between(self->random, self->silence_days, end - start - 1) : end + 1;
    int32_t hush_end = hush + (int32_t)(self->silence_days + random_between(self->random, 5, 60));
    for (int32_t day = start + (int32_t)random_between(self->random, low, high); day < end;
         day += (int32_t)random_between(self->random, low, high))
        if (day < hush || day > hush_end)
            log_contact(self, scarce, day);
    return silent && hush_end >= end;
}

static enum common_stop_reason stop_reason(struct duos *self, bool silent, int32_t days)
{
    static const enum common_stop_reason reasons[] = {
        COMMON_STOP_REASON_GOAL_REACHED,  COMMON_STOP_REASON_SCHEDULE, COMMON_STOP_REASON_MOVED,
        COMMON_STOP_REASON_WORK_OR_STUDY, COMMON_STOP_REASON_PERSONAL, COMMON_STOP_REASON_MISMATCH};
    static const double early[] = {2, 25, 10, 20, 15, 18}, late[] = {35, 12, 15, 22, 10, 3};
    if (silent)
        return COMMON_STOP_REASON_NO_CONTACT;
    return reasons[random_weighted(self->random, days < 120 ? early : late, 6)];
}

/* No more come back than duos begin: whoever of the scarce side would come on another's heels stays away. */
static bool has_room(const struct duos *self, enum common_side side, int32_t day)
{
    for (size_t i = 0; side == self->scarce && i < self->idle_n; i++)
        if (abs(self->idle[i]->free_from - (day + 1)) < self->slot_days)
            return false;
    return true;
}

static void goes_back(struct duos *self, struct someone *scarce, struct someone *other, int32_t day,
                      bool newcomer, bool volunteer)
{
    bool scarce_returns = self->scarce == COMMON_SIDE_NEWCOMER ? newcomer : volunteer;
    bool other_returns = self->scarce == COMMON_SIDE_NEWCOMER ? volunteer : newcomer;
    scarce->free_from = day + 1;
    if (scarce_returns)
        add_to(self->idle, &self->idle_n, scarce);
    if (other_returns && other != NULL) {
        other->free_from = day + 1;
        add_to(self->waiting, &self->waiting_n, other);
    }
}

/* Friends need no support any more: the volunteer has a place for somebody else. */
static void become_informal(struct duos *self, struct someone *scarce, struct someone *other, int32_t end)
{
    struct matching_mark_informal in = {.programme = self->programme,
                                        .has_volunteer_returns = true,
                                        .volunteer_returns =
                                            end < self->to && has_room(self, COMMON_SIDE_VOLUNTEER, end)};
    key_by(self, scarce, &in.newcomer_id, &in.volunteer_id);
    world_send(self->world, world_at(end, 16, 30), &matching_mark_informal_type, &in);
    goes_back(self, scarce, other, end, false, in.volunteer_returns);
}

/* Whoever still wants goes back to the list at once. Once no duo begins any more, nobody does. */
static void stop(struct duos *self, struct someone *scarce, struct someone *other, int32_t start, int32_t end,
                 bool silent)
{
    enum common_stop_reason reason = stop_reason(self, silent, end - start);
    bool last = end >= self->to, gone = last || reason == COMMON_STOP_REASON_MOVED;
    bool newcomer = !gone &&
                    random_chance(self->random, param_number(self->params, "newcomer_returns", 0.4)) &&
                    has_room(self, COMMON_SIDE_NEWCOMER, end);
    bool volunteer = !last &&
                     random_chance(self->random, param_number(self->params, "volunteer_returns", 0.5)) &&
                     has_room(self, COMMON_SIDE_VOLUNTEER, end);
    struct matching_stop_duo in = {.programme = self->programme,
                                   .reason = reason,
                                   .has_newcomer_returns = true,
                                   .newcomer_returns = newcomer,
                                   .has_volunteer_returns = true,
                                   .volunteer_returns = volunteer};
    key_by(self, scarce, &in.newcomer_id, &in.volunteer_id);
    world_send(self->world, world_at(end, 16, (int)random_between(self->random, 0, 59)),
               &matching_stop_duo_type, &in);
    goes_back(self, scarce, other, end, newcomer, volunteer);
}

static void end_duo(struct duos *self, struct someone *scarce, struct someone *other, int32_t start,
                    int32_t metres)
{
    double mean = param_number(self->params, "mean_days", 500) *
                  exp2(-(double)metres / 1000 / param_number(self->params, "half_at_km", 4));
    if (!(mean >= 0 && mean <= LASTS_DAYS_MAX))
        params_wrong("\"mean_days\" and \"half_at_km\" must make 0 to %d days of each duo", LASTS_DAYS_MAX);
    bool forever = random_chance(self->random, param_number(self->params, "forever", 0.05)) ||
                   self->from_the_start-- > 0;
    int32_t days = 21 + (int32_t)random_exponential(self->random, mean);
    int32_t end = weekday(start + days);
    if (forever || end >= self->until - 1) {
        (void)log_contacts(self, scarce, start, self->until);
        return;
    }
    bool silent = log_contacts(self, scarce, start, end);
    if (end - start > 200 && random_chance(self->random, param_number(self->params, "informal", 0.05))) {
        become_informal(self, scarce, other, end);
        return;
    }
    stop(self, scarce, other, start, end, silent);
}

/* One duo, from the look at the list to its end. */
static void begin_duo(struct duos *self, int32_t start)
{
    keep_waiting(self, self->last_slot, start - CHOSEN_BEFORE_DAYS - 7);
    struct someone *scarce = choose(self, start - CHOSEN_BEFORE_DAYS);
    int32_t metres = 0;
    size_t guess = guess_partner(self, scarce, start - PROPOSED_BEFORE_DAYS, &metres);
    struct someone *other = guess < self->waiting_n ? self->waiting[guess] : NULL;
    if (other != NULL)
        self->waiting[guess] = self->waiting[--self->waiting_n];
    if (random_chance(self->random, param_number(self->params, "declined", 0.1)))
        decline(self, scarce, start - PROPOSED_BEFORE_DAYS);
    struct matching_accept_match accept = {.person_id = scarce->id, .programme = self->programme};
    world_send(self->world, world_at(start - ACCEPTED_BEFORE_DAYS, 14, 0), &matching_accept_match_type,
               &accept);
    struct scheduling_hold_meeting held = {.programme = self->programme,
                                           .outcome = SCHEDULING_MEETING_OUTCOME_START};
    key_by(self, scarce, &held.newcomer_id, &held.volunteer_id);
    world_send(self->world, world_at(start, 15, (int)random_between(self->random, 0, 59)),
               &scheduling_hold_meeting_type, &held);
    end_duo(self, scarce, other, start, metres);
    self->last_slot = start;
}

/* The starts of a year, evenly spread, a few days up or down. */
static void begin_year(struct duos *self, int year, int64_t n)
{
    int32_t first = 0, last = 0;
    char text[16];
    snprintf(text, sizeof text, "%d-01-01", year);
    if (n == 0)
        return;
    if (!bus_date_parse(text, strlen(text), &first))
        params_wrong("\"started\" has duos for %d, which is no year like 2015", year);
    snprintf(text, sizeof text, "%d-12-31", year);
    (void)bus_date_parse(text, 10, &last);
    if (first < self->from + 36)
        first = self->from + 36;
    if (last > self->to - 7)
        last = self->to - 7;
    self->slot_days = (int32_t)((last - first) / n);
    for (int64_t i = 0; i < n; i++) {
        int32_t day = first + (int32_t)((last - first) * (2 * i + 1) / (2 * n)) +
                      (int32_t)random_between(self->random, -2, 2);
        begin_duo(self, weekday(day));
    }
}

/* Who comes in the last days, where the other side waits, is proposed at once and still to be decided about.
 */
static void arrive_last(struct duos *self)
{
    int32_t day = weekday(self->to - 6);
    for (int64_t i = param_count(self->params, "undecided"); i > 0; i--) {
        struct someone *one = people_register(self->people, day, self->scarce);
        people_intake(self->people, one, self->programme, day + 1);
    }
}

static void call_for_volunteers(struct duos *self)
{
    const json_t *call = param_object(self->params, "call");
    if (call == NULL)
        return;
    int32_t day = param_day(call, "date");
    for (int64_t i = param_count(call, "volunteers"); i > 0; i--)
        someone_waits(self, day);
}

void simulate_duos(struct people *people, const json_t *params)
{
    struct duos self = {.people = people,
                        .world = people->world,
                        .random = &people->random,
                        .params = params,
                        .programme = param_text(params, "programme"),
                        .from = param_day(people->params, "from"),
                        .to = param_day(people->params, "to")};
    const char *goes_on = "goes_on_until";
    self.until = json_object_get(params, goes_on) != NULL ? param_day(params, goes_on) : self.to;
    self.scarce = (enum common_side)bus_word_value(common_side_words, param_text(params, "scarce"));
    self.plenty = self.scarce == COMMON_SIDE_NEWCOMER ? COMMON_SIDE_VOLUNTEER : COMMON_SIDE_NEWCOMER;
    self.silence_days = param_int(param_object(params, "rules"), "silence_after_days", 45);
    if (self.scarce == 0)
        params_wrong("the parameter \"scarce\" must be newcomer or volunteer");
    if (self.silence_days < 1 || self.silence_days > 3660)
        params_wrong("the parameter \"silence_after_days\" must be 1 to 3660");
    param_range(params, "waiting", 0, PEOPLE_MAX, &self.waiting_low, &self.waiting_high);
    self.from_the_start = param_count(params, "last_from_the_start");
    self.last_slot = self.from + 1;
    self.idle = calloc(PEOPLE_MAX, sizeof *self.idle);
    self.waiting = calloc(PEOPLE_MAX, sizeof *self.waiting);
    if (self.idle == NULL || self.waiting == NULL)
        bus_die("out of memory");
    configure_programme(people, params, param_text(params, "kind"), self.from - 2);
    call_for_volunteers(&self);
    const char *year;
    json_t *n;
    const json_t *started = param_object(params, "started");
    json_object_foreach((json_t *)started, year, n) begin_year(&self, atoi(year), param_count(started, year));
    arrive_last(&self);
    free(self.idle);
    free(self.waiting);
}
