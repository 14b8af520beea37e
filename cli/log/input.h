/* What of a log a replay plays: recorded commands, and events from outside. The rest follows from them. */
#ifndef CLI_LOG_INPUT_H
#define CLI_LOG_INPUT_H

#include <stdbool.h>

#include "bus/header.h"

bool input_is_command(const struct bus_header *header);
bool input_is_event(const struct bus_header *header);

#endif
