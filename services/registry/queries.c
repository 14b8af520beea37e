/* What registry answers. Runs beside the loop, on a connection that only reads. */
#include <stdio.h>
#include <string.h>

#include "bus/page.h"
#include "bus/service.h"
#include "grounds.h"
#include "known.h"
#include "organisation_store.h"
#include "partnership_store.h"
#include "people_store.h"
#include "programme_store.h"
#include "schema/registry.h"

/* ---- one person */

enum bus_status on_registry_person(struct bus_context *ctx, const struct registry_person *message)
{
    struct person person;
    bool newcomer = false;
    enum bus_status status = person_get(ctx, message->person_id, &person);
    if (status != BUS_OK)
        return status;
    const struct person_volunteer *v = &person.volunteer;
    struct registry_person_reply_volunteer volunteer = {
        .state = v->state, .capacity = v->capacity, .until = v->rest_until, .informed_on = v->informed_on};
    struct registry_person_reply reply = {
        .person_id = person.id,
        .partnership = person.partnership,
        .first_name = person.personal.first_name,
        .last_name = person.personal.last_name,
        .email = person.personal.email,
        .phone = person.personal.phone,
        .street = person.personal.street,
        .national_number_known = person.personal.insz_hash.data != NULL,
        .postcode = person.postcode,
        .nis = person.nis,
        .profile = person.known ? &person.profile : NULL,
        .preferred_language = person.known ? person.preferred_language : NULL,
        .channel = person.channel,
        .found_through = person.found_through,
        .volunteer = v->state != 0 ? &volunteer : NULL,
        .status = person.partner_status,
        .registered = person.registered_us,
        .erased = person.erased,
    };
    status = people_history(ctx, person.id, &reply, &newcomer);
    reply.roles = people_roles(ctx->arena, newcomer, v->state != 0, &reply.roles_n);
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_contacts(struct bus_context *ctx, const struct registry_contacts *message)
{
    struct registry_contacts_reply reply = {0};
    enum bus_status status =
        people_contacts(ctx, message->person_ids, message->person_ids_n, &reply.contacts, &reply.contacts_n);
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_contact(struct bus_context *ctx, const struct registry_contact *message)
{
    const struct registry_contacts_reply_contacts *found = NULL;
    size_t n = 0;
    enum bus_status status = people_contacts(ctx, &message->person_id, 1, &found, &n);
    if (status != BUS_OK)
        return status;
    if (n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no person %s",
                        bus_id_text(ctx, message->person_id));
    return bus_reply(ctx, &(struct registry_contact_reply){
                              .person_id = found->person_id,
                              .first_name = found->first_name,
                              .email = found->email,
                              .phone = found->phone,
                              .channel = found->channel,
                              .preferred_language = found->preferred_language,
                              .may_contact = found->may_contact,
                              .erased = found->erased,
                          });
}

/* ---- lists */

enum bus_status on_registry_people(struct bus_context *ctx, const struct registry_people *message)
{
    struct bus_page page;
    struct registry_people_reply reply = {0};
    enum bus_status status =
        bus_page_read_id(ctx, message->has_limit, message->limit, message->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, message->partnership, message->programme);
    if (status == BUS_OK)
        status = people_list(ctx, message, page.at_id, page.limit + 1, &reply.people, &reply.people_n);
    if (status != BUS_OK)
        return status;
    if ((int64_t)reply.people_n > page.limit) {
        reply.people_n = (size_t)page.limit;
        reply.next = bus_id_text(ctx, reply.people[reply.people_n - 1].person_id);
    }
    return bus_reply(ctx, &reply);
}

static int64_t bit_of(enum registry_duplicate_ground ground)
{
    static const int64_t bits[] = {[REGISTRY_DUPLICATE_GROUND_NONE] = 0,
                                   [REGISTRY_DUPLICATE_GROUND_NATIONAL_NUMBER] = GROUND_NUMBER,
                                   [REGISTRY_DUPLICATE_GROUND_EMAIL] = GROUND_EMAIL,
                                   [REGISTRY_DUPLICATE_GROUND_PHONE] = GROUND_PHONE,
                                   [REGISTRY_DUPLICATE_GROUND_NAME] = GROUND_NAME};
    return bits[ground];
}

/* "12.<one>.<other>": a pair, by its grounds and its ids. */
static enum bus_status pair_of_cursor(struct bus_context *ctx, const char *cursor, struct people_pair *ret)
{
    int grounds = 16, read = 0;
    struct bus_id one = {{0}}, other = {{0}};
    bool fits =
        cursor == NULL || (sscanf(cursor, "%2d.%n", &grounds, &read) == 1 && read > 0 &&
                           strlen(cursor) == (size_t)read + 73 && bus_id_parse(cursor + read, 36, &one) &&
                           cursor[read + 36] == '.' && bus_id_parse(cursor + read + 37, 36, &other));
    if (!fits)
        return bus_page_bad_cursor(ctx);
    *ret = (struct people_pair){.one = one, .other = other, .grounds = grounds};
    return BUS_OK;
}

enum bus_status on_registry_duplicates(struct bus_context *ctx, const struct registry_duplicates *message)
{
    struct people_pair after, *pairs = NULL;
    size_t n = 0;
    int64_t limit = bus_page_limit(message->has_limit, message->limit);
    enum bus_status status = pair_of_cursor(ctx, message->cursor, &after);
    if (status == BUS_OK)
        status = known_check(ctx, message->partnership, NULL);
    if (status == BUS_OK)
        status = people_pairs(ctx, message->partnership, bit_of(message->ground),
                              message->has_dismissed && message->dismissed, &after, limit + 1, &pairs, &n);
    if (status != BUS_OK)
        return status;
    struct registry_duplicates_reply reply = {.pairs_n = bus_page_rows(limit, n)};
    struct registry_duplicates_reply_pairs *list = bus_alloc_array(ctx->arena, reply.pairs_n, sizeof *list);
    for (size_t i = 0; i < reply.pairs_n; i++) {
        list[i].person_id = pairs[i].one;
        list[i].other_id = pairs[i].other;
        list[i].partnership = pairs[i].partnership;
        list[i].grounds = grounds_list(pairs[i].grounds, ctx->arena, &list[i].grounds_n);
    }
    reply.pairs = list;
    if ((int64_t)n > limit) {
        const struct people_pair *last = &pairs[reply.pairs_n - 1];
        reply.next = bus_printf(ctx->arena, "%lld.%s.%s", (long long)last->grounds,
                                bus_id_text(ctx, last->one), bus_id_text(ctx, last->other));
    }
    return bus_reply(ctx, &reply);
}

enum bus_status on_registry_partnerships(struct bus_context *ctx, const struct registry_partnerships *message)
{
    struct registry_partnerships_reply reply = {0};
    int64_t limit = bus_page_limit(message->has_limit, message->limit);
    enum bus_status status = known_check(ctx, message->partnership, NULL);
    if (status == BUS_OK)
        status = partnership_list(ctx, message, limit + 1, &reply.partnerships, &reply.partnerships_n);
    if (status != BUS_OK)
        return status;
    if ((int64_t)reply.partnerships_n > limit) {
        reply.partnerships_n = (size_t)limit;
        reply.next = reply.partnerships[reply.partnerships_n - 1].partnership;
    }
    return bus_reply(ctx, &reply);
}

enum bus_status on_registry_programmes(struct bus_context *ctx, const struct registry_programmes *message)
{
    struct registry_programmes_reply reply = {0};
    int64_t limit = bus_page_limit(message->has_limit, message->limit);
    enum bus_status status = known_check(ctx, message->partnership, message->programme);
    if (status == BUS_OK)
        status = programme_list(ctx, message, limit + 1, &reply.programmes, &reply.programmes_n);
    if (status != BUS_OK)
        return status;
    if ((int64_t)reply.programmes_n > limit) {
        reply.programmes_n = (size_t)limit;
        reply.next = reply.programmes[reply.programmes_n - 1].programme;
    }
    return bus_reply(ctx, &reply);
}

enum bus_status on_registry_organisations(struct bus_context *ctx,
                                          const struct registry_organisations *message)
{
    struct bus_page page;
    struct registry_organisations_reply reply = {0};
    enum bus_status status =
        bus_page_read_id(ctx, message->has_limit, message->limit, message->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, message->partnership, NULL);
    if (status == BUS_OK)
        status = organisation_list(ctx, message, page.at_id, page.limit + 1, &reply.organisations,
                                   &reply.organisations_n);
    if (status != BUS_OK)
        return status;
    if ((int64_t)reply.organisations_n > page.limit) {
        reply.organisations_n = (size_t)page.limit;
        reply.next = bus_id_text(ctx, reply.organisations[reply.organisations_n - 1].organisation_id);
    }
    return bus_reply(ctx, &reply);
}
