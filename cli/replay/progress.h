/* A progress bar on a terminal; elsewhere a line every ten seconds. */
#ifndef CLI_REPLAY_PROGRESS_H
#define CLI_REPLAY_PROGRESS_H

#include <stdint.h>

struct progress;

struct progress *progress_open(int64_t whole);
/* `done` of the whole; `now_us` is the log's time; `events` so far. */
void progress_tell(struct progress *self, int64_t done, int64_t now_us, int64_t events);
void progress_close(struct progress **self_p); /* ends the line; usable with AUTO */

#endif
