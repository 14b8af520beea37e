/* Key files as czmq certificates, for the sockets of this folder. */
#ifndef NET_CERT_H
#define NET_CERT_H

#include <czmq.h>

#include "bus/status.h"

/* A key file, with its name, role and grants as metadata; the secret half is zeros where the file has none.
 * BUS_INVALID when it cannot be read, holds no key, or a word of it is not known or stands there twice. */
BUS_CHECKED enum bus_status net_cert_load(const char *path, zcert_t **ret_cert, struct bus_error *err);
/* <keys_dir>/<name>.key, with its secret half. BUS_RETRY when the file is not there (yet). */
BUS_CHECKED enum bus_status net_cert_secret(const char *keys_dir, const char *name, zcert_t **ret_cert,
                                            struct bus_error *err);
/* The public key of <keys_dir>/allowed/<name>.pub, as Z85 text. BUS_RETRY when the file is not there (yet).
 */
BUS_CHECKED enum bus_status net_cert_public(const char *keys_dir, const char *name, char ret_key[41],
                                            struct bus_error *err);

#endif
