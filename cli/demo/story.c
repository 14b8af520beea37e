/* See story.h. Names are asked of registry, which alone knows them. */
#include "demo/story.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/ask.h"

#define DAY 10 /* "2024-08-26" */

/* Who stands in the most duos, and was matched again: NULL when nobody was. The first of those in the list.
 */
static const char *find_hero(const json_t *duos)
{
    const char *hero = NULL;
    size_t i, k, most = 1;
    json_t *duo, *other;
    json_array_foreach(duos, i, duo)
    {
        size_t n = 0;
        json_array_foreach(duos, k, other) n +=
            strcmp(demo_text(duo, "newcomer_id"), demo_text(other, "newcomer_id")) == 0;
        if (n > most) {
            most = n;
            hero = demo_text(duo, "newcomer_id");
        }
    }
    return hero;
}

static enum bus_status first_name(struct session *session, const char *person_id, char *ret, size_t size,
                                  struct bus_error *err)
{
    json_t *reply = NULL;
    enum bus_status status =
        demo_ask(session, "registry/person", json_pack("{s:s}", "person_id", person_id), &reply, err);
    const char *name = demo_text(reply, "first_name");
    snprintf(ret, size, "%s", name[0] ? name : "somebody");
    json_decref(reply);
    return status;
}

static const json_t *find_by(const json_t *list, const char *key, const char *value)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) if (strcmp(demo_text(one, key), value) == 0) return one;
    return NULL;
}

static void tell_proposal(const json_t *proposal, const char *name, const char *volunteer)
{
    size_t i;
    json_t *words;
    printf("  %.*s  proposed: %s and %s\n", DAY, demo_text(proposal, "proposed"), name, volunteer);
    json_array_foreach(json_object_get(proposal, "explanation"), i, words)
        printf("%s%s", i == 0 ? "              why: " : "; ", json_string_value(words));
    printf("\n");
}

static enum bus_status tell_duo(struct session *session, const char *name, const json_t *duo,
                                const json_t *proposals, struct bus_error *err)
{
    char volunteer[64];
    enum bus_status status =
        first_name(session, demo_text(duo, "volunteer_id"), volunteer, sizeof volunteer, err);
    if (status != BUS_OK)
        return status;
    const json_t *proposal = find_by(proposals, "proposal_id", demo_text(duo, "proposal_id"));
    if (proposal != NULL)
        tell_proposal(proposal, name, volunteer);
    printf("  %.*s  they met, and are a duo\n", DAY, demo_text(duo, "started"));
    if (demo_text(duo, "ended")[0] != '\0')
        printf("  %.*s  the duo stopped after %.0f days and %.0f hours together: %s\n", DAY,
               demo_text(duo, "ended"), demo_number(duo, "days"), demo_number(duo, "hours_total"),
               demo_text(duo, "reason"));
    else
        printf("              it goes on: %.0f hours together so far\n", demo_number(duo, "hours_total"));
    return BUS_OK;
}

/* What is proposed now, and is no duo yet. */
static enum bus_status tell_next(struct session *session, const char *name, const json_t *proposals,
                                 struct bus_error *err)
{
    size_t i;
    json_t *one;
    enum bus_status status = BUS_OK;
    json_array_foreach(proposals, i, one)
    {
        char volunteer[64];
        bool waits = strcmp(demo_text(one, "state"), "proposed") == 0;
        if (!waits && strcmp(demo_text(one, "state"), "accepted") != 0)
            continue;
        status = first_name(session, demo_text(one, "volunteer_id"), volunteer, sizeof volunteer, err);
        if (status != BUS_OK)
            return status;
        tell_proposal(one, name, volunteer);
        printf("              %s\n", waits ? "it waits for a coordinator" : "they are about to meet");
    }
    return BUS_OK;
}

static int compare_started(const void *a, const void *b)
{
    return strcmp(demo_text(*(json_t *const *)a, "started"), demo_text(*(json_t *const *)b, "started"));
}

/* The hero's duos, oldest first; borrowed from the list. */
static size_t duos_of(const json_t *duos, const char *hero, const json_t **ret)
{
    size_t i, n = 0;
    json_t *duo;
    json_array_foreach(duos, i, duo) if (strcmp(demo_text(duo, "newcomer_id"), hero) == 0) ret[n++] = duo;
    qsort(ret, n, sizeof *ret, compare_started);
    return n;
}

/* The duo that goes on, if one does: how to stop it, and to see what is proposed then. */
static void tell_try(const struct session *session, const json_t *const *own, size_t n)
{
    const char *koppel = program_invocation_name, *dir = session->stack->dir;
    if (n == 0 || demo_text(own[n - 1], "ended")[0] != '\0')
        return;
    printf("\nto stop the duo that goes on, and to see who is proposed then\n"
           "  %s call stop-duo '{\"duo_id\": \"%s\", \"reason\": \"schedule\"}' --dir %s\n"
           "  %s call proposals '{\"person_id\": \"%s\", \"state\": \"proposed\"}' --dir %s\n",
           koppel, demo_text(own[n - 1], "duo_id"), dir, koppel, demo_text(own[n - 1], "newcomer_id"), dir);
}

static enum bus_status tell_life(struct session *session, const json_t *duos, const char *hero,
                                 struct bus_error *err)
{
    char name[64];
    json_t *proposals = json_array();
    const json_t **own = calloc(json_array_size(duos), sizeof *own);
    if (own == NULL)
        bus_die("out of memory");
    size_t n = duos_of(duos, hero, own);
    enum bus_status status = first_name(session, hero, name, sizeof name, err);
    if (status == BUS_OK)
        status = demo_ask_all(session, "matching/proposals", "proposals",
                              json_pack("{s:s}", "person_id", hero), proposals, err);
    if (status == BUS_OK)
        printf("\none of them, %s\n", name);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        status = tell_duo(session, name, own[i], proposals, err);
    if (status == BUS_OK)
        status = tell_next(session, name, proposals, err);
    if (status == BUS_OK)
        tell_try(session, own, n);
    free(own);
    json_decref(proposals);
    return status;
}

enum bus_status story_tell(struct session *session, const char *partnership, struct bus_error *err)
{
    json_t *duos = json_array();
    enum bus_status status = demo_ask_all(session, "matching/duos", "duos",
                                          json_pack("{s:s}", "partnership", partnership), duos, err);
    const char *hero = status == BUS_OK ? find_hero(duos) : NULL;
    if (hero != NULL)
        status = tell_life(session, duos, hero, err);
    json_decref(duos);
    return status;
}
