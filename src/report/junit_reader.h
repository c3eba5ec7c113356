/* The state of one JUnit report being read, between the parser's callbacks (junit_sax.c), what they
 * build (junit_case.h, junit_suite.h) and the loop that feeds the parser (junit.c). Nobody else needs it.
 */
#ifndef REPORT_JUNIT_READER_H
#define REPORT_JUNIT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libxml/parser.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/junit_case.h"
#include "report/junit_marker.h"
#include "report/junit_names.h"
#include "report/junit_notes.h"
#include "report/junit_suite.h"
#include "report/junit_verdict.h"
#include "report/reader.h"
#include "report/times.h"
#include "report/verdict_name.h"

#define JUNIT_DEPTH_MAX        10000              /* nested elements */
#define JUNIT_NAMES_MAX        50000              /* different element and attribute names */
#define JUNIT_ATTRIBUTES_MAX   1000               /* of one tag; also namespaces around it */
#define JUNIT_NESTED_CASES_MAX 64                 /* tests inside tests */
#define JUNIT_NAME_MAX_BYTES   (1024 * 1024)      /* a longer name is no name */
#define JUNIT_VALUE_MAX_BYTES  (24 * 1024 * 1024) /* of a property, which may be a screenshot */

struct junit_open {
    enum junit_element element;
    enum junit_attribute value; /* of an ELEMENT_VALUE */
    bool in_case;               /* a test is nearer than a suite */
    const xmlChar *name;        /* the parser's own, as is the prefix */
    const xmlChar *prefix;
    /* What junit_guess.h makes of a name that no dialect knows, or that stands in such an element. */
    bool guessed;
    bool list;     /* of failures */
    bool attempts; /* what stands inside is of earlier attempts */
    bool held;     /* a verdict stood inside and was counted */
    int64_t line;
    struct verdict_name says;
};

#define JUNIT_NAMES_SAID 32

struct junit_name_said {
    const xmlChar *name; /* NULL: free */
    struct verdict_name says;
};

/* What in a report is no character. */
enum junit_bad { BAD_BYTES, BAD_CHARACTERS, JUNIT_BAD_COUNT };

struct junit_bad_name {
    char *name;    /* as it is shown, NULL: none yet */
    bool identity; /* of a test or suite */
    int64_t line;
};

struct scrub;
struct junit_repair;

enum junit_broken {
    BROKEN_NOT,
    BROKEN_BLANK,
    BROKEN_XML,
    BROKEN_CUT,     /* the report ends before its end */
    BROKEN_BEHIND,  /* something stands behind its end */
    BROKEN_ENTITY,  /* one that nobody has declared */
    BROKEN_DOCTYPE, /* which is never repaired */
};

struct junit_reader {
    xmlParserCtxtPtr parser;
    const struct scrub *scrub; /* where the parser's bytes come from */
    const char *label;         /* the report's name, for messages */
    const struct read_options *options;
    const struct report_sink *sink;
    struct report_meta *meta;
    struct junit_names names;
    struct junit_name_said names_said[JUNIT_NAMES_SAID]; /* by address */
    struct junit_notes notes;
    struct report_times times;

    struct junit_open *open; /* the elements around, outermost first */
    size_t depth;
    size_t open_capacity;
    struct junit_suites suites;
    struct junit_case **cases; /* cases[case_depth - 1] is the innermost open one */
    size_t case_depth;
    size_t case_capacity;
    size_t case_count; /* allocated */

    struct junit_mark mark;
    struct buf text;   /* of a value, property or attachment element */
    bool text_dropped; /* some of it: it is too long */
    struct buf property_name;
    struct buf property_value;
    bool property_has_value;
    struct junit_marker marker;
    enum { TEXT_DROPPED, TEXT_OF_MARK, TEXT_OF_VALUE, TEXT_OF_OUTPUT } text_goes;

    struct buf shown;                                 /* a value without marks */
    struct junit_bad_name bad_names[JUNIT_BAD_COUNT]; /* the first of each kind */

    bool other_cases; /* some test is not written as TestProject writes its tests */
    bool root_closed;
    bool blank; /* so far */
    bool any_element;
    bool foreign_doctype;       /* the DOCTYPE promises another root */
    bool at_end;                /* all bytes are with the parser */
    int64_t outer_suites;       /* the root itself, or directly under a list */
    char *list_name;            /* of the root, when it is a list and the name no target; may be "" */
    char *outer_name;           /* of the first of those suites, when it is no target */
    struct junit_claims claims; /* of the root */

    int failed; /* code of *err, once something stopped the reading */
    struct error *err;
    /* The first damage to the XML, and in words that stand behind the report's name ("is cut off: …"). */
    enum junit_broken broken;
    char *damage;
};

void junit_reader_init(struct junit_reader *r, const struct scrub *scrub, const char *label,
                       const struct read_options *options, const struct report_sink *sink,
                       struct report_meta *meta, struct error *err);
void junit_reader_release(struct junit_reader *r);
/* The callbacks; user data is the struct junit_reader. */
void junit_sax_init(xmlSAXHandler *sax);
/* Stops the parser with an error that is not about XML. */
void junit_stop(struct junit_reader *r, int code);
/* Stops it because of JUNIT_ATTRIBUTES_MAX. */
void junit_too_many_attributes(struct junit_reader *r);
int64_t junit_line(const struct junit_reader *r);

/* junit_build.c: what elements mean, once it is known where they stand. */
void junit_open_case(struct junit_reader *r);
void junit_close_case(struct junit_reader *r);
void junit_open_suite(struct junit_reader *r, bool is_list);
void junit_close_suite(struct junit_reader *r);
void junit_close_mark(struct junit_reader *r);
void junit_close_property(struct junit_reader *r);
void junit_close_output(struct junit_reader *r);
/* r->text without the blanks around it; nothing, with a note, when it was too long. */
const char *junit_value_text(struct junit_reader *r, size_t *ret_size);
void junit_close_value(struct junit_reader *r, enum junit_element parent, enum junit_attribute attribute);
void junit_take_attribute(struct junit_reader *r, enum junit_element element, enum junit_attribute attribute,
                          const char *value, size_t size);
/* Salvage: open tests that have a mark are results, the others are named as cut. */
void junit_close_cut(struct junit_reader *r);

/* junit_shown.c: what holds marks of bad bytes is handed on without, "\xE4" in names and U+FFFD in texts. The
 * value itself, or a copy that is valid until the next call. */
const char *junit_shown(struct junit_reader *r, enum junit_element element, enum junit_attribute attribute,
                        const char *value, size_t *size);
const char *junit_shown_text(struct junit_reader *r, const char *text, size_t *size);
void junit_tell_bad(struct junit_reader *r);

/* junit_damage.c: what is wrong with the XML, in words for somebody who knows no XML. */
void junit_complain(void *self, xmlErrorPtr complaint); /* the parser's error callback */
/* Nothing but blanks. */
bool junit_nothing_unread(const struct junit_reader *r);
int junit_damaged(struct junit_reader *r);
/* With --salvage: nothing was found that is whole, or something was. */
int junit_nothing_whole(struct junit_reader *r);
void junit_tell_damage(struct junit_reader *r);
void junit_tell_repairs(struct junit_reader *r, const struct junit_repair *p);

#endif
