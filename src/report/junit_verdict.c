#include "report/junit_verdict.h"

#include <string.h>

#include "base/text.h"

/* A buffer that grew for one huge text does not stay so. */
#define KEPT_BYTES (1024 * 1024)

static void start_over(struct buf *b)
{
    if (b->capacity > KEPT_BYTES)
        buf_release(b);
    else
        buf_clear(b);
}

void junit_mark_init(struct junit_mark *mark)
{
    *mark = (struct junit_mark){.message = BUF_UNBOUNDED, .type = BUF_UNBOUNDED, .text = BUF_UNBOUNDED};
}

void junit_mark_release(struct junit_mark *mark)
{
    buf_release(&mark->message);
    buf_release(&mark->type);
    buf_release(&mark->text);
}

void junit_mark_begin(struct junit_mark *mark, enum junit_element element)
{
    mark->element = element;
    mark->dropped_bytes = 0;
    start_over(&mark->message);
    start_over(&mark->type);
    start_over(&mark->text);
}

void junit_mark_part(struct junit_mark *mark)
{
    size_t size = mark->text.length;
    while (size && ascii_space(mark->text.bytes[size - 1]))
        size--;
    buf_truncate(&mark->text, size);
    if (size)
        buf_putc(&mark->text, '\n');
}

/* Appends while there is room; the return value is what did not fit, never a part of a character. */
static size_t put_bounded(struct buf *b, const char *text, size_t size)
{
    size_t room = b->length < JUNIT_TEXT_MAX_BYTES ? JUNIT_TEXT_MAX_BYTES - b->length : 0;
    size_t kept = size <= room ? size : utf8_cut(text, size, room);
    buf_put(b, text, kept);
    return size - kept;
}

void junit_mark_text(struct junit_mark *mark, const char *text, size_t size)
{
    if (mark->dropped_bytes)
        mark->dropped_bytes += size;
    else
        mark->dropped_bytes = put_bounded(&mark->text, text, size);
}

void junit_verdict_init(struct junit_verdict *v)
{
    *v = (struct junit_verdict){
        .message = BUF_UNBOUNDED, .skip_message = BUF_UNBOUNDED, .details = BUF_UNBOUNDED};
}

void junit_verdict_release(struct junit_verdict *v)
{
    buf_release(&v->message);
    buf_release(&v->skip_message);
    buf_release(&v->details);
}

void junit_verdict_clear(struct junit_verdict *v)
{
    if (!v->used)
        return;
    v->used = false;
    v->failures = v->errors = v->skips = v->flaky = v->reruns = v->entries = 0;
    v->dropped_bytes = 0;
    start_over(&v->message);
    start_over(&v->skip_message);
    start_over(&v->details);
}

/* Only the outside is trimmed, since the blanks of a stack trace matter; the first line keeps its indent. */
static void trim(const char **text, size_t *size)
{
    while (*size && ascii_space((*text)[*size - 1]))
        (*size)--;
    size_t at = 0;
    size_t line = 0;
    for (; at < *size && ascii_space((*text)[at]); at++)
        if ((*text)[at] == '\n' || (*text)[at] == '\r')
            line = at + 1;
    size_t skipped = line ? line : at;
    *text += skipped;
    *size -= skipped;
}

static void put_lines(struct junit_verdict *v, const char *text, size_t size)
{
    v->dropped_bytes += put_bounded(&v->details, text, size);
}

static size_t first_line(const char *text, size_t size)
{
    const char *end = memchr(text, '\n', size);
    return end ? (size_t)(end - text) : size;
}

static void begin_entry(struct junit_verdict *v, const char *heading)
{
    v->used = true;
    if (v->entries++ > 0)
        put_lines(v, "\n\n", 2);
    if (heading)
        put_lines(v, heading, strlen(heading));
}

void junit_verdict_add_detail(struct junit_verdict *v, const char *heading, const char *text)
{
    begin_entry(v, heading);
    put_lines(v, text, strlen(text));
}

/* Message and text, without the message where the text begins with it. */
static void put_entry(struct junit_verdict *v, const char *heading, const char *message, size_t message_size,
                      const char *text, size_t text_size)
{
    bool repeated = message_size <= text_size && memcmp(message, text, message_size) == 0;
    if (!message_size && !text_size)
        return;
    begin_entry(v, heading);
    if (!repeated)
        put_lines(v, message, message_size);
    if (!repeated && text_size)
        put_lines(v, "\n", 1);
    put_lines(v, text, text_size);
}

static const char *count_mark(struct junit_verdict *v, enum junit_element element)
{
    switch (element) {
    case ELEMENT_ERROR:
        v->errors++;
        return NULL;
    case ELEMENT_SKIPPED:
        v->skips++;
        return "Skipped: ";
    case ELEMENT_FLAKY:
        v->flaky++;
        return "Failed attempt: ";
    case ELEMENT_RERUN:
        v->reruns++;
        return "Failed again: ";
    default:
        v->failures++;
        return NULL;
    }
}

static void keep_message(struct buf *to, const char *message, size_t size, const char *text, size_t text_size,
                         const struct buf *type)
{
    if (to->length)
        return;
    while (text_size && ascii_space(*text)) {
        text++;
        text_size--;
    }
    if (size)
        buf_put(to, message, size);
    else if (text_size)
        buf_put(to, text, first_line(text, text_size));
    else if (type)
        buf_puts(to, buf_text(type));
}

void junit_verdict_add(struct junit_verdict *v, struct junit_mark *mark)
{
    const char *message = buf_text(&mark->message);
    const char *text = buf_text(&mark->text);
    size_t message_size = mark->message.length;
    size_t text_size = mark->text.length;
    const char *heading = count_mark(v, mark->element);
    v->used = true;
    trim(&message, &message_size);
    trim(&text, &text_size);
    v->dropped_bytes += mark->dropped_bytes;
    if (mark->element == ELEMENT_SKIPPED) {
        keep_message(&v->skip_message, message, message_size, text, text_size, NULL);
        bool told = v->skips == 1 && v->skip_message.length >= text_size;
        if (!told)
            put_entry(v, heading, message, message_size, text, text_size);
        return;
    }
    if (!heading)
        keep_message(&v->message, message, message_size, text, text_size, &mark->type);
    put_entry(v, heading, message, message_size, text, text_size);
}

bool junit_verdict_status(const struct junit_verdict *v, enum result_status *ret)
{
    if (v->errors)
        *ret = RESULT_ERROR;
    else if (v->failures)
        *ret = RESULT_FAILED;
    else if (v->skips)
        *ret = RESULT_SKIPPED;
    return v->errors || v->failures || v->skips;
}

const char *junit_verdict_message(const struct junit_verdict *v, enum result_status status)
{
    const struct buf *message = status == RESULT_SKIPPED ? &v->skip_message : &v->message;
    return message->length ? buf_text(message) : NULL;
}

const char *junit_verdict_details(struct junit_verdict *v)
{
    if (v->dropped_bytes)
        buf_printf(&v->details, "\n[%zu more bytes stand in the report]", v->dropped_bytes);
    if (!v->details.length || text_equal(buf_text(&v->details), buf_text(&v->message)))
        return NULL;
    return buf_text(&v->details);
}
