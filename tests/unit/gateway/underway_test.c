/* Which events are on their way: all of a batch or none, against a plain list, while the table grows. */
#include "support.h"

#include <stdlib.h>

#include "../../../services/gateway/underway.h"

#define BATCHES 400
#define EACH    16

static void a_batch_enters_whole_or_not_at_all(void **state)
{
    (void)state;
    AUTO(underway_free) struct underway *self = underway_new();
    assert_true(underway_enter(self, (const uint64_t[]){1, 1025, 2049}, 3)); /* one run of the table */
    assert_false(underway_enter(self, (const uint64_t[]){7, 1025}, 2));
    assert_true(underway_enter(self, (const uint64_t[]){7}, 1));
    underway_leave(self, (const uint64_t[]){1}, 1);
    assert_false(underway_enter(self, (const uint64_t[]){2049}, 1));
    underway_leave(self, (const uint64_t[]){1025, 2049}, 2);
    assert_true(underway_enter(self, (const uint64_t[]){1, 1025, 2049}, 3));
}

/* Batch i has the numbers i*EACH+1 to (i+1)*EACH spread over the table, so that runs form. */
static void fill(uint64_t *numbers, size_t batch)
{
    for (size_t i = 0; i < EACH; i++)
        numbers[i] = (batch * EACH + i) * UINT64_C(0x9E3779B97F4A7C15) % 5000 + 1 + (batch * EACH + i) * 8192;
}

static void it_agrees_with_a_list(void **state)
{
    (void)state;
    AUTO(underway_free) struct underway *self = underway_new();
    static bool in[BATCHES];
    uint64_t numbers[EACH];
    srandom(7);
    for (int step = 0; step < 20000; step++) {
        size_t batch = (size_t)random() % BATCHES;
        fill(numbers, batch);
        if (in[batch] && random() % 2) {
            underway_leave(self, numbers, EACH);
            in[batch] = false;
        } else {
            assert_int_equal(underway_enter(self, numbers, EACH), !in[batch]);
            in[batch] = true;
        }
    }
}

static void numbers_tell_events_apart(void **state)
{
    (void)state;
    AUTO(underway_free) struct underway *self = underway_new();
    uint64_t one = underway_number(self, "a", "bc");
    assert_true(one != 0 && one == underway_number(self, "a", "bc"));
    assert_true(one != underway_number(self, "ab", "c"));
    assert_true(one != underway_number(self, "bc", "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_enters_whole_or_not_at_all),
        cmocka_unit_test(it_agrees_with_a_list),
        cmocka_unit_test(numbers_tell_events_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
