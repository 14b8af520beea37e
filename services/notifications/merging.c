/* See merging.h. */
#include "merging.h"

#include <string.h>

enum role {
    TELLS,   /* takes the place of what was said before about the same */
    OPENS,   /* the first that is heard of something */
    CHANGES, /* of what was opened: unheard of, it opens */
    CLOSES,  /* what was opened: unheard of, there is nothing to close */
    REMINDS, /* says nothing new */
};

static const struct {
    const char *template;
    enum role role;
} roles[] = {
    {"meeting-planned", OPENS},    {"meeting-moved", CHANGES}, {"meeting-cancelled", CLOSES},
    {"meeting-reminder", REMINDS}, {"duo-silent", REMINDS},    {"session-reminder", REMINDS},
};

static enum role role_of(const char *template)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (strcmp(roles[i].template, template) == 0)
            return roles[i].role;
    return TELLS;
}

static void judge(struct waiting *messages, size_t i)
{
    struct waiting *self = &messages[i];
    enum role role = role_of(self->template);
    for (size_t j = 0; j < i; j++) {
        struct waiting *earlier = &messages[j];
        if (earlier->overtaken || !bus_id_equal(earlier->about, self->about))
            continue;
        if (role == REMINDS) {
            self->overtaken = true;
            return;
        }
        earlier->overtaken = true;
        if (role_of(earlier->as) != OPENS || earlier->tried)
            continue;
        if (role == CHANGES)
            self->as = earlier->as;
        if (role == CLOSES)
            self->overtaken = true;
    }
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
