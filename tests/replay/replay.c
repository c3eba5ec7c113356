/* replay TRACE: lets the engine go once more through what --trace has recorded, in this process, and says
 * whether it does the same; if not, it shows the first request that differs, and ends with 1.
 *
 * The engine does no I/O and knows no clock: with the same results, options and seed, asked at the same
 * instants and answered with the same replies, it has to send the same requests. So what happened once at a
 * site that nobody else can reach happens again, under a debugger too, and a change of the engine shows where
 * it takes another way.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/show.h"
#include "cli/trace.h"
#include "trace_read.h"

#define SHOWN_BEFORE 60 /* bytes of a body before the first that differs */
#define SHOWN_BYTES  240

struct replay {
    const struct recorded_run *run;
    struct engine *engine;
    size_t *sent; /* by step: number of the call that went out in it + 1 */
    size_t *answered;
    int64_t requests;
    bool differs;
    bool done;
};

/* There is a journal only for the engine to write into. */
static void no_number(void *self, uint64_t number)
{
    (void)self;
    (void)number;
}

static void no_sending(void *self, int64_t number, int64_t wall_ms, int64_t before_log_id)
{
    (void)self;
    (void)number;
    (void)wall_ms;
    (void)before_log_id;
}

static void no_accepted(void *self, int64_t number, int64_t job_id)
{
    (void)self;
    (void)number;
    (void)job_id;
}

static void no_ended(void *self, int64_t number)
{
    (void)self;
    (void)number;
}

static const struct engine_journal no_journal = {
    .claiming = no_number, .sending = no_sending, .accepted = no_accepted, .ended = no_ended};

static void show_body(const char *whose, const char *body, size_t from)
{
    printf("  %s%s%.*s\n", whose, from ? "..." : "", SHOWN_BYTES, body + from);
}

static void show_difference(struct replay *r, int64_t at_ms, const struct recorded_call *wanted,
                            const struct engine_step *step, const char *body)
{
    r->differs = true;
    printf("request %" PRId64 " differs, %" PRId64 " ms after the beginning:\n", r->requests + 1, at_ms);
    if (wanted)
        printf("  recorded: call %" PRId64 ": %s %s\n", wanted->id, wanted->method, wanted->path);
    else
        printf("  recorded: nothing was sent then\n");
    if (step->kind == STEP_SEND)
        printf("  replayed: call %" PRId64 ": %s %s (stage %s)\n", step->id,
               http_method_name(step->request->method), step->request->path, step->stage);
    else
        printf("  replayed: nothing, %s (stage %s)\n", step->kind == STEP_DONE ? "it is done" : "it waits",
               step->stage ? step->stage : "done");
    if (!wanted || !body || strcmp(wanted->request, body) == 0)
        return;
    size_t same = 0;
    while (wanted->request[same] && wanted->request[same] == body[same])
        same++;
    size_t from = same > SHOWN_BEFORE ? same - SHOWN_BEFORE : 0;
    show_body("recorded: ", wanted->request, from);
    show_body("replayed: ", body, from);
}

static bool same_request(const struct recorded_call *wanted, const struct engine_step *step, const char *body)
{
    return wanted && wanted->id == step->id &&
           strcmp(wanted->method, http_method_name(step->request->method)) == 0 &&
           strcmp(wanted->path, step->request->path) == 0 && strcmp(wanted->request, body) == 0;
}

/* A trace that was cut short does not tell what was still under way. */
static void compare(struct replay *r, int64_t at_ms, const struct recorded_call *wanted,
                    const struct engine_step *step)
{
    _cleanup_(buf_release) struct buf body = BUF_UNBOUNDED;
    if (step->kind != STEP_SEND) {
        if (wanted)
            show_difference(r, at_ms, wanted, step, NULL);
        return;
    }
    trace_put_body(&body, &step->request->body);
    if (!same_request(wanted, step, buf_text(&body)) && (wanted || r->run->end))
        show_difference(r, at_ms, wanted, step, buf_text(&body));
    r->requests++;
}

static void take_step(struct replay *r, size_t number, int64_t stopped_step)
{
    struct engine_step step = {0};
    const struct recorded_run *run = r->run;
    int64_t at_ms = run->steps[number - 1];
    if (stopped_step && (int64_t)number >= stopped_step)
        engine_stop(r->engine);
    engine_next(r->engine, run->began_ms + at_ms, &step);
    compare(r, at_ms, r->sent[number] ? &run->calls[r->sent[number] - 1] : NULL, &step);
    r->done = step.kind == STEP_DONE;
    if (r->differs || !r->answered[number])
        return;
    const struct recorded_call *call = &run->calls[r->answered[number] - 1];
    engine_answer(r->engine, call->id, &call->reply, run->began_ms + call->answered_ms);
}

static void index_calls(struct replay *r)
{
    const struct recorded_run *run = r->run;
    r->sent = xcalloc(run->step_count + 1, sizeof *r->sent);
    r->answered = xcalloc(run->step_count + 1, sizeof *r->answered);
    for (size_t i = 0; i < run->call_count; i++) {
        const struct recorded_call *call = &run->calls[i];
        if (call->sent_step > 0 && (size_t)call->sent_step <= run->step_count)
            r->sent[call->sent_step] = i + 1;
        if (call->answered && call->answered_step > 0 && (size_t)call->answered_step <= run->step_count)
            r->answered[call->answered_step] = i + 1;
    }
}

static void compare_number(struct replay *r, const char *name, int64_t replayed)
{
    int64_t recorded = -1;
    json_int64(r->run->end, name, &recorded);
    if (recorded == replayed)
        return;
    printf("the end differs: %s was %" PRId64 " and is %" PRId64 "\n", name, recorded, replayed);
    r->differs = true;
}

static void compare_end(struct replay *r)
{
    static const struct settings plain = {0};
    struct upload_result result = UPLOAD_RESULT_INIT;
    int64_t ended_by = 0;
    json_int64(r->run->end, "ended_by", &ended_by);
    engine_outcome(r->engine, &result.outcome);
    result.ended_by = (int)ended_by;
    const struct sync_counts *counts = &result.outcome.counts;
    compare_number(r, "read", counts->read);
    compare_number(r, "confirmed", counts->confirmed);
    compare_number(r, "present", counts->present);
    compare_number(r, "refused", counts->refused);
    compare_number(r, "spooled", counts->spooled);
    compare_number(r, "skipped", counts->skipped);
    compare_number(r, "requests", result.outcome.requests);
    compare_number(r, "exit", outcome_exit_code(&plain, &result));
    if (!r->differs)
        printf("%" PRId64 " requests as recorded, and the same end: %s, exit %d, read %" PRId64
               " = confirmed %" PRId64 " + present %" PRId64 " + refused %" PRId64 " + spooled %" PRId64
               " + skipped %" PRId64 "\n",
               r->requests, sync_status_name(result.outcome.status), outcome_exit_code(&plain, &result),
               counts->read, counts->confirmed, counts->present, counts->refused, counts->spooled,
               counts->skipped);
    sync_outcome_release(&result.outcome);
}

static void tell_end(struct replay *r)
{
    if (r->differs)
        return;
    if (r->run->end && r->done)
        compare_end(r);
    else if (!r->run->end)
        printf("%" PRId64 " requests as recorded; the trace ends before the upload did\n", r->requests);
    else
        r->differs = printf("the end differs: the engine has not come to it\n") != 0;
}

static bool replay_run(struct recorded_run *run)
{
    struct desired desired;
    struct error err = ERROR_INIT;
    int64_t stopped_step = 0;
    if (run->journal)
        run->engine.journal = &no_journal;
    if (desired_build(&desired, &run->store, run->reports, run->report_count, &run->desired, &err) < 0) {
        printf("the results cannot be taken: %s\n", err.text);
        error_release(&err);
        return false;
    }
    struct replay r = {.run = run, .engine = engine_new(&desired, &run->engine, run->began_ms)};
    index_calls(&r);
    json_int64(run->end, "stopped_step", &stopped_step);
    for (size_t number = 1; number <= run->step_count && !r.differs; number++)
        take_step(&r, number, stopped_step);
    tell_end(&r);
    engine_free(r.engine);
    desired_release(&desired);
    free(r.sent);
    free(r.answered);
    return !r.differs;
}

int main(int argc, char **argv)
{
    struct trace_reader reader;
    struct recorded_run run;
    bool same = true;
    if (argc != 2 || argv[1][0] == '-') {
        fputs("usage: replay TRACE, a file that qtest-sync --trace has written\n", stderr);
        return 2;
    }
    trace_reader_open(&reader, argv[1]);
    while (same && trace_read_run(&reader, &run)) {
        same = replay_run(&run);
        trace_run_release(&run);
    }
    trace_reader_close(&reader);
    return same ? 0 : 1;
}
