/* What people wrote, on its way into a mail: names, titles and places of any text leave the mail one mail.
 * Its headers are ours, no line is too long or ends but in CRLF, its HTML has no element that we did not
 * write, and a letter travels unchanged. The texts are parted by a NUL; the first byte chooses the message
 * and the language. */
#include <string.h>
#include <strings.h>

#include "../../services/notifications/mime.h"
#include "../../services/notifications/render.h"
#include "bus/clock.h"
#include "require.h"
#include "wire/utf8.h"

#define TEXTS          8
#define LINE_BYTES     998 /* RFC 5322 */
#define NAME_MAX_CHARS 80  /* as schemas allow of titles, venues and names */

static const char *const templates[] = {"match-proposed", "meeting-planned", "enrolled", "duo-stopped"};
static const char *const languages[] = {"nl", "ar", "fr", "xx"};

static bool is_text(const char *text)
{
    return wire_utf8_check((const uint8_t *)text, strlen(text), NULL);
}

static void check_lines(const struct bus_buffer *mail)
{
    size_t begins = 0;
    for (size_t i = 0; i < mail->size; i++) {
        require(mail->data[i] < 0x80 && mail->data[i] != '\0');
        require(mail->data[i] != '\r' || (i + 1 < mail->size && mail->data[i + 1] == '\n'));
        if (mail->data[i] != '\n')
            continue;
        require(i > 0 && mail->data[i - 1] == '\r' && i - begins <= LINE_BYTES);
        begins = i + 1;
    }
    require(begins == mail->size);
}

static void check_headers(const struct bus_buffer *mail, struct bus_arena *arena)
{
    static const char *const names[] = {"From",         "To",         "Reply-To",       "Subject",
                                        "Date",         "Message-ID", "Auto-Submitted", "MIME-Version",
                                        "Content-Type", NULL};
    char *text = bus_strndup(arena, (const char *)mail->data, mail->size), *end = strstr(text, "\r\n\r\n");
    size_t at = 0;
    require(end != NULL);
    *end = '\0';
    for (char *rest = NULL, *line = strtok_r(text, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        if (line[0] == ' ')
            continue;
        while (names[at] != NULL && strncmp(line, names[at], strlen(names[at])) != 0)
            at++;
        require(names[at] != NULL); /* in this order, and no other */
        at++;
    }
}

static void check_html(const char *html)
{
    static const char *const ours[] = {"!doctype", "html", "/html", "head",   "/head", "meta", "body",
                                       "/body",    "p",    "/p",    "br",     "div",   "/div", "strong",
                                       "/strong",  "hr",   "title", "/title", "bdi",   "/bdi"};
    for (const char *at = html; (at = strchr(at, '<')) != NULL; at++) {
        bool known = false;
        for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
            known |= strncasecmp(at + 1, ours[i], strlen(ours[i])) == 0;
        require(known);
    }
}

static void check_letter(const struct letter *letter, const char *first_name, const char *url,
                         struct bus_arena *arena)
{
    AUTO(bus_buffer_done) struct bus_buffer packed = {0}, again = {0}, mail = {0};
    struct letter read;
    struct rendered rendered;
    struct bus_error err = {0};
    letter_pack(letter, &packed);
    require(letter_unpack(bus_buffer_bytes(&packed), arena, &read, &err) == BUS_OK);
    letter_pack(&read, &again);
    require(bus_bytes_equal(bus_buffer_bytes(&packed), bus_buffer_bytes(&again)));
    render_mail(arena, &read, first_name, url, &rendered);
    require(strpbrk(rendered.subject, "\r\n") == NULL && is_text(render_sms(arena, &read)));
    require(is_text(rendered.subject) && is_text(rendered.text) && is_text(rendered.html));
    check_html(rendered.html);
    const struct envelope envelope = {.from = "koppel@example.org",
                                      .from_name = read.sender,
                                      .to = "an@example.org",
                                      .reply_to = "asse@example.org",
                                      .content_id = {{2}},
                                      .time_us = read.time_us};
    mime_write(&mail, &envelope, &rendered);
    check_lines(&mail);
    check_headers(&mail, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    const char *texts[TEXTS] = {0};
    for (size_t i = 0, at = 1; i < TEXTS && at < size; i++) {
        size_t characters = 0;
        texts[i] = bus_strndup(arena, (const char *)data + at, size - at);
        at += strlen(texts[i]) + 1;
        if (!wire_utf8_check((const uint8_t *)texts[i], strlen(texts[i]), &characters) ||
            characters > NAME_MAX_CHARS)
            return 0;
    }
    const struct letter_part part = {.message_id = {{4}},
                                     .template = templates[data[0] % 4],
                                     .at_us = INT64_C(1772562600) * BUS_SECOND_US,
                                     .programme = texts[0],
                                     .place_kind = texts[1],
                                     .help_topic = texts[2],
                                     .title = texts[3],
                                     .venue = texts[4]};
    const struct letter_part parts[2] = {part, part};
    const struct letter letter = {.letter_id = {{1}},
                                  .content_id = {{2}},
                                  .person_id = {{3}},
                                  .language = languages[data[0] / 4 % 4],
                                  .channel = "mail",
                                  .sender = texts[5],
                                  .time_us = part.at_us,
                                  .parts = parts,
                                  .parts_n = 1 + data[0] / 16 % 2};
    check_letter(&letter, texts[6], texts[7], arena);
    return 0;
}
