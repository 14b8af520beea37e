/* Generated from schemas/demo by tools/schema. */
#include "demo.h"

#include <float.h>

_Static_assert(sizeof(enum demo_reason) == sizeof(int), "codec.h reads enums as int");
const char *const demo_reason_words[] = {"moved", "goal-reached", NULL};

_Static_assert(sizeof(enum demo_it_happened_parts_kind) == sizeof(int), "codec.h reads enums as int");
const char *const demo_it_happened_parts_kind_words[] = {"big", "small", NULL};

static const struct bus_field demo_end_it_fields[] = {
    {.name = "thing_id", .kind = BUS_KIND_ID, .offset = offsetof(struct demo_end_it, thing_id),
     .has_offset = BUS_NO_OFFSET, .n_offset = BUS_NO_OFFSET},
};
const struct bus_shape demo_end_it_shape = {.name = "demo_end_it", .size = sizeof(struct demo_end_it),
                                            .fields = demo_end_it_fields, .fields_n = 1};

static const struct bus_field demo_end_it_reply_fields[] = {
    {.name = "n", .kind = BUS_KIND_INT, .offset = offsetof(struct demo_end_it_reply, n),
     .has_offset = offsetof(struct demo_end_it_reply, has_n), .n_offset = BUS_NO_OFFSET, .min = INT64_C(1),
     .max = INT64_C(9)},
};
const struct bus_shape demo_end_it_reply_shape = {.name = "demo_end_it_reply",
                                                  .size = sizeof(struct demo_end_it_reply),
                                                  .fields = demo_end_it_reply_fields, .fields_n = 1};

const struct bus_shape demo_end_it_v2_shape = {.name = "demo_end_it_v2",
                                               .size = sizeof(struct demo_end_it_v2), .fields = NULL,
                                               .fields_n = 0};

const struct bus_shape demo_end_it_v2_reply_shape = {.name = "demo_end_it_v2_reply",
                                                     .size = sizeof(struct demo_end_it_v2_reply),
                                                     .fields = NULL, .fields_n = 0};

static const struct bus_field demo_it_happened_parts_fields[] = {
    {.name = "kind", .kind = BUS_KIND_ENUM, .required = true,
     .offset = offsetof(struct demo_it_happened_parts, kind), .has_offset = BUS_NO_OFFSET,
     .n_offset = BUS_NO_OFFSET, .words = demo_it_happened_parts_kind_words},
    {.name = "ids", .kind = BUS_KIND_ID, .array = true,
     .offset = offsetof(struct demo_it_happened_parts, ids), .has_offset = BUS_NO_OFFSET,
     .n_offset = offsetof(struct demo_it_happened_parts, ids_n), .min_items = 0, .max_items = 2},
};
const struct bus_shape demo_it_happened_parts_shape = {.name = "demo_it_happened_parts",
                                                       .size = sizeof(struct demo_it_happened_parts),
                                                       .fields = demo_it_happened_parts_fields,
                                                       .fields_n = 2};

static const struct bus_field demo_it_happened_fields[] = {
    {.name = "thing_id", .kind = BUS_KIND_ID, .required = true,
     .offset = offsetof(struct demo_it_happened, thing_id), .has_offset = BUS_NO_OFFSET,
     .n_offset = BUS_NO_OFFSET},
    {.name = "reason", .kind = BUS_KIND_ENUM, .required = true,
     .offset = offsetof(struct demo_it_happened, reason), .has_offset = BUS_NO_OFFSET,
     .n_offset = BUS_NO_OFFSET, .words = demo_reason_words},
    {.name = "here", .kind = BUS_KIND_OBJECT, .required = true,
     .offset = offsetof(struct demo_it_happened, here), .has_offset = BUS_NO_OFFSET,
     .n_offset = BUS_NO_OFFSET, .shape = &common_place_shape},
    {.name = "there", .kind = BUS_KIND_OBJECT, .offset = offsetof(struct demo_it_happened, there),
     .has_offset = BUS_NO_OFFSET, .n_offset = BUS_NO_OFFSET, .shape = &common_place_shape},
    {.name = "level", .kind = BUS_KIND_ENUM, .offset = offsetof(struct demo_it_happened, level),
     .has_offset = BUS_NO_OFFSET, .n_offset = BUS_NO_OFFSET, .words = common_level_words},
    {.name = "count", .kind = BUS_KIND_INT, .required = true,
     .offset = offsetof(struct demo_it_happened, count), .has_offset = BUS_NO_OFFSET,
     .n_offset = BUS_NO_OFFSET, .min = INT64_C(0), .max = INT64_C(200)},
    {.name = "share", .kind = BUS_KIND_NUMBER, .offset = offsetof(struct demo_it_happened, share),
     .has_offset = offsetof(struct demo_it_happened, has_share), .n_offset = BUS_NO_OFFSET,
     .min_number = 0.0, .max_number = 0.5},
    {.name = "free", .kind = BUS_KIND_NUMBER, .offset = offsetof(struct demo_it_happened, free),
     .has_offset = offsetof(struct demo_it_happened, has_free), .n_offset = BUS_NO_OFFSET,
     .min_number = -DBL_MAX, .max_number = DBL_MAX},
    {.name = "sure", .kind = BUS_KIND_BOOL, .offset = offsetof(struct demo_it_happened, sure),
     .has_offset = offsetof(struct demo_it_happened, has_sure), .n_offset = BUS_NO_OFFSET},
    {.name = "note", .kind = BUS_KIND_TEXT, .offset = offsetof(struct demo_it_happened, note),
     .has_offset = BUS_NO_OFFSET, .n_offset = BUS_NO_OFFSET, .min_length = 1, .max_length = 40},
    {.name = "at", .kind = BUS_KIND_TIME, .offset = offsetof(struct demo_it_happened, at),
     .has_offset = BUS_NO_OFFSET, .n_offset = BUS_NO_OFFSET},
    {.name = "on_date", .kind = BUS_KIND_DATE, .offset = offsetof(struct demo_it_happened, on_date),
     .has_offset = BUS_NO_OFFSET, .n_offset = BUS_NO_OFFSET},
    {.name = "tags", .kind = BUS_KIND_TEXT, .array = true, .unique_items = true,
     .offset = offsetof(struct demo_it_happened, tags), .has_offset = BUS_NO_OFFSET,
     .n_offset = offsetof(struct demo_it_happened, tags_n), .min_length = 1, .max_length = 9,
     .min_items = 0, .max_items = 3},
    {.name = "levels", .kind = BUS_KIND_ENUM, .array = true,
     .offset = offsetof(struct demo_it_happened, levels), .has_offset = BUS_NO_OFFSET,
     .n_offset = offsetof(struct demo_it_happened, levels_n), .min_items = 1, .max_items = 2,
     .words = common_level_words},
    {.name = "parts", .kind = BUS_KIND_OBJECT, .array = true,
     .offset = offsetof(struct demo_it_happened, parts), .has_offset = BUS_NO_OFFSET,
     .n_offset = offsetof(struct demo_it_happened, parts_n), .min_items = 0, .max_items = 9,
     .shape = &demo_it_happened_parts_shape},
    {.name = "extra", .kind = BUS_KIND_ANY, .offset = offsetof(struct demo_it_happened, extra),
     .has_offset = BUS_NO_OFFSET, .n_offset = BUS_NO_OFFSET},
};
const struct bus_shape demo_it_happened_shape = {.name = "demo_it_happened",
                                                 .size = sizeof(struct demo_it_happened),
                                                 .fields = demo_it_happened_fields, .fields_n = 16};

static enum bus_status demo_end_it_call(bus_any_fn *handle, struct bus_context *ctx, const void *message)
{
    return ((__typeof__(&on_demo_end_it))handle)(ctx, message);
}
const struct bus_type demo_end_it_type = {.type = "koppel.demo.end-it.v1", .service = "demo",
                                          .name = "end-it", .version = 1, .kind = BUS_TYPE_COMMAND,
                                          .shape = &demo_end_it_shape, .reply = &demo_end_it_reply_shape,
                                          .title = "Do something", .call = demo_end_it_call};
static enum bus_status demo_end_it_v2_call(bus_any_fn *handle, struct bus_context *ctx, const void *message)
{
    return ((__typeof__(&on_demo_end_it_v2))handle)(ctx, message);
}
const struct bus_type demo_end_it_v2_type = {.type = "koppel.demo.end-it.v2", .service = "demo",
                                             .name = "end-it", .version = 2, .kind = BUS_TYPE_COMMAND,
                                             .shape = &demo_end_it_v2_shape,
                                             .reply = &demo_end_it_v2_reply_shape, .title = "Do something",
                                             .call = demo_end_it_v2_call};
static enum bus_status demo_it_happened_call(bus_any_fn *handle, struct bus_context *ctx, const void *message)
{
    return ((__typeof__(&on_demo_it_happened))handle)(ctx, message);
}
const struct bus_type demo_it_happened_type = {.type = "koppel.demo.it-happened.v1", .service = "demo",
                                               .name = "it-happened", .version = 1, .kind = BUS_TYPE_EVENT,
                                               .shape = &demo_it_happened_shape, .reply = NULL,
                                               .title = "Something happened",
                                               .call = demo_it_happened_call};

const struct bus_type *const demo_types[] = {
    &demo_end_it_type,
    &demo_end_it_v2_type,
    &demo_it_happened_type,
    NULL,
};
