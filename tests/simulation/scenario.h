/* Who uploads what in one schedule, all drawn from the seed: up to four reports, each of up to six
 * results, that are the same, shards, one browser each, overlapping, or executions one after the other. Each
 * of them may hold several executions, which one upload brings in one after the other.
 *
 *     scenario_draw(&scenario, &config);
 *     scenario_set_scene(&scenario, &model);       // what the user has in the project already
 *     upload_init(&upload, &scenario, number, wall_ms); // the desired states of one uploader, from a store
 *     upload_release(&upload);
 */
#ifndef SIMULATION_SCENARIO_H
#define SIMULATION_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "report/store.h"
#include "sync/executions.h"

#define AT_ONCE_MAX       4 /* uploaders */
#define TOMORROW          4 /* the number of one that comes when all others are done */
#define UPLOADERS_MAX     5
#define UPLOADERS_DEFAULT 4
#define RESULTS_MAX       6
#define TESTS_MAX         4
#define FAULTS_MAX        32
#define NIGHTS_MAX        3 /* executions in one upload */
#define NO_DESIGN         -1

/* What an engine could do wrong, for the self-test. */
enum mistake {
    NO_MISTAKE,
    REPEATS_BLINDLY,   /* a lost answer to a submission: it is simply sent again */
    FOLLOWS_REDIRECTS, /* with its token */
    REPEATS_TOO_LARGE, /* 413 is taken for a passing trouble */
    TAKES_429_AS_REFUSED,
    IGNORES_REMAINDER, /* of the minute's requests */
    MISTAKES,
};

/* One schedule: everything that happens follows from it. */
struct sim_config {
    uint64_t seed;
    int uploaders; /* at most */
    struct model_switches switches;
    uint32_t switches_fixed; /* a bit for each switch that is not drawn */
    bool switches_default;   /* draw none */
    /* For shrinking and replaying; all bits set: everything. */
    uint32_t keep_uploaders;
    uint32_t keep_results[UPLOADERS_MAX];
    bool choose_faults; /* only those named in faults, else as drawn */
    uint64_t faults[FAULTS_MAX];
    size_t fault_count;
    bool no_kills;
    bool overlap_at_once;       /* also reports that share some results and no more, at the same time */
    enum mistake broken_engine; /* self-test */
};

struct sim_result {
    int test;
    const char *target; /* full text, NULL: none */
    enum result_status status;
    int64_t start_ms;
    bool bad;
    bool long_message;
    bool steps;
    int design; /* with steps: what its execution says of the test case */
    bool longer; /* it goes on when its report is saved for the second time */
    int night;   /* which of the files of the upload it stands in; each is an execution, when it has times */
};

struct sim_report {
    struct sim_result results[RESULTS_MAX];
    size_t count;
    const char *execution_id;
    int64_t pipeline_ms; /* when its CI pipeline began: for results without any instant */
    int64_t start_at_ms; /* when its uploader starts, virtual */
    int64_t skew_ms;     /* its machine's clock minus the server's */
    int64_t parallel;
    int64_t batch_logs;
    bool project_by_name;
    bool ids;                 /* its tests have ids; else they are known by folder and name */
    const char *build_number; /* of its CI build, NULL: by hand */
    bool other_job;
    bool by_result; /* it names no execution: results with a start are known by themselves */
};

/* What the user does in qTest before tomorrow's upload. */
enum user_act {
    ACT_NOTHING,
    ACT_MOVE_CYCLE,
    ACT_MOVE_MODULE,
    ACT_MOVE_CASE,
    ACT_DELETE_SUITE,
    ACT_DELETE_CYCLE,
    ACT_DELETE_CASE,
    ACT_DELETE_MODULE,
    USER_ACTS
};

enum scenario_kind {
    SAME_REPORT,
    SHARDS,
    ONE_TARGET_EACH,
    OVERLAPPING,
    ATTEMPTS,
    EXECUTIONS,
    SCENARIO_KINDS
};

struct scenario {
    enum scenario_kind kind;
    struct model_switches switches;
    struct sim_report reports[UPLOADERS_MAX];
    int uploaders; /* without tomorrow's */
    bool tomorrow;
    enum user_act act;
    uint64_t seed;
    const char *suite;  /* of results without a target, as --suite; NULL: that of the cycle's name */
    bool skip_unmapped; /* the word for skipped results is not mapped */
    bool odd_names;
    bool begin_ids;   /* tomorrow's report has ids, if it is another execution */
    bool by_result;   /* no report names its execution */
    bool two_jobs;    /* some upload the same under the name of another job */
    bool place_named; /* by --job */
    bool some_named;  /* some name it, and others of the same results do not */
    bool last_counts; /* --repeats=last */
    bool corrected;   /* tomorrow's report is the first one, with other statuses */
    bool longer;      /* tomorrow's report is the first one, saved again when its results had gone on */
    bool altered;     /* and its ends were cut at the time of reading, so they are no later ones */
    bool equals;      /* many results of one test on one target at one instant */
    int nights;       /* files of each upload */
    int64_t fault_budget;
    int64_t fault_rate; /* one request in so many */
};

/* What one uploader wants; made anew for each of its runs. */
struct upload {
    struct store store; /* its results are those of the report, in their order */
    struct report_meta meta;
    struct desired_report reports[NIGHTS_MAX];
    struct executions executions;
    struct desired desired[NIGHTS_MAX]; /* of each execution */
};

void scenario_draw(struct scenario *scenario, const struct sim_config *config);
void scenario_set_scene(const struct scenario *scenario, struct model *model);
/* Of an uploader. */
const char *scenario_job(const struct scenario *scenario, int number);
/* The result as a reader would hand it on, but for the id of its test; texts are static. */
void scenario_test_result(const struct scenario *scenario, const struct sim_result *from,
                          struct test_result *ret);
const char *scenario_test_id(const struct sim_result *result); /* in a report with ids */
const char *scenario_folder(int test);                         /* NULL: none */
const char *scenario_suite(const struct scenario *scenario, int number, const char *target);
/* The server takes this result in no form. With a limit for bodies a long message is too much. */
bool scenario_unwanted(const struct scenario *scenario, const struct sim_result *result);
const char *scenario_status_word(const struct scenario *scenario, enum result_status status);
/* Which design this description of a test case is, NO_DESIGN: none. */
int scenario_design(const char *description);
const char *scenario_kind_name(enum scenario_kind kind);

/* No pipeline tells when results without any instant began: when they are uploaded. */
bool scenario_by_hand(const struct scenario *scenario);
/* wall_ms: by its machine's clock. */
void upload_init(struct upload *upload, const struct scenario *scenario, int number, int64_t wall_ms);
void upload_release(struct upload *upload);
/* Which execution a result is of, and the result of the same upload that leads its log. */
size_t upload_execution_of(const struct upload *upload, size_t result);
size_t upload_leader(const struct upload *upload, size_t result);

#endif
