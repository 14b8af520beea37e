/* Which topics somebody listens to, from what an XPUB tells, rogue messages included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "net/topics.h"

static bool note(struct net_topics *topics, const char *message, size_t size)
{
    return net_topics_note(topics, bus_bytes(message, size));
}

static void a_topic_matches_what_begins_with_it(void **state)
{
    (void)state;
    struct net_topics topics = {0};
    assert_false(net_topics_match(&topics, "alpha/x/"));
    assert_true(note(&topics, "\1alpha/x", 8));
    assert_true(note(&topics, "\1alpha/x", 8)); /* of a second subscriber */
    assert_int_equal(topics.n, 1);
    assert_true(net_topics_match(&topics, "alpha/x/"));
    assert_true(net_topics_match(&topics, "alpha/xyz/"));
    assert_true(net_topics_match(&topics, "alpha/x"));
    assert_false(net_topics_match(&topics, "alpha/"));
    assert_false(net_topics_match(&topics, "alpha/y/"));
    assert_true(note(&topics, "\1", 1)); /* everything */
    assert_true(net_topics_match(&topics, "beta/"));
    net_topics_done(&topics);
}

static void nobody_can_take_back_what_others_asked_for(void **state)
{
    (void)state;
    struct net_topics topics = {0};
    assert_true(note(&topics, "\1alpha/", 7));
    assert_false(note(&topics, "\0alpha/", 7));
    assert_true(net_topics_match(&topics, "alpha/x/"));
    net_topics_done(&topics);
}

static void noise_is_no_subscription(void **state)
{
    (void)state;
    struct net_topics topics = {0};
    assert_false(note(&topics, NULL, 0));
    assert_false(note(&topics, "\2alpha/", 7));
    assert_false(net_topics_match(&topics, "alpha/x/"));
    assert_int_equal(topics.n, 0);
}

static void more_topics_than_are_kept_mean_all(void **state)
{
    (void)state;
    struct net_topics topics = {0};
    char text[16];
    for (int i = 0; i <= NET_TOPICS_MAX; i++) {
        assert_false(net_topics_match(&topics, "beta/"));
        assert_true(note(&topics, text, (size_t)snprintf(text, sizeof text, "\1t%d", i)));
    }
    assert_int_equal(topics.n, NET_TOPICS_MAX);
    assert_true(net_topics_match(&topics, "beta/"));
    net_topics_done(&topics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_topic_matches_what_begins_with_it),
        cmocka_unit_test(nobody_can_take_back_what_others_asked_for),
        cmocka_unit_test(noise_is_no_subscription),
        cmocka_unit_test(more_topics_than_are_kept_mean_all),
    };
    return cmocka_run_group_tests_name("topics", tests, NULL, NULL);
}
