/* See calendar.h. */
#include "calendar.h"

#include <libical/ical.h>
#include <stdlib.h>

#include "bus/clock.h"

static icaltimetype utc(int64_t at_us)
{
    return icaltime_from_timet_with_zone((time_t)(at_us / BUS_SECOND_US), 0, icaltimezone_get_utc_timezone());
}

static icalcomponent *event_new(struct bus_arena *arena, const struct calendar_entry *entry)
{
    char id[BUS_ID_TEXT];
    bus_id_format(entry->id, id);
    icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    icalcomponent_add_property(event, icalproperty_new_uid(bus_printf(arena, "%s@koppel", id)));
    icalcomponent_add_property(event, icalproperty_new_dtstamp(utc(entry->changed_us)));
    icalcomponent_add_property(event, icalproperty_new_lastmodified(utc(entry->changed_us)));
    icalcomponent_add_property(event, icalproperty_new_sequence((int)entry->revision));
    icalcomponent_add_property(event, icalproperty_new_dtstart(utc(entry->at_us)));
    icalcomponent_add_property(
        event, icalproperty_new_dtend(utc(entry->at_us + entry->duration_minutes * BUS_MINUTE_US)));
    icalcomponent_add_property(event, icalproperty_new_summary(entry->title));
    if (entry->venue != NULL)
        icalcomponent_add_property(event, icalproperty_new_location(entry->venue));
    icalcomponent_add_property(
        event, icalproperty_new_status(entry->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
    return event;
}

/* How soon to look again: by RFC 7986, and for programs that are older. */
static void add_refresh(icalcomponent *calendar)
{
    struct icaldurationtype hour = {.hours = 1};
    icalproperty *interval = icalproperty_new_refreshinterval(hour);
    icalproperty_set_parameter(interval, icalparameter_new_value(ICAL_VALUE_DURATION));
    icalproperty *ttl = icalproperty_new_x("PT1H");
    icalproperty_set_x_name(ttl, "X-PUBLISHED-TTL");
    icalcomponent_add_property(calendar, interval);
    icalcomponent_add_property(calendar, ttl);
}

const char *calendar_write(struct bus_arena *arena, const struct calendar_entry *entries, size_t n)
{
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Koppel//scheduling//NL"));
    add_refresh(calendar);
    for (size_t i = 0; i < n; i++)
        icalcomponent_add_component(calendar, event_new(arena, &entries[i]));
    char *text = icalcomponent_as_ical_string_r(calendar);
    const char *kept = bus_strdup(arena, text);
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return kept;
}
