/* One newcomer's duos told from the first proposal on: what the figures are made of. */
#ifndef CLI_DEMO_STORY_H
#define CLI_DEMO_STORY_H

#include "session.h"

/* Of who had the most duos in the partnership; nothing is told when nobody had two. */
BUS_CHECKED enum bus_status story_tell(struct session *session, const char *partnership,
                                       struct bus_error *err);

#endif
