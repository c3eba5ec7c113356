/* Operating systems, architectures and versions, as writers of reports spell them beside a browser or a
 * device: "Mac OS 10.15.7", "WINDOWS", "XP", "Linux x86_64", "macos-latest", "Windows Server 2019 R2".
 *
 * Words are compared without case; where the tables have a blank, a text may have blanks, underscores,
 * hyphens and slashes, or nothing ("Big Sur", "BIG_SUR", "BigSur"). All lengths are in bytes, 0: none.
 */
#ifndef REPORT_PLATFORM_H
#define REPORT_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Longer texts are no browser and no device, and are not looked through. */
#define TARGET_MAX_BYTES 256

/* True when c is part of a word: an ASCII letter or digit, or a byte of any other letter. */
bool word_char(char c);
/* For words_prefix, where the first letters are the same. */
size_t words_compare(const char *text, const char *words);
/* The length of words (small letters) at text, whatever follows them. The first letter decides nearly always,
 * and every suite of a report is held against some two hundred of them. */
static inline size_t words_prefix(const char *text, const char *words)
{
    return ascii_lower(*text) == *words ? words_compare(text, words) : 0;
}
/* The same, and no letter follows them directly; digits may. */
static inline size_t words_length(const char *text, const char *words)
{
    size_t length = words_prefix(text, words);
    return length && word_char(text[length]) && !ascii_digit(text[length]) ? 0 : length;
}
/* "120", "v120.0.6099", "103_0_0_0", "60.0a1", "115esr", "latest", "latest-1". In "89.0.Login" it is "89.0".
 */
size_t version_length(const char *text);
size_t system_length(const char *text);       /* the name of an operating system, without its version */
size_t architecture_length(const char *text); /* "x86_64", "arm64", "64-bit" */
size_t release_length(const char *text);      /* what may stand behind a system: "Server", "R2", "latest" */
/* The text is used up by systems, architectures and their versions; at least one of them. */
bool platform_only(const char *text);

#endif
