/* To whom a letter leaves, by what registry says at the moment of sending. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../services/notifications/letter.h"
#include "../../../services/notifications/sending.h"
#include "schema/registry.h"

#define PERSON ((struct bus_id){{3}})

/* What becomes of a letter to PERSON when this is what registry told; nothing is read of the settings before.
 */
static const char *refusal(const struct registry_contacts_reply_contacts *contact, size_t n)
{
    static struct bus_error err;
    const struct letter_part part = {.message_id = {{4}}, .template = "duo-started"};
    const struct letter letter = {.letter_id = {{1}},
                                  .content_id = {{2}},
                                  .person_id = PERSON,
                                  .language = "nl",
                                  .channel = "mail",
                                  .parts = &part,
                                  .parts_n = 1};
    const struct registry_contacts_reply reply = {.contacts = contact, .contacts_n = n};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer payload = {0};
    letter_pack(&letter, &payload);
    const char *text = NULL;
    assert_int_equal(letter_send(NULL, "key", bus_buffer_bytes(&payload), &reply, arena, &text, &err),
                     BUS_INVALID);
    assert_null(text);
    return err.text;
}

static void test_only_who_may_be_written_to_is(void **state)
{
    (void)state;
    struct registry_contacts_reply_contacts contact = {
        .asked_id = PERSON, .may_contact = false, .channel = COMMON_CHANNEL_MAIL, .email = "a@example.be"};
    assert_string_equal(refusal(&contact, 1), "no-consent");
    contact.may_contact = true;
    contact.channel = COMMON_CHANNEL_NONE;
    assert_string_equal(refusal(&contact, 1), "no-consent");
    contact.channel = COMMON_CHANNEL_MAIL;
    contact.erased = true;
    assert_string_equal(refusal(&contact, 1), "erased");
    contact.asked_id = (struct bus_id){{4}};
    assert_string_equal(refusal(&contact, 1), "no-address");
    assert_string_equal(refusal(NULL, 0), "no-address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_only_who_may_be_written_to_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
