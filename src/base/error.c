#include "base/error.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"

int error_set(struct error *err, enum error_code code, const char *format, ...)
{
    if (!err)
        return -(int)code;
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *raw = xvasprintf(format, args);
    va_end(args);
    error_release(err);
    err->code = code;
    text_cut_url_users(raw);
    err->text = text_printable(raw);
    return -(int)code;
}

void error_prefix(struct error *err, const char *format, ...)
{
    if (!err || err->code == ERR_NONE)
        return;
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *raw = xvasprintf(format, args);
    va_end(args);
    text_cut_url_users(raw);
    _cleanup_free_ char *context = text_printable(raw);
    _cleanup_free_ char *old = err->text;
    err->text = xasprintf("%s: %s", context, old);
}

void error_move(struct error *to, struct error *from)
{
    error_release(to);
    *to = *from;
    *from = (struct error)ERROR_INIT;
}

void error_release(struct error *err)
{
    free(err->text);
    *err = (struct error)ERROR_INIT;
}
