/* What is held for the holders of keys, in bytes; and that it is given back when an answer is on its way. */
#include "fixture.h"
#include "net/quota.h"

#define MIB ((size_t)1 << 20)

static size_t take_all(struct net_share *share)
{
    size_t n = 0;
    while (net_share_take(share, MIB, 0))
        n++;
    return n;
}

static void give_all(struct net_share *share, size_t n)
{
    net_share_give(share, n * MIB);
}

static void nobody_takes_what_is_left_for_others(void **state)
{
    (void)state;
    const size_t whole = NET_HELD_BYTES / MIB;
    struct net_share *a = net_share_of("a"), *b = net_share_of("b"), *c = net_share_of("c");
    assert_ptr_equal(a, net_share_of("a"));
    size_t of_a = take_all(a), of_b = take_all(b), of_c = take_all(c);
    assert_int_equal(of_a, whole / 2);
    assert_in_range(of_b, whole / 4 - 1, whole / 4);
    assert_in_range(of_c, whole / 8 - 1, whole / 8);
    assert_true(net_share_take(net_share_of("d"), MIB, 0));
    net_share_give(net_share_of("d"), MIB);
    give_all(a, of_a);
    give_all(b, of_b);
    give_all(c, of_c);
    assert_false(net_share_take(a, SIZE_MAX, 0));
    assert_false(net_share_take(a, NET_HELD_BYTES / 2, 1));
    assert_true(net_share_take(a, NET_HELD_BYTES / 2, 0));
    net_share_give(a, NET_HELD_BYTES / 2);
}

static struct bus_bytes ask(struct fixture *f, zsock_t *socket)
{
    struct net_request request;
    assert_int_equal(zstr_sendm(socket, ""), 0);
    assert_int_equal(zstr_send(socket, "STATUS"), 0);
    assert_true(take_request(f->server, f->arena, &request));
    return request.route;
}

static void answers_count_until_they_leave(void **state)
{
    struct fixture *f = *state;
    uint8_t *content = bus_alloc(f->arena, MIB);
    struct bus_bytes body = bus_bytes(content, MIB);
    zsock_t *beta = stranger_new(f, ZMQ_DEALER, "beta"), *ops = stranger_new(f, ZMQ_DEALER, "ops");
    zsock_set_rcvhwm(beta, 1);
    assert_int_equal(zmq_connect(zsock_resolve(beta), f->requests), 0);
    assert_int_equal(zmq_connect(zsock_resolve(ops), f->requests), 0);
    struct bus_bytes of_beta = ask(f, beta), of_ops = ask(f, ops);
    size_t n = 0;
    bool full = false;
    while (!full) { /* some leave for the kernel's buffers between two calls */
        while (net_reply(f->server, of_beta, "BATCH", &body, 1))
            assert_in_range(++n, 1, 100);
        full = !net_hold(f->server, of_beta, MIB);
        if (!full)
            net_let_go(f->server, of_beta, MIB);
    }
    assert_in_range(n, NET_HELD_BYTES / 2 / MIB - 1, 100);
    assert_true(net_reply(f->server, of_ops, "BATCH", &body, 1));
    for (; n > 0; n--) {
        zmsg_t *answer = zmsg_recv(beta);
        assert_non_null(answer);
        zmsg_destroy(&answer);
    }
    bool given_back = false;
    for (int64_t deadline = deadline_us(); !given_back && in_time(deadline); net_wait(f->server, NULL, 0, 1))
        given_back = net_hold(f->server, of_beta, NET_HELD_BYTES / 2 - MIB);
    assert_true(given_back);
    net_let_go(f->server, of_beta, NET_HELD_BYTES / 2 - MIB);
    zsock_destroy(&beta);
    zsock_destroy(&ops);
}

static void who_is_refused_is_told(void **state)
{
    struct fixture *f = *state;
    uint8_t *content = bus_alloc(f->arena, MIB);
    zsock_t *beta = stranger_new(f, ZMQ_DEALER, "beta");
    zsock_set_rcvhwm(beta, 1);
    assert_int_equal(zmq_connect(zsock_resolve(beta), f->requests), 0);
    struct bus_bytes route = ask(f, beta), refusal = bus_bytes(content, 256);
    size_t n = 0;
    for (size_t size = MIB; size > 4096; size /= 2) {
        struct bus_bytes body = bus_bytes(content, size);
        while (net_reply(f->server, route, "BATCH", &body, 1))
            assert_in_range(++n, 1, 200); /* some are in the kernel's buffers by now */
    }
    for (n = 0; n < 60; n++)
        assert_true(net_reply(f->server, route, "ERR", &refusal, 1));
    zsock_destroy(&beta);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_takes_what_is_left_for_others),
        cmocka_unit_test_setup_teardown(answers_count_until_they_leave, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(who_is_refused_is_told, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
