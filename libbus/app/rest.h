/* Memory that is not used any more, given back to the system. */
#ifndef APP_REST_H
#define APP_REST_H

#include "app/loop.h"

/* Once a second. */
void rest_beat(struct loop *loop, int64_t now_us);

#endif
