/* A batch of events as it comes from outside: whole ones come out as they went in, broken ones no further
 * than they are whole, and never beyond their bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "app/batch.h"
#include "bus/pack.h"

static void pack(struct bus_buffer *out, uint32_t n)
{
    bus_pack_array(out, n);
    for (uint32_t i = 0; i < n; i++)
        batch_pack(out, &(struct store_event){.header = bus_bytes("\x81\xa1h\x01", 4),
                                              .data = bus_bytes("\x80", 1)});
}

/* How many events come out; `ret_done`: whether that was all of it. The bytes stand in memory of their own,
 * so that a step beyond them is seen by the sanitizers. */
static int taken(struct bus_bytes bytes, int64_t from, int64_t to, bool *ret_done)
{
    uint8_t *copy = malloc(bytes.size ? bytes.size : 1);
    struct batch batch;
    struct bus_bytes header, data;
    int n = -1;
    memcpy(copy, bytes.data, bytes.size);
    if (batch_open(bus_bytes(copy, bytes.size), from, to, &batch)) {
        for (n = 0; batch_next(&batch, &header, &data); n++) {
            assert_int_equal(batch.seq, from + n);
            assert_true(header.data >= copy && data.data + data.size <= copy + bytes.size);
        }
        *ret_done = batch_done(&batch);
    }
    free(copy);
    return n;
}

static void whole_batches_come_out_as_they_went_in(void **state)
{
    (void)state;
    for (uint32_t n = 0; n <= 40; n++) {
        AUTO(bus_buffer_done) struct bus_buffer out = {0};
        bool done = false;
        pack(&out, n);
        assert_int_equal(taken(bus_buffer_bytes(&out), n ? 7 : 0, n ? 6 + n : 0, &done), n);
        assert_true(done);
    }
}

static void the_numbers_must_be_as_many_as_the_events(void **state)
{
    (void)state;
    static const int64_t wrong[][2] = {{1, 2},  {1, 4}, {0, 2},         {0, 0},
                                       {-2, 0}, {3, 1}, {1, INT64_MAX}, {INT64_MIN, INT64_MAX}};
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bool done;
    pack(&out, 3);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(taken(bus_buffer_bytes(&out), wrong[i][0], wrong[i][1], &done), -1);
}

static void a_cut_batch_gives_what_is_whole(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack(&out, 3); /* 1 byte, then 6 for each */
    for (size_t size = 1; size < out.size; size++) {
        bool done = true;
        assert_int_equal(taken(bus_bytes(out.data, size), 1, 3, &done), (int)(size - 1) / 6);
        assert_false(done);
    }
}

static void what_is_no_batch_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        int64_t to;
        int n;
    } wrong[] = {
        {"", 0, 1, -1},                                          /* nothing */
        {"\x80", 1, 1, -1},                                      /* a map */
        {"\xdd\x10\x00\x00\x00", 5, 0x10000000, 0},              /* claims 268 million events */
        {"\x91\xdd\x10\x00\x00\x00", 6, 1, 0},                   /* a pair that does */
        {"\x91\x92\xdf\xff\xff\xff\xff\x80", 8, 1, 0},           /* a header that claims 4 billion keys */
        {"\x91\x92\x80\x81\xa1x\xdb\xff\xff\xff\xff", 11, 1, 0}, /* a text that claims 4 GB */
        {"\x91\x93\x80\x80\x80", 5, 1, 0},                       /* three of them */
        {"\x91\x91\x80", 3, 1, 0},                               /* one */
        {"\x91\x92\x80\x01", 4, 1, 0},                           /* data that is no map */
        {"\x91\x92\xa1x\x80", 5, 1, 0},                          /* a header that is none */
        {"\x91\x92\x80\x80\x80", 5, 1, 1},                       /* something after the end */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bool done = false;
        assert_int_equal(taken(bus_bytes(wrong[i].bytes, wrong[i].size), 1, wrong[i].to, &done), wrong[i].n);
        assert_false(done);
    }
}

static void nesting_is_walked_without_recursion(void **state)
{
    (void)state;
    enum { DEEP = 200000 };
    uint8_t *bytes = malloc(DEEP + 6);
    bool done = true;
    memcpy(bytes, "\x91\x92\x80\x81\xa1x", 6);
    memset(bytes + 6, 0x91, DEEP);
    assert_int_equal(taken(bus_bytes(bytes, DEEP + 6), 1, 1, &done), 0);
    assert_false(done);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_batches_come_out_as_they_went_in),
        cmocka_unit_test(the_numbers_must_be_as_many_as_the_events),
        cmocka_unit_test(a_cut_batch_gives_what_is_whole),
        cmocka_unit_test(what_is_no_batch_is_refused),
        cmocka_unit_test(nesting_is_walked_without_recursion),
    };
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
