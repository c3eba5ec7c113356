#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/log_store.h"
#include "sandbox/store.h"

#define NOTE_CUT_CHARACTERS 4000

char *log_note(const struct switches *sw, const char *note)
{
    if (!note || sw->value[SWITCH_LONG_NOTES] == LONG_NOTES_KEPT)
        return xstrdup(note);
    return xstrndup(note, utf8_cut_characters(note, strlen(note), NOTE_CUT_CHARACTERS));
}

int64_t log_instant(const struct switches *sw, int64_t instant_ms)
{
    if (sw->value[SWITCH_MILLISECONDS] == MILLISECONDS_KEPT)
        return instant_ms;
    int64_t rest = instant_ms % 1000;
    return instant_ms - (rest < 0 ? rest + 1000 : rest);
}

void run_choose_log(struct store *s, const struct switches *sw, int64_t run, int64_t last_log)
{
    int64_t shown = last_log;
    if (sw->value[SWITCH_LATEST_LOG] == LATEST_LOG_LATEST_START)
        shown =
            store_int(s, last_log,
                      "SELECT id FROM logs WHERE run = ? ORDER BY start_ms DESC, id DESC LIMIT 1", "i", run);
    store_run(s, "UPDATE runs SET log = ? WHERE id = ?", "ii", shown, run);
}

int64_t log_insert(struct store *s, const struct switches *sw, const struct new_log *log, int64_t now_ms)
{
    int64_t id = store_new_id(s);
    _cleanup_free_ char *note = log_note(sw, log->note);
    int64_t number = store_int(
        s, 1, "UPDATE runs SET logs = logs + 1, modified_ms = ?, version = ? WHERE id = ? RETURNING logs",
        "iii", now_ms, log->version, log->run);
    store_run(s,
              "INSERT INTO logs (id, project, run, version, status, start_ms, end_ms, name, note, note_html, "
              "build_number, "
              "build_url, number, planned, actual, visible_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
              "?, ?, ?, ?)",
              "iiiiiiittdttiiii", id, log->project, log->run, log->version, log->status,
              log_instant(sw, log->start_ms), log_instant(sw, log->end_ms), log->name, note,
              (int)log->note_html, log->build_number, log->build_url, number, log->planned, log->actual,
              now_ms);
    run_choose_log(s, sw, log->run, id);
    return id;
}

static void insert_step_log(struct store *s, const struct switches *sw, int64_t project, int64_t log,
                            int64_t step_id, int64_t order, const struct automation_step *step,
                            int64_t now_ms)
{
    int64_t id = store_new_id(s);
    store_run(s,
              "INSERT INTO step_logs (id, log, step, ord, status, description, expected, actual, exe_ms) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
              "iiiiittti", id, log, step_id, order, step->status, step->description, step->expected,
              step->actual, step->exe_ms == INT64_MIN ? now_ms : log_instant(sw, step->exe_ms));
    attachments_store_inline(s, project, OBJECT_STEP_LOG, id, json_member(step->source, "attachments"),
                             now_ms);
}

void step_logs_insert(struct store *s, const struct switches *sw, int64_t project, int64_t log,
                      int64_t version, const struct automation_log *entry, int64_t now_ms)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(s, "SELECT id FROM steps WHERE version = ? ORDER BY ord, id", "i", version);
    for (size_t i = 0; i < entry->step_count; i++) {
        int64_t step_id = r.statement && rows_next(&r) ? rows_int(&r, 0) : 0;
        if (step_id == 0 && r.statement)
            rows_close(&r);
        insert_step_log(s, sw, project, log, step_id, (int64_t)i + 1, &entry->steps[i], now_ms);
    }
}
