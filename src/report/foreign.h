/* Files that are no report which is read here, and what to tell the person about them: the formats of
 * other test tools, each with the way in which its tool writes JUnit XML, and what else lies beside reports
 * (coverage, findings, configuration, pages).
 *
 * A row of the tables says in two phrases what the file is and what to do now; a refusal is one sentence of
 * both, code ERR_FOREIGN:
 *
 *     'x.json' is a report of Jest (JSON); let Jest write JUnit XML with the package jest-junit
 *
 * JSON is known by the names of its members. A name is written with those around it, lists are passed
 * through, '*' stands for any name of the root: {"suites":[{"specs":1}]}, and [{"specs":1}] below "suites",
 * hold "suites.specs". A row fits when all its names are there; the first row that fits counts. Names are
 * looked for in the beginning only, also of a text that is damaged, has comments, or holds many roots (lines
 * of JSON).
 *
 * XML is known by its root element, with the namespace and an attribute where the name alone says too
 * little; text by how it begins.
 *
 * The tables name formats only. Whether a file is a report is decided by the reader, by what it must have
 * to be one (JUnit: the root element; TestProject: report/testproject_marks.h). */
#ifndef REPORT_FOREIGN_H
#define REPORT_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/intern.h"
#include "report/model.h"

/* As much of a text as is looked at; at least. */
#define FOREIGN_LOOK_BYTES (64u * 1024)
#define FOREIGN_NAMES      4

struct foreign {
    const char *what; /* "an Allure result", behind "is" */
    const char *how;  /* an imperative; NULL: it is no matter of tests, name the tests' JUnit XML */
};

struct foreign_json {
    struct foreign is;
    const char *names[FOREIGN_NAMES];
};
extern const struct foreign_json foreign_json_table[]; /* ends with a row without names */

struct foreign_xml {
    struct foreign is;
    const char *root;
    const char *in_namespace; /* part of its URI; NULL: any, or none */
    const char *attribute;    /* of the root; NULL: whatever it has */
};
extern const struct foreign_xml foreign_xml_table[]; /* ends with a row without root */

/* The names in a JSON text. */
struct json_names {
    struct intern names;
    size_t roots; /* objects and lists that stand one after another */
};

void json_names_init(struct json_names *names, const char *text, size_t size);
void json_names_release(struct json_names *names);

/* Each returns NULL when nothing fits. */
const struct foreign *foreign_of_json(const struct json_names *names);
/* attributes are SAX2's, five pointers each. */
const struct foreign *foreign_of_xml(const char *root, const char *uri,
                                     const unsigned char *const *attributes, int attribute_count);
/* Text that is neither XML nor JSON, or HTML. */
const struct foreign *foreign_of_text(const char *text);

/* Whether an HTML page begins, behind a declaration and comments. */
bool text_is_html(const char *text);

/* Puts both phrases into meta and makes the sentence. Returns -ERR_FOREIGN. */
int foreign_refuse(struct report_meta *meta, const char *label, const char *what, const char *how,
                   struct error *err);

#endif
