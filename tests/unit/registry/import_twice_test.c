/* One person in two lines of a list. */
#include "import_support.h"

#include "../../../services/registry/grounds.h"

static void test_one_person_twice(void **state)
{
    (void)state;
    struct import import = read_text("postcode,preferred_language,national_number\n"
                                     "1730,nl,93051822361\n1730,nl,\n1730,nl,93.05.18-223.61\n");
    assert_string_equal(texts_of(&import), "4 national_number: is the same as in line 2\n");
    import = read_text("postcode,preferred_language,first_name,last_name,birth_year,phone\n"
                       "1730,nl,Jan,Peeters,1980,\n"
                       "1730,nl,,,,\n"
                       "1730,nl,,,,\n" /* of whom nothing is known are many */
                       "1730,nl,Peeters,Jan,1980,0470123456\n"
                       "1730,nl,Jan,Peeters,1980,\n"
                       "1730,nl,Jan,Peeters,1981,\n");
    assert_string_equal(texts_of(&import), "6 -: is the same as line 2: take one of the two out\n");
    assert_int_equal(import.alike_n, 1);
    assert_int_equal(import.rows[import.alike[0].n].line, 5);
    assert_int_equal(import.rows[import.alike[0].other].line, 2);
    assert_int_equal(import.alike[0].grounds, GROUND_NAME);
}

/* A couple has one telephone. */
static void test_two_without_names_are_not_called_one(void **state)
{
    (void)state;
    struct import import = read_text("postcode,preferred_language,phone\n1730,nl,0470123456\n"
                                     "1730,nl,0470123456\n");
    assert_string_equal(texts_of(&import), "");
    assert_int_equal(import.alike_n, 1);
    assert_int_equal(import.alike[0].grounds, GROUND_PHONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IMPORT_TEST(test_one_person_twice),
        IMPORT_TEST(test_two_without_names_are_not_called_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
