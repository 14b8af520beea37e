/* HTTP from anyone: what is sent on one connection goes through libmicrohttpd, the routes and what they ask
 * of services, to the replies. What reaches a service is a message by its schema (edge_scene.c); a refusal is
 * a problem in JSON with its reason; nothing that was sent becomes a header of a reply. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../services/gateway/http.h"
#include "edge_scene.h"
#include "require.h"

#define REPLY_BYTES (256 * 1024)
#define TURNS_MAX   2000

static const char *const headers[] = {"Content-Type",
                                      "X-Content-Type-Options",
                                      "Cache-Control",
                                      "Connection",
                                      "Content-Length",
                                      "Transfer-Encoding",
                                      "Date",
                                      "Allow",
                                      "Accept",
                                      "Accept-Encoding",
                                      "WWW-Authenticate",
                                      "Retry-After",
                                      "ETag",
                                      "Link",
                                      "Koppel-Head",
                                      "Koppel-Next",
                                      "Content-Disposition",
                                      "Content-Security-Policy",
                                      "Referrer-Policy",
                                      "Cross-Origin-Opener-Policy",
                                      "Cross-Origin-Resource-Policy"};

static bool is_ours(const char *line, size_t size)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (size == strlen(headers[i]) && strncasecmp(line, headers[i], size) == 0)
            return true;
    return false;
}

static void check_problem(const char *body, size_t size, unsigned status)
{
    json_t *problem = json_loadb(body, size, JSON_DISABLE_EOF_CHECK, NULL);
    require(problem != NULL);
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    require(json_integer_value(json_object_get(problem, "status")) == status);
    require(detail != NULL && detail[0] != '\0');
    json_decref(problem);
}

/* The first reply; those behind it are made in the same way. */
static void check_reply(const char *reply, size_t size, bool is_head, bool asked)
{
    unsigned status = 0;
    bool problem = false;
    require(sscanf(reply, "HTTP/1.%*1[01] %3u", &status) == 1 && status >= 100 && status < 600);
    const char *line = strstr(reply, "\r\n");
    for (require(line != NULL); line[2] != '\r';) {
        line += 2;
        const char *colon = strchr(line, ':');
        require(colon != NULL && is_ours(line, (size_t)(colon - line)));
        problem |= strncmp(line, "Content-Type: application/problem+json", 38) == 0;
        line = strstr(line, "\r\n");
        require(line != NULL);
    }
    require(asked || status != 500);
    if (problem && !is_head)
        check_problem(line + 4, size - (size_t)(line + 4 - reply), status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char reply[REPLY_BYTES + 1];
    static struct edge_scene scene;
    int ends[2];
    size_t got = 0;
    edge_scene_open(&scene, data, size);
    require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    require(http_join(scene.edge.http, ends[1]));
    (void)!write(ends[0], scene.sent.data, scene.sent.size);
    bool more = true;
    for (int turn = 0; turn < TURNS_MAX && more; turn++) {
        more = edge_scene_turn(&scene);
        ssize_t n = read(ends[0], reply + got, REPLY_BYTES - got);
        got += n > 0 ? (size_t)n : 0;
    }
    reply[got] = '\0';
    bool is_head = scene.sent.size > 4 && memcmp(scene.sent.data, "HEAD", 4) == 0;
    if (got > 0)
        check_reply(reply, got, is_head, scene.asked > 0);
    close(ends[0]);
    (void)edge_scene_turn(&scene);
    edge_scene_close(&scene);
    return 0;
}
