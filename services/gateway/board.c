/* The board of the coordinators: a page and its few files, served as they were built in. They hold no data,
 * so they need no token; what the page shows it asks of the other routes, with the token of whoever looks. */
#include "files.h"
#include "routes.h"

/* Nothing from elsewhere, nothing inline, in no frame; texts become markup nowhere. */
#define POLICY                                                                                          \
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "     \
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " \
    "trusted-types 'none'"

void board_get(struct call *call)
{
    const struct file *file = file_find(call->argument != NULL ? call->argument : "index.html");
    if (file == NULL) {
        call_problem(call, 404, NULL, "the board has no such file");
        return;
    }
    call_set(call, "Content-Security-Policy", POLICY);
    call_set(call, "Referrer-Policy", "no-referrer");
    call_set(call, "Cross-Origin-Opener-Policy", "same-origin");
    call_set(call, "Cross-Origin-Resource-Policy", "same-origin");
    file_send(call, file);
}
