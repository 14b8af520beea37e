/* Built by c_test.py with the C made from schemas.py: looks at structs and tables side by side. */
#undef NDEBUG
#include <assert.h>
#include <float.h>
#include <string.h>

#include "schema/all.h"

struct bus_context;
enum bus_status on_demo_it_happened(struct bus_context *ctx, const struct demo_it_happened *message)
{
    (void)ctx;
    return message->here.nis ? BUS_OK : BUS_INVALID;
}

static const struct bus_field *field_of(const struct bus_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->fields_n; i++) {
        if (strcmp(shape->fields[i].name, name) == 0)
            return &shape->fields[i];
    }
    assert(0 && "no such field");
    return NULL;
}

static void check_fields(void)
{
    const struct bus_shape *shape = demo_it_happened_type.shape;
    assert(shape == &demo_it_happened_shape);
    assert(shape->size == sizeof(struct demo_it_happened) && shape->fields_n == 16);
    assert(strcmp(shape->fields[0].name, "thing_id") == 0 && strcmp(shape->fields[15].name, "extra") == 0);

    const struct bus_field *id = field_of(shape, "thing_id");
    assert(id->kind == BUS_KIND_ID && id->required && !id->array && !id->personal);
    assert(id->has_offset == BUS_NO_OFFSET && id->n_offset == BUS_NO_OFFSET);

    const struct bus_field *count = field_of(shape, "count");
    assert(count->kind == BUS_KIND_INT && count->min == 0 && count->max == 200);
    assert(count->has_offset == BUS_NO_OFFSET && count->offset == offsetof(struct demo_it_happened, count));

    const struct bus_field *share = field_of(shape, "share");
    assert(share->max_number == 0.5 && share->has_offset == offsetof(struct demo_it_happened, has_share));
    const struct bus_field *free_number = field_of(shape, "free");
    assert(free_number->min_number == -DBL_MAX && free_number->max_number == DBL_MAX);

    const struct bus_field *note = field_of(shape, "note");
    assert(note->kind == BUS_KIND_TEXT && note->min_length == 1 && note->max_length == 40 && !note->pattern);

    const struct bus_field *tags = field_of(shape, "tags");
    assert(tags->array && tags->unique_items && tags->max_items == 3 && tags->max_length == 9);
    assert(tags->n_offset == offsetof(struct demo_it_happened, tags_n) && tags->has_offset == BUS_NO_OFFSET);

    const struct bus_field *parts = field_of(shape, "parts");
    assert(parts->array && parts->kind == BUS_KIND_OBJECT && parts->shape == &demo_it_happened_parts_shape);
    assert(parts->shape->size == sizeof(struct demo_it_happened_parts));
    assert(field_of(shape, "here")->shape == &common_place_shape && field_of(shape, "here")->required);
    assert(field_of(shape, "there")->shape == &common_place_shape && !field_of(shape, "there")->required);
    assert(strcmp(field_of(&common_place_shape, "nis")->pattern, "^[0-9]{5}$") == 0);
    assert(strcmp(field_of(&common_place_shape, "nis")->wanted, "a NIS code of 5 digits, such as 13011") ==
           0);
    assert(field_of(&registry_name_it_shape, "name")->personal);
}

static void check_words(void)
{
    assert(COMMON_LEVEL_UNSET == 0 && COMMON_LEVEL_NONE == 1 && COMMON_LEVEL_A1 == 2);
    assert(DEMO_REASON_NONE == 0 && DEMO_REASON_MOVED == 1 && DEMO_REASON_GOAL_REACHED == 2);
    assert(strcmp(demo_reason_words[DEMO_REASON_GOAL_REACHED - 1], "goal-reached") == 0 &&
           !demo_reason_words[2]);
    assert(DEMO_IT_HAPPENED_PARTS_KIND_SMALL == 2);
    assert(field_of(&demo_it_happened_shape, "levels")->words == common_level_words);
}

static void check_types(void)
{
    assert(strcmp(demo_end_it_type.type, "koppel.demo.end-it.v1") == 0 && demo_end_it_type.version == 1);
    assert(strcmp(demo_end_it_type.service, "demo") == 0 && strcmp(demo_end_it_type.name, "end-it") == 0);
    assert(demo_end_it_type.kind == BUS_TYPE_COMMAND && demo_end_it_type.reply == &demo_end_it_reply_shape);
    assert(demo_end_it_v2_type.version == 2 && demo_end_it_v2_reply_shape.fields_n == 0);
    assert(demo_it_happened_type.kind == BUS_TYPE_EVENT && !demo_it_happened_type.reply);
    assert(registry_name_it_type.kind == BUS_TYPE_QUERY);
    assert(demo_types[0] == &demo_end_it_type && demo_types[2] == &demo_it_happened_type && !demo_types[3]);
    assert(strcmp(demo_end_it_type.title, "Do something") == 0);
}

static void check_find(void)
{
    size_t n = 0;
    for (; schema_types[n]; n++)
        assert(schema_find(schema_types[n]->type) == schema_types[n]);
    assert(n == 5);
    assert(!schema_find("koppel.demo.end-it.v3") && !schema_find("") && !schema_find("zzz"));

    assert(schema_find_name("demo/end-it", BUS_TYPE_COMMAND) == &demo_end_it_v2_type);
    assert(schema_find_name("demo/end-it.v1", BUS_TYPE_COMMAND) == &demo_end_it_type);
    assert(!schema_find_name("demo/end-it.v3", BUS_TYPE_COMMAND) &&
           !schema_find_name("demo/end-it", BUS_TYPE_QUERY));
    assert(!schema_find_name("end-it", BUS_TYPE_COMMAND)); /* two services have it */
    assert(schema_find_name("end-it.v2", BUS_TYPE_COMMAND) == &demo_end_it_v2_type);
    assert(schema_find_name("other-one/end-it", BUS_TYPE_COMMAND) == &other_one_end_it_type);
    assert(schema_find_name("it-happened", BUS_TYPE_EVENT) == &demo_it_happened_type);
    assert(!schema_find_name("it-happene", BUS_TYPE_EVENT) &&
           !schema_find_name("it-happenedx", BUS_TYPE_EVENT));
    assert(!schema_find_name("", BUS_TYPE_EVENT) && !schema_find_name("demo/", BUS_TYPE_EVENT));
    assert(!schema_find_name("registry/it-happened", BUS_TYPE_EVENT));
}

int main(void)
{
    struct demo_it_happened message = {
        .count = 3, .has_sure = true, .reason = DEMO_REASON_MOVED, .here = {.nis = "13011"}};
    assert(demo_it_happened_type.call((bus_any_fn *)on_demo_it_happened, NULL, &message) == BUS_OK);
    check_fields();
    check_words();
    check_types();
    check_find();
    return 0;
}
