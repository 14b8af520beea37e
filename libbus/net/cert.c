/* Loads key files for sockets, and says in plain words what is wrong with them. */
#include "net/cert.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "net/socket.h"

#define NO_KEY "0000000000000000000000000000000000000000" /* how an absent or unreadable key shows */

static enum bus_status load(const char *path, zcert_t **ret_cert, struct bus_error *err)
{
    net_process_init();
    if (access(path, R_OK) != 0)
        return bus_fail(err, BUS_RETRY, "key file %s cannot be read (%s): make the keys first", path,
                        strerror(errno));
    zcert_t *cert = zcert_load(path);
    if (!cert || streq(zcert_public_txt(cert), NO_KEY)) {
        zcert_destroy(&cert);
        return bus_fail(err, BUS_INVALID, "key file %s holds no CURVE key: make it anew", path);
    }
    *ret_cert = cert;
    return BUS_OK;
}

enum bus_status net_cert_secret(const char *keys_dir, const char *name, zcert_t **ret_cert,
                                struct bus_error *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s.key", keys_dir, name);
    AUTO(zcert_destroy) zcert_t *cert = NULL;
    enum bus_status status = load(path, &cert, err);
    if (status)
        return status;
    if (streq(zcert_secret_txt(cert), NO_KEY))
        return bus_fail(err, BUS_INVALID, "key file %s holds only the public half: put the secret key there",
                        path);
    *ret_cert = cert;
    cert = NULL;
    return BUS_OK;
}

enum bus_status net_cert_public(const char *keys_dir, const char *name, char ret_key[41],
                                struct bus_error *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/allowed/%s.pub", keys_dir, name);
    AUTO(zcert_destroy) zcert_t *cert = NULL;
    enum bus_status status = load(path, &cert, err);
    if (status)
        return status;
    memcpy(ret_key, zcert_public_txt(cert), 41);
    return BUS_OK;
}
