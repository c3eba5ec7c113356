#include "report/encoding.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* No encoding has a longer name. */
#define NAME_SIZE 64

#define NO_CONVERTER ((iconv_t)-1)

/* Names are compared without the signs between their parts. */
struct superset {
    const char *name;
    const char *converter;
};

static const struct superset supersets[] = {
    {"iso88591", "CP1252"},
    {"iso885911987", "CP1252"},
    {"latin1", "CP1252"},
    {"l1", "CP1252"},
    {"cp819", "CP1252"},
    {"iso88599", "CP1254"},
    {"iso885991989", "CP1254"},
    {"latin5", "CP1254"},
    {"l5", "CP1254"},
    {"iso885911", "CP874"},
    {"tis620", "CP874"},
    {"iso88598i", "ISO-8859-8"},
    {"iso88598e", "ISO-8859-8"},
    {"shiftjis", "CP932"},
    {"csshiftjis", "CP932"},
    {"mskanji", "CP932"},
    {"sjis", "CP932"},
    {"xsjis", "CP932"},
    {"cp31j", "CP932"},
    {"gb2312", "GB18030"},
    {"csgb2312", "GB18030"},
    {"gb231280", "GB18030"},
    {"euccn", "GB18030"},
    {"gbk", "GB18030"},
    {"xgbk", "GB18030"},
    {"cp936", "GB18030"},
    {"cp54936", "GB18030"},
    {"euckr", "CP949"},
    {"cseuckr", "CP949"},
    {"ksc5601", "CP949"},
    {"ksc56011987", "CP949"},
    {"ksc56011989", "CP949"},
    {"korean", "CP949"},
    {"cp51949", "CP949"},
    {"eucjp", "EUC-JP-MS"},
    {"xeucjp", "EUC-JP-MS"},
    {"cp51932", "EUC-JP-MS"},
    {"xxbig5", "BIG5"},
    {"cnbig5", "BIG5"},
    {"xmacroman", "MACINTOSH"},
    {"macroman", "MACINTOSH"},
    {"xmaccyrillic", "MAC-CYRILLIC"},
    {"xmacukrainian", "MAC-UK"},
    {"xmaccentraleurope", "MAC-CENTRALEUROPE"},
    {"xmacce", "MAC-CENTRALEUROPE"},
};

/* ANSI_X3.4-1968 is what the C locale calls ASCII. */
static const char *const utf8_names[] = {"utf8",    "utf8mb3", "utf8mb4",  "unicode11utf8", "xunicode20utf8",
                                         "ascii",   "usascii", "iso646us", "ansix341968",   "ansix341986",
                                         "csascii", "cp367",   "cp20127",  "cp65001"};

static const char *const wide_beginnings[] = {"utf16",    "utf32",  "ucs2",   "ucs4",    "unicode",
                                              "iso10646", "cp1200", "cp1201", "cp12000", "cp12001"};

static const char *const code_page_words[] = {"windows", "codepage", "win", "ibm", "dos", "xcp", "cp", "ms"};

/* Letters and digits of the name in small letters; false when there is a sign in it that no name has. "/"
 * is such a one: behind it iconv takes instructions. */
static bool plain_name(const char *name, size_t size, char ret[NAME_SIZE])
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        if (ascii_alnum(name[i]))
            ret[length++] = ascii_lower(name[i]);
        else if (!strchr("-_.:+() \t\r\n", name[i]) || !name[i])
            return false;
        if (length == NAME_SIZE)
            return false;
    }
    ret[length] = '\0';
    return length > 0;
}

/* "windows1251", "xcp1251" and their like become "cp1251"; other names stay. */
static void name_code_page(char name[NAME_SIZE])
{
    for (size_t i = 0; i < ARRAY_SIZE(code_page_words); i++) {
        size_t length = strlen(code_page_words[i]);
        const char *number = name + length;
        if (!text_starts(name, code_page_words[i]) || !ascii_digit(*number))
            continue;
        char page[NAME_SIZE + 2];
        snprintf(page, sizeof page, "cp%s", number);
        if (strlen(page) < NAME_SIZE)
            memcpy(name, page, strlen(page) + 1);
        return;
    }
}

static bool is_utf8(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(utf8_names); i++)
        if (text_equal(name, utf8_names[i]))
            return true;
    for (size_t i = 0; i < ARRAY_SIZE(wide_beginnings); i++)
        if (text_starts(name, wide_beginnings[i]))
            return true;
    return false;
}

static const char *superset_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(supersets); i++)
        if (text_equal(name, supersets[i].name))
            return supersets[i].converter;
    return NULL;
}

/* The C library's own names have "-" between their parts, or nothing. */
static iconv_t open_by_name(const char *name, size_t size, const char *plain)
{
    char written[NAME_SIZE];
    size_t length = 0;
    for (size_t i = 0; i < size && length < NAME_SIZE - 1; i++)
        if (!ascii_space(name[i]))
            written[length++] = name[i];
        else if (length && i + 1 < size && !ascii_space(name[i + 1]))
            written[length++] = '-';
    written[length] = '\0';
    iconv_t found = iconv_open("UTF-8", written);
    if (found == NO_CONVERTER && text_starts_nocase(written, "x-"))
        found = iconv_open("UTF-8", written + 2);
    return found == NO_CONVERTER ? iconv_open("UTF-8", plain) : found;
}

/* Whether the bytes mean what they mean in ASCII; bytes of a comment in the declaration do not matter. */
static bool reads_as_ascii(iconv_t converter, const char *bytes, size_t size)
{
    char read[256];
    size_t looked_at = size < sizeof read / 4 ? size : sizeof read / 4;
    char *from = (char *)bytes; /* iconv does not write there */
    char *to = read;
    size_t left = looked_at;
    size_t room = sizeof read;
    bool whole = iconv(converter, &from, &left, &to, &room) != (size_t)-1 &&
                 iconv(converter, NULL, NULL, &to, &room) != (size_t)-1;
    return whole && (size_t)(to - read) == looked_at && memcmp(read, bytes, looked_at) == 0;
}

enum encoding_found encoding_open(const char *name, size_t name_size, const char *declaration,
                                  size_t declaration_size, iconv_t *ret)
{
    char plain[NAME_SIZE];
    if (!plain_name(name, name_size, plain))
        return ENCODING_UNKNOWN;
    name_code_page(plain);
    if (is_utf8(plain))
        return ENCODING_IS_UTF8;
    const char *superset = superset_of(plain);
    *ret = superset ? iconv_open("UTF-8", superset) : open_by_name(name, name_size, plain);
    if (*ret == NO_CONVERTER)
        return ENCODING_UNKNOWN;
    if (reads_as_ascii(*ret, declaration, declaration_size))
        return ENCODING_CONVERTED;
    iconv_close(*ret);
    return ENCODING_CONTRADICTED;
}
