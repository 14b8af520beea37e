/* The labelled places where processes take time: how often each was passed, and how often a process was
 * killed or stopped there. */
#ifndef SIM_PLACES_H
#define SIM_PLACES_H

#include <stdint.h>

struct place {
    const char *label;
    uint64_t passed, kills, stops;
};

/* The label is remembered by its address. */
struct place *place_of(const char *label);
void places_tell(void);

#endif
