#include "sync/fitting_name.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#define NAME_MAX_CHARACTERS 500
#define NAME_HASH_DIGITS    8

char *fitting_name(const char *name)
{
    _cleanup_free_ char *clean = text_printable(name);
    size_t length = strlen(clean);
    if (utf8_cut_characters(clean, length, NAME_MAX_CHARACTERS) == length)
        return TAKE(clean);
    struct hasher h;
    hasher_init(&h, "name");
    hasher_text(&h, clean);
    struct hash128 hash = hasher_done(&h);
    char hex[33];
    hash128_hex(&hash, hex);
    size_t cut = utf8_cut_characters(clean, length, NAME_MAX_CHARACTERS - NAME_HASH_DIGITS - 2);
    return xasprintf("%.*s %.*s", (int)cut, clean, NAME_HASH_DIGITS, hex);
}
