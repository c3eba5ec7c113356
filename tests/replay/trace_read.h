/* A file that --trace wrote (cli/trace.h), read back: what the engine got, when it was asked, and what went
 * out and came back.
 *
 *     trace_reader_open(&reader, path)
 *     while (trace_read_run(&reader, &run)) { ... trace_run_release(&run); }     // one run of the engine
 *     trace_reader_close(&reader)
 */
#ifndef TESTS_REPLAY_TRACE_READ_H
#define TESTS_REPLAY_TRACE_READ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/json.h"
#include "cli/commands.h"
#include "sync/desired.h"
#include "sync/engine.h"

struct recorded_call {
    char *method;
    char *path;
    char *request; /* JSON on one line, "null": none */
    int64_t id;
    int64_t sent_step;
    int64_t answered_step;
    int64_t answered_ms;
    bool answered; /* false: the run ended before */
    struct reply reply;
};

/* Texts of the options are borrowed from head. */
struct recorded_run {
    cJSON *head;
    struct engine_options engine;
    struct desired_options desired;
    struct engine_memory memory;
    int64_t began_ms;
    bool journal;
    struct store store;
    cJSON **report_lines;
    struct report_meta *metas;
    struct desired_report *reports;
    size_t report_count;
    int64_t *steps; /* when the engine was asked; the first has the number 1 */
    size_t step_count;
    size_t step_capacity;
    struct recorded_call *calls;
    size_t call_count;
    size_t call_capacity;
    cJSON *end; /* NULL: the trace was cut short */
};

struct trace_reader {
    const char *path;
    FILE *file;
    char *line;
    size_t line_size;
    int64_t number;
    bool waiting; /* line holds the head of the next run */
};

/* They end the program with 2 and a sentence where the file cannot be read or is no trace. */
void trace_reader_open(struct trace_reader *reader, const char *path);
bool trace_read_run(struct trace_reader *reader, struct recorded_run *run);
void trace_run_release(struct recorded_run *run);
void trace_reader_close(struct trace_reader *reader);

#endif
