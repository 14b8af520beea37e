/* What a service counts; shown by /metrics and by STATUS. Owned by the loop's thread. */
#ifndef APP_METRICS_H
#define APP_METRICS_H

#include <stdint.h>

struct metrics {
    uint64_t turns;
    uint64_t events; /* handled from followed streams */
    uint64_t commands;
    uint64_t said;
    uint64_t retries; /* turns rolled back because the world was not ready */
    uint64_t singles; /* batches run one by one because a message failed */
    uint64_t parked;
    uint64_t queries;
    uint64_t refused;    /* requests of peers that may not make them, or that cannot be read */
    uint64_t handler_us; /* time in handlers */
    uint64_t commit_us;  /* time in commits */
    uint64_t batch_last; /* items in the last turn */
};

#endif
