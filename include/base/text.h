/* UTF-8 text: checking, cutting, and making outside text safe to show. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Length in bytes of the UTF-8 character at text (1 to 4), 0 when the bytes there are not valid UTF-8:
 * overlong forms, surrogates, values above U+10FFFF and cut sequences are invalid. size must be > 0. */
size_t utf8_character(const char *text, size_t size, uint32_t *ret_code_point);
bool utf8_valid(const char *text, size_t size);
/* The largest length <= max_bytes that does not cut a character of valid UTF-8 text. */
size_t utf8_cut(const char *text, size_t size, size_t max_bytes);
/* As utf8_cut, counted in characters (code points). */
size_t utf8_cut_characters(const char *text, size_t size, size_t max_characters);

/* A copy safe for a terminal or a log: line ends and tabs become blanks, control characters (C0, DEL,
 * C1, and the bidirectional overrides U+202A-202E, U+2066-2069) and ANSI sequences go, bad bytes become
 * U+FFFD. The caller frees. */
char *text_printable(const char *text);
/* The same of a text that may be of any length: what does not fit into max_bytes is cut at a character and
 * gives way to an ellipsis, which comes on top. The caller frees. */
char *text_excerpt(const char *text, size_t max_bytes);
/* As text_printable for text of several lines: line ends (CRLF too, as LF) and tabs stay. */
char *text_printable_lines(const char *text, size_t size);

bool text_equal(const char *a, const char *b);        /* NULL equals only NULL */
bool text_equal_nocase(const char *a, const char *b); /* ASCII case only */
bool text_starts(const char *text, const char *prefix);
bool text_starts_nocase(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
bool text_empty(const char *text); /* NULL or "" */
/* Moves both ends over blanks and line ends. */
void text_trim(const char **text, size_t *size);
/* ASCII only, whatever the locale says. */
bool ascii_space(char c);
bool ascii_digit(char c);
bool ascii_alnum(char c);
char ascii_lower(char c);

/* "1 result", "2 results". The caller frees. */
char *text_counted(int64_t count, const char *one, const char *many);

/* A whole decimal number within [low, high], nothing before or after it. False leaves *ret alone. */
bool text_to_int64(const char *text, int64_t low, int64_t high, int64_t *ret);

/* Percent-encodes all but unreserved characters (RFC 3986), appended. */
void url_encode(struct buf *out, const char *text);

#endif
