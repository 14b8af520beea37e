/* What an entry that stays takes over from one that goes. Pure. */
#ifndef REGISTRY_MERGING_H
#define REGISTRY_MERGING_H

#include <stdbool.h>

#include "person_store.h"

/* What `keep` lacks is taken from `drop`; whether anything was. */
bool merging_profile(struct common_profile *keep, const struct common_profile *drop);
/* Makes `keep` what the two are together; whether that changes it. Who is active under one name is, who rests
 * under one rests, until the later day; the larger capacity of two active ones counts. */
bool merging_volunteer(struct person_volunteer *keep, const struct person_volunteer *drop);
/* When the rest of a volunteer ends: of one whose end was checked when it began. */
int64_t merging_rest_due_us(const struct person_volunteer *volunteer);

#endif
