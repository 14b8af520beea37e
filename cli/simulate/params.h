/* The parameter file of a simulation: JSON, one file a partnership. Every fault is told with its place. */
#ifndef CLI_SIMULATE_PARAMS_H
#define CLI_SIMULATE_PARAMS_H

#include <jansson.h>
#include <stdbool.h>

#include "bus/status.h"

/* `path` names the file in messages; free with json_decref. */
BUS_CHECKED enum bus_status params_read(const char *path, json_t **ret_params, struct bus_error *err);

#define PEOPLE_MAX 10000 /* in a count of the parameters */

/* Says what is wrong in the file that was read last, and ends the program: a simulation cannot go on without.
 */
__attribute__((format(printf, 1, 2))) _Noreturn void params_wrong(const char *fmt, ...);

/* Each ends so when the value is missing or of another kind. */
const char *param_text(const json_t *object, const char *name);
double param_number(const json_t *object, const char *name, double fallback);
int64_t param_int(const json_t *object, const char *name, int64_t fallback);
int64_t param_count(const json_t *object, const char *name); /* 0 to PEOPLE_MAX; 0 when it is not there */
bool param_bool(const json_t *object, const char *name);     /* false when it is not there */
int32_t param_day(const json_t *object, const char *name);   /* "2012-01-09" → days since 1970 */
/* [low, high], from `least` to `most` */
void param_range(const json_t *object, const char *name, int64_t least, int64_t most, int64_t *ret_low,
                 int64_t *ret_high);
const json_t *param_object(const json_t *object, const char *name); /* NULL when absent */
const json_t *param_array(const json_t *object, const char *name);  /* NULL when absent */

#endif
