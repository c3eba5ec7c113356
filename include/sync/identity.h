/* Who is who: execution id, case key, log marker.
 *
 * Everything hashed for an identity stands here and nowhere else; it can never change, since what was
 * uploaded yesterday must be recognised tomorrow. Hashing and field encoding: base/hash.h.
 *
 *   execution id from bytes   domain "execution", file hash as a field of 16 bytes,
 *                             the CI pipeline (text, absent unless the report has no time stamp at all; of a
 *                             job in a matrix with its cell behind it: "GitLab 7 [chrome, linux]")
 *   case key                  domain "case"; then
 *                               with a test id:      "id", test id
 *                               else TestProject:    "path", each folder from the outside, "name", name
 *                               else other JUnit:    "class", class name or suite name, "name", name
 *                             TestProject is what has a folder, or neither class nor suite: a TestProject
 *                             test without folder and a JUnit case without class are one case
 *   weaker case keys          the case key that the same test has in a report that says less of it:
 *                               without the id:      as above, had it no test id
 *                               bare name:           as above, had it only its name: "path", "name", name
 *                             a test with an id has the first, a test with folders the second; a test
 *                             with both has both, and the first is the stronger one
 *   log marker                domain "log"; execution id, job, automation content, the suite's name
 *   result mark               domain "result"; job, automation content, the suite's name, start as written
 *                             (report/model.h) in milliseconds, duration in milliseconds (-1: unknown),
 *                             verdict (0 passed, 1 failed or error, 2 skipped)
 *   many marks                domain "marks"; how many, and the sum of their first 8 bytes, each as a number
 *
 * The log marker is made from the case key itself, also where the case was found by a weaker one.
 * All functions are pure.
 */
#ifndef SYNC_IDENTITY_H
#define SYNC_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "report/model.h"

#define CASE_KEY_PREFIX "qtsync-"
#define LOG_MARKER_WORD "qtest-sync"
#define LOG_MARKER_HEX  32

/* The automation content of a result's case: "qtsync-<slug>-<16 hex>", ASCII, none of < > & " ' # ?,
 * at most 100 bytes. The caller frees. */
char *identity_case_key(const struct test_result *result);
/* How much of a test's identity a key holds; a larger one is stronger. */
enum identity_strength {
    IDENTITY_NONE,
    IDENTITY_BARE_NAME,
    IDENTITY_WITHOUT_ID,
    IDENTITY_OWN, /* all that the report has: identity_case_key */
};

/* The weaker key of this strength, IDENTITY_BARE_NAME or IDENTITY_WITHOUT_ID; NULL when the result has
 * none: it says no more than that already. The caller frees. */
char *identity_weaker_key(const struct test_result *result, enum identity_strength strength);
/* With a template of the user's, the template filled in (sync/content_template.h); without (NULL) the case
 * key. */
char *identity_automation_content(const struct test_result *result, const char *content_template);

/* Of one report. forced: --execution-id, used only where the report has none; pipeline: the CI
 * pipeline's id or NULL. *ret_by_hash: made from the bytes. The caller frees. */
char *identity_execution(const struct report_meta *meta, const char *forced, const char *pipeline,
                         bool *ret_by_hash);
/* The id between "/execution/" and the next "?", "/", "#" of a report link; NULL when there is none. */
char *identity_from_report_url(const char *url);

struct log_identity {
    const char *execution_id;
    const char *job;
    const char *automation_content;
    const char *suite; /* its name: the target without its version */
};

struct hash128 identity_log_marker(const struct log_identity *log);

/* A result that is known again in whatever file it stands. */
struct result_identity {
    const char *job;
    const char *automation_content;
    const char *suite;
    int64_t start_ms; /* as it is written */
    int64_t duration_ms;
    enum result_status status;
};

struct hash128 identity_result_mark(const struct result_identity *result);
/* Of all marks of a log that has too many to name them. */
struct hash128 identity_many_marks(size_t count, uint64_t sum);

#endif
