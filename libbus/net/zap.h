/* The process's one guard at the door: czmq's zauth, which lets in the keys of keys_dir/allowed. */
#ifndef NET_ZAP_H
#define NET_ZAP_H

#include "bus/status.h"

/* Starts it, or counts one more user. A process has one folder of keys: another one is BUS_INVALID. */
BUS_CHECKED enum bus_status net_zap_acquire(const char *keys_dir, struct bus_error *err);
/* The last user stops it: sockets that are still bound then refuse everybody. */
void net_zap_release(void);

#endif
