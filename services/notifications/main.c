/* Notifications: messages to people in plain language, in Dutch and in their own. */
#include <curl/curl.h>
#include <string.h>

#include "bus/service.h"
#include "forgetting.h"
#include "letters.h"
#include "message_store.h"
#include "names.h"
#include "schema/matching.h"
#include "schema/notifications.h"
#include "schema/registry.h"
#include "schema/scheduling.h"
#include "sending.h"
#include "sql/notifications.h"
#include "transport.h"

static const char *const follows[] = {"registry", "matching", "scheduling", NULL};

static const struct bus_on events[] = {
    BUS_ON(registry_partnership_formed),
    BUS_ON(registry_programme_configured),
    BUS_ON(registry_person_registered),
    BUS_ON(registry_profile_changed),
    BUS_ON(registry_person_merged),
    BUS_ON(registry_person_erased),
    BUS_ON(registry_consent_given),
    BUS_ON(registry_consent_withdrawn),
    BUS_ON(registry_status_recorded),
    BUS_ON(matching_match_accepted),
    BUS_ON(matching_match_declined),
    BUS_ON(matching_match_expired),
    BUS_ON(matching_match_withdrawn),
    BUS_ON(matching_duo_started),
    BUS_ON(matching_duo_silent),
    BUS_ON(matching_duo_resumed),
    BUS_ON(matching_duo_stopped),
    BUS_ON(matching_duo_became_informal),
    BUS_ON(matching_waiting_ended),
    BUS_ON(matching_help_request_assigned),
    BUS_ON(matching_help_request_fulfilled),
    BUS_ON(matching_help_request_dropped),
    BUS_ON(matching_help_request_reopened),
    BUS_ON(scheduling_meeting_planned),
    BUS_ON(scheduling_meeting_moved),
    BUS_ON(scheduling_meeting_cancelled),
    BUS_ON(scheduling_meeting_held),
    BUS_ON(scheduling_series_created),
    BUS_ON(scheduling_session_cancelled),
    BUS_ON(scheduling_series_ended),
    BUS_ON(scheduling_enrolled),
    BUS_ON(scheduling_waitlisted),
    BUS_ON(scheduling_promoted),
    BUS_ON(scheduling_unenrolled),
    BUS_ON(scheduling_reminder_due),
    {0},
};

static const struct bus_on commands[] = {
    BUS_ON(notifications_set_quiet_hours),
    BUS_ON(notifications_resend_message),
    {0},
};

static const struct bus_on queries[] = {
    BUS_ON(notifications_messages),
    BUS_ON(notifications_message_counts),
    BUS_ON(notifications_quiet_hours),
    {0},
};

static const struct bus_on_timer timers[] = {
    {LETTER_TIMER, on_letters_due},
    {FORGET_TIMER, on_forget_letters},
    {0},
};

static const struct bus_on_effect effects[] = {
    {.name = LETTER_EFFECT, .run = letter_send, .gather = letters_gather, .handle = on_letter_outcome},
    {.name = FORGET_EFFECT, .run = letters_remove, .handle = on_letters_removed},
    {0},
};

static const char *const asks[] = {"registry", NULL};

static const struct bus_setting settings[] = {
    {"MAIL_URL", "where mail goes: smtp://host:port, smtps://host:port, or file:///folder for .eml files",
     NULL},
    {"MAIL_FROM", "address that mail comes from", "koppel@localhost"},
    {"MAIL_REPLY_TO", "address that answers go to; empty: MAIL_FROM", ""},
    {"MAIL_USER", "name to log in with at the mail server; empty: without", ""},
    {"MAIL_PASSWORD", "its password (better: MAIL_PASSWORD_FILE)", ""},
    {"MAIL_TLS", "always, or never: only for a mail server on the same machine", "always"},
    {"SMS_URL",
     "https://host/path that takes text messages, or file:///folder; empty: who chose SMS gets mail", ""},
    {"SMS_TOKEN", "its bearer token (better: SMS_TOKEN_FILE); empty: without", ""},
    {"PUBLIC_URL", "a page for people, linked in every mail; empty: no link", ""},
    {"MERGE_MINUTES", "how long a message waits for others to the same person", "10"},
    {NULL, NULL, NULL},
};

static const struct bus_whole wholes[] = {{"MERGE_MINUTES", 0, 10080}, {0}};
static const struct bus_choice choices[] = {{"MAIL_TLS", {"always", "never"}}, {0}};

/* Letters ask people to answer. */
static void warn_of_no_answers(void)
{
    const char *at = strchr(bus_setting("MAIL_FROM"), '@');
    if (strncmp(bus_setting("MAIL_URL"), "smtp", 4) == 0 && bus_setting("MAIL_REPLY_TO")[0] == '\0' &&
        at != NULL && strcmp(at, "@localhost") == 0)
        bus_log_warn(
            "nobody can answer our letters, as MAIL_FROM is %s: set MAIL_FROM or MAIL_REPLY_TO to an address "
            "that is read",
            bus_setting("MAIL_FROM"));
}

static enum bus_status check_settings(struct bus_error *err)
{
    enum bus_status status = transport_smtp_check(bus_setting("MAIL_URL"), err);
    return status == BUS_OK ? transport_sms_check(bus_setting("SMS_URL"), err) : status;
}

static enum bus_status open_state(struct bus_context *ctx, void **ret_state)
{
    warn_of_no_answers();
    struct state *state = state_new();
    enum bus_status status = names_load(ctx, state);
    if (status == BUS_OK)
        status = messages_load(ctx, state);
    if (status == BUS_OK)
        status = letters_load(ctx, state);
    if (status != BUS_OK) {
        state_free(&state);
        return status;
    }
    *ret_state = state;
    return BUS_OK;
}

static void close_state(void **state_p)
{
    struct state *state = *state_p;
    *state_p = NULL;
    state_free(&state);
}

static const struct bus_service notifications = {
    .name = "notifications",
    .may_come_again = true,
    .title = "messages to people in plain language, by mail or SMS",
    .follows = follows,
    .events = events,
    .commands = commands,
    .queries = queries,
    .timers = timers,
    .effects = effects,
    .asks = asks,
    .settings = settings,
    .wholes = wholes,
    .choices = choices,
    .check_settings = check_settings,
    .statements = notifications_sql,
    .migrations = notifications_migrations,
    .open = open_state,
    .close = close_state,
};

int main(int argc, char **argv)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        bus_die("libcurl does not start");
    return bus_main(argc, argv, &notifications);
}
