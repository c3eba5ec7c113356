/* Talk to the person: stderr, one line each, "qtest-sync: ..."; stdout is for results alone. */
#ifndef CLI_TALK_H
#define CLI_TALK_H

#include "cli/settings.h"

enum talk_level {
    TALK_WARNING, /* always but with --quiet */
    TALK_INFO,    /* with -v */
    TALK_DEBUG,   /* with -vv */
};

/* Control characters of outside text are stripped. */
void talk(const struct settings *settings, enum talk_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The one sentence about what failed; --quiet does not silence it. */
void talk_error(const char *sentence);

#endif
