/* A letter as people read it: subject, plain text and HTML, in Dutch and in the reader's language. Pure. */
#ifndef NOTIFICATIONS_RENDER_H
#define NOTIFICATIONS_RENDER_H

#include "bus/arena.h"
#include "letter.h"

struct rendered {
    const char *subject;
    const char *text; /* lines end with "\n" */
    const char *html;
};

/* `first_name` and `url` may be NULL. */
void render_mail(struct bus_arena *arena, const struct letter *letter, const char *first_name,
                 const char *url, struct rendered *ret_mail);
/* The texts and who sends them, without greeting: as short as a message on a phone can be. */
const char *render_sms(struct bus_arena *arena, const struct letter *letter);

#endif
