/* See holidays.h. */
#include "holidays.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "days/zone.h"

static const char *const fixed[] = {"01-01", "05-01", "07-21", "08-15", "11-01", "11-11", "12-25"};

/* Easter Monday, Ascension, Whit Monday: days after Easter. */
static const int32_t moveable[] = {1, 39, 50};

/* The Sunday after the full moon of the church's tables, which is on 21 March or later. `moon` counts the
 * days from 21 March to that full moon; the tables move it back by a day where it would be on 19 April, and
 * in the second half of their 19 years on 18 April too. */
int32_t holiday_easter(int year)
{
    int golden = year % 19, century = year / 100;
    int epact_shift = century - century / 4 - (8 * century + 13) / 25 + 15;
    int moon = (19 * golden + epact_shift) % 30;
    if (moon == 29 || (moon == 28 && golden > 10))
        moon--;
    char text[] = "0000-03-21";
    for (int i = 3, rest = year; i >= 0; i--, rest /= 10)
        text[i] = (char)('0' + rest % 10);
    int32_t equinox = 0;
    if (!bus_date_parse(text, strlen(text), &equinox))
        return 0;
    int32_t full_moon = equinox + moon;
    return full_moon + 7 - day_weekday(full_moon) % 7;
}

bool holiday_is(int32_t day)
{
    char text[11];
    bus_date_format(day, text);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(text + 5, fixed[i]) == 0)
            return true;
    int32_t since = day - holiday_easter((int)strtol(text, NULL, 10));
    for (size_t i = 0; i < sizeof moveable / sizeof *moveable; i++)
        if (since == moveable[i])
            return true;
    return false;
}
