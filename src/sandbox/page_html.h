/* What all pages are made of. The text functions escape; only page_raw() does not, and takes constants alone.
 */
#ifndef SANDBOX_PAGE_HTML_H
#define SANDBOX_PAGE_HTML_H

#include <stdint.h>

#include "sandbox/objects.h"

struct call;

/* Head, navigation and <h1>; title is escaped. */
void page_begin(struct call *c, const char *title);
void page_end(struct call *c);
void page_raw(struct call *c, const char *html);
void page_text(struct call *c,
               const char *text); /* in <bdi>, so that right-to-left names do not reorder the rest */
void page_html_text(struct call *c, const char *html); /* the text of a piece of HTML, line ends kept */
void page_number(struct call *c, int64_t number);
void page_instant(struct call *c, int64_t instant_ms);
void page_link(struct call *c, enum object_kind kind, int64_t id, const char *text);
void page_status(struct call *c, int64_t status); /* a coloured word */
/* <dt>label</dt><dd>text</dd>; nothing for an empty text */
void page_fact(struct call *c, const char *label, const char *text);
void page_fact_html(struct call *c, const char *label, const char *html);
/* "MD-7" and the like. The caller frees. */
char *page_pid(enum object_kind kind, int64_t pid);
void page_attachments(struct call *c, enum object_kind kind, int64_t object);

#endif
