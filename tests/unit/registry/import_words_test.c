/* What people write in the cells of a list: words in Dutch, days, and several items in one. */
#include "import_support.h"

static void test_dutch_names_and_words(void **state)
{
    (void)state;
    struct import import = read_text(
        "\xEF\xBB\xBFVoornaam;Familienaam;Postnummer;Voorkeurtaal;GSM;Geslacht;Kanaal;Gevonden via\r\n"
        "Fatma;Yıldız;1730;tr;0470 12 34 56;V;SMS;church\r\n");
    assert_string_equal(faults_of(&import), "");
    assert_string_equal(import.people[0].personal.phone, "+32470123456");
    assert_int_equal(import.people[0].profile.gender, COMMON_GENDER_WOMAN);
    assert_int_equal(import.people[0].channel, COMMON_CHANNEL_SMS);
}

static void test_values_as_people_write_them(void **state)
{
    (void)state;
    struct import import = read_text(
        "postcode;voorkeurtaal;kanaal;gevonden via;geboortedatum;geslacht;talen;niveau nederlands;"
        "hobby's;geboortejaren kinderen;beschikbaar;voorkeur geslacht\n"
        "1730;Oekraïens;e-mail;Mond-tot-mond;3/4/1980;Vrouw;\"Oekraïens, Russisch, EN\";Moedertaal;"
        "\"Koken, Board games / Vissen\";\"2019, 5-6-2021\";"
        "\"maandagvoormiddag, di avond; zaterdag: voormiddag en namiddag, sun-evening\";Geen voorkeur\n"
        "1730;NL;geen;krant;03-04-1980;x;fr;geen;koken lezen;1.2.2003;wo-nm;m\n"
        "1730;nl;;;1980-04-03;;;;;;;\n");
    static const int slots[] = {COMMON_SLOT_MON_MORNING, COMMON_SLOT_TUE_EVENING, COMMON_SLOT_SAT_MORNING,
                                COMMON_SLOT_SAT_AFTERNOON, COMMON_SLOT_SUN_EVENING};
    assert_string_equal(texts_of(&import), "");
    const struct person *one = &import.people[0], *other = &import.people[1];
    assert_string_equal(one->preferred_language, "uk");
    assert_int_equal(one->channel, COMMON_CHANNEL_MAIL);
    assert_int_equal(one->found_through, REGISTRY_FOUND_THROUGH_WORD_OF_MOUTH);
    assert_int_equal(one->profile.birth_year, 1980);
    assert_int_equal(one->profile.gender, COMMON_GENDER_WOMAN);
    assert_int_equal(one->profile.languages_n, 3);
    assert_string_equal(one->profile.languages[1], "ru");
    assert_string_equal(one->profile.languages[2], "en");
    assert_int_equal(one->profile.dutch_level, COMMON_CEFR_NATIVE);
    assert_int_equal(one->profile.interests_n, 3);
    assert_string_equal(one->profile.interests[0], "cooking");
    assert_string_equal(one->profile.interests[1], "board-games");
    assert_string_equal(one->profile.interests[2], "fishing");
    assert_int_equal(one->profile.child_birth_years[1], 2021);
    assert_int_equal(one->profile.availability_n, 5);
    assert_memory_equal(one->profile.availability, slots, sizeof slots);
    assert_int_equal(one->profile.prefers_gender, COMMON_GENDER_PREFERENCE_ANY);
    assert_string_equal(other->preferred_language, "nl");
    assert_int_equal(other->channel, COMMON_CHANNEL_NONE);
    assert_int_equal(other->profile.birth_year, 1980);
    assert_int_equal(other->profile.gender, COMMON_GENDER_OTHER);
    assert_int_equal(other->profile.dutch_level, COMMON_CEFR_NONE);
    assert_string_equal(other->profile.interests[1], "reading");
    assert_int_equal(other->profile.child_birth_years[0], 2003);
    assert_int_equal(other->profile.availability[0], COMMON_SLOT_WED_AFTERNOON);
    assert_int_equal(import.people[2].profile.birth_year, 1980);
}

static void test_what_could_mean_two_things_is_refused(void **state)
{
    (void)state;
    static const char *const columns[] = {"birth_year", "availability", "languages", "preferred_language",
                                          "interests"};
    static const char *const cells[][12] = {
        {"3/4/80", "13/13/1980", "0/4/1980", "1980/4", "3/4/1980/5", "3-4/1980", "31/12/1899", "4-1980",
         "a/4/1980"},
        {"ma-vr", "maandag", "voormiddag", "maandag, dinsdagavond", "dinsdagavond, maandag", "elke avond",
         "ma-vm ma-vm", "mavondmaal", ","},
        {"klingon", "xx1", "zz", "fr, qq", "Frans Engels Duits Klingon", "fr/fr", "Frans en ar",
         "ti en Frans", "Frans en Engels en nl"},
        {"Frans en Arabisch", "fr nl", "1", "n", "zz", "nld"},
        {"naar muziek luisteren", "koken pottenbakken", "muziek luisteren en lezen", "koken + lezen",
         "kokken", "lezen; tuineiren", "swiming"},
    };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        for (size_t k = 0; cells[i][k] != NULL; k++) {
            const char *language = strcmp(columns[i], "preferred_language") == 0 ? "" : "preferred_language,";
            struct import import = read_text(bus_printf(arena, "postcode,%s%s\n1730,%s\"%s\"\n", language,
                                                        columns[i], *language ? "nl," : "", cells[i][k]));
            assert_string_equal(faults_of(&import), bus_printf(arena, "2:%s;", columns[i]));
        }
}

static void test_a_word_that_is_nearly_right_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *column, *cell, *ends;
    } cases[] = {
        {"talen", "Arbisch", "een komma ertussen; is het arabisch?"},
        {"talen", "Frans, Tigrinia, ar", "; is het tigrinya?"},
        {"talen", "fr, qqqq", "met een komma ertussen"},
        {"beschikbaarheid", "maandagavnd", "; is het maandagavond?"},
        {"beschikbaarheid", "di-namidag", "; is het namiddag?"},
        {"beschikbaarheid", "mandag voormiddag", "; is het maandag?"},
        {"beschikbaarheid", "ma-vr", "met een komma ertussen"},
        {"beschikbaarheid", "maandag", "met een komma ertussen"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct import import = read_text(
            bus_printf(arena, "postcode;voorkeurtaal;%s\n1730;nl;\"%s\"\n", cases[i].column, cases[i].cell));
        assert_int_equal(import.faults_n, 1);
        const char *told = import.faults[0].text;
        assert_true(strlen(told) > strlen(cases[i].ends));
        assert_string_equal(told + strlen(told) - strlen(cases[i].ends), cases[i].ends);
    }
    struct import import = read_text("postcode,preferred_language\n1730,Turkss\n");
    assert_string_equal(import.faults[0].text,
                        "give one language, by its name in Dutch or its code: Arabisch or ar; is it turks?");
    import = read_text("postcode;voorkeurtaal;geboortejaar\n1730;nl;94\n");
    assert_string_equal(import.faults[0].text,
                        "geef een jaar in 4 cijfers, van 1900 tot nu, of een datum met "
                        "zo'n jaar: 1980 of 3/4/1980");
}

/* Its items of a column, with a bar between them. */
static const char *items_of(const char *column, const char *cell_text)
{
    struct import import =
        read_text(bus_printf(arena, "postcode;preferred_language;%s\n1730;nl;\"%s\"\n", column, cell_text));
    if (import.faults_n > 0)
        return import.faults[0].text;
    const struct common_profile *profile = &import.people[0].profile;
    bool languages = strcmp(column, "languages") == 0;
    const char *const *items = languages ? profile->languages : profile->interests;
    size_t n = languages ? profile->languages_n : profile->interests_n;
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = bus_printf(arena, "%s%s%s", text, i > 0 ? "|" : "", items[i]);
    return text;
}

static void test_how_items_of_a_list_stand_apart(void **state)
{
    (void)state;
    static const struct {
        const char *column, *cell, *items;
    } cases[] = {
        {"interests", "Koken en wandelen", "cooking|walking"},
        {"interests", "Koken, wandelen EN lezen", "cooking|walking|reading"},
        {"interests", "koken wandelen en lezen", "cooking|walking|reading"},
        {"interests", "koken & lezen&vissen", "cooking|reading|fishing"},
        {"interests", "koken, en lezen", "cooking|reading"},
        {"interests", "samen eten", "samen-eten"},
        {"interests", "lezen, tuineiren",
         "holds an interest that is misspelt or cannot be: give words of 2 to 30 letters, with a comma "
         "between "
         "them; is it tuinieren?"},
        {"interests", "samen eten en zingen", "samen-eten|singing"},
        {"interests", "koken, naar muziek luisteren", "cooking|naar-muziek-luisteren"},
        {"interests", "naar muziek luisteren,", "naar-muziek-luisteren"},
        {"interests", "Board games", "board-games"},
        {"interests", "tennis wielrennen-kijken",
         "may be one interest or several: put a comma between interests, and a hyphen within one"},
        {"interests", "film, films; Film", "film"},
        {"interests", "entertainment, lenen", "entertainment|lenen"},
        {"languages", "Frans en Arabisch", "fr|ar"},
        {"languages", "Frans, Arabisch en Turks", "fr|ar|tr"},
        {"languages", "Frans Arabisch", "fr|ar"},
        {"languages", "Vlaams en Frans", "nl|fr"},
        {"hobby", "wandelen", "walking"},
        {"languages", "fr en nl", "fr|en|nl"},
        {"languages", "fr en", "fr|en"},
        {"languages", "en", "en"},
        {"languages", "Frans, en", "fr|en"},
        {"languages", "Frans EN", "fr|en"},
        {"languages", "Frans & ar", "fr|ar"},
        {"languages", "Dari, Farsi", "prs|fa"},
        {"languages", "Chinees, Mandarijn", "zh"},
        {"languages", "Frans, fr", "fr"},
        {"languages", "Frans en ar",
         "has `en` between a name and a code: give names in Dutch or codes, with a comma between them"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(items_of(cases[i].column, cases[i].cell), cases[i].items);
    struct import import = read_text("postcode,preferred_language,child_birth_years\n1730,nl,2015 en 2018\n");
    assert_string_equal(texts_of(&import), "");
    assert_int_equal(import.people[0].profile.child_birth_years[1], 2018);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IMPORT_TEST(test_dutch_names_and_words),
        IMPORT_TEST(test_values_as_people_write_them),
        IMPORT_TEST(test_what_could_mean_two_things_is_refused),
        IMPORT_TEST(test_a_word_that_is_nearly_right_is_named),
        IMPORT_TEST(test_how_items_of_a_list_stand_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
