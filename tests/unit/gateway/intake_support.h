/* An event as an adapter sends it, and who takes it: for the tests of intake. */
#ifndef TESTS_GATEWAY_INTAKE_SUPPORT_H
#define TESTS_GATEWAY_INTAKE_SUPPORT_H

#include "support.h"

#include "../../../services/gateway/intake.h"

#define REST                                                                      \
    "\"from\":\"vdab:turnhout\",\"to\":\"0887010362\",\"partner_type\":\"vdab\"," \
    "\"reason\":\"support\",\"partnership\":\"asse\",\"postcode\":\"1730\""
#define DATA "\"referral_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\"," REST
#define HEAD                                                                      \
    "\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"https://vdab.example\"," \
    "\"type\":\"koppel.gateway.referral-received.v1\""
#define EVENT "{" HEAD ",\"data\":{" DATA "}}"

#define LATEST_US INT64_C(1795000000000000) /* 2026-11-18T11:06:40Z */

static const char *const all[] = {"*"};
static const struct who anyone = {
    .name = "adapter:vdab", .scopes = all, .scopes_n = 1, .sources = all, .sources_n = 1};

static inline struct intake take(struct bus_arena *arena, const char *json, bool batch, const struct who *who,
                                 enum bus_status wanted)
{
    struct intake intake;
    struct bus_error err = {0};
    enum bus_status status = intake_json(bus_bytes_of(json), batch, who, LATEST_US, arena, &intake, &err);
    if (status != wanted)
        fail_msg("%s, not %s: %s (%s) %s", bus_status_name(status), bus_status_name(wanted), err.text,
                 intake.faults.n ? intake.faults.items[0].pointer : "no fault", json);
    return intake;
}

#endif
