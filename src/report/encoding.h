/* The encoding that an XML declaration names, as a converter of the C library.
 *
 * What is declared is what is decoded: every encoding that iconv knows, but for these:
 * - A name for a subset means the superset that its writers really use, as the WHATWG Encoding Standard
 *   lays down for its labels (https://encoding.spec.whatwg.org/#names-and-labels): ISO-8859-1 is
 *   windows-1252, Shift_JIS is code page 932 (whose 0x5C is a backslash), GB2312 and GBK are GB18030,
 *   EUC-KR is code page 949. US-ASCII is UTF-8.
 * - A name for Unicode in wider units (UTF-16, UCS-2, "Unicode") over a declaration that can be read byte
 *   by byte is the writer's error (.NET's StringWriter): the report is UTF-8.
 * - An encoding in which the declaration's own bytes say something else (EBCDIC) contradicts the report.
 * Names are taken in any case, with "-", "_", blanks or nothing between their parts, and code pages by
 * their number ("cp1251", "windows-1251", "win1251", "x-cp1251").
 */
#ifndef REPORT_ENCODING_H
#define REPORT_ENCODING_H

#include <iconv.h>
#include <stddef.h>

enum encoding_found {
    ENCODING_IS_UTF8,      /* nothing to convert */
    ENCODING_CONVERTED,    /* *ret is to be closed with iconv_close */
    ENCODING_UNKNOWN,      /* the C library has no such converter */
    ENCODING_CONTRADICTED, /* the declaration is not written in it */
};

/* name needs no end mark. declaration: the bytes from "<?xml" to "?>". */
enum encoding_found encoding_open(const char *name, size_t name_size, const char *declaration,
                                  size_t declaration_size, iconv_t *ret);

#endif
