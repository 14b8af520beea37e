/* Most schema patterns are runs of character classes ("^[a-z0-9-]{2,40}$"), where greedy matching needs
 * no way back: each class of varying length shares no character with what may follow. Those are walked; the
 * others go to regexec, which costs some microseconds a call. */
#include "wire/pattern.h"

#include <ctype.h>
#include <regex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

#define ATOMS_MAX  16
#define BUCKETS    256
#define NO_MAXIMUM UINT32_MAX

struct atom {
    uint32_t set[8]; /* a bit for each byte */
    uint32_t min, max;
};

struct pattern {
    struct pattern *next;
    const char *key; /* the caller's pointer: the tables are constant */
    char *text;      /* and what it said, in case it was not */
    bool simple;
    size_t atoms_n;
    struct atom atoms[ATOMS_MAX];
    regex_t regex;
};

static _Atomic(struct pattern *) buckets[BUCKETS];

static void set_add(struct atom *atom, unsigned char c)
{
    atom->set[c / 32] |= 1u << c % 32;
}

static bool set_has(const struct atom *atom, unsigned char c)
{
    return atom->set[c / 32] >> c % 32 & 1;
}

static bool is_plain_ascii(char c)
{
    return c > 0 && (isalnum((unsigned char)c) || strchr("-_ /:@#,;=%&~'\"<>!", c));
}

/* "[a-z0-9_-]": letters, digits, plain signs and ranges of ASCII. A negated set also matches pieces of longer
 * characters, and named classes depend on the locale: both are left to regexec. */
static const char *read_set(const char *at, struct atom *atom)
{
    if (*at == ']') /* stands for itself there */
        return NULL;
    while (*at && *at != ']') {
        if (!is_plain_ascii(*at) && !strchr(".+*?()$", *at))
            return NULL;
        char first = *at++, last = first;
        if (*at == '-' && at[1] && at[1] != ']') {
            last = at[1];
            at += 2;
            if (!is_plain_ascii(last) || last < first)
                return NULL;
        }
        for (char c = first; c <= last; c++)
            set_add(atom, (unsigned char)c);
    }
    return *at == ']' ? at + 1 : NULL;
}

static const char *read_bounds(const char *at, struct atom *atom)
{
    char *end;
    if (!isdigit((unsigned char)*at))
        return NULL;
    atom->min = atom->max = (uint32_t)strtoul(at, &end, 10);
    if (*end == ',') {
        at = end + 1;
        atom->max = isdigit((unsigned char)*at) ? (uint32_t)strtoul(at, &end, 10) : NO_MAXIMUM;
        if (atom->max == NO_MAXIMUM)
            end = (char *)at;
    }
    return *end == '}' && atom->min <= atom->max ? end + 1 : NULL;
}

static const char *read_quantifier(const char *at, struct atom *atom)
{
    atom->min = atom->max = 1;
    if (*at == '{')
        return read_bounds(at + 1, atom);
    if (*at != '*' && *at != '+' && *at != '?')
        return at;
    atom->min = *at == '+';
    atom->max = *at == '?' ? 1 : NO_MAXIMUM;
    return at + 1;
}

static const char *read_atom(const char *at, struct atom *atom)
{
    if (*at == '[')
        at = read_set(at + 1, atom);
    else if (*at == '\\' && at[1] && strchr(".+*?()[]{}|^$\\", at[1])) {
        set_add(atom, (unsigned char)at[1]);
        at += 2;
    } else if (is_plain_ascii(*at))
        set_add(atom, (unsigned char)*at++);
    else
        return NULL;
    return at ? read_quantifier(at, atom) : NULL;
}

static bool sets_meet(const struct atom *a, const struct atom *b)
{
    for (int i = 0; i < 8; i++)
        if (a->set[i] & b->set[i])
            return true;
    return false;
}

/* Greedy is exact when no class of varying length can take what a later one needs. */
static bool is_deterministic(const struct pattern *self)
{
    for (size_t i = 0; i < self->atoms_n; i++) {
        if (self->atoms[i].min == self->atoms[i].max)
            continue;
        for (size_t j = i + 1; j < self->atoms_n; j++) {
            if (sets_meet(&self->atoms[i], &self->atoms[j]))
                return false;
            if (self->atoms[j].min > 0)
                break;
        }
    }
    return true;
}

static bool compile_simple(struct pattern *self)
{
    const char *at = self->text;
    if (*at == '^')
        at++;
    while (*at && strcmp(at, "$") != 0) {
        if (self->atoms_n == ATOMS_MAX)
            return false;
        at = read_atom(at, &self->atoms[self->atoms_n++]);
        if (!at)
            return false;
    }
    return is_deterministic(self);
}

static void compile_regex(struct pattern *self)
{
    for (const char *at = self->text; *at; at++)
        if (*at == '\\' && isalnum((unsigned char)*++at)) /* \d and its like would quietly match the letter */
            bus_die("the pattern %s of a schema uses \\%c, which POSIX does not have", self->text, *at);
    size_t size = strlen(self->text) + 5;
    char *whole = malloc(size);
    if (!whole)
        bus_die("out of memory: no room for a pattern");
    whole[0] = '\0';
    strcat(strcat(strcat(whole, "^("), self->text), ")$");
    if (regcomp(&self->regex, whole, REG_EXTENDED | REG_NOSUB) != 0)
        bus_die("the pattern %s of a schema is no POSIX extended regular expression", self->text);
    free(whole);
}

static const struct pattern *pattern_get(const char *key)
{
    _Atomic(struct pattern *) *bucket = &buckets[((uintptr_t)key >> 3) % BUCKETS];
    struct pattern *first = atomic_load_explicit(bucket, memory_order_acquire);
    for (struct pattern *at = first; at; at = at->next)
        if (at->key == key && strcmp(at->text, key) == 0)
            return at;
    struct pattern *self = calloc(1, sizeof(*self));
    if (!self || !(self->text = strdup(key)))
        bus_die("out of memory: no room for a pattern");
    self->key = key;
    self->simple = compile_simple(self);
    if (!self->simple)
        compile_regex(self);
    self->next = first;
    while (!atomic_compare_exchange_weak_explicit(bucket, &self->next, self, memory_order_release,
                                                  memory_order_relaxed))
        ; /* another thread was first: stand before it; the same pattern twice does no harm */
    return self;
}

static bool walk(const struct pattern *self, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    for (size_t i = 0; i < self->atoms_n; i++) {
        const struct atom *atom = &self->atoms[i];
        uint32_t n = 0;
        while (n < atom->max && *at && set_has(atom, *at)) {
            n++;
            at++;
        }
        if (n < atom->min)
            return false;
    }
    return *at == '\0';
}

bool wire_pattern_match(const char *pattern, const char *text)
{
    const struct pattern *self = pattern_get(pattern);
    return self->simple ? walk(self, text) : regexec(&self->regex, text, 0, NULL, 0) == 0;
}

bool wire_pattern_is_simple(const char *pattern)
{
    return pattern_get(pattern)->simple;
}
