/* Typed messages: a generated table describes each struct, and one engine reads, checks and writes it,
 * as msgpack or JSON, by the same rules. The tables are made from schemas by tools/schema.
 *
 * In a decoded struct:  text is NUL-terminated in the arena, NULL when absent;  an id is all zeros when
 * absent;  an enum is 0 when absent (values count from 1);  a time is 0 when absent (microseconds since
 * 1970);  a date is NULL-or-"2026-11-22" text;  integers, numbers and booleans that are optional have a
 * `has_<name>` beside them;  an array is `<name>` and `<name>_n`;  an optional nested object is a pointer,
 * NULL when absent, a required one is inline;  `any` is raw msgpack, size 0 when absent.
 *
 * Refinements: limits of 0 and 0 (min/max, min_number/max_number), and 0 as max_length or max_items, mean no
 * limit. An integer may come as a whole real (3.0). null is a value of `any` alone: an absent field is left
 * out. The first instant of 1970 is refused as a time, as the nil UUID is as an id. unique_items compares
 * plain values, not objects or `any`. A shape has at most 256 fields. */
#ifndef BUS_CODEC_H
#define BUS_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/id.h"
#include "bus/scan.h"
#include "bus/status.h"

enum bus_kind {
    BUS_KIND_BOOL,   /* bool */
    BUS_KIND_INT,    /* int64_t */
    BUS_KIND_NUMBER, /* double */
    BUS_KIND_TEXT,   /* const char * */
    BUS_KIND_ID,     /* struct bus_id; text of 36 characters on the wire */
    BUS_KIND_TIME,   /* int64_t microseconds; RFC 3339 text on the wire */
    BUS_KIND_DATE,   /* const char *; "YYYY-MM-DD" */
    BUS_KIND_ENUM,   /* int, index into `words` from 1; a word on the wire */
    BUS_KIND_OBJECT, /* nested struct of `shape` */
    BUS_KIND_ANY,    /* struct bus_bytes: one raw msgpack value, any shape, still bounded */
};

#define BUS_NO_OFFSET ((uint32_t)-1)

struct bus_field {
    const char *name;
    enum bus_kind kind;
    bool required;
    bool array;
    bool personal;                   /* personal data: never logged, removed from what is recorded */
    uint32_t offset;                 /* of the value (or of the items pointer) in the struct */
    uint32_t has_offset;             /* of `has_<name>`, or BUS_NO_OFFSET */
    uint32_t n_offset;               /* of `<name>_n` (size_t) for an array, or BUS_NO_OFFSET */
    int64_t min, max;                /* INT: value limits */
    double min_number, max_number;   /* NUMBER: value limits */
    uint32_t min_length, max_length; /* TEXT: in characters (code points) */
    uint32_t min_items, max_items;   /* arrays */
    bool unique_items;
    const char *pattern; /* TEXT: POSIX extended regular expression for the whole text; or NULL */
    const char *wanted;  /* what the pattern asks, in words: "a postcode of 4 digits, such as 2200" */
    const char *rule;    /* TEXT: what else must be so of it, by a name that a bus_rule_fn knows; or NULL */
    const char *const *words;      /* ENUM: NULL-terminated */
    const struct bus_shape *shape; /* OBJECT */
};

struct bus_shape {
    const char *name;               /* C name of the struct, for messages to developers */
    size_t size;                    /* sizeof the struct */
    const struct bus_field *fields; /* in order of name as on the wire: sorted by schema order */
    size_t fields_n;
};

enum bus_type_kind { BUS_TYPE_EVENT, BUS_TYPE_COMMAND, BUS_TYPE_QUERY };

struct bus_context;
typedef void bus_any_fn(void); /* of some type, and called as that alone */

/* A message as the schemas define it. */
struct bus_type {
    const char *type;    /* "shop.till.sold.v1" */
    const char *service; /* "till": who says it, or who answers it */
    const char *name;    /* "sold" */
    int version;         /* 1 */
    enum bus_type_kind kind;
    const struct bus_shape *shape;
    const struct bus_shape *reply; /* commands and queries; NULL for events */
    const char *title;             /* one line for people */
    /* Calls its handler, which takes the struct of this message. */
    enum bus_status (*call)(bus_any_fn *handle, struct bus_context *ctx, const void *message);
};

/* One fault in an input, with the place it was found. */
struct bus_fault {
    const char *pointer; /* JSON Pointer: "/children/0/born" */
    const char *text;    /* "must be at most 12" */
    bool ruled;          /* the schema allows it, a rule does not: what was taken in before may have it */
};
struct bus_faults {
    struct bus_fault *items; /* in the arena given to the decoder */
    size_t n;                /* at most BUS_FAULTS_MAX are kept */
    size_t found;            /* how many there were */
};
#define BUS_FAULTS_MAX 1024
/* What is said of a time that is none; who takes other forms of it too says so in its place. */
#define BUS_FAULT_TIME "must be a time from 1900 to 2199 with its zone, such as 2026-11-22T08:20:00Z"

/* `bytes` must have passed bus_scan. On BUS_OK *ret_struct is the struct of `shape`, in the arena. On
 * BUS_INVALID `faults` (which may be NULL) lists every fault and err->text the first. Unknown fields are
 * skipped when `lenient` (events: newer writers may add optional fields), faults otherwise. */
BUS_CHECKED enum bus_status bus_decode(const struct bus_shape *shape, struct bus_bytes bytes, bool lenient,
                                       struct bus_arena *arena, void **ret_struct, struct bus_faults *faults,
                                       struct bus_error *err);
/* What is wrong with a text by the rule that its field names, in words that do not quote it; NULL: nothing.
 */
typedef const char *bus_rule_fn(const char *rule, const char *text, struct bus_arena *arena);
/* As bus_decode, strictly, for who takes in what strangers send and tells them everything at once: `fault`
 * judges what schemas cannot say. On BUS_INVALID *ret_struct is what could be read, so that more can be told
 * of it: anything in it may be absent, or not as its schema says. */
BUS_CHECKED enum bus_status bus_decode_outside(const struct bus_shape *shape, struct bus_bytes bytes,
                                               bus_rule_fn *fault, struct bus_arena *arena, void **ret_struct,
                                               struct bus_faults *faults, struct bus_error *err);
/* Checks `value` against the schema and appends its msgpack to `out`; fields in schema order, absent ones
 * left out. BUS_BUG when our own struct breaks its schema. */
BUS_CHECKED enum bus_status bus_encode(const struct bus_shape *shape, const void *value,
                                       struct bus_buffer *out, struct bus_error *err);
/* As bus_encode, without the fields marked personal. */
BUS_CHECKED enum bus_status bus_encode_public(const struct bus_shape *shape, const void *value,
                                              struct bus_buffer *out, struct bus_error *err);

/* Between JSON text and msgpack, without a schema. JSON in: UTF-8, unique keys, integers within int64,
 * the scan's depth and items limits, at most four times its bytes; what comes out has passed bus_scan.
 * Messages name the line and column, and never quote the text. JSON out: the bytes are scanned first;
 * compact, keys in order. Both append to `out`, and leave it as it was on failure. */
BUS_CHECKED enum bus_status bus_json_to_msgpack(struct bus_bytes json, const struct bus_scan_limits *limits,
                                                struct bus_buffer *out, struct bus_error *err);
BUS_CHECKED enum bus_status bus_msgpack_to_json(struct bus_bytes msgpack, struct bus_buffer *out,
                                                struct bus_error *err);

/* The word of an enum value, "" for 0; the same with NULL for 0, which BUS_TEXT makes a NULL in a column; and
 * the value of a word, 0 when it is none. */
const char *bus_word(const char *const *words, int value);
const char *bus_word_or_null(const char *const *words, int value);
int bus_word_value(const char *const *words, const char *word);

#endif
