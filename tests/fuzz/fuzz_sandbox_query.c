/* The query language of the search: parsed, turned into SQL, prepared by SQLite. A query that parses must
 * also be one that SQLite takes, unless it is too long. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "sandbox/answer.h"
#include "sandbox/request.h"
#include "sandbox/sandbox.h"

#define QUERY_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static void search(struct sandbox *sb, const char *type, const char *query)
{
    struct request rq;
    struct answer an;
    struct json_writer w;
    request_init(&rq, "POST", "/api/v3/projects/1001/search");
    request_add_header(&rq, "Authorization", "bearer t");
    json_writer_init(&w, &rq.body);
    json_object(&w, NULL);
    json_string(&w, "object_type", type);
    json_string(&w, "query", query);
    json_end(&w);
    answer_init(&an);
    sandbox_handle(sb, &rq, &an);
    if (an.status != 200 && an.status != 400)
        abort();
    if (an.status == 400 && strstr(buf_text(&an.body), ": it is too complex\"}"))
        abort();
    answer_release(&an);
    request_release(&rq);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {"test-cases",  "test-runs",   "test-logs",
                                        "test-cycles", "test-suites", "requirements"};
    static struct sandbox *sb; /* one for all inputs: a search changes nothing */
    if (size < 1 || size > QUERY_MAX)
        return 0;
    if (!sb)
        sb = open_sandbox();
    _cleanup_free_ char *query = xmalloc(size);
    memcpy(query, data + 1, size - 1);
    query[size - 1] = '\0';
    search(sb, types[data[0] % ARRAY_SIZE(types)], query);
    return 0;
}
