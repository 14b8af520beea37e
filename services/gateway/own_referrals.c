/* GET /v1/own-referrals: what became of whom a partner referred. Whose referrals those are its token says,
 * not who asks. */
#include "queries.h"
#include "routes.h"
#include "schema/reporting.h"

void own_referrals_get(struct call *call)
{
    struct reporting_own_referrals *query = query_read(call);
    const struct who *who = call->who;
    if (query == NULL)
        return;
    query->sources = who->sources;
    query->sources_n = who->sources_n;
    query->partnerships = who->partnerships;
    query->partnerships_n = who->partnerships_n;
    query->nis = who->nis;
    query->nis_n = who->nis_n;
    query_send(call, query, call_pass);
}
