/* The picture of dead letters in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/dead_index.h"

static void a_subject_is_held_until_its_last_letter_goes(void **state)
{
    (void)state;
    struct dead_index *index = dead_index_new();
    assert_false(dead_index_blocks(index, "s", "x"));
    dead_index_put(index, "s", 1, "e1", "x");
    dead_index_put(index, "s", 2, "e2", "x");
    dead_index_put(index, "s", 3, "e3", NULL);
    assert_int_equal(dead_index_count(index), 3);
    assert_true(dead_index_holds(index, "s", 3, "e3"));
    assert_false(dead_index_holds(index, "s", 3, "e2"));
    assert_false(dead_index_holds(index, "t", 3, "e3"));
    assert_true(dead_index_blocks(index, "s", "x"));
    assert_false(dead_index_blocks(index, "t", "x"));
    assert_false(dead_index_blocks(index, "s", NULL));
    dead_index_remove(index, "s", 1, "e1");
    dead_index_remove(index, "s", 1, "e1");
    dead_index_remove(index, "s", 2, "another id");
    assert_true(dead_index_blocks(index, "s", "x"));
    dead_index_remove(index, "s", 2, "e2");
    assert_false(dead_index_blocks(index, "s", "x"));
    assert_false(dead_index_holds(index, "s", 2, "e2"));
    assert_int_equal(dead_index_count(index), 1);
    dead_index_free(&index);
    assert_null(index);
    dead_index_free(&index);
}

static void putting_again_moves_the_letter(void **state)
{
    (void)state;
    struct dead_index *index = dead_index_new();
    dead_index_put(index, "s", 1, "e1", "x");
    dead_index_put(index, "s", 1, "e1", "x");
    assert_true(dead_index_blocks(index, "s", "x"));
    dead_index_put(index, "s", 1, "e1", "y");
    assert_false(dead_index_blocks(index, "s", "x"));
    assert_true(dead_index_blocks(index, "s", "y"));
    dead_index_put(index, "s", 1, "e1", NULL);
    assert_false(dead_index_blocks(index, "s", "y"));
    assert_int_equal(dead_index_count(index), 1);
    dead_index_clear(index);
    assert_int_equal(dead_index_count(index), 0);
    dead_index_free(&index);
}

/* Against a table of counts, through many steps. */
static void agrees_with_plain_counting(void **state)
{
    (void)state;
    enum { LETTERS = 200, SUBJECTS = 7 };
    int held[LETTERS] = {0}; /* 0: not there; else the subject and one */
    size_t counts[SUBJECTS] = {0}, letters = 0;
    uint32_t random = 12345;
    struct dead_index *index = dead_index_new();
    for (int step = 0; step < 20000; step++) {
        random = random * 1664525 + 1013904223;
        int letter = (int)(random >> 8) % LETTERS, subject = (int)(random >> 20) % SUBJECTS;
        char id[16], name[16];
        snprintf(id, sizeof(id), "e%d", letter);
        snprintf(name, sizeof(name), "x%d", subject);
        if (held[letter])
            counts[held[letter] - 1]--, letters--;
        held[letter] = 0;
        if (random & 16) {
            dead_index_remove(index, "s", letter, id);
        } else {
            dead_index_put(index, "s", letter, id, name);
            held[letter] = subject + 1;
            counts[subject]++, letters++;
        }
        assert_int_equal(dead_index_blocks(index, "s", name), counts[subject] > 0);
        assert_int_equal(dead_index_count(index), letters);
    }
    dead_index_free(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subject_is_held_until_its_last_letter_goes),
        cmocka_unit_test(putting_again_moves_the_letter),
        cmocka_unit_test(agrees_with_plain_counting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
