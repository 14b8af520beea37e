/* The door to the tables proposal and meeting. */
#ifndef SCHEDULING_MEETING_STORE_H
#define SCHEDULING_MEETING_STORE_H

#include <stdbool.h>

#include "bus/service.h"
#include "schema/scheduling.h"

/* An accepted proposal and its planned meeting, if it has one: then meeting_id is set. */
struct talk {
    struct bus_id proposal_id;
    const char *partnership;
    const char *programme;
    struct bus_id newcomer_id;
    struct bus_id volunteer_id;
    const char *nis;
    bool accepted;
    int64_t proposed_us; /* 0: not known */
    struct bus_id meeting_id;
    int64_t at;
    int64_t duration_minutes;
    enum scheduling_place_kind place_kind;
};

/* What a caller knows of the talk it means; all of it must fit. */
struct talk_key {
    struct bus_id meeting_id;
    struct bus_id proposal_id;
    const char *programme;
    struct bus_id newcomer_id;
    struct bus_id volunteer_id;
};

/* The one talk that fits. BUS_INVALID when too little is given, BUS_NOT_FOUND, BUS_CONFLICT when several fit.
 */
BUS_CHECKED enum bus_status talk_get(struct bus_context *ctx, const struct talk_key *key, struct talk *ret);
/* false in *ret_known for a proposal we never heard was accepted. */
BUS_CHECKED enum bus_status talk_look(struct bus_context *ctx, struct bus_id proposal_id, struct talk *ret,
                                      bool *ret_known);
BUS_CHECKED enum bus_status talk_look_meeting(struct bus_context *ctx, struct bus_id meeting_id,
                                              struct talk *ret, bool *ret_known);
/* All accepted proposals of a person, in the arena. */
BUS_CHECKED enum bus_status talks_of(struct bus_context *ctx, struct bus_id person_id, struct talk **ret,
                                     size_t *ret_n);

/* Gives the two the ids they have now. Not new: it is known already, or one of them was erased. */
BUS_CHECKED enum bus_status proposal_put(struct bus_context *ctx, struct talk *talk, bool *ret_new);
BUS_CHECKED enum bus_status proposal_close(struct bus_context *ctx, struct bus_id proposal_id, bool started);

BUS_CHECKED enum bus_status meeting_look(struct bus_context *ctx, struct bus_id meeting_id, bool *ret_known);
BUS_CHECKED enum bus_status meeting_put(struct bus_context *ctx, const struct talk *talk);
BUS_CHECKED enum bus_status meeting_move(struct bus_context *ctx, const struct talk *talk);
BUS_CHECKED enum bus_status meeting_hold(struct bus_context *ctx, struct bus_id meeting_id,
                                         enum scheduling_meeting_outcome outcome, const char *reason);
BUS_CHECKED enum bus_status meeting_cancel(struct bus_context *ctx, struct bus_id meeting_id,
                                           const char *reason);

#endif
