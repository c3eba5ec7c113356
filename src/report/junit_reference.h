/* What a "&" begins: a reference of XML, an entity of HTML, one that nobody knows, or nothing. HTML's are the
 * 253 of HTML 4 (https://www.w3.org/TR/html401/sgml/entities.html), as libxml2 has them. */
#ifndef REPORT_JUNIT_REFERENCE_H
#define REPORT_JUNIT_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A longer one is none. */
#define JUNIT_REFERENCE_MAX_BYTES 32

enum junit_reference { REFERENCE_NONE, REFERENCE_XML, REFERENCE_HTML, REFERENCE_UNKNOWN };

/* text is the "&". *ret_size is that of the whole reference, *ret_character what an entity of HTML means. */
enum junit_reference junit_reference(const char *text, const char *end, size_t *ret_size,
                                     uint32_t *ret_character);
bool junit_html_entity(const char *name);

#endif
