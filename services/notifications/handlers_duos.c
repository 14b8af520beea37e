/* Follows matching: what the two of a pair, and who asks for help, are told. Never who the other is. */
#include "bus/service.h"
#include "queueing.h"
#include "schema/matching.h"

static enum bus_status tell(struct bus_context *ctx, const char *template, const char *partnership,
                            const char *programme, struct bus_id about, const struct bus_id *people, size_t n)
{
    struct news news = {
        .template = template, .partnership = partnership, .programme = programme, .about = about};
    return queue_news(ctx, &news, people, n);
}
#define PAIR(in) ((const struct bus_id[]){(in)->newcomer_id, (in)->volunteer_id}), 2

enum bus_status on_matching_match_accepted(struct bus_context *ctx, const struct matching_match_accepted *in)
{
    return tell(ctx, "match-accepted", in->partnership, in->programme, in->proposal_id, PAIR(in));
}

/* A talk and a duo are part of the story of their proposal. Older logs do not name it of a duo. */
#define STORY(in) (bus_id_is_nil((in)->proposal_id) ? (in)->duo_id : (in)->proposal_id)

/* Before the talk a no is between the coordinator and who said it; after it, both must know. */
enum bus_status on_matching_match_declined(struct bus_context *ctx, const struct matching_match_declined *in)
{
    if (!in->after_meeting)
        return drop_news(ctx, in->proposal_id, "match-withdrawn");
    return tell(ctx, "match-declined", in->partnership, in->programme, in->proposal_id, PAIR(in));
}

enum bus_status on_matching_match_expired(struct bus_context *ctx, const struct matching_match_expired *in)
{
    return drop_news(ctx, in->proposal_id, "match-withdrawn");
}

enum bus_status on_matching_match_withdrawn(struct bus_context *ctx,
                                            const struct matching_match_withdrawn *in)
{
    return drop_news(ctx, in->proposal_id, "match-withdrawn");
}

enum bus_status on_matching_duo_started(struct bus_context *ctx, const struct matching_duo_started *in)
{
    return tell(ctx, "duo-started", in->partnership, in->programme, in->proposal_id, PAIR(in));
}

enum bus_status on_matching_duo_silent(struct bus_context *ctx, const struct matching_duo_silent *in)
{
    return tell(ctx, "duo-silent", in->partnership, in->programme, STORY(in), PAIR(in));
}

enum bus_status on_matching_duo_resumed(struct bus_context *ctx, const struct matching_duo_resumed *in)
{
    return drop_news(ctx, STORY(in), "duo-resumed");
}

enum bus_status on_matching_duo_stopped(struct bus_context *ctx, const struct matching_duo_stopped *in)
{
    const struct {
        struct bus_id person_id;
        bool returns;
    } both[] = {{in->newcomer_id, in->newcomer_returns}, {in->volunteer_id, in->volunteer_returns}};
    enum bus_status status = BUS_OK;
    for (int i = 0; i < 2 && status == BUS_OK; i++)
        status = tell(ctx, both[i].returns ? "duo-stopped-waiting" : "duo-stopped", in->partnership,
                      in->programme, STORY(in), &both[i].person_id, 1);
    return status;
}

enum bus_status on_matching_duo_became_informal(struct bus_context *ctx,
                                                const struct matching_duo_became_informal *in)
{
    return tell(ctx, "duo-informal", in->partnership, in->programme, STORY(in), PAIR(in));
}

/* Who found somebody, or was erased or merged, hears by other ways. Who left knows it; that the programme
 * ended is news. */
enum bus_status on_matching_waiting_ended(struct bus_context *ctx, const struct matching_waiting_ended *in)
{
    bool ended = in->outcome == MATCHING_WAITING_OUTCOME_PROGRAMME_ENDED;
    bool gone = ended || in->outcome == MATCHING_WAITING_OUTCOME_LEFT ||
                in->outcome == MATCHING_WAITING_OUTCOME_RESTED ||
                in->outcome == MATCHING_WAITING_OUTCOME_MOVED;
    enum bus_status status = gone ? queue_without_search(ctx, in->person_id, in->programme) : BUS_OK;
    if (status != BUS_OK || !ended)
        return status;
    return tell(ctx, "programme-ended", in->partnership, in->programme, in->waiting_id, &in->person_id, 1);
}

enum bus_status on_matching_help_request_assigned(struct bus_context *ctx,
                                                  const struct matching_help_request_assigned *in)
{
    struct news news = {.template = "help-request-assigned",
                        .partnership = in->partnership,
                        .programme = in->programme,
                        .about = in->request_id,
                        .help_topic = bus_word(matching_help_topic_words, (int)in->topic)};
    enum bus_status status = drop_news(ctx, in->request_id, "help-request-assigned");
    if (status == BUS_OK)
        status = queue_news(ctx, &news, &in->person_id, 1);
    news.template = "help-request-yours";
    return status == BUS_OK ? queue_news(ctx, &news, &in->buddy_id, 1) : status;
}

/* Who is found next is told then, and so is who asks. */
enum bus_status on_matching_help_request_reopened(struct bus_context *ctx,
                                                  const struct matching_help_request_reopened *in)
{
    return drop_news(ctx, in->request_id, "help-request-reopened");
}

enum bus_status on_matching_help_request_fulfilled(struct bus_context *ctx,
                                                   const struct matching_help_request_fulfilled *in)
{
    return drop_news(ctx, in->request_id, "help-request-ended");
}

enum bus_status on_matching_help_request_dropped(struct bus_context *ctx,
                                                 const struct matching_help_request_dropped *in)
{
    return drop_news(ctx, in->request_id, "help-request-ended");
}
