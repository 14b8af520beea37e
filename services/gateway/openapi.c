/* GET /v1/openapi.json: every call there is, with or without a token, for programs and those who write them.
 */
#include "files.h"
#include "routes.h"

void openapi_get(struct call *call)
{
    file_send(call, file_find("v1/openapi.json"));
}
