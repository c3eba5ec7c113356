/* Finds the next byte of UTF-8 XML that the scrub stage must look at, 16 bytes at a time: reports are
 * mostly plain ASCII, and every byte of them comes through here. */
#ifndef REPORT_SCRUB_SCAN_H
#define REPORT_SCRUB_SCAN_H

/* The first byte in [at, end) that is a control character other than tab and line feed, or not ASCII, or
 * "<" with "!" or "?" or nothing after it, or "&" with "#" or nothing after it; end when there is none. */
const char *scrub_scan_markup(const char *at, const char *end);
/* Inside a CDATA section: the first such control character, byte beyond ASCII, or "]". */
const char *scrub_scan_cdata(const char *at, const char *end);

#endif
