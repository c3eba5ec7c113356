/* What the failure, error, skipped, flaky and rerun elements of one test (or suite) say together.
 *
 *     junit_verdict_clear(&v);
 *     struct junit_mark mark: filled while its element is open; then
 *     junit_verdict_add(&v, &mark);
 *     junit_verdict_status(&v, &status);       // error > failure > skipped; false: no mark decides
 *     junit_verdict_message(&v), junit_verdict_details(&v)
 */
#ifndef REPORT_JUNIT_VERDICT_H
#define REPORT_JUNIT_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "report/junit_names.h"
#include "report/model.h"

/* All texts of one test together; what goes beyond is counted, not kept. */
#define JUNIT_TEXT_MAX_BYTES (16u * 1024 * 1024)

/* One such element. */
struct junit_mark {
    enum junit_element element;
    struct buf message;
    struct buf type;
    struct buf text;
    size_t dropped_bytes;
};

struct junit_verdict {
    bool used; /* since the last clear: most tests have nothing to clear */
    int64_t failures;
    int64_t errors;
    int64_t skips;
    int64_t flaky;
    int64_t reruns;
    struct buf message;      /* of the first failure or error */
    struct buf skip_message; /* of the first skip */
    struct buf details;
    int64_t entries;
    size_t dropped_bytes;
};

void junit_mark_init(struct junit_mark *mark);
void junit_mark_release(struct junit_mark *mark);
void junit_mark_begin(struct junit_mark *mark, enum junit_element element);
/* A child element with text of its own begins: the indent before it is no text. */
void junit_mark_part(struct junit_mark *mark);
void junit_mark_text(struct junit_mark *mark, const char *text, size_t size);

void junit_verdict_init(struct junit_verdict *v);
void junit_verdict_release(struct junit_verdict *v);
void junit_verdict_clear(struct junit_verdict *v);
void junit_verdict_add(struct junit_verdict *v, struct junit_mark *mark);
/* One more text of the test, a blank line before it. */
void junit_verdict_add_detail(struct junit_verdict *v, const char *heading, const char *text);
bool junit_verdict_status(const struct junit_verdict *v, enum result_status *ret);
/* Borrowed; NULL when there is nothing to say. Details that only repeat the message are NULL. */
const char *junit_verdict_message(const struct junit_verdict *v, enum result_status status);
const char *junit_verdict_details(struct junit_verdict *v);

#endif
