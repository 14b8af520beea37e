/* Two search trees of libc: letters by their key, and subjects with the number of letters they hold up. */
#include "store/dead_index.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

struct subject {
    const char *source; /* behind the struct, as `name` */
    const char *name;
    size_t letters;
};

struct letter {
    const char *source; /* behind the struct, as `event_id` */
    const char *event_id;
    int64_t seq;
    struct subject *subject; /* NULL: none */
};

struct dead_index {
    void *letters, *subjects;
    size_t count;
};

static int compare_subjects(const void *a, const void *b)
{
    const struct subject *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->source, y->source);
}

static int compare_letters(const void *a, const void *b)
{
    const struct letter *x = a, *y = b;
    if (x->seq != y->seq)
        return x->seq < y->seq ? -1 : 1;
    int order = strcmp(x->event_id, y->event_id);
    return order ? order : strcmp(x->source, y->source);
}

/* Room for a struct and two texts behind it. */
static void *with_texts(size_t size, const char **a, const char **b)
{
    size_t a_size = strlen(*a) + 1, b_size = strlen(*b) + 1;
    char *at = malloc(size + a_size + b_size);
    if (!at)
        bus_die("out of memory: no room for a dead letter");
    *a = memcpy(at + size, *a, a_size);
    *b = memcpy(at + size + a_size, *b, b_size);
    return at;
}

struct dead_index *dead_index_new(void)
{
    struct dead_index *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory: no room for the dead letters");
    return self;
}

void dead_index_clear(struct dead_index *self)
{
    tdestroy(self->letters, free);
    tdestroy(self->subjects, free);
    *self = (struct dead_index){0};
}

void dead_index_free(struct dead_index **self_p)
{
    if (!self_p || !*self_p)
        return;
    dead_index_clear(*self_p);
    free(*self_p);
    *self_p = NULL;
}

static struct subject *hold(struct dead_index *self, const char *source, const char *name)
{
    struct subject key = {.source = source, .name = name};
    struct subject **found = tfind(&key, &self->subjects, compare_subjects);
    if (!found) {
        struct subject *made = with_texts(sizeof(*made), &source, &name);
        *made = (struct subject){.source = source, .name = name};
        found = tsearch(made, &self->subjects, compare_subjects);
        if (!found)
            bus_die("out of memory: no room for a dead letter");
    }
    (*found)->letters++;
    return *found;
}

static void let_go(struct dead_index *self, struct subject *subject)
{
    if (!subject || --subject->letters > 0)
        return;
    tdelete(subject, &self->subjects, compare_subjects);
    free(subject);
}

void dead_index_put(struct dead_index *self, const char *source, int64_t seq, const char *event_id,
                    const char *subject)
{
    struct letter key = {.source = source, .event_id = event_id, .seq = seq};
    struct letter **found = tfind(&key, &self->letters, compare_letters);
    struct subject *held = subject ? hold(self, source, subject) : NULL;
    if (found) {
        let_go(self, (*found)->subject);
        (*found)->subject = held;
        return;
    }
    struct letter *letter = with_texts(sizeof(*letter), &source, &event_id);
    *letter = (struct letter){.source = source, .event_id = event_id, .seq = seq, .subject = held};
    if (!tsearch(letter, &self->letters, compare_letters))
        bus_die("out of memory: no room for a dead letter");
    self->count++;
}

void dead_index_remove(struct dead_index *self, const char *source, int64_t seq, const char *event_id)
{
    struct letter key = {.source = source, .event_id = event_id, .seq = seq};
    struct letter **found = tfind(&key, &self->letters, compare_letters);
    if (!found)
        return;
    struct letter *letter = *found;
    tdelete(letter, &self->letters, compare_letters);
    let_go(self, letter->subject);
    free(letter);
    self->count--;
}

bool dead_index_holds(const struct dead_index *self, const char *source, int64_t seq, const char *event_id)
{
    struct letter key = {.source = source, .event_id = event_id, .seq = seq};
    return tfind(&key, &self->letters, compare_letters) != NULL;
}

bool dead_index_blocks(const struct dead_index *self, const char *source, const char *subject)
{
    if (!self->subjects || !subject)
        return false;
    struct subject key = {.source = source, .name = subject};
    return tfind(&key, &self->subjects, compare_subjects) != NULL;
}

size_t dead_index_count(const struct dead_index *self)
{
    return self->count;
}
