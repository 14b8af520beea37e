/* People in a table of text: what is read, every fault, and the same without what is personal. */
#include "import_support.h"

#include "../../../services/registry/import_columns.h"

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

static void test_what_is_too_long_is_told(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
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
}

static void test_of_too_many_faults_each_line_keeps_one(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    bus_buffer_text(&text, "postcode,preferred_language\n");
    for (int i = 0; i < 1500; i++)
        bus_buffer_text(&text, "x,y\n");
    bus_buffer_add(&text, "", 1);
    struct import import = read_text((const char *)text.data);
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

static void test_one_name_is_enough_and_none_is_remarked(void **state)
{
    (void)state;
    struct import import =
        read_text("voornaam;naam;postcode;voorkeurtaal\nDawit;;1730;ti\n;Tesfay;1730;ti\n;;1730;ti\n");
    assert_int_equal(import.faults_n, 0);
    assert_int_equal(import.people_n, 3);
    assert_int_equal(import.remarks_n, 1);
    assert_int_equal(import.remarks[0].line, 4);
    assert_non_null(strstr(import.remarks[0].text, "geen naam"));
    assert_int_equal(read_text("postcode,preferred_language\n1730,ti\n").remarks_n,
                     0); /* names were not asked */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IMPORT_TEST(test_a_good_list),
        IMPORT_TEST(test_every_fault_of_every_line),
        IMPORT_TEST(test_what_is_too_long_is_told),
        IMPORT_TEST(test_of_too_many_faults_each_line_keeps_one),
        IMPORT_TEST(test_a_list_that_grows_too_long_is_told),
        IMPORT_TEST(test_without_what_is_personal),
        IMPORT_TEST(test_recorded_words_stay_what_they_were),
        IMPORT_TEST(test_one_name_is_enough_and_none_is_remarked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
