/* Who reads for whom, as far as it is kept in memory: a change of one row is the change of one place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../services/notifications/state.h"
#include "bus/status.h"

static struct bus_id id(uint8_t n)
{
    return (struct bus_id){.bytes = {n}};
}

static void test_one_change_forgets_one_person(void **context)
{
    (void)context;
    AUTO(state_free) struct state *state = state_new();
    state_reader_keep(state, &(struct reader){.asked_id = id(1), .person_id = id(1), .may_be_told = true});
    state_reader_keep(state, &(struct reader){.asked_id = id(2), .person_id = id(2), .may_be_told = true});
    assert_non_null(state_reader(state, id(1)));
    state_reader_forget(state, id(1));
    state_reader_forget(state, id(3));
    assert_null(state_reader(state, id(1)));
    assert_true(state_reader(state, id(2))->may_be_told);
}

static void test_who_was_merged_is_not_kept(void **context)
{
    (void)context;
    AUTO(state_free) struct state *state = state_new();
    state_reader_keep(state, &(struct reader){.asked_id = id(1), .person_id = id(2), .may_be_told = true});
    assert_null(state_reader(state, id(1)));
    assert_null(state_reader(state, id(2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_change_forgets_one_person),
        cmocka_unit_test(test_who_was_merged_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
