/* Golden bytes: what was once written decodes for ever, and is written again as it was. Each message that was
 * released has an example, and a reply one more: tests/contract/golden/<service>/<name>.v<N>[.reply].msgpack
 * and .json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/arena.h"
#include "bus/codec.h"
#include "bus/scan.h"
#include "schema/all.h"

#define FOLDER "tests/contract/golden/"
#define REPLY  ".reply"

static void read_file(const char *path, struct bus_buffer *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s cannot be read; `make golden` makes what is missing", path);
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof(block), file)) > 0)
        bus_buffer_add(out, block, n);
    fclose(file);
}

static int digit_of(int c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void read_hex(const char *path, struct bus_buffer *out)
{
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    read_file(path, &text);
    int high = -1;
    for (size_t i = 0; i < text.size; i++) {
        int c = text.data[i];
        if (isspace(c))
            continue;
        if (!strchr("0123456789abcdef", c))
            fail_msg("%s: byte %zu is no hex digit", path, i);
        if (high < 0) {
            high = digit_of(c);
            continue;
        }
        uint8_t byte = (uint8_t)(high << 4 | digit_of(c));
        bus_buffer_add(out, &byte, 1);
        high = -1;
    }
    assert_int_equal(high, -1);
}

/* tests/contract/golden/matching/stop-duo.v1.reply.msgpack → the reply's shape of
 * koppel.matching.stop-duo.v1. */
static const struct bus_shape *shape_of(const char *path)
{
    char type_name[256];
    int size = snprintf(type_name, sizeof(type_name), "koppel.%s", path + strlen(FOLDER));
    assert_true(size > 0 && (size_t)size < sizeof(type_name));
    *strchr(type_name, '/') = '.';
    *strrchr(type_name, '.') = '\0'; /* ".msgpack" */
    char *tail = type_name + strlen(type_name) - strlen(REPLY);
    bool reply = strcmp(tail, REPLY) == 0;
    if (reply)
        *tail = '\0';
    const struct bus_type *type = schema_find(type_name);
    if (!type)
        fail_msg("%s: there is no type %s; released messages stay", path, type_name);
    const struct bus_shape *shape = reply ? type->reply : type->shape;
    assert_non_null(shape);
    return shape;
}

static void assert_same_bytes(const char *path, struct bus_bytes found, struct bus_bytes wanted)
{
    if (!bus_bytes_equal(found, wanted))
        fail_msg("%s: is written as %zu bytes, other than the %zu golden ones", path, found.size,
                 wanted.size);
}

/* Equal as values: spaces do not matter, but 2 and 2.0 differ. */
static void assert_same_json(const char *path, struct bus_bytes found, struct bus_bytes wanted)
{
    json_error_t error;
    json_t *left = json_loadb((const char *)found.data, found.size, JSON_REJECT_DUPLICATES, &error);
    if (!left)
        fail_msg("%s: became broken JSON: %s", path, error.text);
    json_t *right = json_loadb((const char *)wanted.data, wanted.size, JSON_REJECT_DUPLICATES, &error);
    if (!right)
        fail_msg("%s: line %d: %s", path, error.line, error.text);
    if (!json_equal(left, right))
        fail_msg("%s: the bytes say other JSON: %.*s", path, (int)found.size, (const char *)found.data);
    json_decref(left);
    json_decref(right);
}

static void check_golden(const char *path, struct bus_arena *arena)
{
    const struct bus_shape *shape = shape_of(path);
    struct bus_error err = {0};
    AUTO(bus_buffer_done) struct bus_buffer golden = {0};
    read_hex(path, &golden);
    struct bus_bytes bytes = bus_buffer_bytes(&golden);
    if (bus_scan_map(bytes, &bus_scan_data, &err) != BUS_OK)
        fail_msg("%s: scan: %s", path, err.text);

    void *value = NULL;
    if (bus_decode(shape, bytes, false, arena, &value, NULL, &err) != BUS_OK)
        fail_msg("%s: decode: %s", path, err.text);
    AUTO(bus_buffer_done) struct bus_buffer again = {0};
    if (bus_encode(shape, value, &again, &err) != BUS_OK)
        fail_msg("%s: encode: %s", path, err.text);
    assert_same_bytes(path, bus_buffer_bytes(&again), bytes);

    char json_path[512];
    snprintf(json_path, sizeof(json_path), "%.*s.json", (int)(strlen(path) - strlen(".msgpack")), path);
    AUTO(bus_buffer_done) struct bus_buffer wanted = {0};
    AUTO(bus_buffer_done) struct bus_buffer found = {0};
    read_file(json_path, &wanted);
    if (bus_msgpack_to_json(bytes, &found, &err) != BUS_OK)
        fail_msg("%s: to JSON: %s", path, err.text);
    assert_same_json(json_path, bus_buffer_bytes(&found), bus_buffer_bytes(&wanted));

    bus_buffer_clear(&again);
    if (bus_json_to_msgpack(bus_buffer_bytes(&wanted), &bus_scan_data, &again, &err) != BUS_OK)
        fail_msg("%s: from JSON: %s", json_path, err.text);
    assert_same_bytes(json_path, bus_buffer_bytes(&again), bytes);
}

static void test_golden_bytes(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob(FOLDER "*/*.msgpack", 0, NULL, &found), 0);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    for (size_t i = 0; i < found.gl_pathc; i++) {
        check_golden(found.gl_pathv[i], arena);
        bus_arena_reset(arena);
    }
    globfree(&found);
}

static void test_every_type_is_found_by_its_names(void **state)
{
    (void)state;
    for (size_t i = 0; schema_types[i]; i++) {
        const struct bus_type *type = schema_types[i];
        if (i > 0)
            assert_true(strcmp(schema_types[i - 1]->type, type->type) < 0);
        assert_ptr_equal(schema_find(type->type), type);
        char name[256];
        snprintf(name, sizeof(name), "%s/%s.v%d", type->service, type->name, type->version);
        assert_ptr_equal(schema_find_name(name, type->kind), type);
        snprintf(name, sizeof(name), "%s/%s", type->service, type->name);
        const struct bus_type *newest = schema_find_name(name, type->kind);
        assert_non_null(newest);
        assert_string_equal(newest->name, type->name);
        assert_true(newest->version >= type->version);
    }
    assert_null(schema_find(""));
    assert_null(schema_find("koppel.nobody.nothing-happened.v1"));
    assert_null(schema_find_name("nothing-happened", BUS_TYPE_EVENT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_bytes),
        cmocka_unit_test(test_every_type_is_found_by_its_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
