/* What a partner asks after its own: what became of whom it referred, and what it told of people it has not
 * referred. Whose that is its token says, not who asks. */
#include "queries.h"
#include "routes.h"
#include "schema/registry.h"
#include "schema/reporting.h"

#define OWN(query, who)                                                                               \
    do {                                                                                              \
        (query)->sources = (who)->sources, (query)->sources_n = (who)->sources_n;                     \
        (query)->partnerships = (who)->partnerships, (query)->partnerships_n = (who)->partnerships_n; \
        (query)->nis = (who)->nis, (query)->nis_n = (who)->nis_n;                                     \
    } while (0)

void own_referrals_get(struct call *call)
{
    struct reporting_own_referrals *query = query_read(call);
    if (query == NULL)
        return;
    OWN(query, call->who);
    query_send(call, query, call_pass);
}

void own_early_statuses_get(struct call *call)
{
    struct registry_own_early_statuses *query = query_read(call);
    if (query == NULL)
        return;
    OWN(query, call->who);
    query_send(call, query, call_pass);
}
