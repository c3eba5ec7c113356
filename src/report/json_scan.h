/* Finds where one JSON value ends, in one pass, and notes what a parser would trip over.
 *
 * The scan knows strings, escapes and nesting, nothing else; cJSON checks the grammar afterwards. It can
 * be interrupted wherever the bytes end and goes on when more have come, so that nothing is looked at
 * twice:
 *
 *     struct json_scan scan = JSON_SCAN_INIT;
 *     while (json_scan(&scan, bytes, size) == JSON_SCAN_MORE)
 *         ... make the bytes longer; the place of the first one may change ...
 *     // scan.at is now the value's length
 */
#ifndef REPORT_JSON_SCAN_H
#define REPORT_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* cJSON's own limit of nesting. */
#define JSON_SCAN_DEPTH_MAX 1000

enum json_scan_flag {
    JSON_HAS_ESCAPE = 1,         /* a backslash */
    JSON_HAS_UNICODE_ESCAPE = 2, /* \uXXXX */
    JSON_HAS_CONTROL = 4,        /* a byte below blank inside a string */
    JSON_HAS_HIGH = 8,           /* a byte above ASCII inside a string */
    JSON_HAS_LONG_NUMBER = 16,   /* 16 digits or more in a row: beyond what a double holds */
    JSON_HAS_BAD_BYTE = 32,      /* a control character between the values, which cJSON would skip */
};

enum json_scan_state {
    JSON_SCAN_MORE, /* the bytes end inside the value; at a number or word, also right behind it */
    JSON_SCAN_DONE,
    JSON_SCAN_TOO_DEEP,
};

struct json_scan {
    size_t at; /* bytes looked at; when done, the value's length */
    unsigned flags;
    unsigned depth;
    int digits; /* in a row, up to here */
    bool in_string;
    bool escaped; /* the last byte was a backslash */
};

#define JSON_SCAN_INIT                                                                                       \
    {                                                                                                        \
        0                                                                                                    \
    }

/* bytes is the value's first byte, which is no white space. */
enum json_scan_state json_scan(struct json_scan *scan, const char *bytes, size_t size);

#endif
