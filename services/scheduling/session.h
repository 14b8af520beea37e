/* One date of a series. */
#ifndef SCHEDULING_SESSION_H
#define SCHEDULING_SESSION_H

#include <stdint.h>

#include "bus/id.h"
#include "schema/scheduling.h"

struct session {
    struct bus_id session_id;
    struct bus_id series_id;
    int32_t day; /* since 1970 */
    int64_t at;
    enum scheduling_session_state state;
};

#endif
