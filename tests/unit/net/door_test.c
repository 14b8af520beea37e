/* Who gets in: only keys in allowed/, by the files as they stand, and nobody when the guard is away. */
#include "fixture.h"

#include "net/zap.h"

/* What libzmq reports of a connection's handshake: "SUCCEEDED", "FAILED_AUTH", "FAILED_PROTOCOL", …, or
 * "DISCONNECTED" where the server hangs up without a word. */
static const char *knock_with(zsock_t *socket, const char *endpoint, char word[64])
{
    zactor_t *monitor = zactor_new(zmonitor, socket);
    assert_non_null(monitor);
    zstr_sendx(monitor, "LISTEN", "HANDSHAKE_FAILED_NO_DETAIL", "HANDSHAKE_SUCCEEDED",
               "HANDSHAKE_FAILED_PROTOCOL", "HANDSHAKE_FAILED_AUTH", "DISCONNECTED", NULL);
    zstr_sendx(monitor, "START", NULL);
    assert_int_equal(zsock_wait(monitor), 0);
    assert_int_equal(zmq_connect(zsock_resolve(socket), endpoint), 0);
    zsock_set_rcvtimeo(monitor, DEADLINE_MS);
    char *event = zstr_recv(monitor);
    assert_non_null(event);
    snprintf(word, 64, "%s", strncmp(event, "HANDSHAKE_", 10) == 0 ? event + 10 : event);
    zstr_free(&event);
    zactor_destroy(&monitor);
    return word;
}

static const char *knock(struct fixture *f, int type, const char *name, char word[64])
{
    zsock_t *socket = stranger_new(f, type, name);
    knock_with(socket, type == ZMQ_SUB ? f->events : f->requests, word);
    zsock_destroy(&socket);
    return word;
}

static void a_known_key_gets_in(void **state)
{
    char word[64];
    assert_string_equal(knock(*state, ZMQ_DEALER, "ops", word), "SUCCEEDED");
    assert_string_equal(knock(*state, ZMQ_SUB, "ops", word), "SUCCEEDED");
}

static void a_stream_is_for_those_who_may_read_it(void **state)
{
    struct fixture *f = *state;
    char word[64];
    key_make_granted(f, "elsewhere", BUS_ROLE_ADAPTER, "source=x reads=beta reads=alphas");
    key_make_granted(f, "here", BUS_ROLE_ADAPTER, "reads=beta reads=alpha");
    key_make_granted(f, "anywhere", BUS_ROLE_PEER, "reads=*");
    assert_string_equal(knock(f, ZMQ_SUB, "elsewhere", word), "FAILED_AUTH");
    assert_string_equal(knock(f, ZMQ_DEALER, "elsewhere", word), "SUCCEEDED");
    assert_string_equal(knock(f, ZMQ_SUB, "here", word), "SUCCEEDED");
    assert_string_equal(knock(f, ZMQ_SUB, "anywhere", word), "SUCCEEDED");
}

static void a_rogue_key_is_refused(void **state)
{
    struct fixture *f = *state;
    char word[64];
    assert_string_equal(knock(f, ZMQ_DEALER, NULL, word), "FAILED_AUTH");
    assert_string_equal(knock(f, ZMQ_SUB, NULL, word), "FAILED_AUTH");
    assert_false(net_subscribed(f->server));
    struct net_request request;
    assert_false(net_take_request(f->server, f->arena, &request));
}

static void a_client_without_curve_is_refused(void **state)
{
    struct fixture *f = *state;
    char word[64];
    zsock_t *plain = zsock_new(ZMQ_DEALER);
    assert_string_not_equal(knock_with(plain, f->requests, word), "SUCCEEDED");
    zsock_destroy(&plain);
    plain = zsock_new(ZMQ_SUB);
    zsock_set_subscribe(plain, "");
    assert_string_not_equal(knock_with(plain, f->events, word), "SUCCEEDED");
    zsock_destroy(&plain);
    assert_false(net_subscribed(f->server));
}

static void with_an_empty_folder_nobody_gets_in(void **state)
{
    struct fixture *f = *state;
    char word[64], path[128];
    key_forbid(f, "alpha");
    key_forbid(f, "beta");
    key_forbid(f, "ops");
    assert_string_equal(knock(f, ZMQ_DEALER, "ops", word), "FAILED_AUTH");
    assert_string_equal(knock(f, ZMQ_SUB, "ops", word), "FAILED_AUTH");
    snprintf(path, sizeof(path), "%s/allowed", f->dir);
    assert_int_equal(rmdir(path), 0);
    assert_string_equal(knock(f, ZMQ_DEALER, "beta", word), "FAILED_AUTH");
    assert_string_equal(knock(f, ZMQ_SUB, "beta", word), "FAILED_AUTH");
}

static void without_the_guard_nobody_gets_in(void **state)
{
    struct fixture *f = *state;
    char word[64];
    struct bus_error err = {0};
    net_zap_release();
    assert_string_not_equal(knock(f, ZMQ_DEALER, "ops", word), "SUCCEEDED");
    assert_string_not_equal(knock(f, ZMQ_SUB, "ops", word), "SUCCEEDED");
    assert_ok(net_zap_acquire(f->dir, &err), &err);
    assert_string_equal(knock(f, ZMQ_DEALER, "ops", word), "SUCCEEDED");
}

static void requests_show_name_and_role(void **state)
{
    struct fixture *f = *state;
    key_make(f, "vdab", BUS_ROLE_ADAPTER);
    static const char *const who[][2] = {{"ops", "operator"}, {"vdab", "adapter"}, {"beta", "peer"}};
    for (size_t i = 0; i < 3; i++) {
        zsock_t *dealer = stranger_open(f, ZMQ_DEALER, who[i][0], f->requests);
        zstr_sendx(dealer, "", "STATUS", NULL);
        struct net_request request;
        assert_true(take_request(f->server, f->arena, &request));
        assert_string_equal(request.peer, who[i][0]);
        assert_string_equal(request.role, who[i][1]);
        assert_int_equal(request.body_n, 0);
        zsock_destroy(&dealer);
    }
}

static void a_key_taken_away_is_refused_at_once_and_after_a_reconnect(void **state)
{
    struct fixture *f = *state;
    char word[64];
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    zstr_sendx(dealer, "", "STATUS", NULL);
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    key_forbid(f, "ops");
    zstr_sendx(dealer, "", "STATUS", NULL);
    assert_true(wait_dropped(f->server, f->arena, 1));
    zsock_destroy(&dealer);
    assert_string_equal(knock(f, ZMQ_DEALER, "ops", word), "FAILED_AUTH");
    assert_string_equal(knock(f, ZMQ_SUB, "ops", word), "FAILED_AUTH");
    assert_string_equal(knock(f, ZMQ_DEALER, "beta", word), "SUCCEEDED");
}

static void public_copy_as(struct fixture *f, const char *file, const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/ops.key", f->dir);
    zcert_t *cert = zcert_load(path);
    zcert_t *copy = zcert_new_from(zcert_public_key(cert), zcert_secret_key(cert));
    zcert_set_meta(copy, "name", "%s", name);
    zcert_set_meta(copy, "role", "operator");
    snprintf(path, sizeof(path), "%s/allowed/%s", f->dir, file);
    assert_int_equal(zcert_save_public(copy, path), 0);
    zcert_destroy(&copy);
    zcert_destroy(&cert);
}

static void a_key_under_two_names_is_nobodys(void **state)
{
    struct fixture *f = *state;
    struct net_request request;
    char word[64];
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    public_copy_as(f, "copy.pub", "ops"); /* a plain copy changes nothing */
    zstr_sendx(dealer, "", "STATUS", NULL);
    assert_true(take_request(f->server, f->arena, &request));
    assert_string_equal(knock(f, ZMQ_SUB, "ops", word), "SUCCEEDED");
    public_copy_as(f, "other.pub", "other");
    zstr_sendx(dealer, "", "STATUS", NULL);
    assert_true(wait_dropped(f->server, f->arena, 1));
    assert_string_equal(knock(f, ZMQ_SUB, "ops", word), "FAILED_AUTH");
    key_forbid(f, "other");
    zstr_sendx(dealer, "", "STATUS", NULL);
    assert_true(take_request(f->server, f->arena, &request));
    assert_string_equal(request.peer, "ops");
    zsock_destroy(&dealer);
}

static void a_renewed_key_counts_at_once(void **state)
{
    struct fixture *f = *state;
    char word[64], old[128], path[128];
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    zstr_sendx(dealer, "", "STATUS", NULL);
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    snprintf(path, sizeof(path), "%s/ops.key", f->dir);
    snprintf(old, sizeof(old), "%s/old.key", f->dir);
    assert_int_equal(rename(path, old), 0);
    key_make(f, "ops", BUS_ROLE_OPERATOR);
    assert_string_equal(knock(f, ZMQ_DEALER, "ops", word), "SUCCEEDED");
    assert_string_equal(knock(f, ZMQ_DEALER, "old", word), "FAILED_AUTH");
    zstr_sendx(dealer, "", "STATUS", NULL);
    assert_true(wait_dropped(f->server, f->arena, 1));
    zsock_destroy(&dealer);
}

/* In place, as an editor or rsync --inplace would: the folder tells nothing of it. */
static void file_edit(struct fixture *f, const char *name, const char *from, const char *to)
{
    char path[128], text[4096];
    snprintf(path, sizeof(path), "%s/allowed/%s.pub", f->dir, name);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    char *at = strstr(text, from);
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    rewind(file);
    fputs(text, file);
    fclose(file);
}

static void an_edited_file_counts_for_connections_that_stand(void **state)
{
    struct fixture *f = *state;
    struct net_request request = {.role = ""};
    char word[64];
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "beta", f->requests);
    zstr_sendx(dealer, "", "STATUS", NULL);
    assert_true(take_request(f->server, f->arena, &request));
    assert_string_equal(request.role, "peer");
    /* Until what is read counts as settled: only then can a change be missed. */
    for (int64_t settled = bus_clock_monotonic_us() + 60000; bus_clock_monotonic_us() < settled;)
        assert_null(net_key_fault(f->server));
    file_edit(f, "beta", "\"peer\"", "\"king\"");
    for (int64_t deadline = deadline_us(); net_key_fault(f->server) == NULL && in_time(deadline);)
        net_wait(f->server, NULL, 0, 10);
    assert_non_null(net_key_fault(f->server));
    assert_non_null(strstr(net_key_fault(f->server), "beta.pub"));
    zstr_sendx(dealer, "", "STATUS", NULL);
    assert_true(wait_dropped(f->server, f->arena, 1));
    zsock_destroy(&dealer);
    for (int64_t deadline = deadline_us(); in_time(deadline);)
        if (strcmp(knock(f, ZMQ_DEALER, "beta", word), "FAILED_AUTH") == 0)
            break;
    assert_string_equal(word, "FAILED_AUTH");
    file_edit(f, "beta", "\"king\"", "\"peer\"");
    for (int64_t deadline = deadline_us(); in_time(deadline);)
        if (strcmp(knock(f, ZMQ_DEALER, "beta", word), "SUCCEEDED") == 0)
            break;
    assert_string_equal(word, "SUCCEEDED");
}

static enum bus_status open_with(struct fixture *f, const char *name, const char *keys_dir,
                                 const char *events, const struct net_peer *follow, struct bus_error *err)
{
    struct net *net = NULL;
    struct net_config config = {.name = name,
                                .keys_dir = keys_dir ? keys_dir : f->dir,
                                .bind_events = events,
                                .bind_requests = "tcp://127.0.0.1:*",
                                .follow = follow,
                                .follow_n = follow ? 1 : 0};
    enum bus_status status = net_open(&config, &net, err);
    assert_int_equal(status == BUS_OK, net != NULL);
    net_close(&net);
    return status;
}

static void what_cannot_open_says_why(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    const char *any = "tcp://127.0.0.1:*";
    struct net_peer omega = {.name = "omega", .events = f->events, .requests = f->requests};
    struct net_peer nowhere = {.name = "alpha", .events = "nonsense", .requests = f->requests};
    struct net_peer half = {.name = "alpha", .events = f->events, .requests = "nonsense"};
    assert_int_equal(open_with(f, "beta", NULL, any, NULL, &err), BUS_OK);
    assert_int_equal(open_with(f, "beta", NULL, f->events, NULL, &err), BUS_RETRY);
    assert_non_null(strstr(err.text, "in use"));
    assert_int_equal(open_with(f, "beta", NULL, "nonsense", NULL, &err), BUS_INVALID);
    assert_int_equal(open_with(f, "nobody", NULL, any, NULL, &err), BUS_RETRY);
    assert_non_null(strstr(err.text, "nobody.key"));
    assert_int_equal(open_with(f, "allowed/beta.pub/../../beta", NULL, any, NULL, &err), BUS_RETRY);
    assert_int_equal(open_with(f, "beta", NULL, any, &omega, &err), BUS_RETRY);
    assert_non_null(strstr(err.text, "omega.pub"));
    assert_int_equal(open_with(f, "beta", NULL, any, &nowhere, &err), BUS_INVALID);
    assert_int_equal(open_with(f, "beta", NULL, any, &half, &err), BUS_INVALID);

    char path[256], other_dir[128];
    snprintf(path, sizeof(path), "%s/broken.key", f->dir);
    FILE *file = fopen(path, "w");
    fputs("no key\n", file);
    fclose(file);
    assert_int_equal(open_with(f, "broken", NULL, any, NULL, &err), BUS_INVALID);
    snprintf(path, sizeof(path), "cp %s/allowed/beta.pub %s/half.key", f->dir, f->dir);
    assert_int_equal(system(path), 0);
    assert_int_equal(open_with(f, "half", NULL, any, NULL, &err), BUS_INVALID);
    assert_non_null(strstr(err.text, "public half"));
    snprintf(other_dir, sizeof(other_dir), "%s/other", f->dir);
    assert_ok(bus_keys_make(other_dir, "beta", BUS_ROLE_PEER, NULL, &err), &err);
    assert_int_equal(open_with(f, "beta", other_dir, any, NULL, &err), BUS_INVALID);
    assert_non_null(strstr(err.text, "one folder of keys"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_known_key_gets_in),
        TEST(a_stream_is_for_those_who_may_read_it),
        TEST(a_rogue_key_is_refused),
        TEST(a_client_without_curve_is_refused),
        TEST(with_an_empty_folder_nobody_gets_in),
        TEST(without_the_guard_nobody_gets_in),
        TEST(requests_show_name_and_role),
        TEST(a_key_taken_away_is_refused_at_once_and_after_a_reconnect),
        TEST(a_key_under_two_names_is_nobodys),
        TEST(a_renewed_key_counts_at_once),
        TEST(an_edited_file_counts_for_connections_that_stand),
        TEST(what_cannot_open_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
