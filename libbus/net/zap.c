/* ZAP answers come from one thread per context, so its users are counted. */
#include "net/zap.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "net/socket.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static zactor_t *guard;
static char *guarded_dir;
static size_t users;

/* A thread of czmq must not be the one that signals are delivered to. */
static zactor_t *guard_start(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    zactor_t *actor = zactor_new(zauth, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return actor;
}

static enum bus_status start(const char *keys_dir, struct bus_error *err)
{
    char allowed[PATH_MAX];
    snprintf(allowed, sizeof(allowed), "%s/allowed", keys_dir);
    net_process_init();
    zactor_t *actor = guard_start();
    if (!actor)
        return bus_fail(err, BUS_BUG, "the authentication thread could not be started");
    if (zstr_sendx(actor, "CURVE", allowed, NULL) != 0 || zsock_wait(actor) != 0) {
        zactor_destroy(&actor);
        return bus_fail(err, BUS_RETRY, "the authentication thread did not take the folder %s", allowed);
    }
    guarded_dir = strdup(keys_dir);
    if (!guarded_dir)
        bus_die("out of memory: no room for a path");
    guard = actor;
    return BUS_OK;
}

static enum bus_status acquire(const char *keys_dir, struct bus_error *err)
{
    if (users > 0 && strcmp(guarded_dir, keys_dir) != 0)
        return bus_fail(err, BUS_INVALID,
                        "one process uses one folder of keys: %s is in use, %s was asked for", guarded_dir,
                        keys_dir);
    if (users == 0) {
        enum bus_status status = start(keys_dir, err);
        if (status)
            return status;
    }
    users++;
    return BUS_OK;
}

enum bus_status net_zap_acquire(const char *keys_dir, struct bus_error *err)
{
    pthread_mutex_lock(&lock);
    enum bus_status status = acquire(keys_dir, err);
    pthread_mutex_unlock(&lock);
    return status;
}

void net_zap_release(void)
{
    pthread_mutex_lock(&lock);
    if (users > 0 && --users == 0) {
        zactor_destroy(&guard);
        free(guarded_dir);
        guarded_dir = NULL;
    }
    pthread_mutex_unlock(&lock);
}
