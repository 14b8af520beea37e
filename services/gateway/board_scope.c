/* See board_scope.h. That a programme ended nobody can take back: end-programme is given by its own name. */
#include "board_scope.h"

#include <string.h>

const char *const board_scopes[] = {
    "accept-match",
    "arrivals",
    "assign-help-request",
    "attendances",
    "away",
    "cancel-meeting",
    "cancel-session",
    "change-profile",
    "correct-attendance",
    "correct-result",
    "create-series",
    "decline-match",
    "drop-help-request",
    "duos",
    "dismiss-duplicate",
    "duplicates",
    "end-series",
    "enrol",
    "enrolments",
    "erase-person",
    "explain",
    "export",
    "fulfil-help-request",
    "give-consent",
    "help-requests",
    "hold-intake",
    "hold-meeting",
    "hold-session",
    "import-people",
    "issue-calendar-link",
    "leave-waiting",
    "log-contact",
    "make-volunteer-available",
    "mark-informal",
    "meetings",
    "merge-people",
    "messages",
    "move-meeting",
    "move-person",
    "municipalities",
    "open-help-request",
    "pair-manually",
    "partnerships",
    "people",
    "person",
    "plan-meeting",
    "programmes",
    "proposals",
    "recruit-volunteer",
    "register-person",
    "report",
    "resend-message",
    "rest-volunteer",
    "restore-duplicate",
    "review-person",
    "series",
    "sessions",
    "stop-duo",
    "stop-volunteer",
    "trace",
    "unenrol",
    "waiting-list",
    "withdraw-consent",
    "stream-registry",
    "stream-matching",
    "stream-scheduling",
    "stream-reporting",
};
const size_t board_scopes_n = sizeof board_scopes / sizeof *board_scopes;

bool board_scope_covers(const char *scope, const char *name)
{
    if (strcmp(scope, BOARD_SCOPE) != 0)
        return false;
    for (size_t i = 0; i < board_scopes_n; i++)
        if (strcmp(board_scopes[i], name) == 0)
            return true;
    return false;
}
