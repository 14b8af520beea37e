/* Calendars as text, and the secrets that open them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <libical/ical.h>

#include "../../../services/scheduling/calendar.h"
#include "../../../services/scheduling/link.h"
#include "bus/clock.h"

#define LONG_TITLE "Praatcafé; met thee, koffie en een héél lange naam die op géén enkele regel past, nooit"

static struct calendar_entry entry(const char *title)
{
    return (struct calendar_entry){.id = {.bytes = {1}},
                                   .title = title,
                                   .venue = "Bibliotheek",
                                   .revision = 2,
                                   .at_us = INT64_C(1711823400) * BUS_SECOND_US, /* 2024-03-30T18:30Z */
                                   .duration_minutes = 90,
                                   .changed_us = INT64_C(1700000000) * BUS_SECOND_US};
}

static void test_an_event_reads_back_as_it_was(void **state)
{
    (void)state;
    struct bus_arena *arena = bus_arena_new();
    struct calendar_entry entries[] = {entry(LONG_TITLE)};
    icalcomponent *calendar = icalcomponent_new_from_string(calendar_write(arena, entries, 1));
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    assert_string_equal(icalcomponent_get_summary(event), LONG_TITLE);
    assert_string_equal(icalcomponent_get_location(event), "Bibliotheek");
    assert_string_equal(icalcomponent_get_uid(event), "01000000-0000-0000-0000-000000000000@koppel");
    assert_string_equal(icaltime_as_ical_string(icalcomponent_get_dtstart(event)), "20240330T183000Z");
    assert_string_equal(icaltime_as_ical_string(icalcomponent_get_dtend(event)), "20240330T200000Z");
    assert_int_equal(icalcomponent_get_sequence(event), 2);
    assert_int_equal(icalcomponent_get_status(event), ICAL_STATUS_CONFIRMED);
    assert_true(
        icaltime_compare(icalcomponent_get_dtstamp(event),
                         icaltime_from_timet_with_zone(1700000000, 0, icaltimezone_get_utc_timezone())) == 0);
    assert_int_equal(icalcomponent_get_method(calendar), ICAL_METHOD_NONE);
    assert_true(icalrestriction_check(calendar));
    assert_int_equal(icalcomponent_count_errors(calendar), 0);
    icalcomponent_free(calendar);
    bus_arena_free(&arena);
}

static void test_lines_are_folded_and_end_in_crlf(void **state)
{
    (void)state;
    struct bus_arena *arena = bus_arena_new();
    struct calendar_entry entries[] = {entry(LONG_TITLE)};
    const char *text = calendar_write(arena, entries, 1);
    assert_true(strncmp(text, "BEGIN:VCALENDAR\r\n", 17) == 0);
    assert_non_null(strstr(text, "\r\nEND:VCALENDAR\r\n"));
    for (const char *line = text; *line != '\0';) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        assert_true(end - line <= 75);
        assert_null(memchr(line, '\n', (size_t)(end - line)));
        line = end + 2;
    }
    bus_arena_free(&arena);
}

static void test_what_is_called_off_stays_and_says_so(void **state)
{
    (void)state;
    struct bus_arena *arena = bus_arena_new();
    struct calendar_entry entries[] = {entry("Praatpunt"), entry("Kennismakingsgesprek")};
    entries[0].cancelled = true;
    entries[1].venue = NULL;
    const char *text = calendar_write(arena, entries, 2);
    assert_non_null(strstr(text, "STATUS:CANCELLED\r\n"));
    assert_non_null(strstr(text, "STATUS:CONFIRMED\r\n"));
    assert_null(strstr(strstr(text, "LOCATION") + 1, "LOCATION"));
    assert_string_equal(text, calendar_write(arena, entries, 2));
    assert_null(strstr(calendar_write(arena, NULL, 0), "VEVENT"));
    bus_arena_free(&arena);
}

static void test_a_secret_depends_on_key_person_and_count(void **state)
{
    (void)state;
    uint8_t key[LINK_BYTES], other[LINK_BYTES], hash[LINK_BYTES], hash_2[LINK_BYTES];
    char a[LINK_TOKEN], b[LINK_TOKEN];
    struct bus_id person = {.bytes = {1}}, person_2 = {.bytes = {2}};
    assert_true(link_key("0123456789abcdef0123456789abcdef", key));
    assert_true(link_key("0123456789abcdef0123456789abcdeX", other));
    assert_false(link_key("too short", other));
    assert_false(link_key(NULL, other));
    link_token(key, person, 1, a);
    link_token(key, person, 1, b);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), LINK_TOKEN - 1);
    assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"),
                     LINK_TOKEN - 1);
    link_token(key, person, 2, b);
    assert_string_not_equal(a, b);
    link_token(key, person_2, 1, b);
    assert_string_not_equal(a, b);
    link_token(other, person, 1, b);
    assert_string_not_equal(a, b);
    link_hash(a, hash);
    link_hash(b, hash_2);
    assert_memory_not_equal(hash, hash_2, LINK_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_event_reads_back_as_it_was),
        cmocka_unit_test(test_lines_are_folded_and_end_in_crlf),
        cmocka_unit_test(test_what_is_called_off_stays_and_says_so),
        cmocka_unit_test(test_a_secret_depends_on_key_person_and_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
