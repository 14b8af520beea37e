/* Mail over SMTP by libcurl; see transport.h. */
#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

#include "transport.h"

#define CONNECT_SECONDS 10L
#define WHOLE_SECONDS   60L
#define LAST_US         (3 * BUS_SECOND_US) /* for a mail under way when the process is told to stop */

struct patience {
    struct bus_peers *peers;
    int64_t told_us; /* when it was seen that the process stops */
};

static int is_over(void *self_p, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    struct patience *self = self_p;
    if (!bus_stopping(self->peers))
        return 0;
    int64_t now_us = bus_clock_monotonic_us();
    if (self->told_us == 0)
        self->told_us = now_us;
    return now_us - self->told_us > LAST_US;
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
    curl_easy_setopt(curl, CURLOPT_URL, smtp->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(smtp->without_tls ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, WHOLE_SECONDS);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_over);
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

/* libcurl would wait for the server's farewell too. */
static void hang_up(CURL *curl)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK && socket != CURL_SOCKET_BAD)
        (void)shutdown(socket, SHUT_RDWR);
}

enum bus_status transport_smtp(const struct smtp *smtp, const char *from, const char *to,
                               struct bus_bytes mail, struct bus_error *err)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    if (curl == NULL || recipients == NULL)
        bus_die("out of memory");
    prepare(curl, smtp);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &mail);
    struct patience patience = {.peers = smtp->peers};
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &patience);
    CURLcode code = curl_easy_perform(curl);
    enum bus_status status = judge(curl, code, mail.size == 0, err);
    if (code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_OPERATION_TIMEDOUT)
        hang_up(curl);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    return status;
}
