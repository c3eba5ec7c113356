/* The sandbox's own escaping and un-escaping of HTML text. */
#ifndef SANDBOX_HTML_H
#define SANDBOX_HTML_H

struct buf;

/* & < > " ' as entities, appended. */
void html_escape(struct buf *out, const char *text);
/* < and > only, as escapeXml of endpoints A and B does with the automation content. */
void html_escape_brackets(struct buf *out, const char *text);
/* The text of a piece of HTML: tags gone, <br> and the ends of paragraphs as line ends, entities decoded.
 * Appended. */
void html_to_text(struct buf *out, const char *html);

#endif
