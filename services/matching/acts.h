/* What matching does, as steps that handlers put together: each changes memory, writes the row and says the
 * event. After the steps of a handler, programme_match() follows once for each programme concerned: the same
 * breath.
 *
 * ctx->state is the struct state throughout. Handlers check first and act after: an act does not refuse. */
#ifndef MATCHING_ACTS_H
#define MATCHING_ACTS_H

#include "bus/service.h"
#include "state.h"

/* Whether the sender of the command at hand may touch what is of this programme and municipality: BUS_DENIED
 * when not. To be asked before the first act: what was done is undone by loading all of it anew. */
BUS_CHECKED enum bus_status may(struct bus_context *ctx, const struct programme *programme, const char *nis);
/* The same of something that is over and only a row still knows: (…, partnership, nis). Before it is told. */
BUS_CHECKED enum bus_status may_row(struct bus_context *ctx, const struct bus_rows *rows);

/* BUS_CONFLICT when the programme has ended. */
BUS_CHECKED enum bus_status goes_on(struct bus_context *ctx, const struct programme *programme);

/* ---- waiting lists (act_waiting.c) */

/* Onto the list, with a wait of its own; only the row is written of who may not wait, and of a volunteer
 * without a place. `duo_id` is the duo whose end brought them back, or nil. */
BUS_CHECKED enum bus_status wait_start(struct bus_context *ctx, struct member *member, struct bus_id duo_id);
struct wait_end {
    enum matching_waiting_outcome outcome;
    enum common_leave_reason reason; /* with left */
    struct bus_id duo_id;            /* with duo */
    int64_t at_us;                   /* 0: now */
};
/* Off the list; nothing happens to who does not wait. */
BUS_CHECKED enum bus_status wait_end(struct bus_context *ctx, struct member *member,
                                     const struct wait_end *end);
/* A partner cannot reach them: off all newcomers' lists, and on none until an intake. */
BUS_CHECKED enum bus_status person_away(struct bus_context *ctx, struct person *person,
                                        const struct wait_end *end, enum matching_withdraw_reason reason);
/* Brings the pool up to date with the member's places; `anew` when attributes or times changed too. */
void member_seat(struct member *member, bool anew);
/* A volunteer's place came free at this moment: what newcomers waited by now counts from here. */
BUS_CHECKED enum bus_status member_freed(struct bus_context *ctx, struct member *volunteer);

/* ---- proposals (act_proposals.c, act_matching.c) */

struct manual {
    const int *overridden; /* enum matching_hard_rule */
    size_t overridden_n;
    struct bus_id proposal_id;
};
/* `manual` NULL: by the optimum. */
BUS_CHECKED enum bus_status proposal_make(struct bus_context *ctx, struct member *newcomer,
                                          struct member *volunteer, const struct manual *manual);
BUS_CHECKED enum bus_status proposal_accept(struct bus_context *ctx, struct proposal *proposal);
BUS_CHECKED enum bus_status proposal_decline(struct bus_context *ctx, struct proposal *proposal,
                                             enum common_declined_by by, enum common_decline_reason reason,
                                             bool after_meeting);
BUS_CHECKED enum bus_status proposal_expire(struct bus_context *ctx, struct proposal *proposal);
BUS_CHECKED enum bus_status proposal_withdraw(struct bus_context *ctx, struct proposal *proposal,
                                              enum matching_withdraw_reason reason);
/* All of a member's, also accepted ones. */
BUS_CHECKED enum bus_status proposals_withdraw(struct bus_context *ctx, struct member *member,
                                               enum matching_withdraw_reason reason);
/* Writes that a pair is not to be proposed, and takes it out of the pools. */
BUS_CHECKED enum bus_status exclusion_note(struct bus_context *ctx, struct exclusion *exclusion);

/* Makes the proposals the optimum: at once, or at the next round of a programme that has rounds. Proposals
 * that vanish say `reason` when they are of `who` (may be NULL), else better-matching. */
struct cause {
    const struct person *who; /* NULL with a reason: everyone */
    enum matching_withdraw_reason reason;
};
BUS_CHECKED enum bus_status programme_match(struct bus_context *ctx, struct programme *programme,
                                            const struct cause *cause);
/* programme_match() for each programme the person is in. */
BUS_CHECKED enum bus_status person_match(struct bus_context *ctx, struct person *person,
                                         const struct cause *cause);
/* The round itself. */
BUS_CHECKED enum bus_status programme_match_now(struct bus_context *ctx, struct programme *programme,
                                                const struct cause *cause);

/* ---- duos (act_duos.c) */

/* `day`: of the talk; not before the proposal was made. */
BUS_CHECKED enum bus_status duo_start(struct bus_context *ctx, struct proposal *proposal, int32_t day);
struct contact {
    struct bus_id id;
    enum matching_contact_kind kind;
    double hours;
    int32_t day;
};
BUS_CHECKED enum bus_status duo_contact(struct bus_context *ctx, struct duo *duo,
                                        const struct contact *contact);
/* A sign of life that is not a contact of its own. */
BUS_CHECKED enum bus_status duo_sign(struct bus_context *ctx, struct duo *duo, int64_t at_us);
BUS_CHECKED enum bus_status duo_fall_silent(struct bus_context *ctx, struct duo *duo);
/* After how long they are silent has changed: the running duos of the programme. */
BUS_CHECKED enum bus_status duos_watch_silence(struct bus_context *ctx, const struct programme *programme);
/* `reason` 0: became informal. */
struct duo_end {
    enum common_stop_reason reason;
    bool newcomer_returns, volunteer_returns; /* as was said; nobody does who may not wait or wants fewer */
    bool place_given_up;                      /* the volunteer wants one newcomer fewer */
    bool same_person;                         /* they were two entries of one person: there never was a duo */
    int32_t day;                              /* not before the duo's last sign of life; 0: today */
};
/* When a duo that ends on that day (0: today) has ended. */
int64_t duo_ended_us(const struct bus_context *ctx, const struct duo *duo, int32_t day);
BUS_CHECKED enum bus_status duo_end(struct bus_context *ctx, struct duo *duo, const struct duo_end *told);

/* ---- requests for help (act_requests.c) */

BUS_CHECKED enum bus_status request_open(struct bus_context *ctx, const struct request *filled,
                                         struct request **ret_request);
BUS_CHECKED enum bus_status request_assign(struct bus_context *ctx, struct request *request,
                                           struct member *buddy);
BUS_CHECKED enum bus_status request_fulfil(struct bus_context *ctx, struct request *request, double hours);
BUS_CHECKED enum bus_status request_drop(struct bus_context *ctx, struct request *request,
                                         enum matching_help_drop_reason reason);
/* NULL for who is away; the buddy of their duo; NULL while one is about to become that; else `preferred` (may
 * be NULL) if free and not kept apart; else the free volunteer who fits best, or NULL. */
struct member *request_buddy(struct bus_context *ctx, const struct request *request,
                             struct member *preferred);
/* Gives open requests of the programme to who has a place, the oldest first. */
BUS_CHECKED enum bus_status requests_serve(struct bus_context *ctx, struct programme *programme);
/* Whoever had it helps no more; another is looked for when the programme is matched. In one that has ended
 * nobody else is: it goes to the buddy of another duo of theirs, or lapses and is no more. */
BUS_CHECKED enum bus_status request_hand_over(struct bus_context *ctx, struct request *request);
/* The buddy leaves: another takes over, or the request is open again. */
BUS_CHECKED enum bus_status requests_hand_over(struct bus_context *ctx, struct member *buddy);

#endif
