/* See state.h. */
#include "state.h"

#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

struct kept {
    struct message message; /* first: what is handed out */
    struct bus_map_node by_id, by_person, by_about, by_due;
    char texts[];
};
#define KEPT(node, member) ((struct kept *)((char *)(node)-offsetof(struct kept, member)))

static uint64_t hash_of(struct bus_id id)
{
    return bus_map_hash(id.bytes, sizeof id.bytes);
}

static uint64_t hash_of_moment(int64_t due_us)
{
    return bus_map_hash(&due_us, sizeof due_us);
}

static void *make(size_t size)
{
    void *made = calloc(1, size);
    if (made == NULL)
        bus_die("out of memory: what waits to be sent is kept in memory");
    return made;
}

/* ---- messages */

/* Copies a text to *room, which moves behind it; counts only while there is no room. */
static size_t move_text(const char **text, char **room)
{
    if (*text == NULL)
        return 0;
    size_t size = strlen(*text) + 1;
    if (*room != NULL) {
        *text = memcpy(*room, *text, size);
        *room += size;
    }
    return size;
}

static size_t move_texts(struct message *m, char *room)
{
    return move_text(&m->partnership, &room) + move_text(&m->template, &room) +
           move_text(&m->programme, &room) + move_text(&m->cause_id, &room) +
           move_text(&m->cause_type, &room) + move_text(&m->correlation, &room) +
           move_text(&m->place_kind, &room) + move_text(&m->help_topic, &room);
}

struct message *state_keep(struct state *self, const struct message *message)
{
    struct message m = *message;
    struct kept *kept = make(sizeof *kept + move_texts(&m, NULL));
    move_texts(&m, kept->texts);
    kept->message = m;
    bus_map_add(&self->by_id, &kept->by_id, hash_of(m.message_id));
    bus_map_add(&self->by_person, &kept->by_person, hash_of(m.person_id));
    bus_map_add(&self->by_about, &kept->by_about, hash_of(m.about));
    bus_map_add(&self->by_due, &kept->by_due, hash_of_moment(m.due_us));
    return &kept->message;
}

void state_forget(struct state *self, struct message *message)
{
    struct kept *kept = (struct kept *)message;
    bus_map_remove(&self->by_id, &kept->by_id);
    bus_map_remove(&self->by_person, &kept->by_person);
    bus_map_remove(&self->by_about, &kept->by_about);
    bus_map_remove(&self->by_due, &kept->by_due);
    free(kept);
}

void state_move(struct state *self, struct message *message, struct bus_id person_id)
{
    struct kept *kept = (struct kept *)message;
    bus_map_remove(&self->by_person, &kept->by_person);
    message->person_id = person_id;
    bus_map_add(&self->by_person, &kept->by_person, hash_of(person_id));
}

void state_postpone(struct state *self, struct message *message, int64_t due_us)
{
    struct kept *kept = (struct kept *)message;
    bus_map_remove(&self->by_due, &kept->by_due);
    message->due_us = due_us;
    bus_map_add(&self->by_due, &kept->by_due, hash_of_moment(due_us));
}

struct message *state_find(const struct state *self, struct bus_id message_id)
{
    struct bus_map_node *node = bus_map_first(&self->by_id, hash_of(message_id));
    while (node != NULL && !bus_id_equal(KEPT(node, by_id)->message.message_id, message_id))
        node = bus_map_after(node);
    return node != NULL ? &KEPT(node, by_id)->message : NULL;
}

static int by_age(const void *a, const void *b)
{
    const struct message *x = *(struct message *const *)a, *y = *(struct message *const *)b;
    if (x->queued_us != y->queued_us)
        return x->queued_us < y->queued_us ? -1 : 1;
    return bus_id_compare(x->message_id, y->message_id);
}

static void list_add(struct messages *list, size_t *room, struct message *m, struct bus_arena *arena)
{
    if (list->n == *room) {
        struct message **grown =
            bus_alloc_array(arena, *room = *room ? 2 * *room : 8, sizeof(struct message *));
        if (list->n > 0)
            memcpy(grown, list->items, list->n * sizeof(struct message *));
        list->items = grown;
    }
    list->items[list->n++] = m;
}

static struct messages sorted(struct messages list)
{
    if (list.n > 1)
        qsort(list.items, list.n, sizeof(struct message *), by_age);
    return list;
}

struct messages state_of_person(const struct state *self, struct bus_id person_id, struct bus_arena *arena)
{
    struct messages list = {0};
    size_t room = 0;
    struct bus_map_node *node = bus_map_first(&self->by_person, hash_of(person_id));
    for (; node != NULL; node = bus_map_after(node))
        if (bus_id_equal(KEPT(node, by_person)->message.person_id, person_id))
            list_add(&list, &room, &KEPT(node, by_person)->message, arena);
    return sorted(list);
}

struct messages state_of_letter(const struct state *self, struct bus_id letter_id, struct bus_arena *arena)
{
    const struct message *first = state_find(self, letter_id);
    struct messages list = {0};
    if (first == NULL)
        return list;
    struct messages all = state_of_person(self, first->person_id, arena);
    list.items = all.items;
    for (size_t i = 0; i < all.n; i++)
        if (bus_id_equal(all.items[i]->carrier, letter_id))
            list.items[list.n++] = all.items[i];
    return list;
}

struct messages state_about(const struct state *self, struct bus_id about, struct bus_arena *arena)
{
    struct messages list = {0};
    size_t room = 0;
    struct bus_map_node *node = bus_map_first(&self->by_about, hash_of(about));
    for (; node != NULL; node = bus_map_after(node)) {
        struct message *m = &KEPT(node, by_about)->message;
        if (bus_id_equal(m->about, about))
            list_add(&list, &room, m, arena);
    }
    return sorted(list);
}

bool state_travels(const struct state *self, struct bus_id person_id)
{
    struct bus_map_node *node = bus_map_first(&self->by_person, hash_of(person_id));
    for (; node != NULL; node = bus_map_after(node)) {
        const struct message *m = &KEPT(node, by_person)->message;
        if (bus_id_equal(m->person_id, person_id) && !bus_id_is_nil(m->carrier))
            return true;
    }
    return false;
}

static int by_id(const void *a, const void *b)
{
    return bus_id_compare(*(const struct bus_id *)a, *(const struct bus_id *)b);
}

struct bus_id *state_people_due(const struct state *self, int64_t due_us, struct bus_arena *arena,
                                size_t *ret_n)
{
    struct bus_map_node *node = bus_map_first(&self->by_due, hash_of_moment(due_us));
    struct messages list = {0};
    size_t room = 0, n = 0;
    for (; node != NULL; node = bus_map_after(node))
        if (KEPT(node, by_due)->message.due_us == due_us)
            list_add(&list, &room, &KEPT(node, by_due)->message, arena);
    struct bus_id *people = bus_alloc_array(arena, list.n, sizeof *people);
    for (size_t i = 0; i < list.n; i++)
        people[i] = list.items[i]->person_id;
    qsort(people, list.n, sizeof *people, by_id);
    for (size_t i = 0; i < list.n; i++)
        if ((n == 0 || !bus_id_equal(people[n - 1], people[i])) && !state_travels(self, people[i]))
            people[n++] = people[i];
    *ret_n = n;
    return people;
}

int64_t state_due_us(const struct state *self, struct bus_id person_id)
{
    int64_t due_us = 0;
    struct bus_map_node *node = bus_map_first(&self->by_person, hash_of(person_id));
    for (; node != NULL; node = bus_map_after(node)) {
        const struct message *m = &KEPT(node, by_person)->message;
        if (bus_id_equal(m->person_id, person_id) && bus_id_is_nil(m->carrier) &&
            (due_us == 0 || m->due_us < due_us))
            due_us = m->due_us;
    }
    return due_us;
}

int64_t state_last_queued_us(const struct state *self, struct bus_id person_id)
{
    int64_t last_us = 0;
    struct bus_map_node *node = bus_map_first(&self->by_person, hash_of(person_id));
    for (; node != NULL; node = bus_map_after(node)) {
        const struct message *m = &KEPT(node, by_person)->message;
        if (bus_id_equal(m->person_id, person_id) && m->queued_us > last_us)
            last_us = m->queued_us;
    }
    return last_us;
}

bool state_tells(const struct state *self, struct bus_id person_id, const char *cause_id, struct bus_id about,
                 const char *template)
{
    struct bus_map_node *node = bus_map_first(&self->by_person, hash_of(person_id));
    for (; node != NULL; node = bus_map_after(node)) {
        const struct message *m = &KEPT(node, by_person)->message;
        if (bus_id_equal(m->person_id, person_id) && bus_id_is_nil(m->resend_of) &&
            bus_id_equal(m->about, about) && strcmp(m->cause_id, cause_id) == 0 &&
            strcmp(m->template, template) == 0)
            return true;
    }
    return false;
}

/* ---- names */

struct named_entry {
    struct bus_map_node node; /* first */
    enum named kind;
    char *key;
    struct name name;
    char quiet[2][sizeof "HH:MM"];
};

static struct named_entry *find_name(const struct state *self, enum named kind, const char *key)
{
    struct bus_map_node *node = bus_map_first(&self->names, bus_map_hash(key, strlen(key)));
    for (; node != NULL; node = bus_map_after(node)) {
        struct named_entry *entry = (struct named_entry *)node;
        if (entry->kind == kind && strcmp(entry->key, key) == 0)
            return entry;
    }
    return NULL;
}

const struct name *state_name(const struct state *self, enum named kind, const char *key)
{
    static const struct name unknown;
    const struct named_entry *entry = key != NULL ? find_name(self, kind, key) : NULL;
    return entry != NULL ? &entry->name : &unknown;
}

static void set_text(char **at, const char *text)
{
    free(*at);
    *at = text != NULL ? strdup(text) : NULL;
    if (text != NULL && *at == NULL)
        bus_die("out of memory: names for the texts are kept in memory");
}

void state_name_set(struct state *self, enum named kind, const char *key, const char *name, const char *venue)
{
    struct named_entry *entry = find_name(self, kind, key);
    if (entry == NULL) {
        entry = make(sizeof *entry);
        entry->kind = kind;
        set_text(&entry->key, key);
        bus_map_add(&self->names, &entry->node, bus_map_hash(key, strlen(key)));
    }
    set_text(&entry->name.name, name);
    set_text(&entry->name.venue, venue);
}

void state_quiet_set(struct state *self, const char *partnership, const char *from, const char *to)
{
    struct named_entry *entry = find_name(self, NAMED_PARTNERSHIP, partnership);
    if (entry == NULL || from == NULL || to == NULL)
        return;
    memcpy(entry->quiet[0], from, sizeof entry->quiet[0]);
    memcpy(entry->quiet[1], to, sizeof entry->quiet[1]);
    entry->name.quiet = (struct quiet_hours){.from = entry->quiet[0], .to = entry->quiet[1]};
}

static void free_name(struct bus_map_node *node)
{
    struct named_entry *entry = (struct named_entry *)node;
    free(entry->key);
    free(entry->name.name);
    free(entry->name.venue);
    free(entry);
}

/* ---- people */

const struct reader *state_reader(const struct state *self, struct bus_id person_id)
{
    const struct reader *reader = &self->people[hash_of(person_id) % PEOPLE_ROOM];
    return bus_id_equal(reader->asked_id, person_id) ? reader : NULL;
}

void state_reader_keep(struct state *self, const struct reader *reader)
{
    if (bus_id_equal(reader->asked_id, reader->person_id))
        self->people[hash_of(reader->asked_id) % PEOPLE_ROOM] = *reader;
}

void state_reader_forget(struct state *self, struct bus_id person_id)
{
    struct reader *reader = &self->people[hash_of(person_id) % PEOPLE_ROOM];
    if (bus_id_equal(reader->asked_id, person_id))
        *reader = (struct reader){0};
}

/* ---- all of it */

struct state *state_new(void)
{
    return make(sizeof(struct state));
}

static void free_kept(struct bus_map_node *node)
{
    free(KEPT(node, by_id));
}

static void leave(struct bus_map_node *node)
{
    (void)node; /* it goes with the messages */
}

void state_free(struct state **self_p)
{
    struct state *self = *self_p;
    if (self == NULL)
        return;
    *self_p = NULL;
    bus_map_done(&self->by_person, leave);
    bus_map_done(&self->by_about, leave);
    bus_map_done(&self->by_due, leave);
    bus_map_done(&self->by_id, free_kept);
    bus_map_done(&self->names, free_name);
    free(self);
}
