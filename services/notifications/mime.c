/* See mime.h. */
#include "mime.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bus/clock.h"
#include "bus/status.h"

#define LINE_BYTES 57 /* 76 characters of base64 */
#define WORD_BYTES 39 /* 52 characters of base64: an encoded word stays below 75 */

bool mime_address_ok(const char *address)
{
    const char *at = address != NULL ? strchr(address, '@') : NULL;
    if (at == NULL || at == address || at[1] == '\0' || strchr(at + 1, '@') != NULL || strlen(address) > 254)
        return false;
    for (const char *c = address; *c != '\0'; c++)
        if ((unsigned char)*c <= 0x20 || *c == 0x7f || strchr("<>(),;:\\\"[]", *c) != NULL)
            return false;
    return true;
}

static void base64(struct bus_buffer *out, const void *data, size_t size)
{
    char text[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(text, sizeof text, data, size, sodium_base64_VARIANT_ORIGINAL);
    bus_buffer_text(out, text);
}

/* As encoded words of RFC 2047; a character is never cut in two. What is no UTF-8 is cut anywhere. */
static void header_text(struct bus_buffer *out, const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        size_t n = left < WORD_BYTES ? left : WORD_BYTES;
        for (int back = 0; back < 3 && n < left && ((unsigned char)text[n] & 0xc0) == 0x80; back++)
            n--;
        bus_buffer_text(out, "=?UTF-8?B?");
        base64(out, text, n);
        bus_buffer_text(out, "?=");
        text += n;
        left -= n;
        if (left > 0)
            bus_buffer_text(out, "\r\n ");
    }
}

static void header_date(struct bus_buffer *out, int64_t time_us)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(time_us / BUS_SECOND_US);
    struct tm at;
    gmtime_r(&seconds, &at);
    bus_buffer_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[at.tm_wday], at.tm_mday,
                      months[at.tm_mon], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
}

/* Lines end with CRLF inside the encoding, as text in mail does. */
static void body(struct bus_buffer *out, const char *type, const char *text)
{
    AUTO(bus_buffer_done) struct bus_buffer lines = {0};
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        bus_buffer_add(&lines, text, n);
        if (text[n] == '\n')
            bus_buffer_text(&lines, "\r\n");
        text += n + (text[n] == '\n');
    }
    bus_buffer_printf(out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                      type);
    for (size_t at = 0; at < lines.size; at += LINE_BYTES) {
        base64(out, lines.data + at, lines.size - at < LINE_BYTES ? lines.size - at : LINE_BYTES);
        bus_buffer_text(out, "\r\n");
    }
}

void mime_write(struct bus_buffer *out, const struct envelope *envelope, const struct rendered *mail)
{
    char id[BUS_ID_TEXT];
    bus_id_format(envelope->content_id, id);
    bus_buffer_text(out, "From: ");
    if (envelope->from_name != NULL && envelope->from_name[0] != '\0') {
        header_text(out, envelope->from_name);
        bus_buffer_printf(out, "\r\n <%s>\r\n", envelope->from);
    } else {
        bus_buffer_printf(out, "%s\r\n", envelope->from);
    }
    bus_buffer_printf(out, "To: %s\r\n", envelope->to);
    if (envelope->reply_to != NULL && envelope->reply_to[0] != '\0')
        bus_buffer_printf(out, "Reply-To: %s\r\n", envelope->reply_to);
    bus_buffer_text(out, "Subject: ");
    header_text(out, mail->subject);
    bus_buffer_text(out, "\r\n");
    header_date(out, envelope->time_us);
    bus_buffer_printf(out, "Message-ID: <%s%s>\r\n", id, strchr(envelope->from, '@'));
    bus_buffer_printf(out,
                      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
                      id, id);
    body(out, "text/plain", mail->text);
    bus_buffer_printf(out, "--=_%s\r\n", id);
    body(out, "text/html", mail->html);
    bus_buffer_printf(out, "--=_%s--\r\n", id);
}
