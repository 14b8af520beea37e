/* What is built in beside the board, with or without a token: GET /v1/openapi.json, every call there is, for
 * programs and those who write them; GET /v1/import-template, a list of people to fill in. */
#include "files.h"
#include "routes.h"

void openapi_get(struct call *call)
{
    file_send(call, file_find("v1/openapi.json"));
}

void import_template_get(struct call *call)
{
    call_set(call, "Content-Disposition", "attachment; filename=\"mensen.csv\"");
    file_send(call, file_find("v1/import-template"));
}
