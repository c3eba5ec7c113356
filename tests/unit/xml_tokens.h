/* Just enough of XML to rewrite a well-formed report in another form of the same content: tokens with
 * their place, and the attributes of a tag. */
#ifndef TESTS_XML_TOKENS_H
#define TESTS_XML_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"

enum xml_token { XML_END, XML_TEXT, XML_START_TAG, XML_EMPTY_TAG, XML_END_TAG, XML_OTHER };

/* The token at text[0]; *ret_size is its length. */
static inline enum xml_token xml_next(const char *text, size_t *ret_size)
{
    static const struct {
        const char *begin;
        const char *end;
    } others[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!DOCTYPE", ">"}};
    *ret_size = strcspn(text, "<");
    if (!*text)
        return XML_END;
    if (*ret_size)
        return XML_TEXT;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const char *end = text_starts(text, others[i].begin) ? strstr(text, others[i].end) : NULL;
        if (end) {
            *ret_size = (size_t)(end - text) + strlen(others[i].end);
            return XML_OTHER;
        }
    }
    char quote = 0;
    size_t at = 1;
    for (; text[at] && (quote || text[at] != '>'); at++)
        if (quote)
            quote = text[at] == quote ? 0 : quote;
        else if (text[at] == '"' || text[at] == '\'')
            quote = text[at];
    *ret_size = at + (text[at] == '>');
    if (text[1] == '/')
        return XML_END_TAG;
    return text[at - 1] == '/' ? XML_EMPTY_TAG : XML_START_TAG;
}

/* The attribute at text (blanks before it included), NULL behind the last one. */
static inline const char *xml_next_attribute(const char *text, size_t *ret_size)
{
    const char *at = text + strspn(text, " \t\r\n");
    const char *equals = at + strcspn(at, "=/>");
    if (*equals != '=')
        return NULL;
    const char *quote = equals + 1 + strspn(equals + 1, " \t\r\n");
    const char *close = strchr(quote + 1, *quote);
    *ret_size = (size_t)(close + 1 - at);
    return at;
}

#endif
