/* See merging.h. */
#include "merging.h"

#include <string.h>

#define TEXTS_MAX 7

#define TALK  "meeting-planned", "meeting-moved", "meeting-reminder"
#define MATCH "match-accepted", TALK
#define PLACE "enrolled", "waitlisted", "promoted"
#define END   "series-ended", "series-ended-waiting"
#define HELP  "help-request-assigned", "help-request-yours"

/* Each fact, and the texts of the same story that are no longer so after it. A fact that is no text is the
 * name of an event that nobody is told of. A text that is in no row stays true, whatever happens. */
static const struct {
    const char *fact, *undoes[TEXTS_MAX];
} facts[] = {
    {"match-withdrawn", {"match-accepted"}}, /* its talk is called off by an event of its own */
    {"match-declined", {MATCH}},
    {"match-ended", {MATCH, "match-declined"}},
    {"meeting-moved", {TALK}},
    {"meeting-cancelled", {TALK}},
    {"meeting-missed", {TALK}}, /* the two may still meet */
    {"meeting-held", {MATCH}},
    {"duo-started", {MATCH}},
    {"duo-resumed", {"duo-silent"}},
    {"duo-stopped", {MATCH, "duo-started", "duo-silent", "duo-stopped-waiting"}},
    {"duo-stopped-waiting", {MATCH, "duo-started", "duo-silent"}},
    {"duo-informal", {MATCH, "duo-started", "duo-silent"}},
    {"help-request-assigned", {HELP}}, /* to another one than before */
    {"help-request-reopened", {HELP}},
    {"help-request-ended", {HELP}},
    {"enrolled", {PLACE}},
    {"waitlisted", {PLACE}},
    {"promoted", {PLACE}},
    {"unenrolled", {PLACE, END, "session-reminder", "session-cancelled"}},
    {"series-over", {PLACE}}, /* it ended, and no session is left before its end */
    {"series-ended", {END}},  /* earlier than was said */
    {"series-ended-waiting", {END}},
    {"session-cancelled", {"session-reminder"}},
};

/* Texts that say nothing new beside one of these. */
static const struct {
    const char *text, *beside[TEXTS_MAX];
} repeats[] = {
    {"meeting-reminder", {"meeting-planned", "meeting-moved"}},
    {"match-ended", {"match-ended"}},
    {"duo-stopped", {"duo-stopped"}},
};

/* Texts that tell of a search for somebody else, and what is left to tell once the person left the list. */
static const struct {
    const char *text, *left;
} searches[] = {
    {"duo-stopped-waiting", "duo-stopped"},
    {"match-declined", "match-ended"},
};

/* What changes a plan that the person never heard of: it is told as the plan, or not at all. */
static const struct {
    const char *text, *unheard, *as;
} changes[] = {
    {"meeting-moved", "meeting-planned", "meeting-planned"},
    {"meeting-cancelled", "meeting-planned", NULL},
};

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

static bool names(const char *const texts[], const char *template)
{
    for (size_t i = 0; i < TEXTS_MAX && texts[i] != NULL; i++)
        if (strcmp(texts[i], template) == 0)
            return true;
    return false;
}

bool merging_undoes(const char *fact, const char *template)
{
    for (size_t i = 0; i < ROWS(facts); i++)
        if (strcmp(facts[i].fact, fact) == 0)
            return names(facts[i].undoes, template);
    return false;
}

const char *merging_left_of(const char *template)
{
    for (size_t i = 0; i < ROWS(searches); i++)
        if (strcmp(searches[i].text, template) == 0)
            return searches[i].left;
    return NULL;
}

static bool repeats_it(const char *template, const char *earlier)
{
    for (size_t i = 0; i < ROWS(repeats); i++)
        if (strcmp(repeats[i].text, template) == 0)
            return names(repeats[i].beside, earlier);
    return false;
}

/* The last of the first `n` that tells this of the story; NULL: none. */
static const struct waiting *last_told(const struct waiting *messages, size_t n, struct bus_id about,
                                       const char *template)
{
    while (n-- > 0)
        if (bus_id_equal(messages[n].about, about) && strcmp(messages[n].template, template) == 0)
            return &messages[n];
    return NULL;
}

static void judge_change(struct waiting *messages, size_t i)
{
    struct waiting *self = &messages[i];
    for (size_t c = 0; c < ROWS(changes); c++) {
        if (strcmp(changes[c].text, self->template) != 0)
            continue;
        const struct waiting *plan = last_told(messages, i, self->about, changes[c].unheard);
        if (plan == NULL || plan->tried || plan->again)
            continue;
        self->as = changes[c].as != NULL ? changes[c].as : self->as;
        self->overtaken = changes[c].as == NULL;
    }
}

static void judge(struct waiting *messages, size_t i)
{
    struct waiting *self = &messages[i];
    for (size_t j = 0; j < i && !self->overtaken; j++) {
        struct waiting *earlier = &messages[j];
        if (earlier->overtaken || !bus_id_equal(earlier->about, self->about))
            continue;
        bool turned = self->again && !earlier->again;
        struct waiting *older = turned ? self : earlier, *newer = turned ? earlier : self;
        if (repeats_it(newer->template, older->template))
            newer->overtaken = true;
        else if (merging_undoes(newer->template, older->template))
            older->overtaken = true;
    }
    if (!self->again && !self->overtaken)
        judge_change(messages, i);
}

void merging_judge(struct waiting *messages, size_t n, int64_t now_us)
{
    for (size_t i = 0; i < n; i++) {
        messages[i].as = messages[i].template;
        messages[i].overtaken = false;
        judge(messages, i);
    }
    for (size_t i = 0; i < n; i++)
        if (messages[i].at_us != 0 && messages[i].at_us <= now_us)
            messages[i].overtaken = true;
}
