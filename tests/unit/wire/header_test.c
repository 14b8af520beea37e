/* Headers: there and back, in any msgpack client's reading, and every attribute that is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/codec.h"
#include "bus/header.h"
#include "bus/pack.h"

static struct bus_header full(void)
{
    return (struct bus_header){
        .id = "01890a5d-ac96-774b-bcce-b302099a8057",
        .source = "/matching",
        .type = "koppel.matching.duo-stopped.v1",
        .subject = "duo/7",
        .time_us = INT64_C(1795335600123456),
        .recorded_us = INT64_C(1795335601000000),
        .stream = "matching",
        .epoch = 3,
        .seq = 77,
        .after = {{"registry", 12}, {"scheduling", 0}},
        .after_n = 2,
        .correlationid = "c",
        .causationid = "d",
        .traceparent = "t",
        .actor = "coordinator:asse",
        .kid = "k",
        .within = "region=asse",
        .extensions = {{"region", "asse"}, {"empty", NULL}, {"zone7", "23002"}},
    };
}

static void assert_same(const struct bus_header *a, const struct bus_header *b)
{
    const char *const left[] = {a->id,     a->source,        a->type,        a->subject,
                                a->stream, a->correlationid, a->causationid, a->traceparent,
                                a->actor,  a->kid,           a->within};
    const char *const right[] = {b->id,     b->source,        b->type,        b->subject,
                                 b->stream, b->correlationid, b->causationid, b->traceparent,
                                 b->actor,  b->kid,           b->within};
    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
        assert_int_equal(left[i] == NULL, right[i] == NULL);
        if (left[i])
            assert_string_equal(left[i], right[i]);
    }
    assert_true(a->time_us == b->time_us && a->recorded_us == b->recorded_us && a->epoch == b->epoch &&
                a->seq == b->seq && a->command == b->command);
    assert_int_equal(a->after_n, b->after_n);
    for (size_t i = 0; i < BUS_EXTENSIONS_MAX; i++) {
        const struct bus_extension *extension = &a->extensions[i];
        const char *value = extension->name ? bus_header_extension_find(b, extension->name) : NULL;
        assert_int_equal(extension->value == NULL, value == NULL);
        if (value)
            assert_string_equal(extension->value, value);
    }
    for (size_t i = 0; i < a->after_n; i++) {
        assert_string_equal(a->after[i].stream, b->after[i].stream);
        assert_true(a->after[i].seq == b->after[i].seq);
    }
}

static void test_there_and_back(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    struct bus_header header = full(), back;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_OK);
    assert_int_equal(bus_header_decode(bus_buffer_bytes(&out), arena, &back, &err), BUS_OK);
    assert_same(&header, &back);
    struct bus_header small = {
        .id = "1", .source = "https://vdab.example/adapter", .type = "t", .command = true};
    bus_buffer_clear(&out);
    assert_int_equal(bus_header_encode(&small, &out, &err), BUS_OK);
    assert_int_equal(bus_header_decode(bus_buffer_bytes(&out), arena, &back, &err), BUS_OK);
    assert_same(&small, &back);
}

static void test_on_the_wire(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0}, json = {0};
    struct bus_header header = full();
    header.command = true;
    assert_int_equal(bus_header_encode(&header, &out, NULL), BUS_OK);
    assert_int_equal(bus_msgpack_to_json(bus_buffer_bytes(&out), &json, NULL), BUS_OK);
    bus_buffer_add(&json, "", 1);
    assert_string_equal(
        (char *)json.data,
        "{\"specversion\":\"1.0\",\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"source\":\"/matching\","
        "\"type\":\"koppel.matching.duo-stopped.v1\",\"subject\":\"duo/7\","
        "\"time\":\"2026-11-22T08:20:00.123456Z\",\"recordedtime\":\"2026-11-22T08:20:01Z\","
        "\"stream\":\"matching\",\"epoch\":3,\"seq\":77,\"after\":{\"registry\":12,\"scheduling\":0},"
        "\"kind\":\"command\",\"correlationid\":\"c\","
        "\"causationid\":\"d\",\"traceparent\":\"t\",\"actor\":\"coordinator:asse\",\"kid\":\"k\",\"within\":"
        "\"region=asse\","
        "\"region\":\"asse\",\"zone7\":\"23002\"}");
}

static void test_moment(void **state)
{
    (void)state;
    struct bus_header header = full();
    assert_int_equal(bus_header_moment_us(&header), header.recorded_us);
    header.recorded_us = 0;
    assert_int_equal(bus_header_moment_us(&header), header.time_us);
}

static enum bus_status decode_json(struct bus_arena *arena, const char *json, struct bus_header *header,
                                   struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    assert_int_equal(bus_json_to_msgpack(bus_bytes_of(json), &bus_scan_data, &out, err), BUS_OK);
    return bus_header_decode(bus_buffer_bytes(&out), arena, header, err);
}

#define MUST "\"id\":\"1\",\"source\":\"s\",\"type\":\"t\""

static void test_refused(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"{\"source\":\"s\",\"type\":\"t\"}", "id is required"},
        {"{\"id\":\"1\",\"type\":\"t\"}", "source is required"},
        {"{\"id\":\"1\",\"source\":\"s\"}", "type is required"},
        {"{\"id\":\"\",\"source\":\"s\",\"type\":\"t\"}", "id is required"},
        {"{\"id\":1,\"source\":\"s\",\"type\":\"t\"}", "id must be text"},
        {"{\"id\":null,\"source\":\"s\",\"type\":\"t\"}", "id must be text"},
        {"{" MUST ",\"specversion\":\"2.0\"}", "specversion"},
        {"{" MUST ",\"specversion\":1}", "specversion"},
        {"{" MUST ",\"datacontenttype\":\"application/json\"}", "datacontenttype"},
        {"{" MUST ",\"time\":\"2026-11-22T08:20:00\"}", "time must be"},
        {"{" MUST ",\"time\":5}", "time must be"},
        {"{" MUST ",\"seq\":-1}", "seq must be"},
        {"{" MUST ",\"seq\":\"1\"}", "seq must be"},
        {"{" MUST ",\"epoch\":1.5}", "epoch must be"},
        {"{" MUST ",\"kind\":\"query\"}", "kind must be"},
        {"{" MUST ",\"after\":[]}", "after must be a map"},
        {"{" MUST ",\"after\":{\"a\":\"b\"}}", "after must give"},
        {"{" MUST ",\"after\":{\"a\":-1}}", "after must give"},
        {"{" MUST ",\"after\":{\"\":1}}", "after must give"},
        {"{" MUST ",\"after\":{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":"
         "1,\"k\":1,"
         "\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"q\":1}}",
         "at most 16"},
        {"[]", "must be an object (in msgpack a map)"},
    };
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_header header = {.seq = 42};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct bus_error err = {0};
        assert_int_equal(decode_json(arena, wrong[i][0], &header, &err), BUS_INVALID);
        if (!strstr(err.text, wrong[i][1]) || strncmp(err.text, "header: ", 8) != 0)
            fail_msg("%s: %s", wrong[i][0], err.text);
    }
    assert_int_equal(header.seq, 42);
}

static void test_id_has_a_limit(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_header header;
    struct bus_error err;
    char id[130] = "", json[300];
    for (size_t n = 128; n <= 129; n++) {
        memset(id, 'x', n);
        snprintf(json, sizeof(json), "{\"id\":\"%s\",\"source\":\"s\",\"type\":\"t\"}", id);
        assert_int_equal(decode_json(arena, json, &header, &err), n == 128 ? BUS_OK : BUS_INVALID);
    }
    assert_string_equal(err.text, "header: id must be at most 128 bytes");
}

static void test_tolerated(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_header header;
    struct bus_error err;
    assert_int_equal(decode_json(arena,
                                 "{\"x\":{\"y\":[1,2]}," MUST ",\"z\":1,\"subject\":\"\",\"kind\":\"event\","
                                 "\"datacontenttype\":\"application/msgpack\"}",
                                 &header, &err),
                     BUS_OK);
    assert_null(header.subject);
    assert_false(header.command);
    assert_int_equal(header.time_us, 0);
    assert_int_equal(header.after_n, 0);
}

static void test_extensions(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_header header;
    struct bus_error err;
    assert_int_equal(
        decode_json(
            arena,
            "{" MUST ",\"Big\":\"x\",\"a_b\":\"x\",\"abcdefghijklmnopqrstu\":\"x\",\"none\":\"\","
            "\"number\":1,\"dataschema\":\"x\",\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\",\"e\":\"5\"}",
            &header, &err),
        BUS_OK);
    for (size_t i = 0; i < BUS_EXTENSIONS_MAX; i++)
        assert_int_equal(header.extensions[i].name[0], 'a' + (int)i);
    assert_string_equal(bus_header_extension_find(&header, "d"), "4");
    assert_null(bus_header_extension_find(&header, "e"));
    assert_false(bus_header_extend(&header, "e", "5"));
    assert_true(bus_header_extend(&header, "d", "6"));
    assert_string_equal(bus_header_extension_find(&header, "d"), "6");
    header.extensions[0].name = "no good";
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_BUG);
    assert_non_null(strstr(err.text, "no good"));
    header.extensions[0] = (struct bus_extension){"good", "\xff"};
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_INVALID);
}

static void test_hostile(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_header header = full(), back;
    struct bus_error err;
    assert_int_equal(bus_header_encode(&header, &out, NULL), BUS_OK);
    for (size_t n = 0; n < out.size; n++) {
        uint8_t *exact = malloc(n ? n : 1);
        memcpy(exact, out.data, n);
        assert_int_equal(bus_header_decode(bus_bytes(exact, n), arena, &back, &err), BUS_INVALID);
        free(exact);
    }
    assert_int_equal(bus_header_decode(bus_bytes("\xdd\x10\x00\x00\x00", 5), arena, &back, &err),
                     BUS_INVALID);
    assert_int_equal(bus_header_decode(bus_bytes("\xdf\x10\x00\x00\x00", 5), arena, &back, NULL),
                     BUS_INVALID);
    bus_buffer_clear(&out);
    bus_pack_map(&out, 1);
    bus_pack_text(&out, "x");
    char text[5000];
    memset(text, 'x', sizeof(text));
    bus_pack_text_n(&out, text, sizeof(text));
    assert_int_equal(bus_header_decode(bus_buffer_bytes(&out), arena, &back, &err), BUS_INVALID);
    assert_non_null(strstr(err.text, "over the limit of 4096"));
}

static void test_encode_refuses(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err;
    char longer[5001];
    memset(longer, 'x', 5000);
    longer[5000] = '\0';
    bus_buffer_text(&out, "kept");
    struct bus_header header = full();
    header.subject = longer;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_INVALID);
    assert_non_null(strstr(err.text, "over the limit of 4096"));
    assert_int_equal(out.size, 4);
    header = full();
    longer[129] = '\0';
    header.id = longer;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_INVALID);
    longer[128] = '\0';
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_OK);
    out.size = 4;
    header = full();
    header.actor = "\xff";
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_INVALID);
    header = full();
    header.type = NULL;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_BUG);
    header = full();
    header.after[1].stream = "registry";
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_BUG);
    header = full();
    header.after[1].stream = NULL;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_BUG);
    header = full();
    header.after[1].seq = -1;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_BUG);
    header = full();
    header.after_n = BUS_AFTER_MAX + 1;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_BUG);
    header = full();
    header.time_us = INT64_MAX;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_BUG);
    header = full();
    header.recorded_us = INT64_MAX;
    assert_int_equal(bus_header_encode(&header, &out, &err), BUS_BUG);
    assert_int_equal(out.size, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_on_the_wire),
        cmocka_unit_test(test_refused),        cmocka_unit_test(test_tolerated),
        cmocka_unit_test(test_id_has_a_limit), cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_encode_refuses), cmocka_unit_test(test_extensions),
        cmocka_unit_test(test_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
