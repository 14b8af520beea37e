/* A list that is read, and all that is told of it: for the tests of imports. */
#ifndef TESTS_REGISTRY_IMPORT_SUPPORT_H
#define TESTS_REGISTRY_IMPORT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../../../services/registry/import.h"

static const uint8_t key[INSZ_HASH_BYTES] = {7};
static struct bus_arena *arena;

static inline int open_arena(void **state)
{
    (void)state;
    arena = bus_arena_new();
    return 0;
}

static inline int close_arena(void **state)
{
    (void)state;
    bus_arena_free(&arena);
    return 0;
}

/* The faults as "line:column;", with "-" for a whole line. */
static inline const char *faults_of(const struct import *import)
{
    const char *text = "";
    for (size_t i = 0; i < import->faults_n; i++) {
        const struct registry_import_people_reply_faults *fault = &import->faults[i];
        text = bus_printf(arena, "%s%lld:%s;", text, (long long)fault->line,
                          fault->column ? fault->column : "-");
        assert_in_range(strlen(fault->text), 1, 200);
    }
    return text;
}

/* The texts of the faults, each behind its column or "-". */
static inline const char *texts_of(const struct import *import)
{
    const char *text = "";
    for (size_t i = 0; i < import->faults_n; i++)
        text =
            bus_printf(arena, "%s%lld %s: %s\n", text, (long long)import->faults[i].line,
                       import->faults[i].heading ? import->faults[i].heading : "-", import->faults[i].text);
    return text;
}

static inline struct import read_text(const char *text)
{
    struct import import;
    import_read(text, false, key, arena, &import);
    return import;
}

/* A test with an arena of its own. */
#define IMPORT_TEST(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

#endif
