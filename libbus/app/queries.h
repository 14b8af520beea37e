/* What a service is asked: its queries, what an operator may ask of its tables, and the HOLD of what they
 * read. */
#ifndef APP_QUERIES_H
#define APP_QUERIES_H

#include "app/hold.h"
#include "app/loop.h"
#include "app/read_job.h"

struct queries {
    const struct bus_service *service;
    const struct store_config *config;
    struct hold hold;
};

/* A QUERY, HOLD, or an ADMIN that only reads. */
void queries_answer(struct queries *self, struct store_reader *store, struct read_job *job);
/* A QUERY, while the database is away. */
void queries_refuse(struct read_job *job);

#endif
