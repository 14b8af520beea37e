/* A text message over HTTP by libcurl; see transport.h. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "transport_curl.h"

#define WHOLE_SECONDS 10L /* all letters wait for it */

static bool is_here(CURLU *url)
{
    char *host = NULL;
    bool here =
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        (strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0);
    curl_free(host);
    return here;
}

/* Phone numbers and texts travel to it. */
enum bus_status transport_sms_check(const char *text, struct bus_error *err)
{
    if (text[0] == '\0' || strncmp(text, "file:", 5) == 0)
        return BUS_OK;
    char *scheme = NULL;
    CURLU *url = curl_url();
    bool fine = url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                (strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_here(url)));
    curl_free(scheme);
    curl_url_cleanup(url);
    if (fine)
        return BUS_OK;
    return bus_fail_code(
        err, BUS_INVALID, "BUS-SETTING",
        "SMS_URL is %s; it must be https://host/path, http:// to this machine, or file:///folder", text);
}

static size_t pass_over(char *from, size_t size, size_t n, void *to)
{
    (void)from, (void)to;
    return size * n;
}

static struct curl_slist *headers_of(const struct sms *sms, const char *id, struct bus_arena *arena)
{
    struct curl_slist *list = transport_list(NULL, "Content-Type: application/json");
    list = transport_list(list, bus_printf(arena, "Idempotency-Key: %s", id));
    if (sms->token[0] != '\0')
        list = transport_list(list, bus_printf(arena, "Authorization: Bearer %s", sms->token));
    return list;
}

/* A refused token or a wrong address is a fault of our settings, not of the message: it waits until that is
 * repaired. */
static enum bus_status judge(CURL *curl, CURLcode code, struct bus_error *err)
{
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    if (code == CURLE_OK && answer >= 200 && answer < 300)
        return BUS_OK;
    if (code == CURLE_OK && (answer == 400 || answer == 422))
        return bus_fail(err, BUS_INVALID, "refused");
    if (code == CURLE_OK)
        return bus_fail(err, BUS_RETRY, "the SMS service answered %ld", answer);
    return bus_fail(err, BUS_RETRY, "the SMS service did not answer: %s", curl_easy_strerror(code));
}

enum bus_status transport_sms(const struct sms *sms, const char *id, const char *to, const char *text,
                              struct bus_arena *arena, struct bus_error *err)
{
    json_t *message = json_pack("{s:s, s:s, s:s}", "id", id, "to", to, "text", text);
    char *body = message != NULL ? json_dumps(message, JSON_COMPACT) : NULL;
    json_decref(message);
    if (body == NULL)
        return bus_fail(err, BUS_INVALID, "the text is not UTF-8");
    struct patience patience = {.peers = sms->peers};
    CURL *curl = transport_curl(sms->url, "http,https", WHOLE_SECONDS, &patience);
    struct curl_slist *headers = headers_of(sms, id, arena);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, pass_over);
    enum bus_status status = judge(curl, transport_perform(curl), err);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    free(body);
    return status;
}
