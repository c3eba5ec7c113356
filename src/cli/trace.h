/* --trace FILE: what qTest was asked and what it answered, for whoever was not there, and for a replay
 * (tests/replay) that lets the engine go through it once more.
 *
 *     trace_open(&trace, settings, &err);          // a new file of mode 0600; NULL when no trace is wanted
 *     trace_begin(trace, &run, &err);              // before anything is sent
 *     trace_asking, trace_answered, trace_waiting     // from the loop (sync/drive.h)
 *     trace_end(trace, &result);                   // says in the result when the file could not be written
 *     trace_close(trace);
 *
 * All take NULL and do nothing then. The file is lines of JSON. A run of the engine begins with {"trace":
 * version, settings, options, seed, clocks, what an earlier run left}, a line for each report and each result
 * as the engine got it ("record": report/record.h in hexadecimal), and ends with {"end": the sum}. Between
 * them stands a line for each request and its answer, as in the log of qtest-sandbox (time, method, target,
 * status, request, response), with "status" 0 and "failure" where no answer came, and what only a trace has:
 *
 *     stage, call, attempt     why it went out; a call that is repeated keeps its number
 *     sent_ms, answered_ms     since the run began; sent_step, answered_step: after how many questions to the
 *                              engine
 *     steps                    when the engine was asked since the line before, in milliseconds since the run
 *                              began
 *
 * and {"wait": why, ...} lines. Each secret (token, proxy password, user and password in any address) stands
 * as that many stars, in results too (in the name of a test it then gives other marks in a replay); the
 * Authorization header is not written at all. A file that can no longer be written ends with its last whole
 * line, and costs no result.
 */
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include "base/error.h"
#include "cli/commands.h"
#include "sync/drive.h"

struct trace;

/* Numbers and texts of a structure as members of JSON: the writer and tests/replay use the same table. */
enum trace_kind { TRACE_TEXT, TRACE_NUMBER, TRACE_ENUM, TRACE_BOOL };
struct trace_field {
    const char *name; /* NULL: the table ends */
    enum trace_kind kind;
    size_t offset;
};
extern const struct trace_field trace_engine_fields[];  /* of struct engine_options */
extern const struct trace_field trace_desired_fields[]; /* of struct desired_options */
extern const struct trace_field trace_report_fields[];  /* of struct desired_report */

/* Errors: ERR_USAGE (the file is there already, or cannot be made). */
int trace_open(struct trace **ret, const struct settings *settings, struct error *err);
void trace_close(struct trace *trace);

/* Errors, only before the first run was written: ERR_USAGE (it cannot be written). Of the store: as
 * store_read. */
int trace_begin(struct trace *trace, const struct desired *desired, const struct engine_options *options,
                int64_t began_ms, struct error *err);
void trace_asking(struct trace *trace, int64_t now_ms, bool stopped);
void trace_answered(struct trace *trace, const struct drive_call *call, const struct reply *reply,
                    int64_t now_ms);
void trace_waiting(struct trace *trace, const struct engine_step *step, int64_t now_ms);
void trace_end(struct trace *trace, struct upload_result *result);

/* A body on one line: JSON as it is, anything else as a string of JSON. */
void trace_put_body(struct buf *out, const struct buf *body);

#endif
