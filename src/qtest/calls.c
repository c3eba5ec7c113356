#include "qtest/calls.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

const char *parent_type_name(enum parent_type type)
{
    static const char *const names[] = {"root", "release", "test-cycle", "test-suite"};
    return names[type];
}

static struct request *make(enum http_method method, const char *operation, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static struct request *make(enum http_method method, const char *operation, const char *format, ...)
{
    struct request *request = request_new(method, operation, QTEST_TIMEOUT_MS);
    va_list args;
    va_start(args, format);
    request->path = xvasprintf(format, args);
    va_end(args);
    return request;
}

static void set_named_body(struct request *request, const char *name, const char *description)
{
    struct json_writer w;
    json_writer_init(&w, &request->body);
    json_object(&w, NULL);
    json_string(&w, "name", name);
    if (description)
        json_string(&w, "description", description);
    json_end(&w);
}

static void move_body(struct request *request, struct buf *body)
{
    request->body = *body;
    *body = (struct buf)BUF_INIT(body->maximum);
}

struct request *call_list_projects(int64_t page)
{
    return make(HTTP_GET, "getProjects", "/api/v3/projects?assigned=true&page=%" PRId64 "&pageSize=%d", page,
                QTEST_PAGE_SIZE);
}

struct request *call_get_project(int64_t project)
{
    return make(HTTP_GET, "getProject", "/api/v3/projects/%" PRId64, project);
}

struct request *call_list_releases(int64_t project)
{
    return make(HTTP_GET, "getAllReleases", "/api/v3/projects/%" PRId64 "/releases?includeClosed=true",
                project);
}

struct request *call_list_cycles(int64_t project, struct parent parent, bool descendants, int64_t page)
{
    return make(HTTP_GET, "getTestCycles",
                "/api/v3/projects/%" PRId64 "/test-cycles?parentId=%" PRId64 "&parentType=%s&page=%" PRId64
                "&pageSize=%d%s",
                project, parent.id, parent_type_name(parent.type), page, QTEST_PAGE_SIZE,
                descendants ? "&expand=descendants" : "");
}

struct request *call_get_cycle(int64_t project, const char *id_or_pid)
{
    _cleanup_(buf_release) struct buf id = BUF_UNBOUNDED;
    url_encode(&id, id_or_pid);
    return make(HTTP_GET, "getTestCycle", "/api/v3/projects/%" PRId64 "/test-cycles/%s?expand=descendants",
                project, buf_text(&id));
}

struct request *call_create_cycle(int64_t project, struct parent parent, const char *name)
{
    struct request *request =
        make(HTTP_POST, "createCycle",
             "/api/v3/projects/%" PRId64 "/test-cycles?parentId=%" PRId64 "&parentType=%s", project,
             parent.id, parent_type_name(parent.type));
    set_named_body(request, name, NULL);
    return request;
}

struct request *call_list_suites(int64_t project, struct parent parent)
{
    return make(HTTP_GET, "getListTestSuite",
                "/api/v3/projects/%" PRId64 "/test-suites?parentId=%" PRId64 "&parentType=%s", project,
                parent.id, parent_type_name(parent.type));
}

/* The schema requires properties (section 4.3). */
static void set_suite_body(struct request *request, const char *name)
{
    struct json_writer w;
    json_writer_init(&w, &request->body);
    json_object(&w, NULL);
    json_string(&w, "name", name);
    json_array(&w, "properties");
    json_end(&w);
    json_end(&w);
}

struct request *call_create_suite(int64_t project, struct parent parent, const char *name)
{
    struct request *request =
        make(HTTP_POST, "createTestSuite",
             "/api/v3/projects/%" PRId64 "/test-suites?parentId=%" PRId64 "&parentType=%s", project,
             parent.id, parent_type_name(parent.type));
    set_suite_body(request, name);
    return request;
}

struct request *call_rename_suite(int64_t project, int64_t suite, const char *name)
{
    struct request *request = make(HTTP_PUT, "updateTestSuite",
                                   "/api/v3/projects/%" PRId64 "/test-suites/%" PRId64, project, suite);
    set_suite_body(request, name);
    return request;
}

struct request *call_delete_suite(int64_t project, int64_t suite)
{
    return make(HTTP_DELETE, "deleteTestSuiteById", "/api/v3/projects/%" PRId64 "/test-suites/%" PRId64,
                project, suite);
}

struct request *call_list_modules(int64_t project)
{
    return make(HTTP_GET, "getSubModulesOf", "/api/v3/projects/%" PRId64 "/modules?expand=descendants",
                project);
}

struct request *call_create_module(int64_t project, int64_t parent, const char *name, const char *description)
{
    struct request *request = request_new(HTTP_POST, "createModule", QTEST_TIMEOUT_MS);
    request->path = parent
                        ? xasprintf("/api/v3/projects/%" PRId64 "/modules?parentId=%" PRId64, project, parent)
                        : xasprintf("/api/v3/projects/%" PRId64 "/modules", project);
    set_named_body(request, name, description);
    return request;
}

struct request *call_list_runs(int64_t project, int64_t suite, int64_t page)
{
    return make(HTTP_GET, "getOf",
                "/api/v3/projects/%" PRId64 "/test-runs?parentId=%" PRId64
                "&parentType=test-suite&page=%" PRId64 "&pageSize=%d",
                project, suite, page, QTEST_PAGE_SIZE);
}

struct request *call_list_run_logs(int64_t project, int64_t run, int64_t page)
{
    return make(HTTP_GET, "getTestLogsList",
                "/api/v3/projects/%" PRId64 "/test-runs/%" PRId64 "/test-logs?page=%" PRId64 "&pageSize=%d",
                project, run, page, QTEST_PAGE_SIZE);
}

struct request *call_search(int64_t project, const struct search *search)
{
    struct request *request =
        make(HTTP_POST, "searchArtifact",
             "/api/v3/projects/%" PRId64 "/search?page=%" PRId64 "&pageSize=%d&appendTestSteps=%s"
             "&includeTestLogProperties=%s",
             project, search->page, QTEST_PAGE_SIZE, search->steps ? "true" : "false",
             search->log_properties ? "true" : "false");
    request->read_only = true;
    struct json_writer w;
    json_writer_init(&w, &request->body);
    json_object(&w, NULL);
    json_string(&w, "object_type", search->object_type);
    json_array(&w, "fields");
    json_string(&w, NULL, "*");
    json_end(&w);
    json_string(&w, "query", search->query);
    json_end(&w);
    return request;
}

char *call_searched(const struct request *search)
{
    _cleanup_(json_delete) cJSON *body = json_parse(buf_text(&search->body), search->body.length);
    const char *query = json_text(body, "query");
    return xstrdup(query ? query : "");
}

void call_quote_value(struct buf *query, const char *value, bool *ret_partial)
{
    const char *best = value;
    size_t best_length = 0;
    for (const char *at = value;;) {
        size_t length = strcspn(at, "'\"\\\n\r\t");
        if (length > best_length) {
            best = at;
            best_length = length;
        }
        if (!at[length])
            break;
        at += length + 1;
    }
    *ret_partial = best_length != strlen(value);
    buf_putc(query, '\'');
    buf_put(query, best, best_length);
    buf_putc(query, '\'');
}

struct request *call_submit_logs(int64_t project, struct buf *body)
{
    struct request *request =
        make(HTTP_POST, "submitAutomationTestLogs",
             "/api/v3.1/projects/%" PRId64 "/test-runs/0/auto-test-logs?type=automation", project);
    move_body(request, body);
    return request;
}

struct request *call_get_job(int64_t job)
{
    return make(HTTP_GET, "track", "/api/v3/projects/queue-processing/%" PRId64, job);
}

struct request *call_correct_log(int64_t project, int64_t run, int64_t log, struct buf *body)
{
    struct request *request =
        make(HTTP_PUT, "modifyAutomationLog",
             "/api/v3/projects/%" PRId64 "/test-runs/%" PRId64 "/auto-test-logs/%" PRId64, project, run, log);
    move_body(request, body);
    return request;
}

struct request *call_get_run(int64_t project, int64_t run)
{
    return make(HTTP_GET, "getTestRun", "/api/v3/projects/%" PRId64 "/test-runs/%" PRId64, project, run);
}

struct request *call_get_suite(int64_t project, int64_t suite)
{
    return make(HTTP_GET, "getTestSuite", "/api/v3/projects/%" PRId64 "/test-suites/%" PRId64, project, suite);
}

struct request *call_get_log(int64_t project, int64_t run, int64_t log)
{
    return make(HTTP_GET, "getTestLog",
                "/api/v3/projects/%" PRId64 "/test-runs/%" PRId64 "/test-logs/%" PRId64, project, run, log);
}

struct request *call_get_case(int64_t project, int64_t test_case)
{
    return make(HTTP_GET, "getTestCase",
                "/api/v3/projects/%" PRId64 "/test-cases/%" PRId64 "?expand=teststep", project, test_case);
}

struct request *call_update_case(int64_t project, int64_t test_case, struct buf *body)
{
    struct request *request = make(HTTP_PUT, "updateTestCase",
                                   "/api/v3/projects/%" PRId64 "/test-cases/%" PRId64, project, test_case);
    move_body(request, body);
    return request;
}

struct request *call_approve_case(int64_t project, int64_t test_case)
{
    return make(HTTP_PUT, "approveTestCase", "/api/v3/projects/%" PRId64 "/test-cases/%" PRId64 "/approve",
                project, test_case);
}
