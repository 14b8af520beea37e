/* ZAP answers come from one thread per context, so its users are counted. */
#include "net/zap.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "net/allowed.h"
#include "net/frames.h"
#include "net/socket.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"

/* ---- the thread */

enum { VERSION, REQUEST_ID, DOMAIN, ADDRESS, IDENTITY, MECHANISM, KEY, FRAMES };

static bool frame_is(const struct net_frames *frames, size_t i, const char *text)
{
    return bus_bytes_equal(net_frames_at(frames, i), bus_bytes_of(text));
}

/* A socket that sends a stream is for those who may read it; at the others each request is judged. */
static bool admits(const struct bus_key *key, struct bus_bytes domain)
{
    char stream[BUS_KEY_NAME_MAX + 1] = "";
    const size_t head = strlen(NET_ZAP_STREAM);
    if (bus_bytes_equal(domain, bus_bytes_of(NET_ZAP_DOMAIN)))
        return true;
    if (domain.size <= head || domain.size - head >= sizeof(stream) ||
        memcmp(domain.data, NET_ZAP_STREAM, head) != 0)
        return false;
    memcpy(stream, domain.data + head, domain.size - head);
    return bus_key_grants(key->grants, "reads", stream);
}

/* The key's text, when it may come in. */
static bool judge(struct net_allowed *allowed, const struct net_frames *frames, char key[41])
{
    if (frames->n != FRAMES || !frame_is(frames, VERSION, "1.0") || !frame_is(frames, MECHANISM, "CURVE") ||
        net_frames_at(frames, KEY).size != 32)
        return false;
    zmq_z85_encode(key, net_frames_at(frames, KEY).data, 32);
    net_allowed_refresh(allowed);
    const struct bus_key *found = net_allowed_find(allowed, key);
    return found != NULL && admits(found, net_frames_at(frames, DOMAIN));
}

static struct {
    pthread_mutex_t lock;
    size_t n;
    char key[41];
} refused = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void note_refused(const char *key)
{
    pthread_mutex_lock(&refused.lock);
    refused.n++;
    strcpy(refused.key, key);
    pthread_mutex_unlock(&refused.lock);
}

size_t net_zap_refused(char ret_key[41])
{
    pthread_mutex_lock(&refused.lock);
    size_t n = refused.n;
    strcpy(ret_key, refused.key);
    pthread_mutex_unlock(&refused.lock);
    return n;
}

/* The key becomes the connection's user id: what each message that comes by it is known by. */
static void answer(zsock_t *requests, struct net_allowed *allowed)
{
    AUTO(net_frames_done) struct net_frames frames;
    enum net_read read = net_frames_read(requests, &frames);
    if (read == NET_READ_NOTHING)
        return;
    char key[41] = "";
    bool good = read == NET_READ_OK && judge(allowed, &frames, key);
    if (!good)
        note_refused(key);
    struct bus_bytes id = frames.n > REQUEST_ID ? net_frames_at(&frames, REQUEST_ID) : bus_bytes("", 0);
    struct bus_bytes reply[] = {bus_bytes_of("1.0"),
                                id,
                                bus_bytes_of(good ? "200" : "400"),
                                bus_bytes_of(good ? "OK" : "this key is not allowed"),
                                bus_bytes_of(good ? key : ""),
                                bus_bytes("", 0)};
    net_frames_send(requests, reply, sizeof(reply) / sizeof(reply[0]));
}

struct beginning {
    const char *keys_dir;
    bool bound;
};

static void guard_run(zsock_t *pipe, void *value)
{
    struct beginning *beginning = value; /* the starter's, until it is signalled */
    struct net_allowed *allowed = net_allowed_new(beginning->keys_dir);
    zsock_t *requests = zsock_new(ZMQ_REP);
    bool bound = requests && zsock_bind(requests, ZAP_ENDPOINT) == 0;
    beginning->bound = bound;
    zsock_signal(pipe, 0);
    while (bound) {
        zmq_pollitem_t items[] = {{.socket = zsock_resolve(pipe), .events = ZMQ_POLLIN},
                                  {.socket = zsock_resolve(requests), .events = ZMQ_POLLIN}};
        int ready = zmq_poll(items, 2, -1);
        if (items[0].revents || (ready < 0 && zmq_errno() != EINTR))
            break; /* told to end, or the context has ended */
        if (items[1].revents)
            answer(requests, allowed);
    }
    if (bound)
        zsock_unbind(requests, ZAP_ENDPOINT); /* now: closing alone frees the name some time later */
    zsock_destroy(&requests);
    net_allowed_free(&allowed);
}

/* ---- its users */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static zactor_t *guard;
static char *guarded_dir;
static size_t users;

/* Signals are for the program's own threads: this one is started with all of them blocked. */
static zactor_t *guard_new(struct beginning *beginning)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    zactor_t *actor = zactor_new(guard_run, beginning);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return actor;
}

static enum bus_status start(const char *keys_dir, struct bus_error *err)
{
    net_process_init();
    struct beginning beginning = {.keys_dir = keys_dir};
    zactor_t *actor = guard_new(&beginning);
    if (!actor || !beginning.bound) {
        zactor_destroy(&actor);
        return bus_fail(err, BUS_BUG, "the thread that checks keys could not be started");
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
