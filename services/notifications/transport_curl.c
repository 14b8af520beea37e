/* See transport_curl.h. */
#include "transport_curl.h"

#include <sys/socket.h>

#define CONNECT_SECONDS 10L
#define LAST_US         (3 * BUS_SECOND_US) /* for a letter under way when the process is told to stop */

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

CURL *transport_curl(const char *url, const char *protocols, long seconds, struct patience *patience)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        bus_die("out of memory");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_over);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, patience);
    return curl;
}

struct curl_slist *transport_list(struct curl_slist *list, const char *text)
{
    struct curl_slist *longer = curl_slist_append(list, text);
    if (longer == NULL)
        bus_die("out of memory");
    return longer;
}

/* libcurl would wait for the server's farewell too. */
static void hang_up(CURL *curl)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK && socket != CURL_SOCKET_BAD)
        (void)shutdown(socket, SHUT_RDWR);
}

CURLcode transport_perform(CURL *curl)
{
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_OPERATION_TIMEDOUT)
        hang_up(curl);
    return code;
}
