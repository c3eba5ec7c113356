/* Request bodies: the first byte chooses the endpoint, the rest is the body. A submission that is accepted is
 * also written, as its job would do it. Whatever comes: a status that the handlers know, and a reply that is
 * JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "sandbox/answer.h"
#include "sandbox/job_run.h"
#include "sandbox/request.h"
#include "sandbox/sandbox.h"
#include "sandbox/store.h"

#define BODY_MAX         65536
#define INPUTS_A_SANDBOX 100

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct endpoint {
    const char *method, *target;
};

#define P "/api/v3/projects/1001"

static const struct endpoint endpoints[] = {
    {"POST", "/api/v3.1/projects/1001/test-runs/0/auto-test-logs?type=automation"},
    {"POST", P "/auto-test-logs?type=automation"},
    {"POST", P "/test-runs/0/auto-test-logs"},
    {"POST", P "/test-cases"},
    {"PUT", P "/test-cases/TC-1"},
    {"PUT", P "/test-cases/update/testcases"},
    {"POST", P "/test-cycles"},
    {"POST", P "/test-suites"},
    {"POST", P "/modules"},
    {"POST", P "/test-runs"},
    {"POST", P "/test-runs/TR-1/test-logs"},
    {"POST", P "/settings/test-cases/fields"},
    {"POST", P "/requirements"},
    {"POST", P "/requirements/RQ-1/link?type=test-cases"},
    {"POST", P "/search"},
    {"POST", "/oauth/token"},
};

static struct sandbox *open_sandbox(void)
{
    static const char *const projects[] = {"Demo"};
    struct sandbox *sb = NULL;
    struct sandbox_settings settings = {
        .db = ":memory:", .token = "t", .projects = projects, .project_count = 1};
    switches_init(&settings.switches);
    settings.switches.value[SWITCH_MINUTE_LIMIT] = INT64_MAX / 2;
    if (sandbox_new(&sb, &settings, NULL) < 0)
        abort();
    return sb;
}

static void send(struct sandbox *sb, const struct endpoint *to, const char *body, size_t size)
{
    struct request rq;
    struct answer an;
    request_init(&rq, to->method, to->target);
    request_add_header(&rq, "Authorization", "bearer t");
    buf_put(&rq.body, body, size);
    answer_init(&an);
    sandbox_handle(sb, &rq, &an);
    _cleanup_(json_delete) cJSON *reply = json_parse(buf_text(&an.body), an.body.length);
    if (an.status < 200 || an.status >= 500 || !reply)
        abort();
    answer_release(&an);
    request_release(&rq);
}

static void run_jobs(struct sandbox *sb)
{
    int64_t id;
    while ((id = store_int(sb->store, 0, "SELECT id FROM jobs WHERE state = 0", "")) != 0)
        job_run(sb, id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char first[] =
        "{\"test_logs\":[{\"name\":\"n\",\"automation_content\":\"c\",\"status\":\"PASS\","
        "\"exe_start_date\":\"2026-01-01\",\"exe_end_date\":\"2026-01-01\"}]}";
    static struct sandbox *sb; /* making one takes most of the time, so some inputs share it */
    static int inputs;
    if (size < 1 || size > BODY_MAX)
        return 0;
    if (inputs++ % INPUTS_A_SANDBOX == 0) {
        sandbox_free(sb);
        sb = open_sandbox();
        send(sb, &endpoints[0], first, sizeof first - 1);
        run_jobs(sb);
    }
    send(sb, &endpoints[data[0] % ARRAY_SIZE(endpoints)], (const char *)data + 1, size - 1);
    run_jobs(sb);
    return 0;
}
