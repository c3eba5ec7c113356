/* Writing test logs into the database, whichever endpoint they came through. */
#ifndef SANDBOX_LOG_STORE_H
#define SANDBOX_LOG_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/entry.h"
#include "sandbox/switches.h"

struct store;

struct new_log {
    int64_t project, run, version, status, start_ms, end_ms;
    const char *name, *note, *build_number, *build_url; /* NULL: none */
    bool note_html;
    int64_t planned, actual;
};

/* Adds the log and makes the run show it (or not: switch 24). Notes and milliseconds as switches 22 and 21
 * say. */
int64_t log_insert(struct store *s, const struct switches *sw, const struct new_log *log, int64_t now_ms);
/* Chooses again which log the run shows, after a log was changed. */
void run_choose_log(struct store *s, const struct switches *sw, int64_t run, int64_t last_log);
/* The note as it will be kept; the caller frees. */
char *log_note(const struct switches *sw, const char *note);
int64_t log_instant(const struct switches *sw, int64_t instant_ms);

/* Step logs of an automation log; step i belongs to the i-th step of the version. */
void step_logs_insert(struct store *s, const struct switches *sw, int64_t project, int64_t log,
                      int64_t version, const struct automation_log *entry, int64_t now_ms);

#endif
