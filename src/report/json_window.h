/* A JSON text read through a window that is only as large as the largest value looked at in one piece.
 *
 *     json_window_init(&window, read, source);
 *     json_window_next(&window, &c, &err);        // skips white space, shows the next byte, consumes nothing
 *     json_window_skip(&window);                  // consumes the byte that was shown: '{', '[', ',' ...
 *     json_window_value(&window, &span, &err);    // consumes one whole value and lends its bytes
 *     json_window_release(&window);
 *
 * The caller walks the outside of the document byte by byte and takes what lies inside as whole values;
 * so a file of any size needs one value's memory, from files and pipes alike. A UTF-8 byte order mark at
 * the beginning is skipped.
 *
 * Errors: ERR_REPORT when the text ends too early (window->cut is then true) or a value is none;
 * ERR_LIMIT for a value above REPORT_ELEMENT_MAX_BYTES or nested deeper than JSON_SCAN_DEPTH_MAX; ERR_IO
 * and others from the read function. The sentences name line and offset; the caller adds what it was.
 */
#ifndef REPORT_JSON_WINDOW_H
#define REPORT_JSON_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/* Returns the number of bytes put into room, 0 at the end, or a negative code with *err set. */
typedef ssize_t json_window_read(void *source, void *room, size_t size, struct error *err);

struct json_window {
    json_window_read *read;
    void *source;
    char *bytes;
    size_t capacity;
    size_t begin; /* bytes before it are consumed */
    size_t end;   /* bytes from here on are free */
    size_t line_counted;
    int64_t line;   /* of bytes[line_counted], from 1 */
    int64_t offset; /* of bytes[0] in the whole text */
    bool started;   /* the byte order mark has been looked for */
    bool at_end;    /* the read function has said 0 */
    bool cut;       /* the text ended where more was due */
    size_t maximum; /* of one value; REPORT_ELEMENT_MAX_BYTES unless a test sets less */
};

/* One value's bytes, which may be changed in place and are valid until the next call. */
struct json_span {
    char *bytes;
    size_t size;
    unsigned flags; /* enum json_scan_flag */
    int64_t offset; /* of the first byte, from 0 */
    int64_t line;   /* of the first byte, from 1 */
};

/* What json_window_next shows at the end of the text. */
#define JSON_WINDOW_END (-1)

void json_window_init(struct json_window *window, json_window_read *read, void *source);
void json_window_release(struct json_window *window);
/* *ret_byte is 0 to 255 or JSON_WINDOW_END. Returns 0 or a negative code. */
int json_window_next(struct json_window *window, int *ret_byte, struct error *err);
void json_window_skip(struct json_window *window);
/* json_window_next must have shown the value's first byte. */
int json_window_value(struct json_window *window, struct json_span *ret_span, struct error *err);
/* Sets ERR_REPORT "... at line L, offset O" for the byte that is next, or for the end. */
int json_window_complain(struct json_window *window, struct error *err, const char *what);
int64_t json_window_offset(const struct json_window *window);
int64_t json_window_line(struct json_window *window);

#endif
