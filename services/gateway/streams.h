/* The streams that can be followed through the gateway, one of each service, and the scope that each asks of
 * a token. */
#ifndef GATEWAY_STREAMS_H
#define GATEWAY_STREAMS_H

#define STREAMS 6

struct stream_name {
    const char *service, *scope;
};

extern const struct stream_name stream_names[STREAMS];

#endif
