/* Each call to qTest as one function that makes the request; the operation it stands for in the vendor's
 * Swagger file is named with it. What came back is read by qtest/objects.h.
 *
 * The caller frees the request. page counts from 1. Names are sent as they are; ids are 64-bit.
 */
#ifndef QTEST_CALLS_H
#define QTEST_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "qtest/http.h"

/* The largest page every list and search accepts (qtest-api.md 4.1). */
#define QTEST_PAGE_SIZE 999
/* The length limit of a query is not known (qtest-api.md 5): stay below this. */
#define QTEST_QUERY_MAX_BYTES 4000

/* Until the caller says otherwise. */
#define QTEST_TIMEOUT_MS 60000

/* Where cycles and suites hang (qtest-api.md 4.1). */
enum parent_type { PARENT_ROOT, PARENT_RELEASE, PARENT_CYCLE, PARENT_SUITE };
const char *parent_type_name(enum parent_type type);

struct parent {
    enum parent_type type;
    int64_t id; /* 0 for the root */
};

/* getProjects, getProject (section 2.1) */
struct request *call_list_projects(int64_t page);
struct request *call_get_project(int64_t project);

/* getReleases: getAllReleases, the projects's releases */
struct request *call_list_releases(int64_t project);

/* getTestCycles, getTestCycle, createCycle (section 4.2) */
struct request *call_list_cycles(int64_t project, struct parent parent, bool descendants, int64_t page);
/* id_or_pid as qTest writes it, "123" or "CL-5"; with its suites and sub-cycles. */
struct request *call_get_cycle(int64_t project, const char *id_or_pid);
struct request *call_create_cycle(int64_t project, struct parent parent, const char *name);

/* getListTestSuite, createTestSuite, updateTestSuite, deleteTestSuiteById (section 4.3) */
struct request *call_list_suites(int64_t project, struct parent parent);
struct request *call_create_suite(int64_t project, struct parent parent, const char *name);
struct request *call_rename_suite(int64_t project, int64_t suite, const char *name);
struct request *call_delete_suite(int64_t project, int64_t suite);

/* getSubModulesOf with the whole tree, createModule (section 4.5); parent 0: the root */
struct request *call_list_modules(int64_t project);
struct request *call_create_module(int64_t project, int64_t parent, const char *name,
                                   const char *description);

/* getOf, getTestLogsList (section 4.4, 6.1) */
struct request *call_list_runs(int64_t project, int64_t suite, int64_t page);
struct request *call_list_run_logs(int64_t project, int64_t run, int64_t page);

/* searchArtifact (section 5): object_type "test-cases", "test-logs", ... */
struct search {
    const char *object_type;
    const char *query;
    int64_t page;
    bool steps;          /* appendTestSteps */
    bool log_properties; /* includeTestLogProperties */
};
struct request *call_search(int64_t project, const struct search *search);
/* The query of a search: for its further pages. The caller frees it. */
char *call_searched(const struct request *search);
/* Appends a search value in single quotes. A quote inside cannot be written (section 5): then only the
 * longest part without one, and *ret_partial: compare with "~" and check the results here. */
void call_quote_value(struct buf *query, const char *value, bool *ret_partial);

/* submitAutomationTestLogs, endpoint A (section 3); the body is complete and moved in */
struct request *call_submit_logs(int64_t project, struct buf *body);
/* track (section 3.7) */
struct request *call_get_job(int64_t job);

/* modifyAutomationLog (section 3.10), getTestLog (6.1); getTestCase, updateTestCase, approveTestCase (4.6) */
struct request *call_correct_log(int64_t project, int64_t run, int64_t log, struct buf *body);
/* Only where it is: its parent. */
struct request *call_get_run(int64_t project, int64_t run);
struct request *call_get_suite(int64_t project, int64_t suite);
struct request *call_get_log(int64_t project, int64_t run, int64_t log);
struct request *call_get_case(int64_t project, int64_t test_case);
struct request *call_update_case(int64_t project, int64_t test_case, struct buf *body);
struct request *call_approve_case(int64_t project, int64_t test_case);

#endif
