/* Which path leads to which route, and which are open without a token. */
#include "support.h"

#include "../../../services/gateway/routes.h"
#include "schema/all.h"

static const struct route *find(struct bus_arena *arena, const char *method, const char *path,
                                const char **argument, const char **allow)
{
    return route_find(&routes, method, path, arena, argument, allow);
}

static void paths_lead_to_their_routes(void **state)
{
    const char *argument = NULL, *allow = NULL;
    assert_ptr_equal(find(*state, "POST", "/v1/events", &argument, &allow)->run, events_post);
    assert_ptr_equal(find(*state, "GET", "/v1/events", &argument, &allow)->run, events_get);
    assert_ptr_equal(find(*state, "HEAD", "/healthz", &argument, &allow)->run, health_get);
    assert_ptr_equal(find(*state, "POST", "/v1/commands/matching/stop-duo", &argument, &allow)->run,
                     command_post);
    assert_string_equal(argument, "matching/stop-duo");
    assert_ptr_equal(find(*state, "GET", "/v1/people/7", &argument, &allow)->query, &registry_person_type);
    assert_string_equal(argument, "7");
    assert_ptr_equal(find(*state, "GET", "/v1/people", &argument, &allow)->query, &registry_people_type);
    assert_null(argument);
    assert_ptr_equal(find(*state, "GET", "/v1/calendar/abc.ics", &argument, &allow)->run, calendar_get);
    assert_string_equal(argument, "abc");
    assert_ptr_equal(find(*state, "GET", "/", &argument, &allow)->run, board_get);
    assert_null(argument);
    assert_ptr_equal(find(*state, "HEAD", "/board/board.js", &argument, &allow)->run, board_get);
    assert_string_equal(argument, "board.js");
}

static void paths_that_lead_nowhere(void **state)
{
    static const char *const nowhere[] = {"",
                                          "/board",
                                          "/board/",
                                          "/board/a/b",
                                          "/v1",
                                          "/v1/people/",
                                          "/v1/people/1/2",
                                          "/v1/calendar/.ics",
                                          "/v1/calendar/a/b.ics",
                                          "/v1/calendar/a",
                                          "/v1/events/",
                                          "/v1/commands/"};
    const char *argument = NULL, *allow = NULL;
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
        assert_null(find(*state, "GET", nowhere[i], &argument, &allow));
        assert_null(allow);
    }
    assert_null(find(*state, "PUT", "/v1/events", &argument, &allow));
    assert_string_equal(allow, "POST, GET, HEAD");
}

static void a_path_that_is_nearly_right(void **state)
{
    assert_string_equal(route_near(&routes, "/v1/partnership", *state), "/v1/partnerships");
    assert_string_equal(route_near(&routes, "/v2/events", *state), "/v1/events");
    assert_string_equal(route_near(&routes, "/v1/proposal", *state), "/v1/proposals");
    assert_null(route_near(&routes, "/index.php", *state));
    assert_null(route_near(&routes, "", *state));
}

/* An address is logged on its way. */
static void a_query_that_may_name_somebody_is_asked_in_a_body(void **state)
{
    size_t found = 0;
    for (size_t i = 0; i < routes.n; i++) {
        const struct route *route = &routes.items[i];
        bool names = false;
        for (size_t f = 0; route->query != NULL && f < route->query->shape->fields_n; f++)
            names |= route->query->shape->fields[f].personal;
        const char *argument = NULL, *allow = NULL;
        if (!names)
            continue;
        found++;
        const struct route *posted = find(*state, "POST", route->path, &argument, &allow);
        assert_non_null(posted);
        assert_ptr_equal(posted->query, route->query);
    }
    assert_true(found > 0);
}

/* What is between services must not be in the table; what is personal needs a token. */
static void no_route_opens_what_is_closed(void **state)
{
    const char *argument = NULL, *allow = NULL;
    assert_null(find(*state, "GET", "/v1/contact", &argument, &allow));
    assert_null(find(*state, "GET", "/v1/check-token", &argument, &allow));
    assert_false(find(*state, "GET", "/v1/people", &argument, &allow)->open);
    assert_false(find(*state, "GET", "/v1/own-token", &argument, &allow)->open);
    assert_false(find(*state, "POST", "/v1/commands/x", &argument, &allow)->open);
    assert_false(find(*state, "GET", "/v1/events", &argument, &allow)->open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paths_lead_to_their_routes),    TEST(paths_that_lead_nowhere),
        TEST(a_path_that_is_nearly_right),   TEST(a_query_that_may_name_somebody_is_asked_in_a_body),
        TEST(no_route_opens_what_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
