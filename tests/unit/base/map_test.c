/* The hash table: things are found by their hash, also those that share it, whatever came and went. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "bus/map.h"

#define THINGS 1000
#define HASHES 300 /* several things to a hash, and more things than the first buckets */

struct thing {
    struct bus_map_node node;
    bool in, seen;
};

static size_t count(const struct bus_map *map, const struct thing *things, uint64_t hash)
{
    size_t n = 0;
    for (struct bus_map_node *node = bus_map_first(map, hash); node != NULL; node = bus_map_after(node)) {
        const struct thing *thing = (const struct thing *)node;
        assert_int_equal((size_t)(thing - things) % HASHES, hash);
        assert_true(thing->in);
        n++;
    }
    return n;
}

static size_t expected(const struct thing *things, uint64_t hash)
{
    size_t n = 0;
    for (size_t i = hash; i < THINGS; i += HASHES)
        n += things[i].in;
    return n;
}

static void put(struct bus_map *map, struct thing *things, size_t i)
{
    bus_map_add(map, &things[i].node, i % HASHES);
    things[i].in = true;
}

static void let_go(struct bus_map_node *node)
{
    ((struct thing *)node)->in = false;
}

static void test_found_by_hash(void **state)
{
    (void)state;
    static struct thing things[THINGS];
    struct bus_map map = {0};
    assert_null(bus_map_first(&map, 7));
    for (size_t i = 0; i < THINGS; i++)
        put(&map, things, i);
    for (size_t i = 0; i < THINGS; i += 3) {
        bus_map_remove(&map, &things[i].node);
        things[i].in = false;
    }
    assert_int_equal(map.n, THINGS - (THINGS + 2) / 3);
    for (uint64_t hash = 0; hash < HASHES; hash++)
        assert_int_equal(count(&map, things, hash), expected(things, hash));
    for (struct bus_map_node *node = NULL; (node = bus_map_walk(&map, node)) != NULL;) {
        assert_false(((struct thing *)node)->seen);
        ((struct thing *)node)->seen = true;
    }
    for (size_t i = 0; i < THINGS; i++)
        assert_int_equal(things[i].seen, things[i].in);
    bus_map_done(&map, let_go);
    assert_null(bus_map_first(&map, 7));
}

static void test_done_releases_all(void **state)
{
    (void)state;
    static struct thing things[THINGS];
    struct bus_map map = {0};
    for (size_t i = 0; i < THINGS; i++)
        put(&map, things, i);
    bus_map_done(&map, let_go);
    for (size_t i = 0; i < THINGS; i++)
        assert_false(things[i].in);
    assert_int_equal(map.n, 0);
}

static void test_hashes_differ(void **state)
{
    (void)state;
    assert_true(bus_map_hash("duo", 3) == bus_map_hash("duo", 3));
    assert_true(bus_map_hash("duo", 3) != bus_map_hash("duo", 2));
    assert_true(bus_map_hash("duo", 3) != bus_map_hash("dua", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_by_hash),
        cmocka_unit_test(test_done_releases_all),
        cmocka_unit_test(test_hashes_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
