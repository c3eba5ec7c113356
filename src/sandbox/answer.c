#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/answer.h"

void answer_init(struct answer *a)
{
    *a = (struct answer){.status = 200, .body = BUF_UNBOUNDED, .content_type = "application/json"};
}

void answer_release(struct answer *a)
{
    buf_release(&a->body);
    form_release(a->headers, a->header_count);
    *a = (struct answer){.status = 0};
}

void answer_set_header(struct answer *a, const char *name, const char *value)
{
    for (size_t i = 0; i < a->header_count; i++)
        if (text_equal_nocase(a->headers[i].name, name)) {
            free(a->headers[i].value);
            a->headers[i].value = xstrdup(value);
            return;
        }
    GROW(a->headers, a->header_count, a->header_capacity);
    a->headers[a->header_count++] = (struct name_value){.name = xstrdup(name), .value = xstrdup(value)};
}

void answer_error(struct answer *a, int status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *message = xvasprintf(format, args);
    va_end(args);
    struct json_writer w;
    buf_clear(&a->body);
    json_writer_init(&w, &a->body);
    json_object(&w, NULL);
    json_string(&w, "message", message);
    json_end(&w);
    a->status = status;
    a->content_type = "application/json";
}
