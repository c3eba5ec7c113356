/* The subcommands. main resolves the settings, calls one of them, shows what it hands back and makes the
 * exit code of it; no command prints its own error. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stddef.h>

#include "base/error.h"
#include "cli/settings.h"
#include "report/model.h"
#include "sync/outcome.h"

/* What upload and plan hand back. A report that could not be read is a problem with its code (ERR_REPORT,
 * ERR_EMPTY, ERR_LIMIT, ERR_IO) and its name in the sentence; what ended the whole command stands in
 * outcome.error. A problem with ERR_NONE is a warning and does not touch the exit code. */
struct upload_result {
    struct sync_outcome outcome;
    struct report_counts tests; /* over all reports that were read, for --fail-on */
    char *cycle_from;  /* where the cycle's name came from (cli/cycle_name.h); owned, NULL: not known */
    int64_t unsent;    /* neither in qTest nor refused, and the spool could not be written */
    bool uncertain;    /* something was sent whose end is not known */
    bool hopeless;     /* the site is away or refuses the token: another upload would fare the same */
    bool unauthorized; /* it refuses the token: with a valid one this upload may go in later */
    int ended_by;      /* the signal that ended it, 0: none */
};

#define UPLOAD_RESULT_INIT                                                                                   \
    {                                                                                                        \
        .outcome = SYNC_OUTCOME_INIT                                                                         \
    }

/* reports: as the user named them, "-" for standard input; at least one. The settings have been through
 * settings_need_site. Never prints to stdout; talk goes through cli/talk.h. */
void command_upload(const struct settings *settings, char *const *reports, size_t report_count,
                    struct upload_result *result);
void command_plan(const struct settings *settings, char *const *reports, size_t report_count,
                  struct upload_result *result);

/* Sends what the spool holds for the site, or with settings->list says what it holds; prints the outcomes.
 * Returns the exit code, with *err set when a sentence is still to be printed. */
int command_flush(const struct settings *settings, struct error *err);

/* Reads the reports and prints what is in them; no network. Returns the exit code, with *err set when a
 * sentence is still to be printed. */
int command_inspect(const struct settings *settings, char *const *reports, size_t report_count,
                    struct error *err);

#endif
