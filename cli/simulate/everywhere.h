/* One parameter file for many municipalities: each gets a partnership of its own, made from the same text,
 * with its own people. Only one of them is in memory at a time: each is written to a file beside the log, and
 * they are merged. */
#ifndef CLI_SIMULATE_EVERYWHERE_H
#define CLI_SIMULATE_EVERYWHERE_H

#include <jansson.h>

#include "log/logfile.h"
#include "simulate/places.h"

/* Whether these parameters are for many: they have "everywhere", a list of beginnings of NIS codes. */
bool everywhere_is(const json_t *params);
/* Writes all of it to the log `path`, in order of time. In its texts {id}, {nis} and {name} stand for the
 * municipality's. The files beside the log begin with its name, and are gone in the end. */
BUS_CHECKED enum bus_status everywhere_simulate(const json_t *params, const struct places *places,
                                                uint64_t seed, const char *path,
                                                const struct logfile_info *info, size_t *ret_messages,
                                                struct bus_error *err);

#endif
