/* Mail over SMTP by libcurl; see transport.h. */
#include <string.h>

#include "transport_curl.h"

#define WHOLE_SECONDS 60L

enum bus_status transport_smtp_check(const char *text, struct bus_error *err)
{
    static const char *const schemes[] = {"smtp://", "smtps://", "file:///"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0 && text[strlen(schemes[i])] != '\0')
            return BUS_OK;
    return bus_fail_code(err, BUS_INVALID, "BUS-SETTING",
                         "MAIL_URL is not smtps://host:port, smtp://host:port or file:///folder");
}

static size_t give(char *to, size_t size, size_t n, void *from_p)
{
    struct bus_bytes *from = from_p;
    size_t bytes = size * n < from->size ? size * n : from->size;
    memcpy(to, from->data, bytes);
    from->data += bytes;
    from->size -= bytes;
    return bytes;
}

static void prepare(CURL *curl, const struct smtp *smtp)
{
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(smtp->without_tls ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    if (smtp->user != NULL && smtp->user[0] != '\0') {
        curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, smtp->password);
    }
}

/* A refused login or missing TLS is a fault of our settings, not of the message: it waits until that is
 * repaired. */
static enum bus_status judge(CURL *curl, CURLcode code, bool given, struct bus_error *err)
{
    long answer = 0;
    if (code == CURLE_OK)
        return BUS_OK;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    bool ours =
        code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION;
    if (answer >= 500 && answer < 600 && !ours)
        return bus_fail(err, BUS_INVALID, "refused");
    if (given && answer < 400)
        return bus_fail(err, BUS_RETRY, TRANSPORT_UNANSWERED);
    return bus_fail(err, BUS_RETRY, "the mail server answered %ld: %s", answer, curl_easy_strerror(code));
}

enum bus_status transport_smtp(const struct smtp *smtp, const char *from, const char *to,
                               struct bus_bytes mail, struct bus_error *err)
{
    struct patience patience = {.peers = smtp->peers};
    CURL *curl = transport_curl(smtp->url, "smtp,smtps", WHOLE_SECONDS, &patience);
    struct curl_slist *recipients = transport_list(NULL, to);
    prepare(curl, smtp);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &mail);
    CURLcode code = transport_perform(curl);
    enum bus_status status = judge(curl, code, mail.size == 0, err);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    return status;
}
