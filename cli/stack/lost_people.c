/* See lost_people.h. */
#include "lost_people.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus/clock.h"

#define SHOWN_MAX 10

/* One statement each, as any of these schemas may be what is broken. */
static const char *const note[] = {
    "CREATE TEMP TABLE known_before (person_id uuid PRIMARY KEY, partnership text, programmes text, referral "
    "text, "
    "erased boolean NOT NULL, name text, email text, phone text, street text, insz bytea, "
    "channel text, nis text, volunteer text, withdrawn text)",

    "INSERT INTO known_before SELECT p.person_id, p.partnership, "
    "(SELECT string_agg(DISTINCT i.programme, ' ') FROM registry.intake AS i WHERE i.person_id = "
    "p.person_id), "
    "(SELECT string_agg(r.partner_type || ' ' || r.referral_id, ' ') FROM registry.referral AS r "
    "WHERE r.person_id = p.person_id), "
    "p.state = 'erased', nullif(concat_ws(' ', q.first_name, q.last_name), ''), q.email, q.phone, q.street, "
    "q.insz_hash, p.channel, p.nis, (SELECT v.state FROM registry.volunteer AS v WHERE v.person_id = "
    "p.person_id), (SELECT string_agg(c.purpose, ' ') FROM registry.consent AS c WHERE c.person_id = "
    "p.person_id AND NOT c.given) "
    "FROM registry.person AS p LEFT JOIN registry.person_private AS q USING (person_id) WHERE p.state <> "
    "'merged'",

    "INSERT INTO known_before SELECT m.person_id, m.partnership, "
    "(SELECT string_agg(DISTINCT c.programme, ' ') FROM matching.member AS c WHERE c.person_id = "
    "m.person_id), NULL, "
    "false FROM matching.person AS m WHERE NOT m.gone "
    "AND NOT EXISTS (SELECT FROM registry.person AS p WHERE p.person_id = m.person_id) ON CONFLICT DO "
    "NOTHING",
};

static const char compare[] =
    "SELECT * FROM (SELECT b.person_id, b.partnership, coalesce(b.programmes, ''), "
    "CASE WHEN b.erased THEN 'erased after the backup and back again' "
    "WHEN p.person_id IS NULL AND b.referral IS NOT NULL AND b.name IS NULL AND b.email IS NULL AND b.phone "
    "IS NULL "
    "AND b.street IS NULL AND b.insz IS NULL THEN '' " /* the referral is read again, and was all there was */
    "WHEN p.person_id IS NULL THEN 'the person and all that was known of them' "
    "ELSE concat_ws(' and ', CASE WHEN b.name <> coalesce(concat_ws(' ', q.first_name, q.last_name), '') "
    "THEN 'name' END, "
    "CASE WHEN b.email <> coalesce(q.email, '') THEN 'mail address' END, "
    "CASE WHEN b.phone <> coalesce(q.phone, '') THEN 'phone number' END, "
    "CASE WHEN b.street <> coalesce(q.street, '') THEN 'street' END, "
    "CASE WHEN b.insz <> coalesce(q.insz_hash, '') THEN 'national number' END, "
    "CASE WHEN b.channel <> p.channel THEN 'how to write to them' END, "
    "CASE WHEN b.nis <> p.nis THEN 'municipality' END, "
    "CASE WHEN b.volunteer IS DISTINCT FROM v.state AND b.volunteer IS NOT NULL THEN 'state as a volunteer' "
    "END, "
    "(SELECT 'that they no longer agree to ' || string_agg(c.purpose, ' ' ORDER BY c.purpose) FROM "
    "registry.consent AS c WHERE c.person_id = b.person_id AND c.given AND c.purpose = "
    "ANY(string_to_array(b.withdrawn, ' ')))) END AS lost, "
    "CASE WHEN b.erased THEN 'nothing: registry erases them again when it starts' "
    "WHEN b.referral IS NOT NULL THEN 'have the partner send again as a new event: ' || b.referral "
    "ELSE 'ask the coordinators of ' || b.partnership || ' to enter it again' END "
    "FROM known_before AS b LEFT JOIN registry.person AS p USING (person_id) "
    "LEFT JOIN registry.person_private AS q USING (person_id) "
    "LEFT JOIN registry.volunteer AS v USING (person_id) "
    "WHERE NOT b.erased OR p.state <> 'erased') AS one WHERE lost <> '' ORDER BY 2, 1";

void lost_people_note(PGconn *connection)
{
    for (size_t i = 0; i < sizeof note / sizeof *note; i++)
        PQclear(PQexec(connection, note[i]));
}

enum { PERSON, PARTNERSHIP, PROGRAMMES, LOST, ADVICE };

/* Ids, slugs and words of our own: nothing that a comma could be in. */
static enum bus_status write_list(PGresult *people, const char *path, struct bus_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(errno));
    fputs("person_id,partnership,programmes,lost,what to do\r\n", file);
    for (int i = 0; i < PQntuples(people); i++)
        for (int column = PERSON; column <= ADVICE; column++)
            fprintf(file, "%s%s", PQgetvalue(people, i, column), column < ADVICE ? "," : "\r\n");
    bool whole = !ferror(file);
    if (fclose(file) != 0 || !whole)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(errno));
    return BUS_OK;
}

static void tell(PGresult *people, const char *path, struct bus_arena *arena,
                 void (*on_text)(void *arg, const char *text), void *arg)
{
    int n = PQntuples(people);
    on_text(arg, bus_printf(arena, "who lost something since the backup, or is back though erased: %d", n));
    for (int i = 0; i < n && i < SHOWN_MAX; i++)
        on_text(arg, bus_printf(arena, "  %s of %s: %s: %s", PQgetvalue(people, i, PERSON),
                                PQgetvalue(people, i, PARTNERSHIP), PQgetvalue(people, i, LOST),
                                PQgetvalue(people, i, ADVICE)));
    on_text(arg, bus_printf(arena, "%s in %s", n > SHOWN_MAX ? "all of them" : "listed", path));
}

enum bus_status lost_people_tell(PGconn *connection, const struct stack *stack,
                                 void (*on_text)(void *arg, const char *text), void *arg,
                                 struct bus_error *err)
{
    PGresult *people = PQexec(connection, compare);
    enum bus_status status = BUS_OK;
    char time[BUS_TIME_TEXT];
    bus_time_format(bus_clock_wall_us(), time);
    const char *path = stack_path(stack, "lost-people-%s.csv", time);
    if (PQresultStatus(people) != PGRES_TUPLES_OK) {
        on_text(arg, "who lost something since the backup cannot be told: see the runbook, BUS-DIVERGED");
    } else if (PQntuples(people) > 0) {
        status = write_list(people, path, err);
        if (status == BUS_OK)
            tell(people, path, stack->arena, on_text, arg);
    }
    PQclear(people);
    return status;
}
