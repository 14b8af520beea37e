/* What notifications keeps in memory: the messages that wait or travel, all of them; the names that stand in
 * texts, all of them; and who was written to last. The tables hold the same and more. Pure: no rows, no
 * events. */
#ifndef NOTIFICATIONS_STATE_H
#define NOTIFICATIONS_STATE_H

#include <stdbool.h>

#include "bus/arena.h"
#include "bus/map.h"
#include "message.h"
#include "timing.h"

#define PEOPLE_ROOM 65536 /* a person has one place in it; who comes there later takes it */

/* Who reads what is for a person: that person, or the one they were merged into. */
struct reader {
    struct bus_id asked_id; /* nil: nobody */
    struct bus_id person_id;
    char language[LANGUAGE_TEXT];
    enum common_channel channel;
    bool may_be_told;
};

enum named { NAMED_PARTNERSHIP, NAMED_PROGRAMME, NAMED_SERIES };

struct name {
    char *name;
    char *venue;              /* of a series; NULL: none */
    struct quiet_hours quiet; /* of a partnership */
};

struct state {
    struct bus_map by_id, by_person, by_about, by_due;
    struct bus_map names;
    struct reader people[PEOPLE_ROOM];
};

struct state *state_new(void);
void state_free(struct state **self_p); /* accepts NULL */

/* Copies it in; the copy is state's own, to be changed in place. Its person is changed by state_move alone,
 * its moment by state_postpone. */
struct message *state_keep(struct state *self, const struct message *message);
void state_forget(struct state *self, struct message *message);
void state_move(struct state *self, struct message *message, struct bus_id person_id);
void state_postpone(struct state *self, struct message *message, int64_t due_us);
struct message *state_find(const struct state *self, struct bus_id message_id); /* NULL: it does not wait */
/* Everything for a person, also what travels; lists are in the arena. */
struct messages state_of_person(const struct state *self, struct bus_id person_id, struct bus_arena *arena);
/* What travels in a letter; its id is that of its first message. */
struct messages state_of_letter(const struct state *self, struct bus_id letter_id, struct bus_arena *arena);
/* What waits of a story, for whomever, also what travels. */
struct messages state_about(const struct state *self, struct bus_id about, struct bus_arena *arena);
bool state_travels(const struct state *self, struct bus_id person_id); /* anything for this person */
/* For whom something is due at exactly this moment and nothing travels; each once, in order, in the arena. */
struct bus_id *state_people_due(const struct state *self, int64_t due_us, struct bus_arena *arena,
                                size_t *ret_n);
/* When the first of what waits for a person is due; 0: nothing waits. */
int64_t state_due_us(const struct state *self, struct bus_id person_id);
/* When the last of it was queued; 0: nothing waits. */
int64_t state_last_queued_us(const struct state *self, struct bus_id person_id);
/* Whether this event is waiting already to be told to this person, as part of this story and by this text. */
bool state_tells(const struct state *self, struct bus_id person_id, const char *cause_id, struct bus_id about,
                 const char *template);

/* Empty when nothing is known of it. */
const struct name *state_name(const struct state *self, enum named kind, const char *key);
void state_name_set(struct state *self, enum named kind, const char *key, const char *name,
                    const char *venue);
void state_quiet_set(struct state *self, const char *partnership, const char *from, const char *to);

/* Who reads for a person; NULL: not kept. Only who reads for themselves is: a change of one person's row is
 * then the change of one place. */
const struct reader *state_reader(const struct state *self, struct bus_id person_id);
void state_reader_keep(struct state *self, const struct reader *reader);
void state_reader_forget(struct state *self, struct bus_id person_id);

#endif
