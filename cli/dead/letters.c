/* See letters.h. */
#include "letters.h"

#include <sodium.h>
#include <string.h>

#define CAUSE       9  /* the name of one, as text */
#define CAUSE_BYTES 16 /* hashed; the name is the first four of them */

/* A fingerprint's short name: eight hex digits. */
static void name_cause(const char *fingerprint, char cause[CAUSE])
{
    unsigned char hash[CAUSE_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)fingerprint, strlen(fingerprint), NULL, 0);
    sodium_bin2hex(cause, CAUSE, hash, (CAUSE - 1) / 2);
}

const char *letters_text(const json_t *letter, const char *name)
{
    const char *text = json_string_value(json_object_get(letter, name));
    return text != NULL ? text : "";
}

static void add(json_t *to, json_t *letter, const char *service)
{
    char cause[CAUSE];
    name_cause(letters_text(letter, "fingerprint"), cause);
    json_object_set_new(letter, "service", json_string(service));
    json_object_set_new(letter, "cause", json_string(cause));
    json_object_set_new(letter, "number", json_integer((json_int_t)json_array_size(to) + 1));
    json_array_append(to, letter);
}

enum bus_status letters_list_of(struct session *session, const char *service, json_t *to,
                                struct bus_error *err)
{
    json_t *request = json_pack("{s:s}", "op", "dead-list");
    enum bus_status status = BUS_OK;
    for (size_t n = 1; status == BUS_OK && n > 0;) {
        json_t *answer = NULL, *letter;
        size_t i;
        status = session_try(session, service, "ADMIN", request, &answer, err);
        json_array_foreach(json_object_get(answer, "dead"), i, letter)
        {
            add(to, letter, service);
            json_object_set(request, "source", json_object_get(letter, "source"));
            json_object_set(request, "seq", json_object_get(letter, "seq"));
            json_object_set(request, "event_id", json_object_get(letter, "event_id"));
        }
        n = json_array_size(json_object_get(answer, "dead"));
        json_decref(answer);
    }
    json_decref(request);
    return status;
}

enum bus_status letters_list(struct session *session, json_t *to, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < session->services_n; i++)
        status = letters_list_of(session, session->services[i].service, to, err);
    return status;
}

static json_t *group_of(json_t *groups, const json_t *found)
{
    size_t i;
    json_t *group;
    const char *fingerprint = letters_text(found, "fingerprint");
    json_array_foreach(groups, i,
                       group) if (strcmp(letters_text(group, "fingerprint"), fingerprint) == 0) return group;
    char cause[CAUSE];
    name_cause(fingerprint, cause);
    group = json_pack("{s:s, s:s, s:i, s:i, s:[], s:O, s:O, s:O}", "cause", cause, "fingerprint", fingerprint,
                      "n", 0, "behind", 0, "services", "first", json_object_get(found, "first"), "last",
                      json_object_get(found, "last"), "example", json_object_get(found, "example"));
    json_array_append_new(groups, group);
    return group;
}

static void count_in(json_t *group, const char *name, const json_t *found)
{
    json_int_t sum =
        json_integer_value(json_object_get(group, name)) + json_integer_value(json_object_get(found, name));
    json_object_set_new(group, name, json_integer(sum));
}

/* The same cause may stand in several services. Times are texts of one length: they compare as such. */
static void merge(json_t *groups, const json_t *found, const char *service)
{
    json_t *group = group_of(groups, found);
    count_in(group, "n", found);
    count_in(group, "behind", found);
    json_array_append_new(json_object_get(group, "services"), json_string(service));
    if (strcmp(letters_text(found, "first"), letters_text(group, "first")) < 0)
        json_object_set(group, "first", json_object_get(found, "first"));
    if (strcmp(letters_text(found, "last"), letters_text(group, "last")) > 0)
        json_object_set(group, "last", json_object_get(found, "last"));
}

enum bus_status letters_groups(struct session *session, json_t *to, struct bus_error *err)
{
    json_t *request = json_pack("{s:s}", "op", "dead-groups");
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < session->services_n; i++) {
        json_t *answer = NULL, *found;
        size_t k;
        status = session_try(session, session->services[i].service, "ADMIN", request, &answer, err);
        json_array_foreach(json_object_get(answer, "groups"), k, found)
            merge(to, found, session->services[i].service);
        json_decref(answer);
    }
    json_decref(request);
    return status;
}
