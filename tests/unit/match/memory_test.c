/* Arrays that grow: past the size of a large page their pages are moved, not copied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../../libmatch/assignment_internal.h"

#define LARGE_PAGE (2 << 20)

/* Three growths of large blocks, so that pages that were moved are moved again. */
static void what_grows_keeps_what_it_holds(void **state)
{
    (void)state;
    const int32_t end = 8 * LARGE_PAGE / (int32_t)sizeof(struct half);
    struct half *halves = NULL;
    int32_t room = 0;
    for (int32_t i = 0; i < end; i++) {
        halves = match_grow(halves, &room, i + 1, sizeof *halves);
        halves[i] = (struct half){.weight = -i, .node = i};
    }
    for (int32_t i = 0; i < end; i++) {
        assert_int_equal(halves[i].weight, -i);
        assert_int_equal(halves[i].node, i);
    }
    free(halves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_grows_keeps_what_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
