/* The first line of a list: which column is which, and in what language the list is answered. */
#include "import_support.h"

static void test_the_first_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *faults;
    } cases[] = {
        {"", "1:-;"},
        {"postcode,preferred_language\n", "1:-;"},
        {"postcode\tpreferred_language\n1730\tnl\n", "1:-;1:postcode;1:preferred_language;"},
        {"postcode\n1730\n", "1:preferred_language;"},
        {"first_name\n", "1:postcode;1:preferred_language;"},
        {"postcode,preferred_language,shoe size\n", "1:-;"},
        {"Jan,Peeters,1730,nl\nAn,Claes,1730,nl\n", "1:-;"}, /* no names of columns */
        {"postcode,preferred_language,postnummer\n", "1:postcode;"},
        {"\n\npostcode,preferred_language,\n", "3:-;"},
        {"\"postcode,preferred_language\n1730,nl\n", "1:-;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct import import = read_text(cases[i].text);
        assert_string_equal(faults_of(&import), cases[i].faults);
        assert_null(import.coarse);
    }
}

static void test_names_of_columns_that_are_nearly_right(void **state)
{
    (void)state;
    struct import import =
        read_text("Voornam;postcode;Voorkeurtaal;geboortjaar;;gemeente;rol;schoenmaat;Peeters\n");
    assert_string_equal(
        texts_of(&import),
        "1 -: kolom 1, Voornam, is niet bekend: is het voornaam?\n"
        "1 -: kolom 4, geboortjaar, is niet bekend: is het geboortejaar?\n"
        "1 -: kolom 5 heeft geen naam: geef er een, of haal de kolom weg\n"
        "1 -: kolom 6, gemeente, is niet nodig, want de postcode zegt de gemeente: haal de kolom weg\n"
        "1 -: kolom 7, rol, hoort hier niet: een rol krijgt iemand na het inlezen; haal de kolom weg\n"
        "1 -: kolom 8 heeft geen naam die we kennen, zoals voornaam, naam, postcode, voorkeurtaal, telefoon "
        "of "
        "e-mail: noem ze zo, of haal ze weg\n"
        "1 -: kolom 9 heeft geen naam die we kennen, zoals voornaam, naam, postcode, voorkeurtaal, telefoon "
        "of "
        "e-mail: noem ze zo, of haal ze weg\n");
    import = read_text("postcode,prefered_language,birthyear\n");
    assert_string_equal(texts_of(&import),
                        "1 -: column 2, prefered_language, is not known: is it preferred_language?\n"
                        "1 -: column 3, birthyear, is not known: is it birth_year?\n");
}

static void test_faults_of_the_first_line_hide_none_below_it(void **state)
{
    (void)state;
    struct import import = read_text(
        "postcode,prefered_language,birthyear,shoe size\n173,nl,80,44\n1730,klingon,1980,44\n1730,nl\n");
    assert_string_equal(faults_of(&import), "1:-;1:-;1:-;2:postcode;2:birth_year;3:preferred_language;4:-;");
    import = read_text("preferred_language,email\nnl,x\nklingon,\n"); /* what is not there is told once */
    assert_string_equal(faults_of(&import), "1:postcode;2:email;3:preferred_language;");
}

/* What a name is compared by may be short, and the name itself as long as a cell. */
static void test_a_long_name_of_a_column_is_told_by_its_beginning(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t characters;
    } names[] = {{"Nr", 2}, {"Gemeente", 8}, {"voornam", 7}, {"Opmerking", 9}};
    struct bus_buffer accents = {0};
    for (int i = 0; i < 200; i++)
        bus_buffer_text(&accents, "´");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct import import = read_text(bus_printf(arena, "%s%.*s,postcode,voorkeurtaal\n", names[i].name,
                                                    (int)accents.size, (const char *)accents.data));
        assert_string_equal(faults_of(&import), "1:-;"); /* which measures its text */
        int kept = (int)(strlen("´") * (40 - names[i].characters));
        const char *told = bus_printf(arena, ", %s%.*s, ", names[i].name, kept, (const char *)accents.data);
        assert_non_null(strstr(import.faults[0].text, told));
    }
    bus_buffer_done(&accents);
}

/* Whatever is wrong with a list in Dutch, no text is the one that the same list in English gets. */
static void test_a_list_in_dutch_is_answered_in_dutch(void **state)
{
    (void)state;
    static const struct {
        const char *english, *dutch, *lines;
    } lists[] = {
        {"postcode,preferred_language,first_name", "postcode,voorkeurtaal,voornaam",
         "1730,nl\n1730,nl,\"Jan\"x\n1730,nl,\"Jan\n"},
        {"postcode,preferred_language,first_name,birth_year,street,phone,email,national_number,gender,"
         "languages,"
         "interests,child_birth_years,availability",
         "postcode,voorkeurtaal,voornaam,geboortejaar,straat,telefoon,e-mail,rijksregisternummer,geslacht,"
         "talen,"
         "interesses,geboortejaren kinderen,beschikbaarheid",
         "173,,Jan,80,a\x01,1,x,1,q,!,!,80,q\n"
         "1730,nl,Jan,,,,,93151822361,,a/b/c/d/e/f/g/h/i/j/k/l/m,aa/aa,,\n"
         "1730,nl,123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 "
         "1,,,,,93051822362,"
         ",,,,ma-vm ma-vm\n"
         "1730,nl,Bo,,,,,,,Frans en ar,naar muziek luisteren,,\n"
         "1730,nl,An,,,,,93051822361,,,,,\n"
         "1730,nl,Ann,,,,,93051822361,,,,,\n"
         "1730,nl,An,,,,,93051822361,,,,,\n"},
        {"preferred_language,first_name", "voorkeurtaal,voornaam", ""},
        {"postcode,preferred_language", "postcode,voorkeurtaal", ""},
        {"postcode,preferred_language,postcode,nr,rol,gemeente,,zzzzzzzzzz,postcod",
         "postcode,voorkeurtaal,postcode,nr,rol,gemeente,,zzzzzzzzzz,postcod", ""},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct import english = read_text(bus_printf(arena, "%s\n%s", lists[i].english, lists[i].lines));
        struct import dutch = read_text(bus_printf(arena, "%s\n%s", lists[i].dutch, lists[i].lines));
        assert_true(dutch.dutch && !english.dutch);
        assert_true(english.faults_n > 0);
        assert_string_equal(faults_of(&english), faults_of(&dutch));
        for (size_t k = 0; k < english.faults_n; k++)
            assert_string_not_equal(english.faults[k].text, dutch.faults[k].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IMPORT_TEST(test_the_first_line),
        IMPORT_TEST(test_faults_of_the_first_line_hide_none_below_it),
        IMPORT_TEST(test_names_of_columns_that_are_nearly_right),
        IMPORT_TEST(test_a_long_name_of_a_column_is_told_by_its_beginning),
        IMPORT_TEST(test_a_list_in_dutch_is_answered_in_dutch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
