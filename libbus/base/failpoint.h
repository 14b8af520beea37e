/* Places where a test build ends or stops itself on purpose. BUS_FAILPOINT=PLACE:N:KILL (or STOP) acts as the
 * process passes PLACE for the Nth time; PLACE * counts them all. Built only with -DBUS_FAILPOINTS. */
#ifndef BASE_FAILPOINT_H
#define BASE_FAILPOINT_H

#ifdef BUS_FAILPOINTS
void bus_failpoint(const char *place);
#else
static inline void bus_failpoint(const char *place)
{
    (void)place;
}
#endif

#endif
