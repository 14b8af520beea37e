/* What a service process is told by its environment; read once, never changed. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "bus/arena.h"
#include "bus/client.h"
#include "bus/service.h"
#include "net/net.h"

struct config {
    const char *database;
    const char *database_password; /* or NULL */
    const char *bind_events;
    const char *bind_requests;
    const char *keys_dir;
    const char *health; /* "127.0.0.1:9101" */
    const char *log_level;
    int64_t log_keep_us;    /* 0: the log is kept whole */
    int64_t log_partition;  /* events */
    int64_t reader_away_us; /* a reader that does not move on for so long is reported */
    bool conducted;         /* start under a conductor's clock */
    bool standby;           /* wait for the lease rather than refuse */
    const struct bus_endpoint *peers;
    size_t peers_n;
};

/* Reads and checks everything, the service's own settings included; every fault is named before it returns.
 * The result lives in `arena`. */
BUS_CHECKED enum bus_status config_read(const struct bus_service *service, struct bus_arena *arena,
                                        struct config *ret_config, struct bus_error *err);
/* The endpoints of the streams the service follows, in the order it names them. */
BUS_CHECKED enum bus_status config_follows(const struct config *config, const struct bus_service *service,
                                           struct bus_arena *arena, struct net_peer **ret_peers,
                                           size_t *ret_n, struct bus_error *err);
/* For --help: a line per setting. */
void config_help(const struct bus_service *service);

#endif
