/* The process's one guard at the door: answers libzmq (ZAP, RFC 27) who may connect, from keys_dir/allowed as
 * it stands at that moment. Not czmq's zauth: that one aborts the process when two files hold the same key,
 * and sees changes by the second only. */
#ifndef NET_ZAP_H
#define NET_ZAP_H

#include <stddef.h>

#include "bus/status.h"

/* Where the sockets of a process listen: the name of a stream stands behind the second. */
#define NET_ZAP_DOMAIN "bus"
#define NET_ZAP_STREAM "stream/"

/* Starts it, or counts one more user. A process has one folder of keys: another one is BUS_INVALID. */
BUS_CHECKED enum bus_status net_zap_acquire(const char *keys_dir, struct bus_error *err);
/* The last user stops it: sockets that are still bound then refuse everybody. */
void net_zap_release(void);

/* Connections that were refused since the process began; the key of the last one, "" when it showed none. */
size_t net_zap_refused(char ret_key[41]);

#endif
