/* Files that outlast a power cut: what went to the disk, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/file.h"

static char folder[] = "/tmp/koppel-file-XXXXXX";
static char told[1000]; /* what was synced, and whether the file had its name by then */
static int fails;       /* the errno of the next fsync(); 0: it does not fail */

static const char *in_folder(const char *name)
{
    static char paths[2][PATH_MAX];
    static size_t at;
    char *path = paths[at++ % 2];
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return path;
}

/* In the place of libc's. */
int fsync(int fd)
{
    char link[64], what[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, what, sizeof what - 1);
    what[n > 0 ? n : 0] = '\0';
    const char *name = strcmp(what, folder) == 0 ? "folder" : strrchr(what, '/') + 1;
    size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%s%s ", name, access(in_folder("one"), F_OK) == 0 ? "+" : "");
    errno = fails;
    return fails == 0 ? 0 : -1;
}

static int setup(void **state)
{
    (void)state;
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    told[0] = '\0';
    fails = 0;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    unlink(in_folder("one"));
    unlink(in_folder("draft"));
    return rmdir(folder);
}

static void put_text(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_text(const char *name, const char *text)
{
    char found[100] = "";
    FILE *file = fopen(in_folder(name), "r");
    assert_non_null(file);
    assert_non_null(fgets(found, sizeof found, file));
    fclose(file);
    assert_string_equal(found, text);
}

static void test_what_is_in_it_goes_before_its_name(void **state)
{
    (void)state;
    put_text("draft", "new");
    assert_true(bus_file_put(in_folder("draft"), in_folder("one")));
    assert_string_equal(told, "draft folder+ ");
    assert_text("one", "new");
    assert_int_equal(access(in_folder("draft"), F_OK), -1);
}

static void test_what_cannot_be_kept_takes_nobodys_place(void **state)
{
    (void)state;
    put_text("one", "old");
    put_text("draft", "new");
    fails = EIO;
    assert_false(bus_file_put(in_folder("draft"), in_folder("one")));
    assert_int_equal(errno, EIO);
    assert_text("one", "old");
    fails = 0;
    assert_false(bus_file_put(in_folder("missing"), in_folder("one")));
    assert_int_equal(errno, ENOENT);
    assert_text("one", "old");
}

static void test_a_name_without_a_folder_is_here(void **state)
{
    (void)state;
    assert_int_equal(chdir(folder), 0);
    assert_true(bus_file_keep_name("one"));
    assert_string_equal(told, "folder ");
    char long_path[PATH_MAX + 2];
    memset(long_path, 'a', sizeof long_path);
    long_path[PATH_MAX] = '/';
    long_path[PATH_MAX + 1] = '\0';
    assert_false(bus_file_keep_name(long_path));
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(chdir("/"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_in_it_goes_before_its_name, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_kept_takes_nobodys_place, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_name_without_a_folder_is_here, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
