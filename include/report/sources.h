/* From the REPORT arguments of the command line to the files to read, in order.
 *
 *     struct report_sources sources = REPORT_SOURCES_INIT;
 *     report_sources_expand(&sources, arguments, count, &err);
 *     for (size_t i = 0; i < sources.count; i++)
 *         ... sources.items[i].path ...                       // "-" is standard input
 *     report_sources_release(&sources);
 *
 * An argument is, in this order:
 *   -          standard input
 *   a folder   every *.xml and *.json in it (any case), at any depth
 *   a file     itself, whatever its name; also a pipe, and a name with '*' in it that is there
 *   a pattern  with '*', '?' or '[...]': the files it matches, whatever their extension. '*' and '?' stop
 *              at '/'; "**" as a whole segment is any number of folders, also none; at the end it is
 *              every report below. A folder that matches is read like one that was named. '\' takes the
 *              next character as it is.
 *   else       itself: opening it says what is wrong
 * The results of one argument are sorted bytewise by their path; arguments keep their order.
 *
 * Names that begin with '.' are hidden: neither folders nor patterns find them, unless the pattern's
 * segment begins with '.' itself. Symbolic links are followed; a folder that was reached before (so a
 * link that leads back up) is not entered twice. Other things than files are passed over.
 *
 * A file is read once, however often and under whatever name it is given (device and inode decide): a
 * notice names both. Equal paths within one argument are no news.
 *
 * What goes away while a folder or pattern is followed (another job cleans up) is left out with a warning.
 *
 * Errors: ERR_REPORT for a folder without reports or a pattern that matches nothing, ERR_IO for a folder
 * that cannot be read, ERR_LIMIT above REPORT_SOURCES_MAXIMUM files. The first is in *err, all are in
 * problems; the items are complete for the other arguments, so that --keep-going can go on.
 */
#ifndef REPORT_SOURCES_H
#define REPORT_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "report/model.h"

#define REPORT_SOURCES_MAXIMUM 1000000

enum report_source_kind {
    SOURCE_NAMED, /* the argument itself */
    SOURCE_STDIN,
    SOURCE_IN_FOLDER,
    SOURCE_MATCHED,
};

struct report_source {
    char *path;
    enum report_source_kind kind;
    size_t argument; /* the number of the argument it came from */
};

struct report_sources {
    struct report_source *items;
    size_t count;
    size_t capacity;
    bool *shared;              /* shared[argument]: it found files that an earlier argument gave */
    struct text_list notices;  /* sentences: what was given twice */
    struct text_list warnings; /* sentences: what went away while folders were looked through */
    struct text_list problems; /* sentences: the arguments that gave nothing */
};

#define REPORT_SOURCES_INIT                                                                                  \
    {                                                                                                        \
        .items = NULL                                                                                        \
    }

int report_sources_expand(struct report_sources *sources, const char *const *arguments, size_t count,
                          struct error *err);
void report_sources_release(struct report_sources *sources);

#endif
