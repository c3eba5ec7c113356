/* Time zones: which instant a date and time means that names no zone of its own.
 *
 *     zone_parse("Europe/Berlin", &zone)
 *     zone_instant(&zone, civil_ms)              // for each
 *     zone_leave();                              // when the report is read
 *
 * A zero-initialised zone is UTC. Named zones are looked up by the C library, from the files below the
 * zoneinfo folder (TZDIR, else /usr/share/zoneinfo). It knows one zone at a time, the one that the variable
 * TZ names: so a named zone takes the place of the machine's until zone_leave() puts that back. Nothing else
 * here asks for local time meanwhile, and no other thread runs while reports are read.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

/* The longest name of the zoneinfo database has 32 bytes. */
#define ZONE_NAME_SIZE 64

/* Zones lie from 12 hours behind to 14 hours before UTC. */
#define ZONE_OFFSET_MAX_MS (14 * INT64_C(3600000))

enum zone_kind { ZONE_FIXED, ZONE_MACHINE, ZONE_NAMED };

struct zone {
    enum zone_kind kind;
    int64_t offset_ms; /* ZONE_FIXED: how far clocks there are before UTC */
    char name[ZONE_NAME_SIZE];
    /* The last answer: no zone changes its offset within a minute. */
    bool answered;
    int64_t minute;
    int64_t minute_offset_ms;
};

/* "UTC", "Z", "local", "+hh:mm", "-hh:mm" (also "+hhmm", "+hh"; at most 14 hours), or the name of a file with
 * a zone below the zoneinfo folder. False when text is none of these. */
bool zone_parse(const char *text, struct zone *ret);
/* The machine's own, as TZ or /etc/localtime have it. */
struct zone zone_machine(void);
/* Where files with zones are looked for. */
const char *zone_folder(void);

/* The instant at which clocks in the zone show this date and time, given as if it were UTC (base/time.h). Of
 * two such instants, when clocks are set back, it is the first; where there is none, when clocks are set
 * forward, it is as long after the gap began as the time says (02:30 becomes 03:30). */
int64_t zone_instant(struct zone *zone, int64_t civil_ms);
/* Gives the machine's zone back to the C library. */
void zone_leave(void);

#endif
