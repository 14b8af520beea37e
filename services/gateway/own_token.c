/* GET /v1/own-token: what a token may do, asked by whoever holds it; and the stack's time, which a program
 * that shows times needs. */
#include <sodium.h>

#include "input.h"
#include "routes.h"
#include "schema/gateway.h"
#include "token.h"

void own_token_get(struct call *call)
{
    char hex[2 * TOKEN_HASH + 1];
    struct bus_bytes data;
    struct bus_error err;
    sodium_bin2hex(hex, sizeof hex, call->token, TOKEN_HASH);
    struct gateway_check_token query = {.hash = hex};
    if (input_encode(&gateway_check_token_shape, &query, call->arena, &data, &err) != BUS_OK)
        call_problem(call, 500, NULL, "the query cannot be written");
    else
        call_request(call, &gateway_check_token_type, NULL, data, call_pass);
}
