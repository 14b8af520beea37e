/* What reporting keeps in memory, all of it rebuilt from the tables: programmes, closed years and what runs
 * now as a whole; people as they come along, and forgotten together when there are many. So memory does not
 * grow with years. Handlers of the loop own it; queries never see it. */
#ifndef REPORTING_STATE_H
#define REPORTING_STATE_H

#include "bus/service.h"

struct programme {
    const char *programme, *partnership;
    int64_t action; /* 0: none */
};

/* A duo that lasts or a wait that goes on. */
struct standing {
    struct bus_id id;
    char nis[6];
    int64_t since_us;
    int64_t distance_m; /* of a duo; below 0: not known */
    int64_t action;     /* it was counted on for; 0: none */
};

struct person;

enum bus_status state_open(struct bus_context *ctx, void **ret_state);
void state_close(void **state_p);

/* The action that a programme's results count for; 0 for none. */
int64_t state_action(struct bus_context *ctx, const char *programme);
void state_set_programme(struct bus_context *ctx, const struct programme *programme);

bool state_is_closed(struct bus_context *ctx, const char *partnership, int64_t project_year);
void state_set_closed(struct bus_context *ctx, const char *partnership, int64_t project_year);

/* NULL when nothing with that id runs now. Borrowed until it is taken out. */
const struct standing *state_standing(struct bus_context *ctx, struct bus_id id);
void state_add_standing(struct bus_context *ctx, const struct standing *standing);
void state_drop_standing(struct bus_context *ctx, struct bus_id id);

/* The person an id stands for by now. Borrowed until the next call. */
BUS_CHECKED enum bus_status state_person(struct bus_context *ctx, struct bus_id id,
                                         struct person **ret_person);
struct bus_id person_id(const struct person *self);
/* "" when they are not known, or erased. */
const char *person_nis(const struct person *self);
bool person_is_counted(const struct person *self, const char *counted_for);
void person_set_counted(struct person *self, const char *counted_for);

/* Writes where someone lives, to the table too. */
BUS_CHECKED enum bus_status state_set_nis(struct bus_context *ctx, struct bus_id id, const char *nis);
/* Forgets all people in memory, because the tables changed under them. */
void state_forget_people(struct bus_context *ctx);

#endif
