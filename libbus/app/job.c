/* A job's memory: an arena of its own, that travels with it between the threads. */
#include "app/worker.h"

void *job_new(size_t size)
{
    struct bus_arena *arena = bus_arena_new_small();
    struct job *job = bus_alloc(arena, size);
    job->arena = arena;
    return job;
}

void job_free(struct job *job)
{
    if (job == NULL)
        return;
    struct bus_arena *arena = job->arena;
    bus_arena_free(&arena);
}
