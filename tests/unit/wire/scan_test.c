/* The scan against hostile bytes: what is refused and why, what is taken, and that nothing is reserved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "bus/status.h"

/* Copies the bytes to a block of their exact size, so that a sanitizer sees a read beyond the end. */
static enum bus_status scan(const void *data, size_t size, struct bus_error *err)
{
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, data, size);
    enum bus_status status = bus_scan(bus_bytes(exact, size), &bus_scan_data, err);
    free(exact);
    return status;
}

static void assert_refused(const void *data, size_t size, const char *why)
{
    struct bus_error err = {0};
    assert_int_equal(scan(data, size, &err), BUS_INVALID);
    assert_int_equal(err.status, BUS_INVALID);
    if (!strstr(err.text, why))
        fail_msg("\"%s\" does not say \"%s\"", err.text, why);
}

static void assert_taken(const void *data, size_t size)
{
    struct bus_error err = {0};
    if (scan(data, size, &err) != BUS_OK)
        fail_msg("refused: %s", err.text);
}

#define REFUSED(bytes, why) assert_refused(bytes, sizeof(bytes) - 1, why)
#define TAKEN(bytes)        assert_taken(bytes, sizeof(bytes) - 1)

static void test_values_taken(void **state)
{
    (void)state;
    TAKEN("\xc0");
    TAKEN("\xc2");
    TAKEN("\xc3");
    TAKEN("\x00");
    TAKEN("\xff");
    TAKEN("\xcc\xff");
    TAKEN("\xcd\xff\xff");
    TAKEN("\xce\xff\xff\xff\xff");
    TAKEN("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff");
    TAKEN("\xd0\x80");
    TAKEN("\xd3\x80\x00\x00\x00\x00\x00\x00\x00");
    TAKEN("\xca\x3f\x80\x00\x00");
    TAKEN("\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00");
    TAKEN("\xa0");
    TAKEN("\xd9\x03"
          "duo");
    TAKEN("\xda\x00\x03"
          "duo");
    TAKEN("\xdb\x00\x00\x00\x03"
          "duo");
    TAKEN("\x90");
    TAKEN("\x80");
    TAKEN("\xdc\x00\x01\xc0");
    TAKEN("\xdd\x00\x00\x00\x01\xc0");
    TAKEN("\xde\x00\x01\xa1k\xc0");
    TAKEN("\xdf\x00\x00\x00\x01\xa1k\xc0");
    TAKEN("\x82\xa1"
          "a\x81\xa1"
          "a\x01\xa1"
          "b\x81\xa1"
          "a\x02"); /* the same key in different maps */
}

static void test_bombs(void **state)
{
    (void)state;
    REFUSED("\xdd\x10\x00\x00\x00", "claims more values");
    REFUSED("\xdd\xff\xff\xff\xff", "claims more values");
    REFUSED("\xdf\xff\xff\xff\xff", "claims more values");
    REFUSED("\xdf\x80\x00\x00\x00", "claims more values"); /* twice it is 0 in 32 bits */
    REFUSED("\xdc\xff\xff", "claims more values");
    REFUSED("\xdb\xff\xff\xff\xff", "longer than the bytes left");
    REFUSED("\xa5"
            "duo",
            "longer than the bytes left");
    uint8_t nested[70000];
    memset(nested, 0x91, sizeof(nested));
    assert_refused(nested, 65536, "nested too deeply");
    assert_refused(nested, 65537, "over the limit");
    memset(nested, 0x90, sizeof(nested));
    memcpy(nested, "\xdc\xff\xf0", 3);
    assert_refused(nested, 3 + 0xfff0, "too many values");
    uint8_t flat[3 + 4095];
    memset(flat, 0x90, sizeof(flat));
    memcpy(flat, "\xdc\x0f\xff", 3);
    assert_taken(flat, sizeof(flat));
}

static void test_depth_to_the_last(void **state)
{
    (void)state;
    uint8_t nested[9];
    memset(nested, 0x91, sizeof(nested));
    nested[7] = 0x90;
    assert_taken(nested, 8);
    nested[7] = 0x91;
    nested[8] = 0xc0;
    assert_taken(nested, 9);
    nested[8] = 0x90;
    assert_refused(nested, 9, "nested too deeply");
    uint8_t maps[64];
    size_t size = 0;
    for (int i = 0; i < 9; i++) {
        memcpy(maps + size, "\x81\xa1k", 3);
        size += 3;
    }
    maps[size++] = 0xc0;
    assert_refused(maps, size, "nested too deeply");
    struct bus_scan_limits greedy = {.max_bytes = 1000000, .max_depth = 1000000, .max_items = 1000000};
    uint8_t *deep = malloc(100000);
    memset(deep, 0x91, 100000);
    assert_int_equal(bus_scan(bus_bytes(deep, 100000), &greedy, NULL), BUS_INVALID);
    free(deep);
}

static void test_keys(void **state)
{
    (void)state;
    REFUSED("\x82\xa1k\x01\xa1k\x02", "stands twice");
    REFUSED("\x82\xa1k\x01\xd9\x01k\x02", "stands twice"); /* the same key, written longer */
    REFUSED("\x83\xa1"
            "a\x81\xa1k\x01\xa1"
            "b\x01\xa1"
            "a\x01",
            "stands twice");
    REFUSED("\x82\xa0\x01\xa0\x01", "stands twice");
    REFUSED("\x81\x01\x01", "key is not text");
    REFUSED("\x81\xc0\x01", "key is not text");
    REFUSED("\x81\x90\x01", "key is not text");
    REFUSED("\x81\x80\x01", "key is not text");
    REFUSED("\x81\xc4\x01k\x01", "key is not text");
    REFUSED("\x81\xa1\xff\x01", "not UTF-8");
    TAKEN("\x82\xa9"
          "longerkey\x01\xa9"
          "longerkez\x01");
}

static void pack_keys(struct bus_buffer *out, uint32_t n, int64_t twice)
{
    bus_pack_map(out, n);
    for (uint32_t i = 0; i < n; i++) {
        char key[32];
        snprintf(key, sizeof(key), "k%u", i == (uint32_t)twice ? 0 : i);
        bus_pack_text(out, key);
        bus_pack_nil(out);
    }
}

static void test_many_keys(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack_keys(&out, BUS_SCAN_KEYS, -1);
    assert_taken(out.data, out.size);
    bus_buffer_clear(&out);
    pack_keys(&out, BUS_SCAN_KEYS, BUS_SCAN_KEYS - 1);
    assert_refused(out.data, out.size, "stands twice");
    bus_buffer_clear(&out);
    pack_keys(&out, BUS_SCAN_KEYS + 1, -1);
    assert_refused(out.data, out.size, "too many keys");
    bus_buffer_clear(&out);
    bus_pack_array(&out, 3); /* closed maps give their room back */
    for (int i = 0; i < 3; i++)
        pack_keys(&out, 600, -1);
    assert_taken(out.data, out.size);
}

static void test_refused_kinds(void **state)
{
    (void)state;
    REFUSED("\xc1", "only nil");
    REFUSED("\xc4\x01x", "only nil");
    REFUSED("\xc5\x00\x01x", "only nil");
    REFUSED("\xc6\x00\x00\x00\x01x", "only nil");
    REFUSED("\xc7\x01\x01x", "only nil");
    REFUSED("\xc8\x00\x01\x01x", "only nil");
    REFUSED("\xc9\x00\x00\x00\x01\x01x", "only nil");
    REFUSED("\xd4\x01x", "only nil");
    REFUSED("\xd8\x01xxxxxxxxxxxxxxxx", "only nil");
    REFUSED("\xd6\xff\x00\x00\x00\x00", "only nil"); /* a timestamp */
    REFUSED("\xcf\x80\x00\x00\x00\x00\x00\x00\x00", "above 9223372036854775807");
    REFUSED("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", "not finite");
    REFUSED("\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", "not finite");
    REFUSED("\xcb\xff\xf0\x00\x00\x00\x00\x00\x00", "not finite");
    REFUSED("\xca\x7f\xc0\x00\x00", "not finite");
    REFUSED("\xca\xff\x80\x00\x00", "not finite");
}

static void test_trailing_and_cut(void **state)
{
    (void)state;
    REFUSED("", "cut off");
    REFUSED("\x01\x01", "more bytes follow");
    REFUSED("\x80\x80", "more bytes follow");
    REFUSED("\x80\xc1", "more bytes follow");
    REFUSED("\xcb\x3f", "cut off");
    REFUSED("\xd9", "cut off");
    REFUSED("\xde\x00", "cut off");
    struct bus_error err;
    assert_int_equal(bus_scan(bus_bytes(NULL, 0), &bus_scan_data, &err), BUS_INVALID);
    assert_int_equal(bus_scan(bus_bytes(NULL, 0), &bus_scan_data, NULL), BUS_INVALID);
}

static void test_utf8(void **state)
{
    (void)state;
    TAKEN("\xa2\xc3\xa9");
    TAKEN("\xa3\xe1\x88\xb0"); /* Tigrinya */
    TAKEN("\xa4\xf0\x9f\x8c\xbb");
    TAKEN("\xa4\xf4\x8f\xbf\xbf");
    TAKEN("\xa3\xed\x9f\xbf");
    TAKEN("\xa3\xee\x80\x80");
    REFUSED("\xa1\x80", "not UTF-8");
    REFUSED("\xa1\xc3", "not UTF-8");
    REFUSED("\xa2\xc0\x80", "not UTF-8");     /* overlong U+0000 */
    REFUSED("\xa2\xc1\xbf", "not UTF-8");     /* overlong */
    REFUSED("\xa3\xe0\x9f\xbf", "not UTF-8"); /* overlong */
    REFUSED("\xa4\xf0\x8f\xbf\xbf", "not UTF-8");
    REFUSED("\xa3\xed\xa0\x80", "not UTF-8"); /* surrogate */
    REFUSED("\xa3\xed\xbf\xbf", "not UTF-8");
    REFUSED("\xa4\xf4\x90\x80\x80", "not UTF-8"); /* above U+10FFFF */
    REFUSED("\xa4\xf5\x80\x80\x80", "not UTF-8");
    REFUSED("\xa1\xfe", "not UTF-8");
    REFUSED("\xa2\xc3x", "not UTF-8");
    REFUSED("\x92\xa1\xc3\xa1\xa9", "not UTF-8"); /* one character over two texts */
    REFUSED("\xa1\x00", "U+0000");
    REFUSED("\xb1"
            "0123456789abcde\0f",
            "U+0000");
    REFUSED("\xb1"
            "0123456789ab\xff"
            "defg",
            "not UTF-8");
}

static void test_limits_of_bytes(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    char *text = malloc(70000);
    memset(text, 'x', 70000);
    bus_pack_text_n(&out, text, BUS_DATA_BYTES - 3);
    assert_int_equal(out.size, BUS_DATA_BYTES);
    assert_taken(out.data, out.size);
    bus_buffer_clear(&out);
    bus_pack_text_n(&out, text, BUS_DATA_BYTES - 2);
    assert_refused(out.data, out.size, "over the limit of 65536");
    assert_int_equal(bus_scan(bus_buffer_bytes(&out), &bus_scan_batch, NULL), BUS_OK);
    assert_int_equal(bus_scan(bus_buffer_bytes(&out), &bus_scan_header, NULL), BUS_INVALID);
    free(text);
}

static void test_map_wanted(void **state)
{
    (void)state;
    struct bus_error err = {0};
    assert_int_equal(bus_scan_map(bus_bytes("\x80", 1), &bus_scan_data, &err), BUS_OK);
    assert_int_equal(bus_scan_map(bus_bytes("\x90", 1), &bus_scan_data, &err), BUS_INVALID);
    assert_string_equal(err.text, "must be an object (in msgpack a map)");
    assert_int_equal(bus_scan_map(bus_bytes("", 0), &bus_scan_data, &err), BUS_INVALID);
}

/* ---- random messages: taken whole, refused at every prefix, and msgpack-c agrees */

static uint32_t random_state = 20261122;

static uint32_t next_random(uint32_t n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % n;
}

static void pack_random(struct bus_buffer *out, int depth)
{
    static const char *const texts[] = {"", "duo", "Herentals", "\xc3\xa9\xc3\xa9n",
                                        "\xe1\x88\xb0\xe1\x88\x8b\xe1\x88\x9d"};
    uint32_t n = next_random(5);
    switch (next_random(depth > 0 ? 8 : 6)) {
    case 0:
        bus_pack_nil(out);
        break;
    case 1:
        bus_pack_bool(out, next_random(2));
        break;
    case 2:
        bus_pack_int(out, (int64_t)next_random(1u << 24) << next_random(39));
        break;
    case 3:
        bus_pack_int(out, -((int64_t)next_random(1u << 24) << next_random(39)));
        break;
    case 4:
        bus_pack_number(out, (double)next_random(1000) / 7);
        break;
    case 5:
        bus_pack_text(out, texts[n]);
        break;
    case 6:
        bus_pack_array(out, n);
        while (n-- > 0)
            pack_random(out, depth - 1);
        break;
    default:
        bus_pack_map(out, n);
        while (n-- > 0) {
            bus_pack_text(out, texts[n]);
            pack_random(out, depth - 1);
        }
    }
}

static void test_random_messages(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        AUTO(bus_buffer_done) struct bus_buffer out = {0};
        bus_pack_map(&out, 2);
        bus_pack_text(&out, "a");
        pack_random(&out, 6);
        bus_pack_text(&out, "b");
        pack_random(&out, 6);
        assert_taken(out.data, out.size);
        for (size_t n = 0; n < out.size && n < 400; n++) {
            struct bus_error err;
            assert_int_equal(scan(out.data, n, &err), BUS_INVALID);
        }
        msgpack_unpacked whole;
        msgpack_unpacked_init(&whole);
        size_t offset = 0;
        assert_int_equal(msgpack_unpack_next(&whole, (const char *)out.data, out.size, &offset),
                         MSGPACK_UNPACK_SUCCESS);
        assert_int_equal(offset, out.size);
        msgpack_unpacked_destroy(&whole);
        struct bus_cursor at = bus_cursor(bus_buffer_bytes(&out));
        assert_true(bus_cursor_skip(&at));
        assert_true(bus_cursor_done(&at));
    }
}

/* Whatever the bytes: no crash, and what is taken msgpack-c reads to the same end. */
static void test_random_bytes(void **state)
{
    (void)state;
    size_t taken = 0;
    for (int round = 0; round < 200000; round++) {
        uint8_t bytes[24];
        size_t size = next_random(sizeof(bytes)) + 1;
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)next_random(256);
        struct bus_error err;
        if (scan(bytes, size, &err) != BUS_OK)
            continue;
        taken++;
        msgpack_unpacked whole;
        msgpack_unpacked_init(&whole);
        size_t offset = 0;
        assert_int_equal(msgpack_unpack_next(&whole, (const char *)bytes, size, &offset),
                         MSGPACK_UNPACK_SUCCESS);
        assert_int_equal(offset, size);
        msgpack_unpacked_destroy(&whole);
    }
    assert_true(taken > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_taken),      cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_depth_to_the_last), cmocka_unit_test(test_keys),
        cmocka_unit_test(test_many_keys),         cmocka_unit_test(test_refused_kinds),
        cmocka_unit_test(test_trailing_and_cut),  cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_limits_of_bytes),   cmocka_unit_test(test_map_wanted),
        cmocka_unit_test(test_random_messages),   cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
