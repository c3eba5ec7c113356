/* Who is who: execution id, case key, log marker.
 *
 * Everything hashed for an identity stands here and nowhere else; it can never change, since what was
 * uploaded yesterday must be recognised tomorrow. Hashing and field encoding: base/hash.h.
 *
 *   bytes                     domain "execution"; file hash as a field of 16 bytes, the CI pipeline with the
 *                             job's name (text, absent without CI)
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
 *   mark of an execution      domain "log"; the execution id that the report or the user names, else the
 *                             bytes as above; automation content, what names the suite
 *   mark of a result          domain "result"; automation content, what names the suite, start as written
 *                             (report/model.h) in milliseconds, duration as written in milliseconds (-1: unknown),
 *                             verdict (0 passed, 1 failed or error, 2 skipped)
 *   build number              domain "build"; the execution's id, or the bytes as above; 12 digits of it stand in
 *                             the build number of a log
 *   many marks                domain "marks"; how many, and the sum of their first 8 bytes, each as a number
 *
 * What names the suite is the target without its version, else the suite that was given (--suite, the matrix
 * cell), else nothing (absent): the cycle is no part of what a result is. A mark is made from the case key itself,
 * also where the case was found by a weaker one.
 *
 * The lowest bit of a mark's first byte is no hash: it is set where the execution is named, and in no other
 * mark. So a log whose first mark has it is that of a named execution, and no result of another named one is
 * ever taken for one of its results.
 *
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

/* Of the bytes of a report, hexadecimal. job: the CI pipeline and the job's name, NULL: the bytes alone. The
 * caller frees. */
char *identity_of_bytes(const struct report_meta *meta, const char *job);
/* The id between "/execution/" and the next "?", "/", "#" of a report link; NULL when there is none. */
char *identity_from_report_url(const char *url);

/* The build number of a log, by which its execution is known where a server gives no notes: "57 (efe834113059)"
 * with the number of the CI build (NULL: none) and 12 digits of a hash; without it the id that the execution has,
 * of one that is known by its bytes the digits. The caller frees. */
char *identity_build_number(const char *ci_number, const char *execution_id, bool named);
/* It is one of this execution, whichever build it names. */
bool identity_is_build_of(const char *build_number, const char *execution_id);

/* Which log of a case it is: what its note begins with is one of these marks. */
struct mark_place {
    const char *automation_content;
    const char *suite; /* what names it; NULL: nothing does */
};

struct hash128 identity_execution_mark(const struct mark_place *place, const char *execution_id, bool named);

/* A result that is known again in whatever file it stands. */
struct result_identity {
    int64_t start_ms; /* as it is written */
    int64_t duration_ms; /* as it is written */
    enum result_status status;
};

struct hash128 identity_result_mark(const struct mark_place *place, const struct result_identity *result);
/* Of all marks of results of a log that has too many to name them. */
struct hash128 identity_many_marks(size_t count, uint64_t sum);
/* By its first 8 bytes: it is that of an execution that is named. */
bool identity_mark_is_named(uint64_t mark);

#endif
