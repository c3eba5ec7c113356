#include "report/json_window.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/json_scan.h"
#include "report/reader.h"

/* Large enough that reading costs nothing, small enough to stay in the processor's cache. */
#define FIRST_CAPACITY (128u * 1024)

void json_window_init(struct json_window *window, json_window_read *read, void *source)
{
    *window = (struct json_window){
        .read = read,
        .source = source,
        .bytes = xmalloc(FIRST_CAPACITY),
        .capacity = FIRST_CAPACITY,
        .line = 1,
        .maximum = REPORT_ELEMENT_MAX_BYTES,
    };
}

void json_window_release(struct json_window *window)
{
    free(window->bytes);
    *window = (struct json_window){0};
}

/* Eight bytes at once: the high bit of each byte of hits says that it is a line end. */
static int64_t count_line_ends(const char *bytes, size_t size)
{
    const uint64_t sevens = 0x7F7F7F7F7F7F7F7FULL;
    const uint64_t line_ends = 0x0A0A0A0A0A0A0A0AULL;
    int64_t count = 0;
    size_t at = 0;
    for (; size - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes + at, sizeof word);
        word ^= line_ends;
        uint64_t hits = ~(((word & sevens) + sevens) | word | sevens);
        if (hits)
            count += __builtin_popcountll(hits);
    }
    for (; at < size; at++)
        count += bytes[at] == '\n';
    return count;
}

int64_t json_window_line(struct json_window *window)
{
    size_t fresh = window->begin - window->line_counted;
    window->line += count_line_ends(window->bytes + window->line_counted, fresh);
    window->line_counted = window->begin;
    return window->line;
}

int64_t json_window_offset(const struct json_window *window)
{
    return window->offset + (int64_t)window->begin;
}

/* Gives up what is consumed and moves the rest to the front. */
static void compact(struct json_window *window)
{
    json_window_line(window);
    memmove(window->bytes, window->bytes + window->begin, window->end - window->begin);
    window->offset += (int64_t)window->begin;
    window->end -= window->begin;
    window->begin = 0;
    window->line_counted = 0;
}

/* At least one more byte, or window->at_end. What is not consumed keeps its place behind begin. */
static int fill(struct json_window *window, struct error *err)
{
    if (window->at_end)
        return 0;
    if (window->begin > 0)
        compact(window);
    if (window->end == window->capacity) {
        window->capacity *= 2;
        window->bytes = xreallocarray(window->bytes, window->capacity, 1);
    }
    ssize_t got =
        window->read(window->source, window->bytes + window->end, window->capacity - window->end, err);
    if (got < 0)
        return (int)got;
    window->at_end = got == 0;
    window->end += (size_t)got;
    return 0;
}

static int skip_byte_order_mark(struct json_window *window, struct error *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    window->started = true;
    while (window->end < 3 && !window->at_end) {
        int rc = fill(window, err);
        if (rc < 0)
            return rc;
    }
    if (window->end >= 3 && memcmp(window->bytes, mark, 3) == 0)
        window->begin = 3;
    return 0;
}

/* JSON's own four; other control characters are no white space. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

int json_window_next(struct json_window *window, int *ret_byte, struct error *err)
{
    int rc = window->started ? 0 : skip_byte_order_mark(window, err);
    while (rc == 0) {
        while (window->begin < window->end && is_blank(window->bytes[window->begin]))
            window->begin++;
        if (window->begin < window->end || window->at_end)
            break;
        rc = fill(window, err);
    }
    *ret_byte = window->begin < window->end ? (unsigned char)window->bytes[window->begin] : JSON_WINDOW_END;
    return rc;
}

void json_window_skip(struct json_window *window)
{
    window->begin++;
}

int json_window_complain(struct json_window *window, struct error *err, const char *what)
{
    window->cut = window->begin == window->end && window->at_end;
    return error_set(err, ERR_REPORT, "%s at line %" PRId64 ", offset %" PRId64, what,
                     json_window_line(window), json_window_offset(window));
}

static int refuse_cut(struct json_window *window, struct error *err)
{
    int64_t line = json_window_line(window);
    int64_t offset = json_window_offset(window);
    window->begin = window->end;
    window->cut = true;
    return error_set(err, ERR_REPORT,
                     "the text ends at line %" PRId64 ", offset %" PRId64
                     ", inside the value that begins at line %" PRId64 ", offset %" PRId64,
                     json_window_line(window), json_window_offset(window), line, offset);
}

static int refuse_large(struct json_window *window, struct error *err)
{
    return error_set(err, ERR_LIMIT,
                     "the value at line %" PRId64 ", offset %" PRId64
                     " is larger than %zu bytes, the most that one element may have",
                     json_window_line(window), json_window_offset(window), window->maximum);
}

static int refuse_deep(struct json_window *window, struct error *err)
{
    return error_set(err, ERR_LIMIT,
                     "the value at line %" PRId64 ", offset %" PRId64 " is nested deeper than %d levels",
                     json_window_line(window), json_window_offset(window), JSON_SCAN_DEPTH_MAX);
}

int json_window_value(struct json_window *window, struct json_span *ret_span, struct error *err)
{
    struct json_scan scan = JSON_SCAN_INIT;
    enum json_scan_state state;
    while ((state = json_scan(&scan, window->bytes + window->begin, window->end - window->begin)) ==
           JSON_SCAN_MORE) {
        if (scan.at > window->maximum)
            return refuse_large(window, err);
        int rc = fill(window, err);
        if (rc < 0)
            return rc;
        if (window->at_end) {
            if (scan.depth > 0 || scan.in_string)
                return refuse_cut(window, err);
            break;
        }
    }
    if (state == JSON_SCAN_TOO_DEEP)
        return refuse_deep(window, err);
    if (scan.at > window->maximum)
        return refuse_large(window, err);
    if (scan.at == 0)
        return json_window_complain(window, err, "a value is missing");
    *ret_span = (struct json_span){
        .bytes = window->bytes + window->begin,
        .size = scan.at,
        .flags = scan.flags,
        .offset = json_window_offset(window),
        .line = json_window_line(window),
    };
    window->begin += scan.at;
    return 0;
}
