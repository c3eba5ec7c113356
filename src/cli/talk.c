#include "cli/talk.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"

static bool is_heard(const struct settings *settings, enum talk_level level)
{
    if (level == TALK_WARNING)
        return !settings->quiet;
    return settings->verbose >= (level == TALK_INFO ? 1 : 2);
}

void talk(const struct settings *settings, enum talk_level level, const char *format, ...)
{
    if (!is_heard(settings, level))
        return;
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *raw = xvasprintf(format, args);
    va_end(args);
    _cleanup_free_ char *line = text_printable(raw);
    text_cut_url_users(line);
    fprintf(stderr, "qtest-sync: %s%s\n", level == TALK_WARNING ? "warning: " : "", line);
}

void talk_error(const char *sentence)
{
    _cleanup_free_ char *line = text_printable(sentence);
    text_cut_url_users(line);
    fprintf(stderr, "qtest-sync: %s\n", line);
}
