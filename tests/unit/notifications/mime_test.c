/* A header says the whole text in words of a length that mail allows, whatever the text is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "../../../services/notifications/mime.h"

#define WORD_BYTES_MAX 75 /* RFC 2047 */

/* What the encoded words at `at` say, joined. */
static void read_words(const char *at, char *out, size_t size)
{
    size_t used = 0;
    while (strncmp(at, "=?UTF-8?B?", 10) == 0) {
        const char *end = strstr(at, "?=");
        size_t n = 0;
        assert_non_null(end);
        assert_in_range(end + 2 - at, 1, WORD_BYTES_MAX);
        assert_int_equal(sodium_base642bin((unsigned char *)out + used, size - 1 - used, at + 10,
                                           (size_t)(end - at) - 10, NULL, &n, NULL,
                                           sodium_base64_VARIANT_ORIGINAL),
                         0);
        used += n;
        at = end + 2 + (strncmp(end + 2, "\r\n ", 3) == 0 ? 3 : 0);
    }
    out[used] = '\0';
}

static void assert_subject_whole(const char *subject)
{
    AUTO(bus_buffer_done) struct bus_buffer bytes = {0};
    const struct envelope envelope = {.from = "a@example.org", .to = "b@example.org"};
    const struct rendered mail = {.subject = subject, .text = "", .html = ""};
    char read[512];
    mime_write(&bytes, &envelope, &mail);
    bus_buffer_add(&bytes, "", 1);
    const char *at = strstr((const char *)bytes.data, "Subject: ");
    assert_non_null(at);
    read_words(at + strlen("Subject: "), read, sizeof read);
    assert_string_equal(read, subject);
}

static void test_a_long_subject_is_said_whole(void **state)
{
    (void)state;
    assert_subject_whole("x");
    assert_subject_whole(
        "Een voorstel voor een gesprek met Zoë, op donderdag in de bibliotheek van Herentals");
    assert_subject_whole("ሰላም ሰላም ሰላም ሰላም ሰላም ሰላም ሰላም ሰላም ሰላም ሰላም");
}

static void test_what_is_no_utf8_ends_too(void **state)
{
    (void)state;
    char bytes[120];
    memset(bytes, 0x80, sizeof bytes - 1);
    bytes[sizeof bytes - 1] = '\0';
    assert_subject_whole(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_long_subject_is_said_whole),
        cmocka_unit_test(test_what_is_no_utf8_ends_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
