/* What overtakes what, when several things happened to one person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../../services/notifications/merging.h"

#define ONE   ((struct bus_id){{1}})
#define OTHER ((struct bus_id){{2}})

static void judge(struct waiting *messages, size_t n)
{
    merging_judge(messages, n, 1000);
}

static void test_different_things_go_together(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "meeting-planned", .about = ONE},
                            {.template = "meeting-cancelled", .about = OTHER},
                            {.template = "enrolled", .about = (struct bus_id){{3}}}};
    judge(all, 3);
    for (int i = 0; i < 3; i++) {
        assert_false(all[i].overtaken);
        assert_string_equal(all[i].as, all[i].template);
    }
}

static void test_planned_and_cancelled_unheard_of_is_nothing(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "meeting-planned", .about = ONE},
                            {.template = "meeting-cancelled", .about = ONE}};
    judge(all, 2);
    assert_true(all[0].overtaken && all[1].overtaken);
}

static void test_cancelled_after_it_may_have_been_heard_is_told(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "meeting-planned", .about = ONE, .tried = true},
                            {.template = "meeting-cancelled", .about = ONE}};
    judge(all, 2);
    assert_true(all[0].overtaken);
    assert_false(all[1].overtaken);
    struct waiting moved[] = {{.template = "meeting-moved", .about = ONE},
                              {.template = "meeting-cancelled", .about = ONE}};
    judge(moved, 2);
    assert_true(moved[0].overtaken);
    assert_false(moved[1].overtaken);
}

static void test_a_moved_talk_unheard_of_is_a_planned_one(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "meeting-planned", .about = ONE},
                            {.template = "meeting-moved", .about = ONE},
                            {.template = "meeting-moved", .about = ONE},
                            {.template = "meeting-cancelled", .about = OTHER}};
    judge(all, 4);
    assert_true(all[0].overtaken && all[1].overtaken);
    assert_false(all[2].overtaken);
    assert_string_equal(all[2].as, "meeting-planned");
    all[3].about = ONE;
    judge(all, 4);
    assert_true(all[2].overtaken && all[3].overtaken);
}

static void test_a_reminder_beside_the_news_is_too_much(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "meeting-planned", .about = ONE},
                            {.template = "meeting-reminder", .about = ONE}};
    judge(all, 2);
    assert_false(all[0].overtaken);
    assert_true(all[1].overtaken);
    struct waiting off[] = {{.template = "session-reminder", .about = ONE},
                            {.template = "session-cancelled", .about = ONE}};
    judge(off, 2);
    assert_true(off[0].overtaken);
    assert_false(off[1].overtaken);
}

static void test_the_last_word_on_a_place_counts(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "waitlisted", .about = ONE}, {.template = "promoted", .about = ONE}};
    judge(all, 2);
    assert_true(all[0].overtaken);
    assert_false(all[1].overtaken);
}

static void test_what_is_over_is_not_told(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "meeting-reminder", .about = ONE, .at_us = 1000},
                            {.template = "meeting-reminder", .about = OTHER, .at_us = 1001}};
    judge(all, 2);
    assert_true(all[0].overtaken);
    assert_false(all[1].overtaken);
}

static void test_an_end_undoes_the_whole_story_and_nothing_of_another(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "match-accepted", .about = ONE},
                            {.template = "meeting-planned", .about = ONE},
                            {.template = "meeting-planned", .about = OTHER},
                            {.template = "duo-started", .about = ONE},
                            {.template = "duo-stopped", .about = ONE}};
    judge(all, 5);
    assert_true(all[0].overtaken && all[1].overtaken && all[3].overtaken);
    assert_false(all[2].overtaken || all[4].overtaken);
}

static void test_a_plan_that_was_undone_unheard_is_not_called_off(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "meeting-planned", .about = ONE},
                            {.template = "duo-started", .about = ONE},
                            {.template = "meeting-cancelled", .about = ONE}};
    judge(all, 3);
    assert_true(all[0].overtaken && all[2].overtaken);
    assert_false(all[1].overtaken);
}

static void test_of_two_plans_the_heard_one_is_called_off(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "meeting-cancelled", .about = ONE},
                            {.template = "meeting-planned", .about = ONE},
                            {.template = "meeting-cancelled", .about = ONE}};
    judge(all, 3);
    assert_false(all[0].overtaken);
    assert_true(all[1].overtaken && all[2].overtaken);
}

static void test_what_is_sent_again_is_older_than_what_waits(void **state)
{
    (void)state;
    struct waiting all[] = {{.template = "duo-stopped", .about = ONE},
                            {.template = "meeting-planned", .about = ONE, .again = true},
                            {.template = "meeting-planned", .about = OTHER, .again = true}};
    judge(all, 3);
    assert_true(all[1].overtaken);
    assert_false(all[0].overtaken || all[2].overtaken);
}

static void test_what_has_no_text_undoes_too(void **state)
{
    (void)state;
    assert_true(merging_undoes("meeting-held", "match-accepted"));
    assert_true(merging_undoes("meeting-missed", "meeting-planned"));
    assert_false(merging_undoes("meeting-missed", "match-accepted"));
    assert_false(merging_undoes("duo-resumed", "duo-started"));
    assert_false(merging_undoes("no-such-fact", "match-accepted"));
}

static void test_a_search_that_ended_is_not_told(void **state)
{
    (void)state;
    static const char *const searches[][2] = {{"duo-stopped-waiting", "duo-stopped"},
                                              {"match-declined", "match-ended"}};
    for (int i = 0; i < 2; i++) {
        assert_string_equal(merging_left_of(searches[i][0]), searches[i][1]);
        struct waiting all[] = {{.template = searches[i][0], .about = ONE},
                                {.template = searches[i][0], .about = OTHER},
                                {.template = searches[i][1], .about = ONE},
                                {.template = searches[i][1], .about = ONE}};
        judge(all, 4);
        assert_true(all[0].overtaken && all[3].overtaken);
        assert_false(all[1].overtaken || all[2].overtaken);
    }
    assert_null(merging_left_of("duo-stopped"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_different_things_go_together),
        cmocka_unit_test(test_planned_and_cancelled_unheard_of_is_nothing),
        cmocka_unit_test(test_cancelled_after_it_may_have_been_heard_is_told),
        cmocka_unit_test(test_a_moved_talk_unheard_of_is_a_planned_one),
        cmocka_unit_test(test_a_reminder_beside_the_news_is_too_much),
        cmocka_unit_test(test_the_last_word_on_a_place_counts),
        cmocka_unit_test(test_what_is_over_is_not_told),
        cmocka_unit_test(test_an_end_undoes_the_whole_story_and_nothing_of_another),
        cmocka_unit_test(test_a_plan_that_was_undone_unheard_is_not_called_off),
        cmocka_unit_test(test_of_two_plans_the_heard_one_is_called_off),
        cmocka_unit_test(test_what_is_sent_again_is_older_than_what_waits),
        cmocka_unit_test(test_what_has_no_text_undoes_too),
        cmocka_unit_test(test_a_search_that_ended_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
