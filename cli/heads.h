/* How far the streams of a stack have come: what is asked after that finds everything that was done before.
 */
#ifndef CLI_HEADS_H
#define CLI_HEADS_H

#include "session.h"

/* Asks all services but `asked`, and notes in self->after what those say that answer within a moment. */
void heads_note(struct session *self, const char *asked);

#endif
