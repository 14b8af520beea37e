/* What a turn says, packed into runs (wire/run.h): each is a row of the log, and is published as it stands
 * there. */
#ifndef APP_RUNS_H
#define APP_RUNS_H

struct bus_turn;

/* Packs what was said since the last time and is certain now; full runs go to the store at once. */
void runs_pack(struct bus_turn *turn);
/* Before the commit: what is left. */
void runs_end(struct bus_turn *turn);

#endif
