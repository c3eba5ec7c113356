#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"

#define UPLOADS_APART_MS 90000
/* Uploads that create nothing wait only for others of the very same content, so reports that
 * share a part may double it when they go at once. */
#define OVERLAP_APART_MS  3600000
#define ATTEMPTS_APART_MS 600000
#define REPORT_WALL_MS    (MODEL_EPOCH_MS - 3600000)
#define NIGHT_MS          (25 * 3600000LL)
/* Executions that have names may follow one another; no other upload's begins in the same second. */
#define NAMES_APART_MS (20 * 60000LL)

static const char *const test_names[2][TESTS_MAX] = {
    {"Login", "Search", "Checkout", "Logout"},
    {"O'Neil & <b>sons</b>",
     "Suche: \"Gr\xc3\xb6\xc3\x9f"
     "e\"",
     "qtest-sync claim", "Logout #1?"},
};
static const char *const folders[TESTS_MAX] = {"Shop", "Shop", NULL, "Account"};
/* Two versions of one browser meet in one suite. */
static const char *const targets[] = {"Chrome 103.0.5060.66", "Firefox 99.0", "iPhone 8", "Chrome 104.0.1",
                                      NULL};
#define TARGET_COUNT 5
static const char *const suites[TARGET_COUNT] = {"Chrome", "Firefox", "iPhone 8", "Chrome", NULL};

const char *scenario_kind_name(enum scenario_kind kind)
{
    static const char *const names[] = {"the same report",     "shards",   "one target each",
                                        "overlapping reports", "attempts", "executions one after the other"};
    return names[kind];
}

const char *scenario_job(const struct scenario *s, int number)
{
    if (s->reports[number].other_job)
        return "Weekly";
    return s->odd_names ? "Nightly's <main> & more" : "Nightly";
}

const char *scenario_folder(int test)
{
    return folders[test];
}

const char *scenario_suite(const struct scenario *s, int number, const char *target)
{
    for (size_t i = 0; i < TARGET_COUNT; i++)
        if (text_equal(targets[i], target))
            return suites[i] ? suites[i] : s->suite ? s->suite : scenario_job(s, number);
    return NULL;
}

bool scenario_unwanted(const struct scenario *s, const struct sim_result *result)
{
    return result->bad || (result->long_message && s->switches.body_limit) ||
           (s->skip_unmapped && result->status == RESULT_SKIPPED);
}

const char *scenario_status_word(const struct scenario *s, enum result_status status)
{
    static const char *const words[] = {"PASS", "FAIL", "FAIL", "SKIP"};
    return status == RESULT_SKIPPED && s->skip_unmapped ? "OMITTED" : words[status];
}

static enum result_status draw_status(struct rng *rng)
{
    static const enum result_status all[] = {RESULT_PASSED, RESULT_PASSED, RESULT_FAILED, RESULT_SKIPPED,
                                             RESULT_ERROR};
    return all[rng_below(rng, (int64_t)ARRAY_SIZE(all))];
}

static int64_t draw_start_ms(const struct scenario *s, struct rng *rng)
{
    int64_t number = rng_below(rng, s->equals ? 2 : 5);
    if (s->switches.no_ms) /* what starts in one second is one result that was saved twice */
        return REPORT_WALL_MS + number * 1700;
    return REPORT_WALL_MS + number * 700;
}

static struct sim_result draw_result(const struct scenario *s, struct rng *rng)
{
    int64_t target = rng_below(rng, rng_once_in(rng, 4) ? TARGET_COUNT : 2);
    struct sim_result result = {
        .test = (int)rng_below(rng, TESTS_MAX),
        .target = targets[target],
        .status = draw_status(rng),
        .start_ms = draw_start_ms(s, rng),
        .long_message = rng_once_in(rng, s->switches.body_limit ? 8 : 400),
        .steps = rng_once_in(rng, 8),
    };
    return result;
}

/* Nearly all of them of one test on one target. */
static void draw_many_repeats(struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x72657065617473);
    struct sim_report *report = &s->reports[0];
    if (!rng_once_in(&rng, 8))
        return;
    for (size_t i = 0; i < report->count; i++) {
        if (rng_once_in(&rng, 8))
            continue;
        report->results[i].test = 0;
        report->results[i].target = targets[0];
        if (report->results[i].start_ms != TIME_NONE)
            report->results[i].start_ms = draw_start_ms(s, &rng);
    }
}

/* Parts of one execution may begin at different times in one suite, and where nothing but the start tells
 * executions apart all need one: with others between them they cannot be known again. */
static bool may_have_nights(const struct scenario *s)
{
    return s->kind == SAME_REPORT || s->kind == SHARDS || s->kind == EXECUTIONS;
}

/* Without notes a log of several files without instants is known by one of them only: no test stands in two. */
static bool keeps_tests_apart(const struct scenario *s)
{
    return s->by_result && s->switches.no_notes && s->reports[0].results[0].start_ms == TIME_NONE;
}

/* The results stand in several files; what is in the last ran last. Some of them know no instants. */
static void draw_nights(struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x6e6967687473);
    struct sim_report *report = &s->reports[0];
    s->nights = rng_once_in(&rng, 4) && may_have_nights(s) ? (int)rng_between(&rng, 2, NIGHTS_MAX) : 1;
    int64_t apart_ms = s->by_result || rng_once_in(&rng, 2) ? NIGHT_MS : NAMES_APART_MS;
    int without = rng_once_in(&rng, 6) ? (int)rng_below(&rng, s->nights) : -1;
    bool apart = keeps_tests_apart(s);
    for (size_t i = 0; s->nights > 1 && i < report->count; i++) {
        struct sim_result *result = &report->results[i];
        int drawn = (int)rng_below(&rng, s->nights);
        result->night = apart ? result->test % s->nights : drawn;
        if (result->night == without)
            result->start_ms = TIME_NONE;
        else if (result->start_ms != TIME_NONE)
            result->start_ms -= (s->nights - 1 - result->night) * apart_ms;
    }
}

static void draw_results(struct scenario *s, struct rng *rng)
{
    struct sim_report *report = &s->reports[0];
    size_t count = (size_t)rng_between(rng, 1, RESULTS_MAX);
    report->count = count;
    report->execution_id = "exec-1";
    report->pipeline_ms = REPORT_WALL_MS;
    for (size_t i = 0; i < count; i++)
        report->results[i] = draw_result(s, rng);
    report->results[0].bad = rng_once_in(rng, 16);
    if (rng_once_in(rng, 24)) /* the report knows no instants at all */
        for (size_t i = 0; i < count; i++)
            report->results[i].start_ms = TIME_NONE;
    draw_many_repeats(s);
    draw_nights(s);
}

static void shard(struct sim_report *report, int number, int of)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++)
        if (report->results[i].test % of == number)
            report->results[kept++] = report->results[i];
    report->count = kept;
}

/* All tests of the first report, each of them on this uploader's own target. */
static void move_to_target(struct sim_report *report, int number)
{
    for (size_t i = 0; i < report->count; i++) {
        report->results[i].target = targets[number];
        if (report->results[i].start_ms != TIME_NONE)
            report->results[i].start_ms += number * 20000;
    }
}

/* A part of the report. */
static void overlap(struct sim_report *report, struct rng *rng)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++)
        if (!rng_once_in(rng, 3))
            report->results[kept++] = report->results[i];
    report->count = kept;
}

/* Some of the tests once more, in the same execution. Uploaded in another order than they ran. */
static void attempt(struct sim_report *report, int number, struct rng *rng)
{
    static const int order[AT_ONCE_MAX] = {2, 0, 3, 1};
    for (size_t i = 0; i < report->count; i++) {
        report->results[i].status = draw_status(rng);
        if (report->results[i].start_ms != TIME_NONE)
            report->results[i].start_ms += order[number] * ATTEMPTS_APART_MS;
    }
    overlap(report, rng);
}

/* Several executions begin in the same seconds, as two jobs of one pipeline may. */
static bool at_one_time(const struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x61742074696d65);
    return !s->by_result && rng_once_in(&rng, 4);
}

static void later(const struct scenario *s, struct sim_report *report, int number)
{
    int64_t apart_ms = at_one_time(s) ? 0 : number * UPLOADS_APART_MS;
    static const char *const ids[UPLOADERS_MAX] = {"exec-1", "exec-2", "exec-3", "exec-4", "exec-5"};
    report->execution_id = ids[number];
    report->pipeline_ms += apart_ms;
    for (size_t i = 0; i < report->count; i++) {
        report->results[i].design = apart_ms ? number : report->results[i].design; /* the later one's counts */
        if (report->results[i].start_ms != TIME_NONE)
            report->results[i].start_ms += apart_ms;
    }
}

static void vary(struct scenario *s, int number, struct rng *rng)
{
    struct sim_report *report = &s->reports[number];
    switch (s->kind) {
    case SHARDS:
        shard(report, number, s->uploaders);
        break;
    case ONE_TARGET_EACH:
        move_to_target(report, number);
        break;
    case OVERLAPPING:
        overlap(report, rng);
        break;
    case ATTEMPTS:
        attempt(report, number, rng);
        break;
    case EXECUTIONS:
        later(s, report, number);
        break;
    default:
        break;
    }
    if (report->count == 0 && s->kind != SHARDS) /* an empty shard takes no part: it would hold another's */
        report->results[report->count++] = s->reports[0].results[0];
}

static void draw_machine(struct sim_report *report, struct rng *rng)
{
    static const int64_t starts_ms[] = {0, 10, 10, 300, 3000, 60000};
    static const int64_t batches[] = {1, 2, 500, 500};
    static const char *const builds[] = {NULL, "57", "58"};
    report->start_at_ms = rng_below(rng, 1 + starts_ms[rng_below(rng, (int64_t)ARRAY_SIZE(starts_ms))]);
    report->skew_ms = rng_between(rng, -3600000, 3600000);
    report->parallel = rng_between(rng, 1, 4);
    report->batch_logs = batches[rng_below(rng, (int64_t)ARRAY_SIZE(batches))];
    report->project_by_name = rng_once_in(rng, 8);
    report->build_number = builds[(rng->state >> 20) % ARRAY_SIZE(builds)];
}

static void keep_only(struct sim_report *report, uint32_t mask)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++)
        if (mask & 1u << i)
            report->results[kept++] = report->results[i];
    report->count = kept;
}

/* A report that was saved while it ran, and again at its end: its logs are to be corrected. */
static void correct_results(struct sim_report *report, bool longer)
{
    for (size_t i = 0; i < report->count; i++) {
        struct sim_result *result = &report->results[i];
        result->longer = longer;
        if (result->status != RESULT_SKIPPED)
            result->status = result->status == RESULT_PASSED ? RESULT_FAILED : RESULT_PASSED;
    }
}

static bool has_test(const struct scenario *s, int test)
{
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < s->reports[i].count; j++)
            if (s->reports[i].results[j].test == test)
                return true;
    return false;
}

/* That nobody has sent, perhaps in a folder where others are. */
static void add_new_test(struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x6e6577);
    struct sim_report *report = &s->reports[TOMORROW];
    int first = (int)rng_below(&rng, TESTS_MAX);
    for (int i = 0; i < TESTS_MAX && report->count < RESULTS_MAX; i++) {
        int test = (first + i) % TESTS_MAX;
        if (has_test(s, test))
            continue;
        report->results[report->count] = report->results[0];
        report->results[report->count].test = test;
        report->results[report->count++].bad = false;
        return;
    }
}

/* The first report again, corrected or not, or the next execution of it. */
static void draw_tomorrow(struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x746f6d6f72726f77);
    struct sim_report *report = &s->reports[TOMORROW];
    *report = s->reports[0];
    s->tomorrow = rng_once_in(&rng, 3);
    s->act = (enum user_act)rng_below(&rng, USER_ACTS);
    if (rng_once_in(&rng, 2)) {
        later(s, report, TOMORROW);
        report->ids |= s->begin_ids;
    } else if (rng_once_in(&rng, 2)) {
        s->corrected = true;
        s->longer = s->kind != ATTEMPTS && rng_once_in(&rng, 2);
        s->altered = s->longer && rng_once_in(&rng, 3);
        correct_results(report, s->longer);
    } else {
        report->ids |= s->begin_ids; /* of the very same execution */
    }
    draw_machine(report, &rng);
    if (rng_once_in(&rng, 2))
        add_new_test(s);
}

/* Reports may carry ids from the first, or begin to with tomorrow's execution. */
static void draw_ids(struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x696473);
    s->reports[0].ids = rng_once_in(&rng, 4);
    s->begin_ids = rng_once_in(&rng, 2);
}

/* Perhaps one that targets bear as well. */
static void draw_suite(struct scenario *s)
{
    static const char *const names[] = {NULL, NULL, "Smoke", "chrome, linux", "Chrome"};
    struct rng rng = rng_keyed(s->seed, 0x7375697465);
    s->suite = names[rng_below(&rng, (int64_t)ARRAY_SIZE(names))];
}

/* The same results, with an id of their execution and without. At the same time only where the content of the
 * claims tells. */
static void draw_named(struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x6e616d6564);
    bool apart = (s->kind == SAME_REPORT || s->kind == OVERLAPPING || s->kind == EXECUTIONS) && !at_one_time(s);
    s->some_named = !s->by_result && apart && !s->corrected && s->nights == 1 && !s->skip_unmapped &&
                    !s->switches.body_limit && !s->switches.no_notes && rng_once_in(&rng, 3);
    for (int i = 0; i < UPLOADERS_MAX; i++) {
        for (size_t j = 0; j < s->reports[i].count && s->some_named; j++)
            s->reports[i].results[j].bad = false;
        s->reports[i].by_result = s->by_result || (s->some_named && rng_once_in(&rng, 2));
    }
}

/* What users do in the tree, and corrections of what stands in one of the cycles, are left to others. */
static void draw_jobs(struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x6a6f62);
    bool apart = s->kind != OVERLAPPING && s->kind != ATTEMPTS;
    s->two_jobs = apart && !s->corrected && !s->some_named && rng_once_in(&rng, 4);
    s->place_named = rng_once_in(&rng, 2);
    if (!s->two_jobs)
        return;
    s->act = ACT_NOTHING;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        s->reports[i].other_job = rng_once_in(&rng, 2);
}

static void draw_switches(struct scenario *s, const struct sim_config *config)
{
    struct rng rng = rng_keyed(config->seed, 0x737769746368);
    s->switches = config->switches;
    if (!config->switches_default)
        switches_draw(&s->switches, config->switches_fixed, &rng);
}

/* Few are most often enough to meet, and quicker. */
static int draw_uploaders(struct rng *rng, int most)
{
    static const int counts[] = {1, 1, 1, 2, 2, 2, 2, 3, 3, 4};
    int count = counts[rng_below(rng, (int64_t)ARRAY_SIZE(counts))];
    return count < most ? count : most;
}

void scenario_draw(struct scenario *s, const struct sim_config *config)
{
    struct rng rng = rng_keyed(config->seed, 0x7363656e65);
    *s = (struct scenario){.seed = config->seed};
    draw_switches(s, config);
    s->kind = (enum scenario_kind)rng_below(&rng, SCENARIO_KINDS);
    s->by_result = rng_once_in(&rng, 3);
    s->uploaders = draw_uploaders(&rng, config->uploaders);
    s->skip_unmapped = rng_once_in(&rng, 12);
    s->odd_names = rng_once_in(&rng, 8);
    s->equals = rng_once_in(&rng, 8);
    s->last_counts = rng_once_in(&rng, 3);
    s->fault_budget = rng_below(&rng, 7);
    s->fault_rate = rng_between(&rng, 3, 20);
    draw_suite(s);
    draw_results(s, &rng);
    draw_ids(s);
    for (int i = 1; i < s->uploaders; i++)
        s->reports[i] = s->reports[0];
    for (int i = 0; i < s->uploaders; i++) {
        vary(s, i, &rng);
        draw_machine(&s->reports[i], &rng);
        bool apart = s->kind == OVERLAPPING || (s->kind == ATTEMPTS && s->by_result);
        if (apart && !config->overlap_at_once)
            s->reports[i].start_at_ms += i * OVERLAP_APART_MS;
    }
    draw_tomorrow(s);
    draw_named(s);
    draw_jobs(s);
    for (int i = 0; i < UPLOADERS_MAX; i++)
        keep_only(&s->reports[i], config->keep_results[i]);
}

/* Of each execution; the last character tells them apart however they are escaped. */
static const char *const descriptions[UPLOADERS_MAX] = {
    "Opens the shop <quickly> & leaves 0", "Opens the shop <quickly> & leaves 1",
    "Opens the shop <quickly> & leaves 2", "Opens the shop <quickly> & leaves 3",
    "Opens the shop <quickly> & leaves 4"};

int scenario_design(const char *description)
{
    size_t length = description ? strlen(description) : 0;
    return length ? description[length - 1] - '0' : NO_DESIGN;
}

static const char *long_message(void)
{
    static char text[6000];
    if (!text[0])
        for (size_t i = 0; i + 1 < sizeof text; i++)
            text[i] = (char)('a' + i % 26);
    return text;
}

void scenario_test_result(const struct scenario *s, const struct sim_result *from, struct test_result *ret)
{
    static const char *const bad_names[TESTS_MAX] = {"Bad login", "Bad search", "Bad checkout", "Bad logout"};
    static const struct test_step steps[] = {
        {.number = 1, .description = "Open 'x'", .design_description = "Open '{{u}}'", .timeout_ms = -1},
        {.number = 2, .description = "Click", .timeout_ms = -1, .status = RESULT_FAILED}};
    *ret = (struct test_result){
        .folders = folders[from->test] ? &folders[from->test] : NULL,
        .folder_count = folders[from->test] != NULL,
        .name = from->bad ? bad_names[from->test] : test_names[s->odd_names][from->test],
        .target = from->target,
        .status = from->status,
        .start_ms = from->start_ms,
        .end_ms = from->start_ms == TIME_NONE ? TIME_NONE : from->start_ms + (from->longer ? 6234 : 1234),
        .duration_ms = from->start_ms == TIME_NONE ? TIME_NONE : from->longer ? 6234 : 1234,
        .times_altered = from->longer && s->altered,
        .description = from->steps ? descriptions[from->design] : NULL,
        .message = from->long_message ? long_message() : NULL,
        .steps = from->steps ? steps : NULL,
        .step_count = from->steps ? ARRAY_SIZE(steps) : 0,
    };
}

const char *scenario_test_id(const struct sim_result *result)
{
    static const char *const ids[2][TESTS_MAX] = {{"Id-0", "Id-1", "Id-2", "Id-3"},
                                                  {"Bad-0", "Bad-1", "Bad-2", "Bad-3"}};
    return ids[result->bad][result->test];
}
