/* The queue's work: test cases, runs and logs come into being (qtest-api.md 3.6). */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "model_private.h"

#define NOTE_CUT 4000
/* However slow a job is made, it ends this soon after it was accepted: claims rest on a
 * queue that is quicker than half of --settle. */
#define JOB_MAX_MS 55000
/* The site's administrator clears the queue of what is stuck: later than two uploads have patience. */
#define STUCK_MS 1500000

static int64_t last_end_ms(const struct model *m)
{
    int64_t last_ms = 0;
    for (size_t i = 0; i < m->job_count; i++)
        if (m->jobs[i].end_ms != MODEL_NEVER && m->jobs[i].end_ms > last_ms)
            last_ms = m->jobs[i].end_ms;
    return last_ms;
}

void job_add(struct model *m, struct model_job *job)
{
    int64_t free_ms = m->switches.jobs == JOBS_ONE_BY_ONE ? last_end_ms(m) : 0;
    job->id = model_take_id(m);
    job->by = m->plan.by;
    job->begin_ms = m->now_ms + m->plan.queue_ms;
    if (job->begin_ms < free_ms)
        job->begin_ms = free_ms;
    job->end_ms = job->begin_ms + m->plan.work_ms;
    if (job->end_ms > m->now_ms + JOB_MAX_MS)
        job->end_ms = m->now_ms + JOB_MAX_MS > free_ms ? m->now_ms + JOB_MAX_MS : free_ms;
    if (job->begin_ms > job->end_ms)
        job->begin_ms = job->end_ms;
    if (m->plan.stuck)
        job->begin_ms = job->end_ms = MODEL_NEVER;
    job->gone_ms = m->plan.stuck ? m->now_ms + STUCK_MS : MODEL_NEVER;
    job->fails = m->plan.fails || m->switches.automation_off == AUTOMATION_OFF_FAILED;
    GROW(m->jobs, m->job_count, m->job_capacity);
    m->jobs[m->job_count++] = *job;
}

struct model_case *case_by_content(const struct model *m, const char *content)
{
    for (size_t i = 0; i < m->case_count; i++)
        if (text_equal(m->cases[i].content, content))
            return &m->cases[i];
    return NULL;
}

static struct model_run *run_of(struct model *m, int64_t case_id, int64_t suite_id, const char *name)
{
    for (size_t i = 0; i < m->run_count; i++)
        if (m->runs[i].case_id == case_id && m->runs[i].suite_id == suite_id)
            return &m->runs[i];
    GROW(m->runs, m->run_count, m->run_capacity);
    m->runs[m->run_count] = (struct model_run){
        .id = model_take_id(m),
        .case_id = case_id,
        .suite_id = suite_id,
        .name = name,
        .listed_ms = model_visible_ms(m, m->switches.list_lag_ms),
        .searched_ms = model_searched_ms(m),
    };
    return &m->runs[m->run_count++];
}

/* Without parent_module the server makes a module "Automation" below the root (3.1). */
static int64_t module_for(struct model *m, const struct model_job *job)
{
    if (job->module_id)
        return job->module_id;
    for (size_t i = 0; i < m->node_count; i++)
        if (m->nodes[i].kind == NODE_MODULE && m->nodes[i].parent_id == 0 &&
            text_equal(m->nodes[i].name, "Automation"))
            return m->nodes[i].id;
    return model_add_node(m, NODE_MODULE, PLACE_ROOT, 0, "Automation")->id;
}

/* Two jobs at work at once may both have found a new case missing and both make it (switch 19). */
static const struct model_case *case_for(struct model *m, const struct model_job *job,
                                         const struct model_entry *entry, size_t first_new)
{
    struct model_case *there = case_by_content(m, entry->content);
    if (there && m->switches.jobs == JOBS_OVERLAP_TWO_CASES && entry->new_when_looked) {
        there = NULL;
        for (size_t i = first_new; i < m->case_count; i++)
            if (text_equal(m->cases[i].content, entry->content))
                there = &m->cases[i];
    }
    return there ? there : model_add_case(m, module_for(m, job), entry->name, entry->content);
}

static const char *kept_note(struct model *m, const char *note)
{
    if (note && m->switches.notes_cut && strlen(note) > NOTE_CUT)
        return arena_text(&m->texts, note, NOTE_CUT);
    return note;
}

/* Switch 8. */
static void take_steps(const struct model *m, struct model_case *test_case, const struct model_entry *entry)
{
    if (test_case->step_count && m->switches.steps == STEPS_KEPT)
        return;
    if (test_case->step_count && m->switches.steps == STEPS_NEW_VERSION)
        test_case->version++;
    test_case->steps = entry->steps;
    test_case->step_count = entry->step_count;
}

static void write_entry(struct model *m, const struct model_job *job, const struct model_entry *entry,
                        size_t first_new)
{
    int64_t case_id = case_for(m, job, entry, first_new)->id;
    struct model_run *run = run_of(m, case_id, job->suite_id, entry->name);
    if (m->switches.run_name)
        run->name = entry->name;
    if (entry->step_count)
        take_steps(m, model_case_by_id(m, case_id), entry);
    GROW(m->logs, m->log_count, m->log_capacity);
    m->logs[m->log_count++] = (struct model_log){
        .id = model_take_id(m),
        .run_id = run->id,
        .note = kept_note(m, entry->note),
        .status = entry->status,
        .build_number = entry->build_number,
        .start_ms = entry->start_ms,
        .first_start_ms = entry->start_ms,
        .end_ms = entry->end_ms,
        .written_ms = m->now_ms,
        .by = job->by,
        .listed_ms = model_visible_ms(m, m->switches.list_lag_ms),
        .searched_ms = model_searched_ms(m),
    };
}

/* Switch 9: of several logs with one content in a body some servers keep only one. */
static bool superseded(const struct model *m, const struct model_job *job, size_t number)
{
    bool keep_first = m->switches.equal_contents == EQUALS_FIRST;
    if (m->switches.equal_contents == EQUALS_TWO_LOGS)
        return false;
    size_t begin = keep_first ? 0 : number + 1;
    size_t end = keep_first ? number : job->count;
    for (size_t i = begin; i < end; i++)
        if (text_equal(job->entries[i].content, job->entries[number].content))
            return true;
    return false;
}

static bool unwanted(const struct model *m, const struct model_entry *entry, int what)
{
    return (entry->bad && m->switches.bad_log == what) || (entry->unmapped && m->switches.unmapped == what);
}

/* How many entries are written before the job fails; all when it does not. */
static size_t reach(const struct model *m, struct model_job *job, size_t *ret_bad)
{
    *ret_bad = job->count;
    if (m->switches.automation_off)
        return 0;
    for (size_t i = 0; i < job->count; i++)
        if (unwanted(m, &job->entries[i], BAD_LOG_FAILED)) {
            *ret_bad = i;
            return m->switches.failed_prefix ? i : 0;
        }
    if (!job->fails)
        return job->count;
    return m->switches.failed_prefix ? job->count / 2 : 0;
}

void job_write(struct model *m, struct model_job *job)
{
    size_t bad;
    size_t first_new = m->case_count;
    size_t count = reach(m, job, &bad);
    for (size_t i = 0; i < count; i++) {
        if (unwanted(m, &job->entries[i], BAD_LOG_DROPPED) || superseded(m, job, i))
            continue;
        write_entry(m, job, &job->entries[i], first_new);
        job->total_logs++;
    }
    bool failed = job->fails || bad < job->count;
    job->state = failed ? MODEL_JOB_FAILED : MODEL_JOB_SUCCESS;
    if (bad < job->count)
        job->message = job->entries[bad].unmapped ? "Status is not mapped" : "Invalid value of a field";
    else
        job->message = "Internal error";
}

static void job_look(const struct model *m, struct model_job *job)
{
    for (size_t i = 0; i < job->count; i++)
        job->entries[i].new_when_looked = !case_by_content(m, job->entries[i].content);
    job->state = MODEL_JOB_RUNNING;
}

static int64_t event_ms(const struct model_job *job)
{
    if (job->state == MODEL_JOB_WAITING)
        return job->begin_ms;
    return job->state == MODEL_JOB_RUNNING ? job->end_ms : MODEL_NEVER;
}

static struct model_job *next_job(const struct model *m)
{
    struct model_job *next = NULL;
    for (size_t i = 0; i < m->job_count; i++)
        if (event_ms(&m->jobs[i]) != MODEL_NEVER && (!next || event_ms(&m->jobs[i]) < event_ms(next)))
            next = &m->jobs[i];
    return next;
}

int64_t model_next_event_ms(const struct model *m)
{
    const struct model_job *next = next_job(m);
    return next ? event_ms(next) : MODEL_NEVER;
}

void model_advance(struct model *m, int64_t now_ms)
{
    for (struct model_job *job = next_job(m); job && event_ms(job) <= now_ms; job = next_job(m)) {
        m->now_ms = event_ms(job);
        if (job->state == MODEL_JOB_WAITING)
            job_look(m, job);
        else
            job_write(m, job);
    }
    m->now_ms = now_ms;
}
