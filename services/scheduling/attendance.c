/* See attendance.h. */
#include "attendance.h"

enum bus_status attendance_say_attended(struct bus_context *ctx, const struct series *series,
                                        const struct session *session, const struct person *person,
                                        double hours, bool had_place)
{
    return bus_say(ctx, &scheduling_attended_type, bus_id_text(ctx, person->id),
                   &(struct scheduling_attended){.session_id = session->session_id,
                                                 .series_id = series->series_id,
                                                 .person_id = person->id,
                                                 .partnership = series->partnership,
                                                 .programme = series->programme,
                                                 .nis = series->nis,
                                                 .at = session->at,
                                                 .hours = hours,
                                                 .enrolled = had_place,
                                                 .home_nis = person->nis});
}

enum bus_status attendance_say_missed(struct bus_context *ctx, const struct series *series,
                                      const struct session *session, struct bus_id person_id)
{
    return bus_say(ctx, &scheduling_missed_type, bus_id_text(ctx, person_id),
                   &(struct scheduling_missed){.session_id = session->session_id,
                                               .series_id = series->series_id,
                                               .person_id = person_id,
                                               .partnership = series->partnership,
                                               .programme = series->programme,
                                               .nis = series->nis,
                                               .at = session->at});
}

enum bus_status attendance_say_withdrawn(struct bus_context *ctx, const struct series *series,
                                         const struct session *session, struct bus_id person_id, double hours)
{
    return bus_say(ctx, &scheduling_attendance_withdrawn_type, bus_id_text(ctx, person_id),
                   &(struct scheduling_attendance_withdrawn){.session_id = session->session_id,
                                                             .series_id = series->series_id,
                                                             .person_id = person_id,
                                                             .partnership = series->partnership,
                                                             .programme = series->programme,
                                                             .nis = series->nis,
                                                             .at = session->at,
                                                             .hours = hours});
}
