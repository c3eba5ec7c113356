/* What inspect, upload and plan write to standard output: text for a person, JSON for a program. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/cycle_name.h"
#include "report/model.h"

/* One report after reading; failed when error.code is set. */
struct inspected {
    const char *name; /* as the user named it */
    struct report_meta meta;
    struct error error;
};

/* Where an upload of them would go. */
struct inspected_place {
    const struct settings *settings;
    struct cycle_name cycle; /* name NULL: none, since problem says why, or since no report was readable */
    struct error problem;
};

void inspect_text_write(struct buf *out, const struct inspected *reports, size_t count,
                        const struct inspected_place *place, bool color);
/* left_out: sentences about files that were no reports. */
void inspect_json_write(struct buf *out, const struct inspected *reports, size_t count,
                        const struct text_list *left_out, const struct inspected_place *place);

void outcome_text_write(struct buf *out, const struct upload_result *result, bool color);
void outcome_json_write(struct buf *out, const struct upload_result *result);
/* Every result that was read ended in exactly one way. */
bool outcome_adds_up(const struct upload_result *result);
/* Weighs what went wrong, whether the sum adds up, --fail-on and --on-upload-error. */
int outcome_exit_code(const struct settings *settings, const struct upload_result *result);

enum paint { PAINT_BOLD, PAINT_GREEN, PAINT_RED, PAINT_YELLOW };
/* Text between terminal colours, or alone. */
void paint(struct buf *out, bool color, enum paint how, const char *text);

/* The whole buffer to standard output. Errors: ERR_INTERNAL (disk full, reader gone). */
int stdout_write(const struct buf *text, struct error *err);

#endif
