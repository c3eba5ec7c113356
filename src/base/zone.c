#include "base/zone.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    (24 * 60 * MINUTE_MS)

/* Of the C library: the named zone that stands in for the machine's, "" when none does. */
static char loaded[ZONE_NAME_SIZE];
static char *machine_tz; /* TZ meanwhile put aside; NULL: it was not set */

const char *zone_folder(void)
{
    const char *folder = getenv("TZDIR");
    return folder && *folder == '/' ? folder : "/usr/share/zoneinfo";
}

static bool two_digits(const char **at, int64_t *ret)
{
    if (!ascii_digit((*at)[0]) || !ascii_digit((*at)[1]))
        return false;
    *ret = ((*at)[0] - '0') * 10 + ((*at)[1] - '0');
    *at += 2;
    return true;
}

static bool parse_offset(const char *text, int64_t *ret_ms)
{
    int64_t hours;
    int64_t minutes = 0;
    const char *at = text + 1;
    if ((*text != '+' && *text != '-') || !two_digits(&at, &hours))
        return false;
    if (*at) {
        at += *at == ':';
        if (!two_digits(&at, &minutes) || *at || minutes > 59)
            return false;
    }
    int64_t offset_ms = (hours * 60 + minutes) * MINUTE_MS;
    *ret_ms = *text == '-' ? -offset_ms : offset_ms;
    return offset_ms <= ZONE_OFFSET_MAX_MS;
}

/* Other files lie beside the zones; those begin with these bytes (RFC 8536). */
static bool is_zone_file(const char *path)
{
    struct stat facts;
    char magic[4];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool good = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) &&
                read(fd, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", 4) == 0;
    close(fd);
    return good;
}

/* No dot and no slash at the beginning: it stays below the folder. */
static bool may_be_name(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= ZONE_NAME_SIZE || *text == '/')
        return false;
    for (; *text; text++)
        if (!ascii_alnum(*text) && !strchr("_+-/", *text))
            return false;
    return true;
}

static char *zone_path(const char *name)
{
    return xasprintf("%s/%s", zone_folder(), name);
}

bool zone_parse(const char *text, struct zone *ret)
{
    *ret = (struct zone){.kind = ZONE_FIXED};
    if (text_equal_nocase(text, "UTC") || text_equal_nocase(text, "Z") || parse_offset(text, &ret->offset_ms))
        return true;
    if (text_equal_nocase(text, "local")) {
        *ret = zone_machine();
        return true;
    }
    if (!may_be_name(text))
        return false;
    _cleanup_free_ char *path = zone_path(text);
    ret->kind = ZONE_NAMED;
    memcpy(ret->name, text, strlen(text) + 1);
    return is_zone_file(path);
}

struct zone zone_machine(void)
{
    return (struct zone){.kind = ZONE_MACHINE};
}

static void set_tz(const char *value)
{
    if (value)
        setenv("TZ", value, 1);
    else
        unsetenv("TZ");
    tzset();
}

static void load(const char *name)
{
    if (strcmp(loaded, name) == 0)
        return;
    if (!*loaded)
        machine_tz = xstrdup(getenv("TZ"));
    if (*name) {
        _cleanup_free_ char *path = zone_path(name);
        set_tz(path);
    } else {
        set_tz(machine_tz);
        free(machine_tz);
        machine_tz = NULL;
    }
    memcpy(loaded, name, strlen(name) + 1);
}

void zone_leave(void)
{
    load("");
}

/* In the zone that the C library has. */
static int64_t offset_at(int64_t instant_ms)
{
    time_t seconds = (time_t)(instant_ms / 1000 - (instant_ms % 1000 < 0));
    struct tm there;
    return localtime_r(&seconds, &there) ? (int64_t)there.tm_gmtoff * 1000 : 0;
}

/* A day before and a day after, the old and the new offset hold, wherever between them clocks are set. */
static int64_t find_offset(int64_t civil_ms)
{
    int64_t before_ms = offset_at(civil_ms - DAY_MS);
    int64_t after_ms = offset_at(civil_ms + DAY_MS);
    if (offset_at(civil_ms - before_ms) == before_ms)
        return before_ms;
    return offset_at(civil_ms - after_ms) == after_ms ? after_ms : before_ms;
}

int64_t zone_instant(struct zone *zone, int64_t civil_ms)
{
    if (zone->kind == ZONE_FIXED)
        return civil_ms - zone->offset_ms;
    int64_t minute = civil_ms / MINUTE_MS - (civil_ms % MINUTE_MS < 0);
    if (!zone->answered || zone->minute != minute) {
        load(zone->name);
        zone->answered = true;
        zone->minute = minute;
        zone->minute_offset_ms = find_offset(civil_ms);
    }
    return civil_ms - zone->minute_offset_ms;
}
