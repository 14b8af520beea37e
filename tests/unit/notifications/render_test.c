/* Letters as people read them, as bytes of a mail, and as they travel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../../services/notifications/letter.h"
#include "../../../services/notifications/mime.h"
#include "../../../services/notifications/render.h"
#include "bus/arena.h"
#include "bus/clock.h"

#define TUESDAY_UTC INT64_C(1772562600) /* 2026-03-03T18:30:00Z: half past seven in the evening */

static const struct letter_part talk = {.message_id = {{4}},
                                        .template = "meeting-planned",
                                        .at_us = TUESDAY_UTC * BUS_SECOND_US,
                                        .programme = "Samen & <b>Sterk</b>",
                                        .place_kind = "library"};
static const struct letter_part place = {.message_id = {{5}}, .template = "enrolled", .title = "Praatpunt"};

static struct letter letter_of(const char *language, const struct letter_part *parts, size_t n)
{
    return (struct letter){
        .letter_id = {{1}},
        .content_id = {{2}},
        .person_id = {{3}},
        .language = language,
        .channel = "mail",
        .sender = "Gemeente Asse",
        .time_us = TUESDAY_UTC * BUS_SECOND_US,
        .parts = parts,
        .parts_n = n,
    };
}

static int setup(void **state)
{
    *state = bus_arena_new();
    return 0;
}
static int teardown(void **state)
{
    bus_arena_free((struct bus_arena **)state);
    return 0;
}

static void has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("lacks: %s\n%s", part, text);
}
static void lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("has: %s\n%s", part, text);
}

static void test_dutch_alone(void **state)
{
    struct letter letter = letter_of("nl", &talk, 1);
    struct rendered mail;
    render_mail(*state, &letter, "Amina", NULL, &mail);
    assert_string_equal(mail.subject, "Uw kennismaking is gepland");
    assert_string_equal(mail.text, "Dag Amina,\n\n"
                                   "U hebt een kennismaking voor Samen & <b>Sterk</b>.\n"
                                   "Wanneer: dinsdag 3 maart om 19.30 uur.\n"
                                   "Waar: de bibliotheek.\n"
                                   "Wij zijn er ook bij.\n"
                                   "Kunt u niet komen? Laat het ons weten.\n\n"
                                   "Hebt u een vraag? Antwoord op dit bericht.\n\n"
                                   "Vriendelijke groeten\nGemeente Asse\n\n");
    has(mail.html, "Samen &#38; &#60;b&#62;Sterk&#60;/b&#62;");
    lacks(mail.html, "<b>");
}

static void test_what_is_not_known_is_left_out(void **state)
{
    struct letter letter = letter_of("nl", &place, 1);
    struct rendered mail;
    letter.sender = NULL;
    render_mail(*state, &letter, NULL, NULL, &mail);
    has(mail.text, "Dag,\n\nU hebt een plaats bij Praatpunt.\nWij sturen");
    lacks(mail.text, "Waar");
    lacks(mail.text, "{");
    lacks(mail.html, "{");
}

static void test_a_link_only_when_there_is_one(void **state)
{
    struct letter letter = letter_of("nl", &place, 1);
    struct rendered mail;
    render_mail(*state, &letter, NULL, NULL, &mail);
    lacks(mail.text, "://");
    lacks(mail.html, "://");
    render_mail(*state, &letter, NULL, "https://samen.asse.example/", &mail);
    has(mail.text, "Meer lezen: https://samen.asse.example/\n");
}

static void test_arabic_from_right_to_left(void **state)
{
    struct letter letter = letter_of("ar", &talk, 1);
    struct rendered mail;
    render_mail(*state, &letter, "أمينة", NULL, &mail);
    has(mail.html, "<div dir=\"ltr\" lang=\"nl\">");
    has(mail.html, "<div dir=\"rtl\" lang=\"ar\">");
    has(mail.html, "<bdi dir=\"ltr\">19:30</bdi>");
    has(mail.html, "<bdi>الثلاثاء 3 مارس</bdi>");
    has(mail.text, "الساعة \u206619:30\u2069.");
    has(mail.text, "\u2068المكتبة\u2069");
    has(mail.text, "om 19.30 uur.");
    has(mail.subject, "Uw kennismaking is gepland | تم تحديد موعد لقائك");
}

static void test_a_language_without_texts_gets_english_beside_dutch(void **state)
{
    struct letter letter = letter_of("so", &talk, 1);
    struct rendered mail;
    render_mail(*state, &letter, "Amina", NULL, &mail);
    has(mail.text, "When: Tuesday 3 March at 19:30.");
    has(mail.html, "lang=\"en\"");
}

static void test_several_things_have_headings(void **state)
{
    struct letter_part both[] = {talk, place};
    struct letter letter = letter_of("fr", both, 2);
    struct rendered mail;
    render_mail(*state, &letter, "Amina", NULL, &mail);
    assert_string_equal(mail.subject, "2 berichten voor u | 2 messages pour vous");
    has(mail.text, "\n\nU doet mee met Praatpunt\nU hebt een plaats");
    has(mail.html, "<p><strong>Vous participez à Praatpunt</strong><br>\n");
    has(mail.text, "mardi 3 mars à 19\u00a0h\u00a030");
}

static void test_a_value_cannot_break_its_line(void **state)
{
    struct letter letter = letter_of("nl", &place, 1);
    struct rendered mail;
    render_mail(*state, &letter, "Amina\r\nBcc: x@example.be", NULL, &mail);
    has(mail.text, "Dag Amina  Bcc: x@example.be,\n");
}

static void test_a_text_message_is_short(void **state)
{
    struct letter letter = letter_of("en", &place, 1);
    const char *text = render_sms(*state, &letter);
    has(text, "You have a place in Praatpunt.\n");
    has(text, "U hebt een plaats bij Praatpunt.\n");
    lacks(text, "Dag");
    assert_string_equal(strstr(text, "Gemeente"), "Gemeente Asse\n");
}

static const char *when(void *arena, const char *language, int64_t at_s)
{
    struct letter_part part = talk;
    part.at_us = at_s * BUS_SECOND_US;
    struct letter letter = letter_of(language, &part, 1);
    struct rendered mail;
    render_mail(arena, &letter, NULL, NULL, &mail);
    return mail.text;
}

static void test_days_and_hours_as_each_language_writes_them(void **state)
{
    const int64_t first = 1777624200, summer = 1782892800; /* 2026-05-01 08:30Z, 2026-07-01 08:00Z */
    has(when(*state, "nl", first), "vrijdag 1 mei om 10.30 uur.");
    has(when(*state, "nl", summer - 3600), "woensdag 1 juli om 9 uur.");
    has(when(*state, "fr", first), "vendredi 1er mai à 10\u00a0h\u00a030.");
    has(when(*state, "fr", summer), "mercredi 1er juillet à 10\u00a0h.");
    has(when(*state, "en", summer - 3600), "Wednesday 1 July at 9:00.");
    has(when(*state, "uk", first), "п’ятниця, 1 травня, 10:30.");
    has(when(*state, "ar", summer - 3600), "\u2068الأربعاء 1 يوليو\u2069 الساعة \u20669:00\u2069.");
    has(when(*state, "ti", summer - 3600), "ረቡዕ 1 ሓምለ ሰዓት 9:00");
    has(when(*state, "nl", 1767219900), "woensdag 31 december om 23.25 uur."); /* 2025-12-31 22:25Z */
}

static void test_a_value_cannot_turn_what_stands_around_it(void **state)
{
    struct letter_part turned = place;
    turned.title = "\u202eParty\u2069 \u200fEnd";
    struct letter letter = letter_of("ar", &turned, 1);
    struct rendered mail;
    render_mail(*state, &letter, NULL, NULL, &mail);
    has(mail.text, "\u2068Party \u200fEnd\u2069");
    lacks(mail.text, "\u202e");
    lacks(mail.html, "\u202e");
    lacks(mail.subject, "\u202e");
}

static struct bus_bytes write_mail(struct bus_arena *arena, const char *subject)
{
    struct letter letter = letter_of("ar", &talk, 1);
    struct rendered mail;
    render_mail(arena, &letter, "أمينة", NULL, &mail);
    mail.subject = subject != NULL ? subject : mail.subject;
    struct envelope envelope = {.from = "koppel@example.be",
                                .from_name = "Gemeente Asse",
                                .to = "amina@example.be",
                                .content_id = letter.content_id,
                                .time_us = letter.time_us};
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    mime_write(&out, &envelope, &mail);
    return bus_bytes(bus_strndup(arena, (const char *)out.data, out.size), out.size);
}

static void test_a_mail_has_the_same_bytes_each_time(void **state)
{
    struct bus_bytes first = write_mail(*state, NULL), second = write_mail(*state, NULL);
    assert_true(bus_bytes_equal(first, second));
    const char *mail = (const char *)first.data;
    has(mail, "Date: Tue, 3 Mar 2026 18:30:00 +0000\r\n");
    has(mail, "Message-ID: <02000000-0000-0000-0000-000000000000@example.be>\r\n");
    has(mail, "From: =?UTF-8?B?R2VtZWVudGUgQXNzZQ==?=\r\n <koppel@example.be>\r\nTo: "
              "amina@example.be\r\nSubject: =?UTF-8?B?");
    has(mail, "Content-Type: text/plain; charset=utf-8\r\n");
    has(mail, "Content-Type: text/html; charset=utf-8\r\n");
    lacks(mail, "Reply-To");
    for (const char *line = mail, *end; (end = strstr(line, "\r\n")) != NULL; line = end + 2) {
        assert_true(end - line <= 78);
        assert_null(memchr(line, '\n', (size_t)(end - line)));
    }
}

static void test_a_long_subject_is_folded_between_characters(void **state)
{
    struct bus_bytes mail = write_mail(*state, "xሰላምሰላምሰላምሰላምሰላምሰላምሰላም");
    has((const char *)mail.data,
        "Subject: =?UTF-8?B?eOGIsOGIi+GIneGIsOGIi+GIneGIsOGIi+GIneGIsOGIi+GInQ==?=\r\n "
        "=?UTF-8?B?4Yiw4YiL4Yid4Yiw4YiL4Yid4Yiw4YiL4Yid?=\r\n");
}

static void test_addresses(void **state)
{
    (void)state;
    assert_true(mime_address_ok("amina.el-b+koppel@example.be"));
    static const char *const bad[] = {"",
                                      "amina",
                                      "@example.be",
                                      "amina@",
                                      "a@b@c",
                                      "a b@example.be",
                                      "a@example.be\r\nBcc: b@c",
                                      "Amina <a@example.be>",
                                      "a@example.be,b@example.be"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(mime_address_ok(bad[i]));
    assert_false(mime_address_ok(NULL));
}

static void test_a_letter_travels_unchanged(void **state)
{
    struct letter_part both[] = {talk, place};
    struct letter letter = letter_of("ti", both, 2), back;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    letter_pack(&letter, &out);
    assert_int_equal(letter_unpack(bus_buffer_bytes(&out), *state, &back, NULL), BUS_OK);
    assert_true(bus_id_equal(back.person_id, letter.person_id) &&
                bus_id_equal(back.content_id, letter.content_id));
    assert_string_equal(back.language, "ti");
    assert_string_equal(back.sender, "Gemeente Asse");
    assert_int_equal(back.time_us, letter.time_us);
    assert_int_equal(back.parts_n, 2);
    assert_string_equal(back.parts[0].programme, talk.programme);
    assert_null(back.parts[1].venue);
    assert_true(bus_id_equal(back.parts[1].message_id, place.message_id));
    struct bus_error err;
    assert_int_equal(letter_unpack(bus_bytes(out.data, out.size - 1), *state, &back, &err), BUS_BUG);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_dutch_alone),
        TEST(test_what_is_not_known_is_left_out),
        TEST(test_a_link_only_when_there_is_one),
        TEST(test_arabic_from_right_to_left),
        TEST(test_a_language_without_texts_gets_english_beside_dutch),
        TEST(test_several_things_have_headings),
        TEST(test_a_value_cannot_break_its_line),
        TEST(test_a_text_message_is_short),
        TEST(test_days_and_hours_as_each_language_writes_them),
        TEST(test_a_value_cannot_turn_what_stands_around_it),
        TEST(test_a_mail_has_the_same_bytes_each_time),
        TEST(test_a_long_subject_is_folded_between_characters),
        TEST(test_addresses),
        TEST(test_a_letter_travels_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
