/* The rules that schemas name: each is known, and what of the world they take and refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "facts/facts.h"
#include "schema/all.h"

static void languages_are_those_of_iso_639(void **state)
{
    static const char *const good[] = {"nl",  "fr",  "ar",  "uk",  "ti",  "so", "prs",
                                       "kmr", "rif", "vgt", "arc", "ber", "eo"};
    static const char *const bad[] = {"zz",  "xx", "zzz", "nld", "dut", "mul", "und",
                                      "zxx", "n",  "",    "NL",  "nl ", "lati"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!facts_is_language(good[i]))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (facts_is_language(bad[i]))
            fail_msg("%s is taken", bad[i]);
}

static void an_interest_is_any_word_but_a_slip_of_one(void **state)
{
    static const char *const slips[][2] = {{"swiming", "swimming"},  {"cookking", "cooking"},
                                           {"wlaking", "walking"},   {"theater", "theatre"},
                                           {"films", "film"},        {"boardgames", "board-games"},
                                           {"computer", "computers"}};
    static const char *const good[] = {"swimming", "board-games", "biking",    "hiking", "looking",
                                       "dy",       "diyy-x",      "walkinggg", "x"};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        assert_string_equal(facts_interest_meant(slips[i][0]), slips[i][1]);
        assert_non_null(strstr(facts_fault("interest", slips[i][0], arena), slips[i][1]));
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (facts_fault("interest", good[i], arena) != NULL)
            fail_msg("%s is refused", good[i]);
}

static void each_rule_takes_and_refuses(void **state)
{
    static const struct {
        const char *rule, *good, *bad;
    } cases[] = {{"language", "uk", "zz"},
                 {"postcode", "2200", "1799"},
                 {"interest", "pottery", "swiming"},
                 {"national-number", "93051822361", "93051822362"},
                 {"enterprise-number", "0887010362", "0887010326"},
                 {"partner", "vdab:turnhout", "0887010326"},
                 {"mail", "a@example.org", "a@b@example.org"},
                 {"phone", "0470 12 34 56", "12345678"},
                 {"line", "Kerkstraat 1", "Kerkstraat\n1"}};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(facts_fault(cases[i].rule, cases[i].good, arena));
        const char *why = facts_fault(cases[i].rule, cases[i].bad, arena);
        assert_non_null(why);
        assert_null(strstr(why, cases[i].bad));
    }
}

static void a_text_shows_something(void **state)
{
    static const char *const seen[] = {"An",  "×",  " ",         "", "أمل", "\u200fأمل\u200f",
                                       "ሰላም", "李", "\U0001F600"},
                             *const unseen[] = {"\u200b", "\u200f\u202e", " \u00a0 ", "\ufeff",
                                                "\u3164", "\u2060\u2800", "\u00ad",   "\U000e0041"};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        if (facts_fault("line", seen[i], arena) != NULL)
            fail_msg("%zu is refused", i);
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        if (facts_fault("line", unseen[i], arena) == NULL)
            fail_msg("%zu is taken", i);
}

static void enterprise_numbers_have_digits_that_fit(void **state)
{
    static const char *const good[] = {"0887010362", "0887.010.362", "BE0887010362", "BE0887.010.362",
                                       "0206731645"},
                             *const bad[] = {"0887010326", "0887.010.326", "BE0887010326",
                                             "0887010361", "0000000000",   "0887010300"},
                             *const ids[] = {"vdab:turnhout", "887010362",       "08870103621",
                                             "2887010326",    "asse-0887010326", "0887-010-326",
                                             ".0887010326",   "be0887010326"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!facts_is_enterprise(good[i]) || !facts_is_partner(good[i]))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (facts_is_enterprise(bad[i]) || facts_is_partner(bad[i]))
            fail_msg("%s is taken", bad[i]);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (facts_is_enterprise(ids[i]) || !facts_is_partner(ids[i]))
            fail_msg("%s is taken for an enterprise number", ids[i]);
}

static size_t judge_all(const struct bus_shape *shape, struct bus_arena *arena)
{
    size_t n = 0;
    for (size_t i = 0; i < shape->fields_n; i++) {
        const struct bus_field *field = &shape->fields[i];
        if (field->shape != NULL)
            n += judge_all(field->shape, arena);
        if (field->rule == NULL)
            continue;
        (void)facts_fault(field->rule, "x", arena); /* dies of a rule that is none */
        n++;
    }
    return n;
}

static void schemas_name_rules_that_there_are(void **state)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    size_t n = 0;
    (void)state;
    for (size_t i = 0; schema_types[i] != NULL; i++)
        n += judge_all(schema_types[i]->shape, arena);
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(languages_are_those_of_iso_639),
                                       cmocka_unit_test(an_interest_is_any_word_but_a_slip_of_one),
                                       cmocka_unit_test(each_rule_takes_and_refuses),
                                       cmocka_unit_test(a_text_shows_something),
                                       cmocka_unit_test(enterprise_numbers_have_digits_that_fit),
                                       cmocka_unit_test(schemas_name_rules_that_there_are)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
