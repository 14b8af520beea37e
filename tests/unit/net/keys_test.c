/* Key files: made once, private, readable back; what is no key is not taken for one. */
#include "fixture.h"

#include <sys/stat.h>

static int folder_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    strcpy(f->dir, "/tmp/keys-test-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->arena = bus_arena_new();
    *state = f;
    return 0;
}

static void a_pair_is_made_and_read_back(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    char dir[80], path[256];
    snprintf(dir, sizeof(dir), "%s/keys", f->dir);
    assert_false(bus_keys_exist(dir, "matching"));
    assert_ok(bus_keys_make(dir, "matching", BUS_ROLE_PEER, NULL, &err), &err);
    assert_true(bus_keys_exist(dir, "matching"));
    struct stat info;
    snprintf(path, sizeof(path), "%s/matching.key", dir);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(dir, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    struct bus_key secret, public;
    assert_ok(bus_keys_load(path, f->arena, &secret, &err), &err);
    snprintf(path, sizeof(path), "%s/allowed/matching.pub", dir);
    assert_ok(bus_keys_load(path, f->arena, &public, &err), &err);
    assert_string_equal(public.name, "matching");
    assert_string_equal(public.role, "peer");
    assert_int_equal(strlen(public.public_key), 40);
    assert_string_equal(secret.public_key, public.public_key);
    /* The public file has no secret in it, and no draft is left behind. */
    snprintf(path, sizeof(path), "grep -q secret-key %s/allowed/matching.pub || ls -A %s | grep -q draft",
             dir, dir);
    assert_int_not_equal(system(path), 0);
}

static const char *grants_of(struct fixture *f, const char *path)
{
    struct bus_key key;
    struct bus_error err = {0};
    assert_ok(bus_keys_load(path, f->arena, &key, &err), &err);
    return key.grants;
}

static void grants_are_added_and_never_taken_away(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    char path[128];
    snprintf(path, sizeof(path), "%s/allowed/older.pub", f->dir);
    assert_ok(bus_keys_make(f->dir, "older", BUS_ROLE_PEER, "reads=a asks=*", &err), &err);
    for (int twice = 0; twice < 2; twice++) {
        assert_ok(bus_keys_grant(f->dir, "older", "reads=a reads=b asks=c", &err), &err);
        assert_string_equal(grants_of(f, path), "reads=a asks=* reads=b");
    }
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0644);
}

static void a_key_that_may_all_or_is_shut_out_is_granted_nothing(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    char path[128];
    snprintf(path, sizeof(path), "%s/allowed/free.pub", f->dir);
    assert_ok(bus_keys_make(f->dir, "free", BUS_ROLE_PEER, NULL, &err), &err);
    assert_ok(bus_keys_grant(f->dir, "free", "reads=b", &err), &err);
    assert_string_equal(grants_of(f, path), "");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(bus_keys_grant(f->dir, "free", "reads=b", &err), BUS_NOT_FOUND);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void grants_are_what_stands_there_and_no_more(void **state)
{
    (void)state;
    assert_true(bus_key_grants("", "reads", "registry"));
    assert_true(bus_key_grants("reads=registry", "reads", "registry"));
    assert_true(bus_key_grants("  asks=a   reads=b reads=registry ", "reads", "registry"));
    assert_true(bus_key_grants("source=x reads=*", "reads", "registry"));
    static const char *const lacking[] = {
        "source=x",      "reads=",          "reads",           "reads=registr",         "reads=registry2",
        "asks=registry", "xreads=registry", "reads=registry*", "source=reads=registry", " "};
    for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++)
        if (bus_key_grants(lacking[i], "reads", "registry"))
            fail_msg("%s grants it", lacking[i]);
}

static void a_key_is_never_overwritten(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    key_make(f, "ops", BUS_ROLE_OPERATOR);
    assert_int_equal(bus_keys_make(f->dir, "ops", BUS_ROLE_PEER, NULL, &err), BUS_CONFLICT);
    assert_non_null(strstr(err.text, "ops"));
}

static void names_and_roles_are_checked(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    static const char *const names[] = {"",      "-a",  "../up", "a/b",
                                        "Upper", "a b", "a.b",   "a2345678901234567890123456789012345678901"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(bus_keys_make(f->dir, names[i], BUS_ROLE_PEER, NULL, &err), BUS_INVALID);
    assert_int_equal(bus_keys_make(f->dir, "ok", "king", NULL, &err), BUS_INVALID);
    assert_non_null(strstr(err.text, "king"));
    assert_int_equal(bus_keys_make("/proc/no-such/place", "ok", BUS_ROLE_PEER, NULL, &err), BUS_RETRY);
    for (size_t i = 0; bus_roles[i]; i++)
        assert_ok(bus_keys_make(f->dir, bus_roles[i], bus_roles[i], NULL, &err), &err);
}

static void file_put(struct fixture *f, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/allowed/%s", f->dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void the_allowed_are_listed_and_the_rest_passed_over(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    struct bus_key *keys = NULL;
    const char *fault = NULL;
    size_t n = 99;
    assert_int_equal(bus_keys_allowed(f->dir, f->arena, &keys, &n, &fault, &err), BUS_NOT_FOUND);
    assert_int_equal(n, 99);
    key_make(f, "registry", BUS_ROLE_PEER);
    key_make(f, "ops", BUS_ROLE_OPERATOR);
    key_make(f, "vdab", BUS_ROLE_ADAPTER);
    file_put(f, "empty.pub", "");
    file_put(f, "junk.pub", "\1\2\3 = = \"\n\n  }{");
    file_put(f, "notes.txt", "not a key");
    const char *key = "HYvIBLnmvWqmFZUiYkA7IpTmmuA/FGWMWwGpKPtn";
    char text[256];
    snprintf(text, sizeof(text), "curve\n    public-key = \"%s\"\n", key);
    file_put(f, "nameless.pub", text);
    snprintf(text, sizeof(text),
             "metadata\n    name = \"x\"\n    role = \"king\"\ncurve\n    public-key = \"%s\"\n", key);
    file_put(f, "king.pub", text);
    snprintf(text, sizeof(text),
             "metadata\n    name = \"y\"\n    role = \"peer\"\ncurve\n    public-key = \"%040d\"\n", 0);
    file_put(f, "zero.pub", text);
    assert_ok(bus_keys_allowed(f->dir, f->arena, &keys, &n, &fault, &err), &err);
    assert_int_equal(n, 3);
    assert_string_equal(keys[0].name, "ops");
    assert_string_equal(keys[1].name, "registry");
    assert_string_equal(keys[2].name, "vdab");
    assert_string_equal(keys[2].role, "adapter");
    assert_non_null(strstr(fault, ".pub"));
}

/* Each would pass for a key without grants, and such a one may all that its role may. */
static void a_word_that_nobody_reads_makes_no_key(void **state)
{
    static const char *const files[][2] = {
        {"grant", "metadata\n    name = \"x\"\n    role = \"adapter\"\n    grant = \"asks=a\"\ncurve\n"},
        {"grants", "metadata\n    name = \"x\"\n    role = \"adapter\"\ngrants = \"asks=a\"\ncurve\n"},
        {"grants",
         "metadata\n    name = \"x\"\n    role = \"adapter\"\n        grants = \"asks=a\"\ncurve\n"},
        {"grants", "metadata\n    name = \"x\"\n    role = \"adapter\"\ncurve\n    grants = \"asks=a\"\n"},
        {"metadata",
         "metadata\n    name = \"x\"\n    role = \"adapter\"\nmetadata\n    grants = \"asks=a\"\ncurve\n"},
        {"grants",
         "metadata\n    name = \"x\"\n    role = \"adapter\"\n    grants = \"asks=a\"\n    grants = "
         "\"asks=b\"\ncurve\n"},
    };
    struct fixture *f = *state;
    struct bus_key key;
    struct bus_error err = {0};
    char text[256], path[128];
    key_make(f, "ops", BUS_ROLE_OPERATOR); /* the folder */
    snprintf(path, sizeof(path), "%s/allowed/x.pub", f->dir);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(text, sizeof(text), "%s    public-key = \"%s\"\n", files[i][1],
                 "HYvIBLnmvWqmFZUiYkA7IpTmmuA/FGWMWwGpKPtn");
        file_put(f, "x.pub", text);
        assert_int_equal(bus_keys_load(path, f->arena, &key, &err), BUS_INVALID);
        assert_non_null(strstr(err.text, path));
        char word[40];
        snprintf(word, sizeof(word), "\"%s\"", files[i][0]);
        assert_non_null(strstr(err.text, word));
    }
}

/* Nor what stands behind a byte that ends a text: a disk may leave such in a file that was half written. */
static void a_file_with_a_nul_in_it_makes_no_key(void **state)
{
    static const char first[] = "metadata\n    name = \"x\"\n    role = \"adapter\"\ncurve\n    public-key = "
                                "\"HYvIBLnmvWqmFZUiYkA7IpTmmuA/FGWMWwGpKPtn\"\n";
    static const char rest[] = "\0metadata\n    grants = \"asks=a\"\n";
    struct fixture *f = *state;
    struct bus_key key;
    struct bus_error err = {0};
    char path[128];
    key_make(f, "ops", BUS_ROLE_OPERATOR); /* the folder */
    snprintf(path, sizeof(path), "%s/allowed/x.pub", f->dir);
    file_put(f, "x.pub", first);
    assert_ok(bus_keys_load(path, f->arena, &key, &err), &err);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    assert_int_equal(fwrite(rest, 1, sizeof(rest) - 1, file), sizeof(rest) - 1);
    fclose(file);
    assert_int_equal(bus_keys_load(path, f->arena, &key, &err), BUS_INVALID);
}

static void what_is_no_key_is_not_loaded(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    struct bus_key key = {.name = "untouched"};
    char path[128];
    key_make(f, "ops", BUS_ROLE_OPERATOR);
    assert_int_equal(bus_keys_load("/nowhere/x.key", f->arena, &key, &err), BUS_NOT_FOUND);
    file_put(f, "junk.pub", "junk");
    snprintf(path, sizeof(path), "%s/allowed/junk.pub", f->dir);
    assert_int_equal(bus_keys_load(path, f->arena, &key, &err), BUS_INVALID);
    assert_string_equal(key.name, "untouched");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pair_is_made_and_read_back),
        TEST(grants_are_what_stands_there_and_no_more),
        TEST(grants_are_added_and_never_taken_away),
        TEST(a_key_that_may_all_or_is_shut_out_is_granted_nothing),
        TEST(a_key_is_never_overwritten),
        TEST(names_and_roles_are_checked),
        TEST(the_allowed_are_listed_and_the_rest_passed_over),
        TEST(a_word_that_nobody_reads_makes_no_key),
        TEST(a_file_with_a_nul_in_it_makes_no_key),
        TEST(what_is_no_key_is_not_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
