/* People in a table of text: what is read, every fault, and the same without what is personal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "../../../services/registry/grounds.h"
#include "../../../services/registry/import.h"
#include "../../../services/registry/import_columns.h"

static const uint8_t key[INSZ_HASH_BYTES] = {7};
static struct bus_arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = bus_arena_new();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    bus_arena_free(&arena);
    return 0;
}

/* The faults as "line:column;", with "-" for a whole line. */
static const char *faults_of(const struct import *import)
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

static struct import read_text(const char *text)
{
    struct import import;
    import_read(text, false, key, arena, &import);
    return import;
}

static void test_a_good_list(void **state)
{
    (void)state;
    struct import import = read_text(
        "Postcode,preferred_language,First_Name,LAST NAME,email,national_number,birth_year,gender,languages,"
        "dutch_level,interests,child_birth_years,availability,prefers_gender,found_through\n"
        "1730,ar,Amina,\"El Idrissi\",a@example.org,93.05.18-223.61,1993,Woman,ar fr,A2,cooking board-games,"
        "2019 2019,mon-morning sat-evening,any,nt2-class\n"
        "2200,uk,Olena,Koval,,,,,,,,,,,\n");
    assert_string_equal(faults_of(&import), "");
    assert_int_equal(import.lines_n, 2);
    assert_int_equal(import.people_n, 2);
    const struct person *amina = &import.people[0], *olena = &import.people[1];
    assert_string_equal(amina->personal.last_name, "El Idrissi");
    assert_int_equal(amina->channel, COMMON_CHANNEL_MAIL);
    assert_int_equal(amina->found_through, REGISTRY_FOUND_THROUGH_NT2_CLASS);
    assert_true(amina->profile.has_birth_year);
    assert_int_equal(amina->profile.birth_year, 1993);
    assert_int_equal(amina->profile.gender, COMMON_GENDER_WOMAN);
    assert_int_equal(amina->profile.dutch_level, COMMON_CEFR_A2);
    assert_int_equal(amina->profile.languages_n, 2);
    assert_string_equal(amina->profile.interests[1], "board-games");
    assert_int_equal(amina->profile.child_birth_years_n, 2);
    assert_int_equal(amina->profile.availability[1], COMMON_SLOT_SAT_EVENING);
    assert_int_equal(amina->profile.prefers_gender, COMMON_GENDER_PREFERENCE_ANY);
    assert_int_equal(olena->channel, COMMON_CHANNEL_NONE);
    assert_false(olena->profile.has_birth_year);
    assert_int_equal(import.rows[1].line, 3);
}

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
        assert_int_equal(import.people_n, 0);
    }
}

static void test_every_fault_of_every_line(void **state)
{
    (void)state;
    struct import import = read_text("postcode,preferred_language,email,phone,national_number,birth_year,"
                                     "gender,languages,interests,child_birth_years,availability,channel\n"
                                     "173,Dutch,nobody,12,93051822362,85,lady,xx1,c2,19,monday,pigeon\n"
                                     ",,,,,,,,,,,x\n"
                                     "1730,nl\n"
                                     "1730,nl,\"a\"b,,,,,,,,,\n"
                                     "1730,nl,ok@example.org,,,,,ar ar,,,mon-morning mon-morning,\n"
                                     "1730,nl,fine@example.org,,,,,,,,,\n");
    assert_string_equal(
        faults_of(&import),
        "2:postcode;2:preferred_language;2:channel;2:email;2:phone;2:national_number;2:birth_year;"
        "2:gender;2:languages;2:interests;2:child_birth_years;2:availability;"
        "3:postcode;3:preferred_language;3:channel;4:-;5:-;6:languages;6:availability;");
    assert_int_equal(import.lines_n, 6);
    assert_int_equal(import.people_n, 4); /* all that have their fields */
    assert_null(import.people[0].postcode);
    assert_string_equal(import.people[2].personal.email, "ok@example.org");
    assert_string_equal(import.people[3].personal.email, "fine@example.org");
    for (size_t i = 0; i < import.faults_n; i++) {
        assert_null(strstr(import.faults[i].text, "nobody"));
        assert_null(strstr(import.faults[i].text, "930518"));
    }
}

static void test_limits(void **state)
{
    (void)state;
    struct bus_buffer text = {0};
    bus_buffer_text(&text, "postcode,preferred_language,first_name\n");
    for (int i = 0; i < IMPORT_PEOPLE_MAX + 2; i++)
        bus_buffer_text(&text, "1730,nl,\n");
    bus_buffer_add(&text, "", 1);
    struct import import = read_text((const char *)text.data);
    assert_string_equal(faults_of(&import), "1002:-;");
    assert_int_equal(import.people_n, IMPORT_PEOPLE_MAX);
    bus_buffer_clear(&text);
    bus_buffer_text(&text, "postcode,preferred_language,first_name\n1730,nl,");
    for (int i = 0; i < 81; i++)
        bus_buffer_text(&text, "é");
    bus_buffer_add(&text, "", 1);
    import = read_text((const char *)text.data);
    assert_string_equal(faults_of(&import), "2:first_name;");
    bus_buffer_clear(&text);
    bus_buffer_text(&text, "postcode,preferred_language\n");
    for (int i = 0; i < 1500; i++)
        bus_buffer_text(&text, "x,y\n");
    bus_buffer_add(&text, "", 1);
    import = read_text((const char *)text.data);
    for (int64_t line = 1; line <= IMPORT_PEOPLE_MAX + 1; line++) /* what is found out later */
        import_fault(&import, line + 1, COLUMN_POSTCODE, "there is no such postcode");
    import_settle(&import);
    assert_int_equal(import.faults_n, IMPORT_FAULTS_MAX);
    size_t of_line = 0;
    int64_t next = 2;
    for (size_t i = 0; i < import.faults_n; i++) {
        of_line = i > 0 && import.faults[i].line == import.faults[i - 1].line ? of_line + 1 : 1;
        assert_int_equal(import.faults[i].line, of_line > 1 ? next - 1 : next);
        next += of_line == 1;
    }
    assert_int_equal(next, IMPORT_PEOPLE_MAX + 3); /* each was told, and that they are too many */
    bus_buffer_done(&text);
}

/* The texts of the faults, each behind its column or "-". */
static const char *texts_of(const struct import *import)
{
    const char *text = "";
    for (size_t i = 0; i < import->faults_n; i++)
        text =
            bus_printf(arena, "%s%lld %s: %s\n", text, (long long)import->faults[i].line,
                       import->faults[i].heading ? import->faults[i].heading : "-", import->faults[i].text);
    return text;
}

/* Short words in Dutch are long ones of ours: what is recorded may have no room for what could be sent. */
static void test_a_list_that_grows_too_long_is_told(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    bus_buffer_text(&text, "postcode;voorkeurtaal;beschikbaarheid\n");
    for (int i = 0; i < IMPORT_PEOPLE_MAX; i++)
        bus_buffer_text(&text, "1730;nl;ma vm nm avond di vm nm wo avond\n");
    bus_buffer_add(&text, "", 1);
    assert_in_range(text.size, 1, IMPORT_COARSE_MAX);
    struct import import = read_text((const char *)text.data);
    assert_string_equal(texts_of(&import),
                        "1 -: de lijst is te lang: splits ze in twee, elk met deze eerste regel\n");
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
        {"naar muziek luisteren", "koken pottenbakken", "muziek luisteren en lezen", "koken + lezen"},
    };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        for (size_t k = 0; cells[i][k] != NULL; k++) {
            const char *language = strcmp(columns[i], "preferred_language") == 0 ? "" : "preferred_language,";
            struct import import = read_text(bus_printf(arena, "postcode,%s%s\n1730,%s\"%s\"\n", language,
                                                        columns[i], *language ? "nl," : "", cells[i][k]));
            assert_string_equal(faults_of(&import), bus_printf(arena, "2:%s;", columns[i]));
        }
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
                        "1 -: column 3, birthyear, is not known: is it birth_year?\n"
                        "1 preferred_language: the column is missing\n");
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

static void test_without_what_is_personal(void **state)
{
    (void)state;
    struct import import =
        read_text("first_name,postcode,preferred_language,email,phone,birth_year,gender,interests,"
                  "availability,child_birth_years,languages\n"
                  "Amina,1730,ar,amina@example.org,,1993,woman,cooking sewing,mon-morning,2019 2021,fr ti\n"
                  "\"Olena, K.\",2200,uk,,0470123456,,,,,,\n");
    const char *coarse = import.coarse;
    assert_string_equal(
        coarse, "postcode,preferred_language,channel,birth_year,gender,languages,interests,child_birth_years,"
                "availability\n"
                "1730,ar,mail,1993,woman,fr ti,cooking sewing,2019 2021,mon-morning\n"
                "2200,uk,sms,,,,,,\n");
    struct import again = read_text(coarse); /* what a replay reads */
    assert_string_equal(faults_of(&again), "");
    assert_int_equal(again.people_n, 2);
    assert_true(personal_is_empty(&again.people[0].personal));
    assert_int_equal(again.people[1].channel, COMMON_CHANNEL_SMS);
    assert_string_equal(again.coarse, coarse);
}

/* A log of long ago has words that are read otherwise today. */
static void test_recorded_words_stay_what_they_were(void **state)
{
    (void)state;
    static const char text[] =
        "postcode,preferred_language,languages,interests\n1730,twi,twi,lezen board--games\n";
    struct import import;
    import_read(text, true, key, arena, &import);
    assert_string_equal(texts_of(&import), "");
    assert_string_equal(import.people[0].preferred_language, "twi");
    assert_string_equal(import.people[0].profile.languages[0], "twi");
    assert_string_equal(import.people[0].profile.interests[0], "lezen");
    assert_string_equal(import.people[0].profile.interests[1], "board--games");
    import = read_text(text);
    assert_string_equal(import.people[0].preferred_language, "tw");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_good_list, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_dutch_names_and_words, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_the_first_line, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_every_fault_of_every_line, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_limits, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_a_list_that_grows_too_long_is_told, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_values_as_people_write_them, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_what_could_mean_two_things_is_refused, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_how_items_of_a_list_stand_apart, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_names_of_columns_that_are_nearly_right, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_a_long_name_of_a_column_is_told_by_its_beginning, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(test_a_list_in_dutch_is_answered_in_dutch, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_one_person_twice, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_two_without_names_are_not_called_one, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_recorded_words_stay_what_they_were, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_without_what_is_personal, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
