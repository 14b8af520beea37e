/* Messages as files: whole and left alone in earnest, written again in a replay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../services/notifications/transport.h"

struct folder {
    char path[64], url[80], file[80];
};

static int make_folder(void **state)
{
    struct folder *self = calloc(1, sizeof *self);
    snprintf(self->path, sizeof self->path, "/tmp/koppel-transport-XXXXXX");
    assert_non_null(mkdtemp(self->path));
    snprintf(self->url, sizeof self->url, "file://%s", self->path);
    snprintf(self->file, sizeof self->file, "%s/a.eml", self->path);
    *state = self;
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *self = *state;
    unlink(self->file);
    int left = rmdir(self->path); /* fails while a draft stands in it */
    free(self);
    return left;
}

static void put(const struct folder *self, const char *text, bool durable)
{
    struct bus_error err = {0};
    assert_int_equal(transport_file(self->url, "a.eml", bus_bytes_of(text), durable, &err), BUS_OK);
}

static void holds(const struct folder *self, const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(self->file, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

static void test_what_left_stays(void **state)
{
    put(*state, "the letter", true);
    put(*state, "another", true);
    holds(*state, "the letter");
}

static void test_a_replay_writes_again_what_was_torn(void **state)
{
    put(*state, "the let", false);
    put(*state, "the letter", false);
    holds(*state, "the letter");
    put(*state, "short", false);
    holds(*state, "short");
}

static void test_what_is_removed_leaves_no_draft(void **state)
{
    struct folder *self = *state;
    struct bus_error err = {0};
    char draft[96];
    snprintf(draft, sizeof draft, "%s.part", self->file);
    put(self, "the letter", true);
    FILE *torn = fopen(draft, "w");
    assert_non_null(torn);
    fclose(torn);
    assert_int_equal(transport_file_remove(self->url, "a.eml", &err), BUS_OK);
    assert_int_equal(access(self->file, F_OK), -1);
    assert_int_equal(access(draft, F_OK), -1);
    assert_int_equal(transport_file_remove(self->url, "a.eml", &err), BUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_left_stays, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_replay_writes_again_what_was_torn, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_what_is_removed_leaves_no_draft, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
