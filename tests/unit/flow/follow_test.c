/* The reader's state machine, one thing at a time: refusals, other writers, silence, and what it may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/follow.h"

static struct bus_bytes bytes_of(const int64_t *seq)
{
    return bus_bytes(seq, sizeof *seq);
}

static void read_from(struct follow *follow, int64_t seq, int64_t head)
{
    follow_init(follow, 1, seq, seq ? "last" : "", 1, 7);
    assert_int_equal(follow_act(follow, 1).kind, FOLLOW_SEND_HELLO);
    assert_int_equal(follow_act(follow, 1).kind, FOLLOW_NOTHING);
    follow_welcome(follow, 1, seq, 1, 1, head);
}

static void refusals_are_states_and_are_asked_again(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum follow_state state;
    } codes[] = {{"DIVERGED", FOLLOW_DIVERGED},
                 {"TRIMMED", FOLLOW_TRIMMED},
                 {"DENIED", FOLLOW_DENIED},
                 {"BUSY", FOLLOW_GREETING}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct follow follow;
        follow_init(&follow, 1, 5, "last", 1, 7);
        assert_int_equal(follow_act(&follow, 1).kind, FOLLOW_SEND_HELLO);
        follow_refused(&follow, 1, -1, -1, codes[i].code, 1000000);
        assert_int_equal(follow.state, codes[i].state);
        assert_int_equal(follow_act(&follow, 400000).kind, FOLLOW_NOTHING);
        assert_int_equal(follow_act(&follow, 1600000).kind, FOLLOW_SEND_HELLO);
        follow_welcome(&follow, 1600000, 5, 1, 1, 5);
        assert_int_equal(follow.state, FOLLOW_READING);
        follow_done(&follow);
    }
}

/* The four ways in which another writer may be heard; from none of them is anything taken. */
static void hear(struct follow *follow, int way, int64_t writer)
{
    int64_t seq = 11;
    if (way == 0)
        follow_live(follow, 3, writer, seq, bytes_of(&seq), bytes_of(&seq));
    else if (way == 1)
        follow_head(follow, 3, writer, 12);
    else if (way == 2)
        follow_batch_event(follow, follow->req, writer, ++seq, bytes_of(&seq), bytes_of(&seq));
    assert_null(follow_peek(follow, 1));
    if (way >= 2)
        follow_batch_end(follow, 3, follow->req, writer, 12);
}

static void another_writer_is_greeted_before_anything_is_taken(void **state)
{
    (void)state;
    for (int way = 0; way < 4; way++) {
        struct follow follow;
        read_from(&follow, 10, 13);
        assert_int_equal(follow_act(&follow, 2).kind, FOLLOW_SEND_FETCH);
        int64_t seq = 11; /* held already, and no longer wanted */
        follow_live(&follow, 2, 1, seq, bytes_of(&seq), bytes_of(&seq));
        assert_non_null(follow_peek(&follow, 0));
        hear(&follow, way, 2);
        assert_null(follow_peek(&follow, 0));
        assert_int_equal(follow.bytes, 0);
        assert_int_equal(follow_act(&follow, 3).kind, FOLLOW_SEND_HELLO);
        hear(&follow, way, 2); /* it goes on speaking before it has answered */
        hear(&follow, way, 1); /* and so does what the other one had sent */
        assert_null(follow_peek(&follow, 0));
        assert_int_equal(follow_act(&follow, 3).kind, FOLLOW_NOTHING);
        follow_welcome(&follow, 4, 10, 1, 2, 12);
        assert_int_equal(follow_act(&follow, 4).kind, FOLLOW_SEND_FETCH);
        follow_done(&follow);
    }
}

/* A welcome to where we were says nothing about where we are. */
static void a_welcome_to_an_earlier_hello_is_not_taken(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 10, 10);
    follow_head(&follow, 2, 2, 11);
    assert_int_equal(follow_act(&follow, 2).kind, FOLLOW_SEND_HELLO);
    follow_welcome(&follow, 3, 9, 1, 2, 11);
    assert_int_equal(follow.state, FOLLOW_GREETING);
    follow_welcome(&follow, 3, 10, 1, 2, 11);
    assert_int_equal(follow.state, FOLLOW_READING);
    assert_int_equal(follow.writer, 2);
    follow_done(&follow);
}

/* What was held when the source refused us must not move the position that the next HELLO names. */
static void a_refusal_takes_what_was_held(void **state)
{
    (void)state;
    static const char *const codes[] = {"DIVERGED", "TRIMMED", "DENIED", "INVALID"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct follow follow;
        int64_t seq = 11;
        read_from(&follow, 10, 12);
        follow_live(&follow, 2, 1, seq, bytes_of(&seq), bytes_of(&seq));
        assert_non_null(follow_peek(&follow, 0));
        follow_refused(&follow, 2, -1, -1, codes[i], 0);
        assert_null(follow_peek(&follow, 0));
        follow_done(&follow);
    }
}

/* A network may bring a question twice; the second answer is of where we were then. */
static void a_refusal_of_an_earlier_question_is_not_taken(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 0, 12);
    int64_t req = follow_act(&follow, 1).req;
    follow_refused(&follow, 2, -1, 0, "TRIMMED", 0);
    follow_refused(&follow, 2, req - 1, -1, "TRIMMED", 0);
    assert_int_equal(follow.state, FOLLOW_READING);
    follow_batch_end(&follow, 2, req, 1, 12);
    follow_refused(&follow, 2, req, -1, "TRIMMED", 0);
    assert_int_equal(follow.state, FOLLOW_READING);
    req = follow_act(&follow, 200000).req;
    follow_refused(&follow, 200000, req, -1, "TRIMMED", 0);
    assert_int_equal(follow.state, FOLLOW_TRIMMED);
    assert_int_equal(follow_act(&follow, 900000).kind, FOLLOW_SEND_HELLO);
    follow_refused(&follow, 900000, req, -1, "DENIED", 0);
    follow_refused(&follow, 900000, -1, 1, "DENIED", 0);
    assert_int_equal(follow.state, FOLLOW_TRIMMED);
    follow_refused(&follow, 900000, -1, 0, "DIVERGED", 0);
    assert_int_equal(follow.state, FOLLOW_DIVERGED);
    follow_done(&follow);
}

/* An event that came live may be told to be read, and trimmed, before the answer to a FETCH for it. */
static void a_refusal_of_what_came_live_is_not_taken(void **state)
{
    (void)state;
    struct follow follow;
    int64_t seq = 1;
    read_from(&follow, 0, 1);
    int64_t req = follow_act(&follow, 1).req;
    follow_live(&follow, 2, 1, seq, bytes_of(&seq), bytes_of(&seq));
    follow_refused(&follow, 3, req, -1, "TRIMMED", 5000000);
    assert_int_equal(follow.state, FOLLOW_READING);
    assert_non_null(follow_peek(&follow, 0));
    follow_head(&follow, 4, 1, 2);
    assert_int_equal(follow_act(&follow, 4).kind, FOLLOW_SEND_FETCH);
    follow_refused(&follow, 5, req + 1, -1, "TRIMMED", 0);
    assert_int_equal(follow.state, FOLLOW_TRIMMED);
    follow_done(&follow);
}

/* Whoever shuts us out is silent too: only a welcome ends it, and we keep trying. */
static void a_denial_lasts_until_the_welcome(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 0, 0);
    follow_refused(&follow, 2, -1, -1, "DENIED", 0);
    int64_t later = 2 + FOLLOW_SILENCE_US;
    assert_int_equal(follow_act(&follow, later).kind, FOLLOW_RECONNECT);
    assert_int_equal(follow.state, FOLLOW_DENIED);
    assert_int_equal(follow_act(&follow, later).kind, FOLLOW_SEND_HELLO);
    follow_welcome(&follow, later + 1, 0, 1, 1, 0);
    assert_int_equal(follow.state, FOLLOW_READING);
    follow_done(&follow);
}

static void a_source_that_lost_events_is_greeted(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 10, 10);
    follow_head(&follow, 2, 1, 9);
    assert_int_equal(follow.state, FOLLOW_GREETING);
    follow_done(&follow);
}

static void silence_reconnects(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 0, 0);
    assert_int_equal(follow_act(&follow, FOLLOW_SILENCE_US).kind, FOLLOW_NOTHING);
    assert_int_equal(follow_act(&follow, 1 + FOLLOW_SILENCE_US).kind, FOLLOW_RECONNECT);
    assert_int_equal(follow_act(&follow, 1 + FOLLOW_SILENCE_US).kind, FOLLOW_SEND_HELLO);
    follow_done(&follow);
}

/* Until `until` it is heard of, but not answered. */
static void beats(struct follow *follow, int64_t from, int64_t until, int64_t writer, int64_t head)
{
    for (int64_t now = from; now < until; now += FOLLOW_GREET_US / 2) {
        follow_head(follow, now, writer, head);
        assert_int_equal(follow_act(follow, now).kind, FOLLOW_NOTHING);
    }
    follow_head(follow, until - 1, writer, head);
    assert_int_equal(follow_act(follow, until - 1).kind, FOLLOW_NOTHING);
    assert_int_equal(follow_due_us(follow), until);
}

/* It may lie with one whose place a standby has taken: it is tried again soon, and then less often. */
static void a_greeting_is_given_up_soon(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 0, 0);
    int64_t now = 2;
    follow_head(&follow, now, 2, 0);
    for (int64_t wait = FOLLOW_GREET_US; wait < 4 * FOLLOW_ANSWER_US; wait *= 2) {
        int64_t patience = wait < FOLLOW_ANSWER_US ? wait : FOLLOW_ANSWER_US;
        assert_int_equal(follow_act(&follow, now).kind, FOLLOW_SEND_HELLO);
        beats(&follow, now, now + patience, 2, 0);
        now += patience;
        assert_int_equal(follow_act(&follow, now).kind, FOLLOW_RECONNECT);
    }
    assert_int_equal(follow_act(&follow, now).kind, FOLLOW_SEND_HELLO);
    follow_welcome(&follow, now, 0, 1, 2, 0);
    follow_head(&follow, now, 3, 0);
    assert_int_equal(follow_act(&follow, now).kind, FOLLOW_SEND_HELLO);
    beats(&follow, now, now + FOLLOW_GREET_US, 3, 0);
    follow_done(&follow);
}

static void what_was_not_sent_is_said_again(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 0, 3);
    assert_int_equal(follow_act(&follow, 2).kind, FOLLOW_SEND_FETCH);
    follow_unsent(&follow, 2);
    assert_int_equal(follow_act(&follow, 2).kind, FOLLOW_NOTHING);
    assert_int_equal(follow_due_us(&follow), 2 + FOLLOW_PAUSE_US);
    assert_int_equal(follow_act(&follow, 2 + FOLLOW_PAUSE_US).kind, FOLLOW_SEND_FETCH);
    follow_done(&follow);
}

/* A batch takes as long as it takes to read and send it. */
static void events_are_waited_for_longer(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 0, 3);
    assert_int_equal(follow_act(&follow, 2).kind, FOLLOW_SEND_FETCH);
    beats(&follow, 2, 2 + FOLLOW_ANSWER_US, 1, 3);
    assert_int_equal(follow_act(&follow, 2 + FOLLOW_ANSWER_US).kind, FOLLOW_RECONNECT);
    follow_done(&follow);
}

static void an_old_answer_is_not_taken(void **state)
{
    (void)state;
    struct follow follow;
    int64_t seq = 1;
    read_from(&follow, 0, 3);
    struct follow_action first = follow_act(&follow, 2);
    assert_int_equal(first.kind, FOLLOW_SEND_FETCH);
    follow_batch_event(&follow, first.req - 1, 1, seq, bytes_of(&seq), bytes_of(&seq));
    assert_null(follow_peek(&follow, 0));
    follow_batch_event(&follow, first.req, 1, seq, bytes_of(&seq), bytes_of(&seq));
    assert_non_null(follow_peek(&follow, 0));
    follow_done(&follow);
}

/* A source that was put back, and does not know it yet, still tells of events that are gone from its log. */
static void an_answer_without_events_is_followed_by_a_pause(void **state)
{
    (void)state;
    struct follow follow;
    read_from(&follow, 10, 12);
    assert_int_equal(follow_act(&follow, 2).kind, FOLLOW_SEND_FETCH);
    follow_batch_end(&follow, 3, follow.req, 1, 10);
    assert_int_equal(follow_act(&follow, 3).kind, FOLLOW_NOTHING);
    int64_t again_us = follow_due_us(&follow), seq = 11;
    assert_in_range(again_us, 4, 1000000);
    assert_int_equal(follow_act(&follow, again_us).kind, FOLLOW_SEND_FETCH);
    follow_batch_event(&follow, follow.req, 1, seq, bytes_of(&seq), bytes_of(&seq));
    follow_batch_end(&follow, again_us, follow.req, 1, 12);
    assert_int_equal(follow_act(&follow, again_us).kind, FOLLOW_SEND_FETCH);
    follow_done(&follow);
}

static void the_window_and_the_bytes_are_bounded(void **state)
{
    (void)state;
    struct follow follow;
    static uint8_t big[256 * 1024];
    struct bus_bytes data = bus_bytes(big, sizeof big);
    read_from(&follow, 0, 0);
    int64_t far = 1 + FOLLOW_WINDOW;
    follow_live(&follow, 2, 1, far, bytes_of(&far), data);
    assert_int_equal(follow.bytes, 0);
    for (int64_t seq = 2; seq <= 200; seq++) /* the first is missing */
        follow_live(&follow, 2, 1, seq, bytes_of(&seq), data);
    assert_true(follow.bytes <= FOLLOW_BYTES);
    assert_null(follow_peek(&follow, 0));
    int64_t first = 1; /* full, but what is next in order is always taken */
    follow_live(&follow, 2, 1, first, bytes_of(&first), data);
    size_t held = 0;
    while (follow_peek(&follow, held) != NULL)
        held++;
    assert_true(held > 1);
    follow_consume(&follow, held, "x");
    assert_int_equal(follow.bytes, 0);
    assert_int_equal(follow_act(&follow, 3).after, (int64_t)held); /* and what was dropped is fetched */
    follow_done(&follow);
}

/* A reader that is behind while large events go on arriving live: they fill their share, and still the gap is
 * asked for, whatever was held when. */
static void what_is_held_behind_a_gap_does_not_keep_it_open(void **state)
{
    (void)state;
    struct follow follow;
    follow_init(&follow, 1, 100, "id", 0, 1);
    (void)follow_act(&follow, 0);
    follow_welcome(&follow, 0, 100, 1, 1, 101);
    static uint8_t large[2000];
    for (int64_t seq = 102; seq <= 10101; seq++)
        follow_live(&follow, 1, 1, seq, bus_bytes("h", 1), bus_bytes(large, sizeof large));
    assert_true(follow.bytes > 4000000 && follow.bytes <= FOLLOW_BYTES);
    int64_t now_us = 1;
    while (follow.seq < 10101) {
        struct follow_action action = follow_act(&follow, ++now_us);
        assert_int_equal(action.kind, FOLLOW_SEND_FETCH);
        for (int64_t seq = action.after + 1; seq <= action.after + 500 && seq <= 10101; seq++)
            follow_batch_event(&follow, action.req, 1, seq, bus_bytes("h", 1),
                               bus_bytes(large, sizeof large));
        follow_batch_end(&follow, now_us, action.req, 1, 10101);
        assert_true(follow.front > follow.seq);
        while (follow.front > follow.seq)
            follow_consume(&follow, 1, "id");
    }
    assert_int_equal(follow.bytes, 0);
    assert_int_equal(follow.later, 0);
    follow_done(&follow);
}

/* While turns cannot run, because the database is away, live events in order are held up to the limit and no
 * further; then there is plenty for a turn, and what was refused is asked for. */
static void live_events_in_order_are_bounded_too(void **state)
{
    (void)state;
    struct follow follow;
    follow_init(&follow, 1, 0, "", 0, 1);
    (void)follow_act(&follow, 0);
    follow_welcome(&follow, 0, 0, 1, 1, 0);
    static uint8_t large[60000];
    for (int64_t seq = 1; seq <= 1000; seq++)
        follow_live(&follow, 1, 1, seq, bus_bytes("h", 1), bus_bytes(large, sizeof large));
    assert_true(follow.bytes <= FOLLOW_BYTES);
    assert_true(follow_plenty(&follow));
    assert_int_equal(follow_act(&follow, 2).kind, FOLLOW_NOTHING);
    int64_t held = follow.front;
    follow_consume(&follow, (size_t)held, "id");
    assert_false(follow_plenty(&follow));
    struct follow_action action = follow_act(&follow, 3);
    assert_int_equal(action.kind, FOLLOW_SEND_FETCH);
    assert_true(action.after >= held);
    follow_done(&follow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_are_states_and_are_asked_again),
        cmocka_unit_test(another_writer_is_greeted_before_anything_is_taken),
        cmocka_unit_test(a_welcome_to_an_earlier_hello_is_not_taken),
        cmocka_unit_test(a_refusal_takes_what_was_held),
        cmocka_unit_test(a_refusal_of_an_earlier_question_is_not_taken),
        cmocka_unit_test(a_refusal_of_what_came_live_is_not_taken),
        cmocka_unit_test(a_denial_lasts_until_the_welcome),
        cmocka_unit_test(a_source_that_lost_events_is_greeted),
        cmocka_unit_test(silence_reconnects),
        cmocka_unit_test(a_greeting_is_given_up_soon),
        cmocka_unit_test(events_are_waited_for_longer),
        cmocka_unit_test(what_was_not_sent_is_said_again),
        cmocka_unit_test(an_old_answer_is_not_taken),
        cmocka_unit_test(an_answer_without_events_is_followed_by_a_pause),
        cmocka_unit_test(the_window_and_the_bytes_are_bounded),
        cmocka_unit_test(what_is_held_behind_a_gap_does_not_keep_it_open),
        cmocka_unit_test(live_events_in_order_are_bounded_too),
    };
    return cmocka_run_group_tests_name("follow", tests, NULL, NULL);
}
