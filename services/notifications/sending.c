/* See sending.h. */
#include "sending.h"

#include <string.h>

#include "mime.h"
#include "render.h"
#include "schema/registry.h"
#include "transport.h"

static bool is_file(const char *url)
{
    return strncmp(url, "file:", 5) == 0;
}

static enum bus_status send_mail(struct bus_peers *peers, const struct letter *letter,
                                 const struct registry_contacts_reply_contacts *contact,
                                 struct bus_arena *arena, struct bus_error *err)
{
    const char *url = bus_setting("PUBLIC_URL"), *mail_url = bus_setting("MAIL_URL");
    if (!mime_address_ok(contact->email))
        return bus_fail(err, BUS_INVALID, "no-address");
    struct rendered mail;
    render_mail(arena, letter, contact->first_name, url[0] != '\0' ? url : NULL, &mail);
    struct envelope envelope = {
        .from = bus_setting("MAIL_FROM"),
        .from_name = letter->sender,
        .reply_to = bus_setting("MAIL_REPLY_TO"),
        .to = contact->email,
        .content_id = letter->content_id,
        .time_us = letter->time_us,
    };
    if (!mime_address_ok(envelope.from) ||
        (envelope.reply_to[0] != '\0' && !mime_address_ok(envelope.reply_to)))
        return bus_fail(err, BUS_RETRY,
                        "MAIL_FROM and MAIL_REPLY_TO must be plain addresses, as in name@example.be");
    AUTO(bus_buffer_done) struct bus_buffer bytes = {0};
    mime_write(&bytes, &envelope, &mail);
    if (is_file(mail_url)) {
        char id[BUS_ID_TEXT];
        bus_id_format(letter->letter_id, id);
        return transport_file(mail_url, bus_printf(arena, "%s.eml", id), bus_buffer_bytes(&bytes),
                              !bus_replaying(peers), err);
    }
    struct smtp smtp = {.url = mail_url,
                        .user = bus_setting("MAIL_USER"),
                        .password = bus_setting("MAIL_PASSWORD"),
                        .without_tls = strcmp(bus_setting("MAIL_TLS"), "never") == 0,
                        .peers = peers};
    return transport_smtp(&smtp, envelope.from, envelope.to, bus_buffer_bytes(&bytes), err);
}

static enum bus_status send_sms(struct bus_peers *peers, const struct letter *letter,
                                const struct registry_contacts_reply_contacts *contact,
                                struct bus_arena *arena, struct bus_error *err)
{
    if (contact->phone == NULL)
        return bus_fail(err, BUS_INVALID, "no-address");
    char id[BUS_ID_TEXT];
    bus_id_format(letter->letter_id, id);
    const char *url = bus_setting("SMS_URL"), *text = render_sms(arena, letter);
    if (strncmp(url, "file:", 5) == 0)
        return transport_file(url, bus_printf(arena, "%s.sms", id),
                              bus_bytes_of(bus_printf(arena, "To: %s\n\n%s", contact->phone, text)),
                              !bus_replaying(peers), err);
    struct sms sms = {.url = url, .token = bus_setting("SMS_TOKEN"), .peers = peers};
    return transport_sms(&sms, id, contact->phone, text, arena, err);
}

const void *letters_gather(struct bus_peers *peers, const struct bus_bytes *payloads, size_t n,
                           struct bus_arena *arena)
{
    struct bus_error err = {0};
    struct bus_id *people = bus_alloc_array(arena, n, sizeof *people);
    struct registry_contacts ask = {.person_ids = people};
    for (size_t i = 0; i < n; i++) {
        struct letter letter;
        if (letter_unpack(payloads[i], arena, &letter, &err) == BUS_OK)
            people[ask.person_ids_n++] = letter.person_id;
    }
    void *reply = NULL;
    return bus_ask(peers, &registry_contacts_type, &ask, arena, &reply, &err) == BUS_OK ? reply : NULL;
}

static const struct registry_contacts_reply_contacts *find_contact(const struct registry_contacts_reply *all,
                                                                   struct bus_id person_id)
{
    for (size_t i = 0; i < all->contacts_n; i++)
        if (bus_id_equal(all->contacts[i].asked_id, person_id))
            return &all->contacts[i];
    return NULL;
}

enum bus_status letter_send(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                            const void *gathered, struct bus_arena *arena, const char **ret_text,
                            struct bus_error *err)
{
    (void)key;
    struct letter letter;
    enum bus_status status = letter_unpack(payload, arena, &letter, err);
    if (status != BUS_OK)
        return status;
    if (gathered == NULL)
        return bus_fail(err, BUS_RETRY, "registry does not tell the address");
    const struct registry_contacts_reply_contacts *contact = find_contact(gathered, letter.person_id);
    if (contact == NULL)
        return bus_fail(err, BUS_INVALID, "no-address");
    if (contact->erased)
        return bus_fail(err, BUS_INVALID, "erased");
    if (!contact->may_contact || contact->channel == COMMON_CHANNEL_NONE)
        return bus_fail(err, BUS_INVALID, "no-consent");
    bool by_sms = strcmp(letter.channel, "sms") == 0 && bus_setting("SMS_URL")[0] != '\0';
    *ret_text = by_sms ? "sms" : "mail";
    return by_sms ? send_sms(peers, &letter, contact, arena, err)
                  : send_mail(peers, &letter, contact, arena, err);
}
