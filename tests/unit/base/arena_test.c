/* The arena: zeroed, aligned, never overlapping, and reusing its memory after a reset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/arena.h"
#include "bus/status.h"

static void zeroed_aligned_apart(struct bus_arena *arena)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 5000, 8192, 8193, 16384, 70000, 3000000};
    enum { N = 2000 };
    uint8_t *items[N];
    size_t lengths[N], total = 0;
    for (int round = 0; round < 3; round++) {
        total = 0;
        for (int i = 0; i < N; i++) {
            lengths[i] = sizes[(size_t)i * 7 % (i % 500 == 11 ? 12 : 7)];
            items[i] = bus_alloc(arena, lengths[i]);
            total += lengths[i];
            assert_non_null(items[i]);
            assert_int_equal((uintptr_t)items[i] % 16, 0);
            for (size_t b = 0; b < lengths[i]; b += b < 64 ? 1 : 61)
                assert_int_equal(items[i][b], 0);
            memset(items[i], i & 0xff, lengths[i]);
        }
        for (int i = 0; i < N; i++)
            for (size_t b = 0; b < lengths[i]; b += b < 64 ? 1 : 61)
                assert_int_equal(items[i][b], i & 0xff);
        assert_true(bus_arena_bytes(arena) >= total);
        bus_arena_reset(arena);
        assert_int_equal(bus_arena_bytes(arena), 0);
    }
}

static void test_zeroed_aligned_apart(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_arena_free) struct bus_arena *small = bus_arena_new_small();
    zeroed_aligned_apart(arena);
    zeroed_aligned_apart(small);
}

/* What comes in from outside is kept in one each. */
static void test_thousands_of_small_ones(void **state)
{
    (void)state;
    enum { N = 10000, BYTES = 1500 };
    static struct bus_arena *arenas[N];
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < N; i++)
        bus_copy(arenas[i] = bus_arena_new_small(), (char[BYTES]){0}, BYTES);
    assert_in_range(mallinfo2().uordblks - before, 0, N * 2 * BYTES);
    for (int i = 0; i < N; i++)
        bus_arena_free(&arenas[i]);
}

static void test_reset_reuses(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    void *first = bus_alloc(arena, 100);
    memset(first, 0xff, 100);
    bus_arena_reset(arena);
    uint8_t *again = bus_alloc(arena, 100);
    assert_ptr_equal(first, again);
    assert_int_equal(again[99], 0);
}

static void test_texts(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    assert_null(bus_strdup(arena, NULL));
    assert_null(bus_strndup(arena, NULL, 3));
    assert_string_equal(bus_strdup(arena, "duo"), "duo");
    assert_string_equal(bus_strndup(arena, "duo-stopped", 3), "duo");
    assert_string_equal(bus_strndup(arena, "duo", 30), "duo");
    assert_string_equal(bus_printf(arena, "%s %d", "seq", 12), "seq 12");
    char longer[9000];
    memset(longer, 'y', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_string_equal(bus_printf(arena, "%s", longer), longer);
    assert_memory_equal(bus_copy(arena, "\0\1\2", 3), "\0\1\2", 3);
    assert_non_null(bus_copy(arena, NULL, 0));
}

/* Of every length that may find too little room in the block that is being filled. */
static void test_texts_over_the_end_of_a_block(void **state)
{
    (void)state;
    enum { LENGTHS = 120, TURNS = 8 };
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    char *texts[TURNS * LENGTHS];
    for (int i = 0; i < TURNS * LENGTHS; i++)
        texts[i] = bus_printf(arena, "%d:%0*d", i, i % LENGTHS + 1, i);
    for (int i = 0; i < TURNS * LENGTHS; i++) {
        char expected[LENGTHS + 32];
        snprintf(expected, sizeof expected, "%d:%0*d", i, i % LENGTHS + 1, i);
        assert_string_equal(texts[i], expected);
    }
}

static void test_free_twice(void **state)
{
    (void)state;
    struct bus_arena *arena = bus_arena_new();
    bus_arena_free(&arena);
    assert_null(arena);
    bus_arena_free(&arena);
    bus_arena_free(NULL);
}

static void test_overflow_dies(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++) {
        pid_t child = fork();
        if (child == 0) {
            close(STDERR_FILENO);
            struct bus_arena *arena = bus_arena_new();
            if (way)
                bus_alloc_array(arena, SIZE_MAX / 2, 3);
            else
                bus_alloc(arena, SIZE_MAX - 3);
            _exit(0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
}

static void test_array(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    int64_t *items = bus_alloc_array(arena, 50, sizeof(*items));
    for (int i = 0; i < 50; i++)
        assert_int_equal(items[i], 0);
    assert_non_null(bus_alloc_array(arena, 0, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_aligned_apart),
        cmocka_unit_test(test_thousands_of_small_ones),
        cmocka_unit_test(test_reset_reuses),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_texts_over_the_end_of_a_block),
        cmocka_unit_test(test_free_twice),
        cmocka_unit_test(test_overflow_dies),
        cmocka_unit_test(test_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
