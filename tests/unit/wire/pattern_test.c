/* Patterns: the walk and regexec must agree on every pattern and text, and what POSIX lacks is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/pattern.h"

static const char *const simple[] = {
    "^[0-9]{5}$",      "^[a-z0-9][a-z0-9-]{1,39}$",
    "^[1-9][0-9]{3}$", "^[a-z]+$",
    "^[a-z]{2,3}$",    "^[A-Z][A-Za-z_]+$",
    "^[a-z]*[0-9]+$",  "^[a-z]+/[a-z0-9.+-]+$",
    "^a?b$",           "^[0-9]{4}-[0-9]{2}$",
    "^\\.x\\+$",       "^[.]{1,}$",
    "[a-c]+",          "^$",
};
static const char *const others[] = {
    "^([01][0-9]|2[0-3]):[0-5][0-9]$",
    "^[^a]+$",
    "^a.c$",
    "^[a-z]+[a-z0-9]$", /* greedy would take the last letter */
    "^a|b$",
    "^[]a]+$",
    "^(ab)+$",
    "^[a-z]*-?[a-z]+$",
    "^[[:digit:]]+$",
    "^[a-z]{,3}$",
};
static const char *const texts[] = {
    "",
    "0",
    "12345",
    "123456",
    "1234",
    "0234",
    "a",
    "ab",
    "abc",
    "abcd",
    "a-b",
    "-ab",
    "asse-duo",
    "A_b",
    "Ab",
    "a1",
    "1a",
    "abc1",
    "a/b",
    "a/",
    "text/csv",
    "b",
    "aab",
    "aabb",
    "2026-11",
    ".x+",
    "...",
    "axc",
    "23:59",
    "24:00",
    "ab12",
    "ab-cd",
    "]",
    "]a",
    "abab",
    "aba",
    "\xc3\xa9",
    "a\xc3\xa9",
    "ABC",
    "z9z",
    "a\n",
    "abcdefghijklmnopqrstuvwxyz0123456789-abcd",
    "abcdefghijklmnopqrstuvwxyz0123456789-abcdefgh",
};

#define COUNT(list) (sizeof(list) / sizeof(list[0]))

static void assert_as_regexec(const char *pattern)
{
    char whole[200];
    snprintf(whole, sizeof(whole), "^(%s)$", pattern);
    regex_t regex;
    assert_int_equal(regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB), 0);
    for (size_t i = 0; i < COUNT(texts); i++) {
        bool wanted = regexec(&regex, texts[i], 0, NULL, 0) == 0;
        if (wire_pattern_match(pattern, texts[i]) != wanted)
            fail_msg("%s and \"%s\": regexec says %d", pattern, texts[i], wanted);
    }
    regfree(&regex);
}

static void test_both_ways_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(simple); i++) {
        if (!wire_pattern_is_simple(simple[i]))
            fail_msg("%s is not walked", simple[i]);
        assert_as_regexec(simple[i]);
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        if (wire_pattern_is_simple(others[i]))
            fail_msg("%s is walked", others[i]);
        assert_as_regexec(others[i]);
    }
}

static void test_pointer_reused(void **state)
{
    (void)state;
    char pattern[16] = "^[a-z]+$";
    assert_true(wire_pattern_match(pattern, "abc"));
    strcpy(pattern, "^[0-9]+$");
    assert_false(wire_pattern_match(pattern, "abc"));
    assert_true(wire_pattern_match(pattern, "123"));
}

static void test_bad_patterns_die(void **state)
{
    (void)state;
    static const char *const bad[] = {"^(a$", "^\\d+$", "^[a-z]+\\w$", "^[b-a]$"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        pid_t child = fork();
        if (child == 0) {
            close(STDERR_FILENO);
            wire_pattern_match(bad[i], "a");
            _exit(0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
            fail_msg("%s was taken", bad[i]);
    }
}

static void *match_all(void *wrong)
{
    static const char *const fresh[] = {"^[k-p]+$", "^[k-q]+$", "^(k|l)+$", "^(k|m)+$", "^[k-r]+$"};
    for (int round = 0; round < 2000; round++)
        for (size_t i = 0; i < COUNT(fresh); i++)
            if (!wire_pattern_match(fresh[i], "kkkk") || wire_pattern_match(fresh[i], "a"))
                *(bool *)wrong = true;
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    bool wrong[4] = {false};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, match_all, &wrong[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_false(wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways_agree),
        cmocka_unit_test(test_pointer_reused),
        cmocka_unit_test(test_bad_patterns_die),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
