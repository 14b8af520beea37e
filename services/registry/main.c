/* Registry: people and their personal data, consent, organisations, partnerships and programmes. */
#include <stdlib.h>
#include <string.h>

#include "bus/service.h"
#include "erasures.h"
#include "intake_store.h"
#include "partnership_store.h"
#include "referral_store.h"
#include "schema/gateway.h"
#include "schema/registry.h"
#include "sql/registry.h"
#include "state.h"
#include "timers.h"

static void registry_close(void **state_p)
{
    struct registry_state *state = *state_p;
    *state_p = NULL;
    atlas_done(&state->atlas);
    free(state);
}

/* Places, partnerships and programmes hardly ever change; how people stand is asked again. Timers that were
 * set here fall with their turn: who is to be erased once more is looked for until the first such timer
 * comes. */
static enum bus_status registry_undo(struct bus_context *ctx, void *kept)
{
    struct registry_state *state = kept;
    enum bus_status status = BUS_OK;
    memset(state->people, 0, sizeof state->people);
    if (state->atlas.grown) {
        atlas_done(&state->atlas);
        status = atlas_load(ctx, &state->atlas);
    }
    if (status == BUS_OK)
        status = person_youngest(ctx, &state->youngest);
    if (status == BUS_OK)
        status = intake_youngest(ctx, &state->youngest_intake);
    if (status == BUS_OK && state->erase_again)
        status = erasures_apply(ctx, &state->erase_again);
    return status;
}

static enum bus_status registry_open(struct bus_context *ctx, void **ret_state)
{
    void *made = calloc(1, sizeof(struct registry_state));
    struct registry_state *state = made;
    if (state == NULL)
        bus_die("out of memory: people and places are kept in memory");
    enum bus_status status = BUS_OK;
    if (!insz_key(bus_setting("INSZ_KEY"), state->insz_key))
        status = bus_fail(ctx->err, BUS_BUG,
                          "INSZ_KEY must have at least %d characters: make a new random key and keep it",
                          INSZ_KEY_CHARACTERS);
    state->atlas.grown = true; /* there is none yet */
    state->erase_again = true;
    if (status == BUS_OK)
        status = registry_undo(ctx, state);
    if (status != BUS_OK)
        registry_close(&made);
    else
        *ret_state = state;
    return status;
}

static const char *const follows[] = {"gateway", NULL};

static const struct bus_setting settings[] = {
    {"INSZ_KEY", "secret under which national numbers are hashed (better: INSZ_KEY_FILE); never change it",
     NULL},
    {"ERASURES_PATH",
     "where the ids of erased people are listed, outside the database: who is in it is erased again when an "
     "old backup brings them back; empty: no list",
     ""},
    {0},
};

static const struct bus_on events[] = {
    BUS_ON(gateway_referral_received),
    BUS_ON(gateway_status_changed),
    {0},
};

static const struct bus_on commands[] = {
    BUS_ON(registry_form_partnership),
    BUS_ON(registry_add_member),
    BUS_ON(registry_configure_programme),
    BUS_ON(registry_end_programme),
    BUS_ON(registry_register_organisation),
    BUS_ON(registry_register_person, .unrecorded = true), /* recorded by itself, with what it decided */
    BUS_ON(registry_change_profile, .unrecorded = true),  /* the same */
    BUS_ON(registry_move_person),
    BUS_ON(registry_merge_people),
    BUS_ON(registry_dismiss_duplicate),
    BUS_ON(registry_restore_duplicate),
    BUS_ON(registry_erase_person),
    BUS_ON(registry_import_people, .unrecorded = true, .unjudged = true), /* row by row */
    BUS_ON(registry_recruit_volunteer),
    BUS_ON(registry_make_volunteer_available),
    BUS_ON(registry_rest_volunteer),
    BUS_ON(registry_stop_volunteer),
    BUS_ON(registry_hold_intake),
    BUS_ON(registry_review_person),
    BUS_ON(registry_give_consent),
    BUS_ON(registry_withdraw_consent),
    BUS_ON(registry_deposit_batch, .unrecorded = true),    /* the same */
    BUS_ON(registry_deposit_personal, .unrecorded = true), /* the same */
    {0},
};

static const struct bus_on queries[] = {
    BUS_ON(registry_person),
    BUS_ON(registry_contact),
    BUS_ON(registry_contacts),
    BUS_ON(registry_people),
    BUS_ON(registry_arrivals),
    BUS_ON(registry_away),
    BUS_ON(registry_duplicates),
    BUS_ON(registry_partnerships),
    BUS_ON(registry_programmes),
    BUS_ON(registry_municipalities),
    BUS_ON(registry_organisations),
    BUS_ON(registry_belonging),
    BUS_ON(registry_check_limits),
    BUS_ON(registry_own_early_statuses),
    {0},
};

static const struct bus_on_timer timers[] = {
    {"rest-over", on_rest_over},
    {"deposit-stale", on_deposit_stale},
    {EARLY_STATUS_STALE, on_early_status_stale},
    {ERASURES_TIMER, on_note_erasure},
    {ERASURES_AGAIN, on_erase_again},
    {0},
};

static const struct bus_on_effect effects[] = {
    {.name = ERASURES_EFFECT, .run = erasures_write, .handle = on_erasure_written},
    {0},
};

static const struct bus_service registry = {
    .name = "registry",
    .title = "people and their personal data, consent, organisations, partnerships, programmes",
    .follows = follows,
    .events = events,
    .commands = commands,
    .queries = queries,
    .timers = timers,
    .effects = effects,
    .settings = settings,
    .statements = registry_sql,
    .migrations = registry_migrations,
    .open = registry_open,
    .undo = registry_undo,
    .close = registry_close,
};

int main(int argc, char **argv)
{
    return bus_main(argc, argv, &registry);
}
