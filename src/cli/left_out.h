/* Files of a folder or pattern that are no report (meta->foreign says so), or that went away before they were
 * read: they are left out, with a word, as long as the folder or pattern holds a report. Damaged and empty
 * reports are reports. A file that was named by itself is never left out.
 *
 *     if (r < 0 && left_out_take(&out, source, &meta, err)) continue;      // for each source that was read
 *     for (size_t i = 0; i < argument_count; i++)
 *         left_out_check(&out, &sources, i, arguments[i], err);            // is an error where nothing is a
 * report struct text_list lines = {0}; left_out_lines(&out, settings, &lines); // a warning for each kind of
 * file left_out_release(&out);
 */
#ifndef CLI_LEFT_OUT_H
#define CLI_LEFT_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/intern.h"
#include "cli/settings.h"
#include "report/model.h"
#include "report/sources.h"

struct left_out_file {
    char *path;
    size_t argument;
    uint32_t why; /* "is an Allure result; name …", a number of the table */
};

struct left_out {
    struct left_out_file *files; /* in the order of the sources */
    size_t count;
    size_t capacity;
    struct intern whys;
};

#define LEFT_OUT_INIT                                                                                        \
    {                                                                                                        \
        .files = NULL                                                                                        \
    }

/* True when the failure is none, but a file to leave out; *err is empty then. */
bool left_out_take(struct left_out *out, const struct report_source *source, const struct report_meta *meta,
                   struct error *err);
/* Errors: ERR_REPORT, when files of the argument were left out and nothing else was in it. */
int left_out_check(const struct left_out *out, const struct report_sources *sources, size_t argument,
                   const char *name, struct error *err);
/* A sentence for each kind of file, with the first names and the number of the others; with -v or
 * --output json one for each file. */
void left_out_lines(const struct left_out *out, const struct settings *settings, struct text_list *ret_lines);
void left_out_release(struct left_out *out);

#endif
