/* See ask.h. */
#include "demo/ask.h"

#include "schema/all.h"

enum bus_status demo_ask(struct session *session, const char *query, json_t *data, json_t **ret_reply,
                         struct bus_error *err)
{
    enum bus_status status =
        session_call(session, schema_find_name(query, BUS_TYPE_QUERY), NULL, data, ret_reply, err);
    json_decref(data);
    return status;
}

enum bus_status demo_ask_all(struct session *session, const char *query, const char *list, json_t *data,
                             json_t *all, struct bus_error *err)
{
    bool more = true;
    enum bus_status status = BUS_OK;
    json_object_set_new(data, "limit", json_integer(200));
    while (status == BUS_OK && more) {
        json_t *reply = NULL;
        status = demo_ask(session, query, json_incref(data), &reply, err);
        more = json_object_get(reply, "next") != NULL;
        if (status == BUS_OK)
            json_array_extend(all, json_object_get(reply, list));
        if (more)
            json_object_set(data, "cursor", json_object_get(reply, "next"));
        json_decref(reply);
    }
    json_decref(data);
    return status;
}

const char *demo_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

double demo_number(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}
