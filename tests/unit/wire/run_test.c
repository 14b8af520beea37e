/* A run of events as it comes from outside: whole ones come out as they went in, broken ones no further than
 * they are whole, and never beyond their bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bus/arena.h"
#include "bus/pack.h"
#include "bus/status.h"
#include "wire/run.h"

static void pack(struct bus_buffer *out, int n)
{
    for (int i = 0; i < n; i++)
        wire_run_pack(out, bus_bytes("\x81\xa1h\x01", 4), bus_bytes("\x80", 1));
}

/* How many events come out; `ret_done`: whether that was all of it. The bytes stand in memory of their own,
 * so that a step beyond them is seen by the sanitizers. */
static int taken(struct bus_bytes bytes, int64_t from, int64_t to, bool *ret_done)
{
    uint8_t *copy = malloc(bytes.size ? bytes.size : 1);
    struct wire_run run;
    struct bus_bytes header, data;
    int n = -1;
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    if (wire_run_open(bus_bytes(copy, bytes.size), from, to, &run)) {
        for (n = 0; wire_run_next(&run, &header, &data); n++) {
            assert_int_equal(run.seq, from + n);
            assert_true(header.data >= copy && data.data + data.size <= copy + bytes.size);
        }
        *ret_done = wire_run_done(&run);
    }
    free(copy);
    return n;
}

static void whole_runs_come_out_as_they_went_in(void **state)
{
    (void)state;
    for (int n = 0; n <= 40; n++) {
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
    static const struct {
        int64_t from, to;
        int n; /* -1: no numbers of events */
    } wrong[] = {{1, 2, 2},         {1, 4, 3},          {0, 2, -1},
                 {0, 0, 0},         {-2, 0, -1},        {3, 1, -1},
                 {1, INT64_MAX, 3}, {INT64_MIN, 1, -1}, {INT64_MAX, INT64_MAX, 1}};
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack(&out, 3);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bool done = false;
        assert_int_equal(taken(bus_buffer_bytes(&out), wrong[i].from, wrong[i].to, &done), wrong[i].n);
        assert_false(done);
    }
}

static void a_cut_run_gives_what_is_whole(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack(&out, 3); /* 6 bytes each */
    for (size_t size = 0; size < out.size; size++) {
        bool done = true;
        assert_int_equal(taken(bus_bytes(out.data, size), 1, 3, &done), (int)size / 6);
        assert_false(done);
    }
}

static void a_run_is_entered_in_its_middle(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack(&out, 5);
    for (int64_t seq = 0; seq <= 12; seq++) {
        struct wire_run run;
        struct bus_bytes header, data;
        assert_true(wire_run_open(bus_buffer_bytes(&out), 7, 11, &run));
        assert_int_equal(wire_run_skip(&run, seq), seq <= 11);
        int64_t next = seq < 6 ? 7 : seq + 1;
        assert_int_equal(wire_run_next(&run, &header, &data), next <= 11);
        if (next <= 11) {
            assert_int_equal(run.seq, next);
            assert_ptr_equal(header.data, out.data + (next - 7) * 6 + 1);
        }
    }
}

static void what_is_no_run_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        int n;
    } wrong[] = {
        {"", 0, 0},                                       /* nothing */
        {"\x80", 1, 0},                                   /* a map */
        {"\xdd\x10\x00\x00\x00", 5, 0},                   /* a pair that claims 268 million values */
        {"\x92\xdf\xff\xff\xff\xff\x80", 7, 0},           /* a header that claims 4 billion keys */
        {"\x92\x80\x81\xa1x\xdb\xff\xff\xff\xff", 10, 0}, /* a text that claims 4 GB */
        {"\x93\x80\x80\x80", 4, 0},                       /* three of them */
        {"\x91\x80", 2, 0},                               /* one */
        {"\x92\x80\x01", 3, 0},                           /* data that is no map */
        {"\x92\xa1x\x80", 4, 0},                          /* a header that is none */
        {"\x92\x80\x80\x80", 4, 1},                       /* something after the end */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bool done = false;
        assert_int_equal(taken(bus_bytes(wrong[i].bytes, wrong[i].size), 1, 1, &done), wrong[i].n);
        assert_false(done);
    }
}

static void both_sides_name_an_event_alike(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        size_t size;
        const char *id;
    } cases[] = {{"\x81\xa2id\xa3one", 8, "one"},      {"\x82\xa1x\xc0\xa2id\xa1\x37", 9, "7"},
                 {"\x81\xa2id\x07", 5, "till#12"},     {"\x80", 1, "till#12"},
                 {"\x81\xa2id\xa1\xff", 6, "till#12"}, {"\x81\xa2id\xdb\xff\xff\xff\xff", 9, "till#12"}};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(wire_run_event_id(bus_bytes(cases[i].header, cases[i].size), "till", 12, arena),
                            cases[i].id);
}

static void nesting_is_walked_without_recursion(void **state)
{
    (void)state;
    enum { DEEP = 200000 };
    uint8_t *bytes = malloc(DEEP + 5);
    bool done = true;
    memcpy(bytes, "\x92\x80\x81\xa1x", 5);
    memset(bytes + 5, 0x91, DEEP);
    assert_int_equal(taken(bus_bytes(bytes, DEEP + 5), 1, 1, &done), 0);
    assert_false(done);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_runs_come_out_as_they_went_in),
        cmocka_unit_test(the_numbers_must_be_as_many_as_the_events),
        cmocka_unit_test(a_cut_run_gives_what_is_whole),
        cmocka_unit_test(a_run_is_entered_in_its_middle),
        cmocka_unit_test(what_is_no_run_is_refused),
        cmocka_unit_test(both_sides_name_an_event_alike),
        cmocka_unit_test(nesting_is_walked_without_recursion),
    };
    return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
