/* What both ways over the network share: how long an answer may take, also while the process stops. */
#ifndef NOTIFICATIONS_TRANSPORT_CURL_H
#define NOTIFICATIONS_TRANSPORT_CURL_H

#include <curl/curl.h>

#include "transport.h"

struct patience {
    struct bus_peers *peers;
    int64_t told_us; /* when it was seen that the process stops; 0: it does not */
};

/* A transfer to `url`, by one of `protocols` ("http,https"), that may take so long. `patience` has to live as
 * long. */
CURL *transport_curl(const char *url, const char *protocols, long seconds, struct patience *patience);

struct curl_slist *transport_list(struct curl_slist *list, const char *text);

CURLcode transport_perform(CURL *curl);

#endif
