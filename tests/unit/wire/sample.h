/* A message with every kind of field, its table written by hand as the schema compiler would write it. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <float.h>
#include <stddef.h>

#include "bus/codec.h"

enum sample_colour { SAMPLE_RED = 1, SAMPLE_GREEN };

struct sample_child {
    const char *name;
    int64_t age;
    bool has_age;
    const char *born;
};

struct sample_person {
    struct bus_id id;
    int64_t at_us;
    const char *postcode;
    enum sample_colour colour;
    struct sample_child home; /* required: inline */
    struct sample_child *partner;
    struct sample_child *children;
    size_t children_n;
    const char *const *interests;
    size_t interests_n;
    int64_t *numbers;
    size_t numbers_n;
    double weight;
    bool has_weight;
    bool active;
    bool has_active;
    struct bus_bytes extra;
    const char *slash; /* "a/b~c" on the wire */
    const char *phone; /* personal */
    struct bus_id *friends;
    size_t friends_n;
};

#define AT(type, field)  .offset = offsetof(struct type, field)
#define NO_HAS           .has_offset = BUS_NO_OFFSET
#define NO_N             .n_offset = BUS_NO_OFFSET
#define HAS(type, field) .has_offset = offsetof(struct type, has_##field)
#define N(type, field)   .n_offset = offsetof(struct type, field##_n)

static const char *const sample_words[] = {"red", "green", NULL};

static const struct bus_field sample_child_fields[] = {
    {.name = "name",
     .kind = BUS_KIND_TEXT,
     .required = true,
     .personal = true,
     AT(sample_child, name),
     NO_HAS,
     NO_N,
     .min_length = 1,
     .max_length = 5},
    {.name = "age",
     .kind = BUS_KIND_INT,
     AT(sample_child, age),
     HAS(sample_child, age),
     NO_N,
     .min = 0,
     .max = 12},
    {.name = "born", .kind = BUS_KIND_DATE, AT(sample_child, born), NO_HAS, NO_N},
};
static const struct bus_shape sample_child_shape = {"sample_child", sizeof(struct sample_child),
                                                    sample_child_fields, 3};

static const struct bus_field sample_person_fields[] = {
    {.name = "id", .kind = BUS_KIND_ID, .required = true, AT(sample_person, id), NO_HAS, NO_N},
    {.name = "at", .kind = BUS_KIND_TIME, .required = true, AT(sample_person, at_us), NO_HAS, NO_N},
    {.name = "postcode",
     .kind = BUS_KIND_TEXT,
     .required = true,
     AT(sample_person, postcode),
     NO_HAS,
     NO_N,
     .max_length = 4,
     .pattern = "^[1-9][0-9]{3}$",
     .wanted = "a postcode of 4 digits, such as 2200"},
    {.name = "colour",
     .kind = BUS_KIND_ENUM,
     .required = true,
     AT(sample_person, colour),
     NO_HAS,
     NO_N,
     .words = sample_words},
    {.name = "home",
     .kind = BUS_KIND_OBJECT,
     .required = true,
     AT(sample_person, home),
     NO_HAS,
     NO_N,
     .shape = &sample_child_shape},
    {.name = "partner",
     .kind = BUS_KIND_OBJECT,
     AT(sample_person, partner),
     NO_HAS,
     NO_N,
     .shape = &sample_child_shape},
    {.name = "children",
     .kind = BUS_KIND_OBJECT,
     .array = true,
     AT(sample_person, children),
     NO_HAS,
     N(sample_person, children),
     .max_items = 3,
     .shape = &sample_child_shape},
    {.name = "interests",
     .kind = BUS_KIND_TEXT,
     .array = true,
     AT(sample_person, interests),
     NO_HAS,
     N(sample_person, interests),
     .min_items = 1,
     .unique_items = true,
     .max_length = 20},
    {.name = "numbers",
     .kind = BUS_KIND_INT,
     .array = true,
     AT(sample_person, numbers),
     NO_HAS,
     N(sample_person, numbers),
     .unique_items = true},
    {.name = "weight",
     .kind = BUS_KIND_NUMBER,
     AT(sample_person, weight),
     HAS(sample_person, weight),
     NO_N,
     .min_number = 0.5,
     .max_number = DBL_MAX},
    {.name = "active", .kind = BUS_KIND_BOOL, AT(sample_person, active), HAS(sample_person, active), NO_N},
    {.name = "extra", .kind = BUS_KIND_ANY, AT(sample_person, extra), NO_HAS, NO_N},
    {.name = "a/b~c", .kind = BUS_KIND_TEXT, AT(sample_person, slash), NO_HAS, NO_N, .max_length = 1},
    {.name = "phone", .kind = BUS_KIND_TEXT, .personal = true, AT(sample_person, phone), NO_HAS, NO_N},
    {.name = "friends",
     .kind = BUS_KIND_ID,
     .array = true,
     AT(sample_person, friends),
     NO_HAS,
     N(sample_person, friends),
     .max_items = 2},
};
static const struct bus_shape sample_person_shape = {
    "sample_person", sizeof(struct sample_person), sample_person_fields,
    sizeof(sample_person_fields) / sizeof(sample_person_fields[0])};

#define SAMPLE_ID "01890a5d-ac96-774b-bcce-b302099a8057"
#define SAMPLE_MUST                                                                                        \
    "\"id\":\"" SAMPLE_ID "\",\"at\":\"2026-11-22T08:20:00Z\",\"postcode\":\"2200\",\"colour\":\"green\"," \
    "\"home\":{\"name\":\"Asse\"}"
#define SAMPLE_FULL                                                                                        \
    "{" SAMPLE_MUST ",\"partner\":{\"name\":\"Bo\",\"age\":3},\"children\":[{\"name\":\"Abel\",\"age\":0," \
    "\"born\":\"2026-02-28\"},{\"name\":\"\xd0\x9e\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xb0\"}],"                   \
    "\"interests\":[\"cooking\",\"football\"],\"numbers\":[-1,0,9223372036854775807],\"weight\":0.5,"      \
    "\"active\":false,\"extra\":{\"any\":[1,null,{}]},\"a/"                                                \
    "b~c\":\"x\",\"phone\":\"0470\",\"friends\":[\"" SAMPLE_ID "\"]}"

#endif
