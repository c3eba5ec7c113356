#include "report/junit_reference.h"

#include <string.h>

#include <libxml/HTMLparser.h>

#include "base/memory.h"
#include "base/text.h"

static bool hex_digit(char c)
{
    char lower = ascii_lower(c);
    return ascii_digit(c) || (lower >= 'a' && lower <= 'f');
}

/* Behind the digits of "&#12" or "&#xAB", or the text itself. */
static const char *behind_number(const char *text, const char *end)
{
    bool hex = end - text > 2 && text[2] == 'x';
    const char *begin = text + (hex ? 3 : 2);
    const char *at = begin;
    while (at < end && (hex ? hex_digit(*at) : ascii_digit(*at)))
        at++;
    return at > begin ? at : text;
}

static const char *behind_name(const char *text, const char *end)
{
    const char *at = text + 1;
    if (at < end && ascii_digit(*at))
        return text;
    while (at < end && ascii_alnum(*at))
        at++;
    return at > text + 1 ? at : text;
}

static bool predefined(const char *name)
{
    static const char *const names[] = {"lt", "gt", "amp", "quot", "apos"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (text_equal(name, names[i]))
            return true;
    return false;
}

enum junit_reference junit_reference(const char *text, const char *end, size_t *ret_size,
                                     uint32_t *ret_character)
{
    if (end - text > JUNIT_REFERENCE_MAX_BYTES)
        end = text + JUNIT_REFERENCE_MAX_BYTES;
    bool number = end - text > 1 && text[1] == '#';
    const char *at = number ? behind_number(text, end) : behind_name(text, end);
    if (at == text || at == end || *at != ';')
        return REFERENCE_NONE;
    *ret_size = (size_t)(at + 1 - text);
    if (number)
        return REFERENCE_XML;
    char name[JUNIT_REFERENCE_MAX_BYTES];
    memcpy(name, text + 1, *ret_size - 2);
    name[*ret_size - 2] = '\0';
    if (predefined(name))
        return REFERENCE_XML;
    const htmlEntityDesc *html = htmlEntityLookup((const xmlChar *)name);
    if (!html)
        return REFERENCE_UNKNOWN;
    *ret_character = html->value;
    return REFERENCE_HTML;
}

bool junit_html_entity(const char *name)
{
    return htmlEntityLookup((const xmlChar *)name) != NULL;
}
