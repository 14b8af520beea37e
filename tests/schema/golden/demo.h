/* Generated from schemas/demo by tools/schema. */
#pragma once

#include "bus/codec.h"
#include "common.h"

struct bus_context;

enum demo_reason {
    DEMO_REASON_NONE = 0,
    DEMO_REASON_MOVED = 1,
    DEMO_REASON_GOAL_REACHED = 2,
};
extern const char *const demo_reason_words[]; /* of value 1, 2, …; NULL ends it */

enum demo_it_happened_parts_kind {
    DEMO_IT_HAPPENED_PARTS_KIND_NONE = 0,
    DEMO_IT_HAPPENED_PARTS_KIND_BIG = 1,
    DEMO_IT_HAPPENED_PARTS_KIND_SMALL = 2,
};
extern const char *const demo_it_happened_parts_kind_words[]; /* of value 1, 2, …; NULL ends it */

struct demo_end_it {
    struct bus_id thing_id; /* The thing */
};
extern const struct bus_shape demo_end_it_shape;

struct demo_end_it_reply {
    bool has_n;
    int64_t n; /* How many */
};
extern const struct bus_shape demo_end_it_reply_shape;

struct demo_end_it_v2 {
    char nothing; /* C wants a member */
};
extern const struct bus_shape demo_end_it_v2_shape;

struct demo_end_it_v2_reply {
    char nothing; /* C wants a member */
};
extern const struct bus_shape demo_end_it_v2_reply_shape;

struct demo_it_happened_parts {
    enum demo_it_happened_parts_kind kind; /* Its kind */
    const struct bus_id *ids; /* Ids */
    size_t ids_n;
};
extern const struct bus_shape demo_it_happened_parts_shape;

struct demo_it_happened {
    struct bus_id thing_id; /* The thing */
    enum demo_reason reason; /* Why it ended */
    struct common_place here; /* A place */
    const struct common_place *there; /* Where it went | if anywhere */
    enum common_level level; /* Language level */
    int64_t count; /* How many */
    bool has_share;
    double share; /* How much of it */
    bool has_free;
    double free; /* Any number */
    bool has_sure;
    bool sure; /* Whether it is sure */
    const char *note; /* A * / note */
    int64_t at; /* When */
    const char *on_date; /* The day */
    const char *const *tags; /* Tags */
    size_t tags_n;
    const int *levels; /* Levels */
    size_t levels_n;
    const struct demo_it_happened_parts *parts; /* Parts */
    size_t parts_n;
    struct bus_bytes extra; /* Anything */
};
extern const struct bus_shape demo_it_happened_shape;

/* koppel.demo.end-it.v1: Do something */
extern const struct bus_type demo_end_it_type;
enum bus_status on_demo_end_it(struct bus_context *ctx, const struct demo_end_it *message);

/* koppel.demo.end-it.v2: Do something */
extern const struct bus_type demo_end_it_v2_type;
enum bus_status on_demo_end_it_v2(struct bus_context *ctx, const struct demo_end_it_v2 *message);

/* koppel.demo.it-happened.v1: Something happened */
extern const struct bus_type demo_it_happened_type;
enum bus_status on_demo_it_happened(struct bus_context *ctx, const struct demo_it_happened *message);

extern const struct bus_type *const demo_types[]; /* all of them; NULL ends it */
