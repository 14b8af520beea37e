/* JSON in and out: exact there and back, and every text that is refused, with its place and without a quote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "bus/codec.h"
#include "bus/pack.h"

static enum bus_status to_msgpack(struct bus_bytes json, struct bus_buffer *out, struct bus_error *err)
{
    uint8_t *exact = malloc(json.size ? json.size : 1);
    memcpy(exact, json.data, json.size);
    enum bus_status status = bus_json_to_msgpack(bus_bytes(exact, json.size), &bus_scan_data, out, err);
    free(exact);
    return status;
}

static void assert_becomes(const char *json, const char *wanted)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0}, back = {0};
    struct bus_error err = {0};
    if (to_msgpack(bus_bytes_of(json), &out, &err) != BUS_OK)
        fail_msg("%s: %s", json, err.text);
    assert_int_equal(bus_msgpack_to_json(bus_buffer_bytes(&out), &back, &err), BUS_OK);
    bus_buffer_add(&back, "", 1);
    assert_string_equal((char *)back.data, wanted);
}

static void test_there_and_back(void **state)
{
    (void)state;
    static const char *const same[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "\"\"",
        "[]",
        "{}",
        "{\"z\":1,\"a\":2,\"m\":{\"k\":[1,[2,[3]]]}}", /* the order stays */
        "0.1",
        "1.0",
        "-2.5",
        "1e+300",
        "0.30000000000000004",
        "4.94065645841247e-324",
        "123456789.125",
        "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f\"",
        "\"caf\xc3\xa9 \xf0\x9f\x8c\xbb /\"",
    };
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        assert_becomes(same[i], same[i]);
    assert_becomes(" { \"a\" : [ 1 , 2 ] }\r\n\t", "{\"a\":[1,2]}");
    assert_becomes("\"\\u00e9\\ud83c\\udf3b\\/\"", "\"\xc3\xa9\xf0\x9f\x8c\xbb/\"");
    assert_becomes("1E2", "100.0");
    assert_becomes("-0", "0");
    assert_becomes("[\"}{][,:\\\"\"]", "[\"}{][,:\\\"\"]");
}

static void assert_refused_n(struct bus_bytes json, const char *words)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    bus_buffer_text(&out, "kept");
    assert_int_equal(to_msgpack(json, &out, &err), BUS_INVALID);
    assert_int_equal(out.size, 4);
    if (!strstr(err.text, words) || strncmp(err.text, "JSON", 4) != 0)
        fail_msg("%.*s: \"%s\" does not say \"%s\"", json.size > 100 ? 100 : (int)json.size,
                 (const char *)json.data, err.text, words);
}

static void refused(const char *json, const char *words)
{
    assert_refused_n(bus_bytes_of(json), words);
}

static void test_refused(void **state)
{
    (void)state;
    refused("{\"a\":1,\"a\":2}", "stands twice");
    refused("{\"a\":{\"b\":1,\"\\u0062\":2}}", "stands twice");
    refused("9223372036854775808", "too large");
    refused("-9223372036854775809", "too large");
    refused("1e999", "too large");
    refused("\"\\u0000\"", "U+0000");
    refused("{\"\\u0000\":1}", "U+0000");
    assert_refused_n(bus_bytes("\"a\0b\"", 5), "line 1, column");
    refused("{} {}", "something follows");
    refused("[1,]", "line 1, column 4: not JSON: a comma stands before");
    refused("{\"a\":1 ,\n }", "line 2, column 2: not JSON: a comma stands before");
    refused("{a:1}", "not JSON: a name in double quotes");
    refused("{\"a\":1,,\"b\":1}", "not JSON: a name in double quotes");
    refused("'a'", "not JSON: texts and names stand in double quotes");
    refused("{'a':1}", "not JSON: texts and names stand in double quotes");
    refused("{\"a\" 1}", "not JSON: a colon");
    refused("{\"a\":1 \"b\":2}", "not JSON: a comma or }");
    refused("[1 2]", "not JSON: a comma or ]");
    refused("{\"a\":}", "not JSON: a value");
    refused("NaN", "not JSON: a text in double quotes, a number");
    refused("Infinity", "not JSON");
    refused("+1", "not JSON");
    refused("01", "not JSON");
    refused(".5", "not JSON");
    refused("\"\\ud83c\"", "not JSON"); /* half a pair */
    refused("\"\\x\"", "not JSON: a text holds a \\");
    refused("\"a\nb\"", "not JSON: a line ends within a text");
    refused("\"\xff\"", "not UTF-8");
    refused("\"\xed\xa0\x80\"", "not UTF-8");
    refused("\"\xc0\x80\"", "not UTF-8");
    refused("\"abc", "");
    refused("\"abc\\", "");
    refused("]", "not JSON");
    refused("{}}", "something follows");
    refused("[\n 1,\n  x]", "line 3, column 3");
}

static void test_what_is_no_json_is_named(void **state)
{
    (void)state;
    refused("", "JSON: empty: give a value, such as an object {}");
    refused(" \r\n", "JSON: empty");
    refused("\xef\xbb\xbf{}", "JSON: begins with a byte order mark (BOM): leave it out");
    assert_refused_n(bus_bytes("\xff\xfe{\0}\0", 6), "JSON: in UTF-16: send UTF-8");
    assert_refused_n(bus_bytes("\xfe\xff\0{\0}", 6), "JSON: in UTF-16");
    assert_refused_n(bus_bytes("{\0}\0", 4), "JSON: in UTF-16");
    assert_refused_n(bus_bytes("\0[\0]", 4), "JSON: in UTF-16");
    assert_refused_n(bus_bytes("\x1f\x8b\x08\0\0\0\0\0", 8), "JSON: compressed with gzip");
    assert_refused_n(bus_bytes("\x28\xb5\x2f\xfd\x24", 5), "JSON: compressed with zstd");
}

static void test_limits(void **state)
{
    (void)state;
    refused("[[[[[[[[[0]]]]]]]]]", "line 1, column 9: nested too deeply");
    assert_becomes("[[[[[[[[0]]]]]]]]", "[[[[[[[[0]]]]]]]]");
    refused("{\"a\":[\n{\"b\":[{\"c\":[{\"d\":[{\"e\":1}]}]}]}]}", "line 2, column 19: nested too deeply");
    AUTO(bus_buffer_done) struct bus_buffer json = {0};
    for (int i = 0; i < 200000; i++)
        bus_buffer_text(&json, "[");
    assert_refused_n(bus_buffer_bytes(&json), "nested too deeply");
    bus_buffer_clear(&json);
    for (int i = 0; i < 300000; i++)
        bus_buffer_text(&json, " ");
    assert_refused_n(bus_buffer_bytes(&json), "over the limit of 262144");
    json.size = 262143;
    bus_buffer_text(&json, "1");
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    assert_int_equal(to_msgpack(bus_buffer_bytes(&json), &out, NULL), BUS_OK);
}

static void put_items(struct bus_buffer *json, const char *item, int n)
{
    bus_buffer_clear(json);
    for (int i = 0; i < n; i++) {
        bus_buffer_text(json, i ? "," : "[");
        bus_buffer_text(json, item);
    }
    bus_buffer_text(json, "]");
}

static void test_items_as_the_scan_counts_them(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer json = {0}, out = {0};
    static const char *const items[] = {"1", "[]", "{ }", "\",\""};
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        put_items(&json, items[i], 4095);
        struct bus_error err = {0};
        if (to_msgpack(bus_buffer_bytes(&json), &out, &err) != BUS_OK)
            fail_msg("%s: %s", items[i], err.text);
        put_items(&json, items[i], 4096);
        assert_refused_n(bus_buffer_bytes(&json), "too many values");
    }
    put_items(&json, "{\"k\":0}", 1365);
    assert_int_equal(to_msgpack(bus_buffer_bytes(&json), &out, NULL), BUS_OK);
    put_items(&json, "{\"k\":0}", 1366);
    assert_refused_n(bus_buffer_bytes(&json), "too many values");
}

static void test_too_large_as_msgpack(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer json = {0};
    bus_buffer_text(&json, "\"");
    for (int i = 0; i < 70000; i++)
        bus_buffer_text(&json, "x");
    bus_buffer_text(&json, "\"");
    assert_refused_n(bus_buffer_bytes(&json), "JSON, as msgpack: 70005 bytes are over the limit of 65536");
}

static void test_never_quotes(void **state)
{
    (void)state;
    static const char *const texts[] = {"{\"SECRET\":1,\"SECRET\":2}", "{\"a\":SECRET}",
                                        "[\"SECRET\" \"SECRET\"]", "\"SECRET\\x\""};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        AUTO(bus_buffer_done) struct bus_buffer out = {0};
        struct bus_error err = {0};
        assert_int_equal(to_msgpack(bus_bytes_of(texts[i]), &out, &err), BUS_INVALID);
        assert_null(strstr(err.text, "SECRET"));
    }
}

static void test_every_prefix_is_refused(void **state)
{
    (void)state;
    static const char json[] = "{\"a\":[1.5,true,null,{\"b\":\"\\u00e9\xc3\xa9\"}],\"c\":-12}";
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err;
    for (size_t n = 0; n < sizeof(json) - 1; n++)
        assert_int_equal(to_msgpack(bus_bytes(json, n), &out, &err), BUS_INVALID);
    assert_int_equal(out.size, 0);
}

static void test_out_refuses_bad_msgpack(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    assert_int_equal(bus_msgpack_to_json(bus_bytes("\xdd\x10\x00\x00\x00", 5), &out, &err), BUS_INVALID);
    assert_int_equal(bus_msgpack_to_json(bus_bytes("\xa1\xff", 2), &out, &err), BUS_INVALID);
    assert_int_equal(bus_msgpack_to_json(bus_bytes("\x01\x01", 2), &out, &err), BUS_INVALID);
    assert_int_equal(bus_msgpack_to_json(bus_bytes("\xca\x7f\xc0\x00\x00", 5), &out, &err), BUS_INVALID);
    uint8_t nested[100];
    memset(nested, 0x91, sizeof(nested));
    assert_int_equal(bus_msgpack_to_json(bus_bytes(nested, sizeof(nested)), &out, &err), BUS_INVALID);
    assert_int_equal(out.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_what_is_no_json_is_named),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_items_as_the_scan_counts_them),
        cmocka_unit_test(test_too_large_as_msgpack),
        cmocka_unit_test(test_never_quotes),
        cmocka_unit_test(test_every_prefix_is_refused),
        cmocka_unit_test(test_out_refuses_bad_msgpack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
