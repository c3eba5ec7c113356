#include "report/junit_suite.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/junit_time.h"

void junit_suites_release(struct junit_suites *s)
{
    for (size_t i = 0; i < s->initialised; i++) {
        arena_release(&s->frames[i].arena);
        junit_verdict_release(&s->frames[i].verdict);
    }
    free(s->frames);
    *s = (struct junit_suites){0};
}

struct junit_suite *junit_suite_top(struct junit_suites *s)
{
    return s->depth ? &s->frames[s->depth - 1] : NULL;
}

/* The next frame, with the memory of a closed one if there is one. */
static struct junit_suite *take_frame(struct junit_suites *s)
{
    GROW(s->frames, s->depth, s->capacity);
    struct junit_suite *suite = &s->frames[s->depth++];
    if (s->depth > s->initialised) {
        *suite = (struct junit_suite){.arena = ARENA_INIT};
        junit_verdict_init(&suite->verdict);
        s->initialised = s->depth;
        return suite;
    }
    struct arena arena = suite->arena;
    struct junit_verdict verdict = suite->verdict;
    arena_reset(&arena);
    junit_verdict_clear(&verdict);
    *suite = (struct junit_suite){.arena = arena, .verdict = verdict};
    return suite;
}

/* More than this is no time that passed, and would overflow in the end. */
#define PASSED_MAX_MS (1000 * TIMES_YEAR_MS)

static int64_t sum(int64_t a_ms, int64_t b_ms)
{
    int64_t sum_ms = a_ms + b_ms;
    return sum_ms < PASSED_MAX_MS ? sum_ms : PASSED_MAX_MS;
}

static struct junit_passed plus(struct junit_passed a, struct junit_passed b)
{
    return (struct junit_passed){.ms = sum(a.ms, b.ms), .written_ms = sum(a.written_ms, b.written_ms)};
}

struct junit_suite *junit_suite_open(struct junit_suites *s, bool is_list, int64_t line)
{
    struct junit_suite *suite = take_frame(s);
    const struct junit_suite *parent = s->depth > 1 ? suite - 1 : NULL;
    suite->is_list = is_list;
    suite->line = line;
    suite->nearest_named = parent ? parent->nearest_named : JUNIT_NO_SUITE;
    suite->nearest_target = parent ? parent->nearest_target : JUNIT_NO_SUITE;
    suite->start = parent ? parent->start : REPORT_INSTANT_NONE;
    if (parent)
        suite->before = plus(parent->before, parent->inside);
    return suite;
}

/* The counts in the attributes are decoration, so rubbish in them is nothing to speak of. */
static int64_t claimed(const char *value, size_t size)
{
    char digits[20];
    int64_t count = 0;
    if (size >= sizeof digits)
        return 0;
    memcpy(digits, value, size);
    digits[size] = '\0';
    return text_to_int64(digits, 0, INT32_MAX, &count) ? count : 0;
}

static bool says_failed(const char *value, size_t size)
{
    const struct verdict_word *word = status_word_find(value, size);
    return word && word->meaning >= SAYS_FAILED;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

struct junit_claims junit_suite_claims(const struct junit_suite *suite)
{
    int64_t failures = larger(suite->claims.failures, suite->said_failed);
    return (struct junit_claims){.tests = larger(suite->claims.tests, suite->below.tests),
                                 .failures = larger(failures, suite->below.failures)};
}

static void take_start(struct junit_suite *suite, struct junit_notes *notes, struct report_times *times,
                       const char *value, size_t size)
{
    struct time_stamp stamp;
    enum junit_time how = junit_parse_instant(value, size, &stamp);
    if (how == JUNIT_TIME_OK) {
        suite->start = report_times_instant(times, stamp, TIMES_START);
        suite->before = (struct junit_passed){0};
    } else if (how == JUNIT_TIME_BAD) {
        junit_note(notes, NOTE_BAD_INSTANT, suite->line, value, size);
    }
}

void junit_suite_attribute(struct junit_suite *suite, struct junit_notes *notes, struct report_times *times,
                           enum junit_attribute attribute, const char *value, size_t size)
{
    switch (attribute) {
    case ATTRIBUTE_NAME:
        suite->name = arena_text(&suite->arena, value, size);
        break;
    case ATTRIBUTE_HOSTNAME:
        suite->hostname = arena_text(&suite->arena, value, size);
        break;
    case ATTRIBUTE_PACKAGE:
        suite->package = arena_text(&suite->arena, value, size);
        break;
    case ATTRIBUTE_ID:
        suite->has_id = true;
        break;
    case ATTRIBUTE_TIMESTAMP:
        take_start(suite, notes, times, value, size);
        break;
    case ATTRIBUTE_PLATFORM:
    case ATTRIBUTE_BROWSER:
    case ATTRIBUTE_DEVICE:
        junit_target_attribute(&suite->arena, &suite->target, attribute, value, size);
        break;
    case ATTRIBUTE_TESTS:
        suite->claims.tests = claimed(value, size);
        break;
    case ATTRIBUTE_FAILURES:
    case ATTRIBUTE_ERRORS:
        suite->claims.failures += claimed(value, size);
        break;
    case ATTRIBUTE_STATUS:
        suite->said_failed |= says_failed(value, size);
        break;
    default:
        break;
    }
}

void junit_suite_resolve(struct junit_suites *s)
{
    size_t self = s->depth - 1;
    struct junit_suite *suite = &s->frames[self];
    const char *target = junit_target_in_suite(&suite->arena, suite->name, &suite->testproject);
    suite->name_is_target = target != NULL;
    if (target)
        junit_target_take(&suite->target, TARGET_OF_NAME, TARGET_BROWSER, target);
    else if (!suite->is_list &&
             (target = junit_target_in_suite(&suite->arena, suite->package, &suite->testproject))) {
        junit_target_take(&suite->target, TARGET_OF_PACKAGE, TARGET_BROWSER, target);
        suite->testproject = true;
    }
    if (!suite->is_list && !suite->name_is_target && !text_empty(suite->name))
        suite->nearest_named = self;
    bool root_has_id = s->frames[0].is_list && s->frames[0].has_id;
    if (!suite->is_list && junit_target_hostname(suite->hostname, suite->name, root_has_id))
        junit_target_take(&suite->target, TARGET_OF_HOSTNAME, TARGET_BROWSER, suite->hostname);
    if (suite->target.text)
        suite->nearest_target = self;
}

void junit_suite_property(struct junit_suites *s, struct junit_notes *notes, int64_t line, const char *name,
                          const char *value)
{
    struct junit_suite *suite = junit_suite_top(s);
    enum junit_target_kind kind = suite ? junit_target_property(name) : TARGET_NONE;
    if (kind == TARGET_NONE || (kind = junit_target_worth(kind, value)) == TARGET_NONE)
        return;
    if (suite->ended_late) {
        if (!suite->target.text || junit_target_is_from(&suite->target, TARGET_OF_HOSTNAME))
            junit_note(notes, NOTE_LATE_TARGET, line, name, strlen(name));
        return;
    }
    junit_target_take(&suite->target, TARGET_OF_PROPERTY, kind,
                      arena_text(&suite->arena, value, strlen(value)));
    suite->nearest_target = s->depth - 1;
}

void junit_suite_place(const struct junit_suites *s, struct junit_place *ret)
{
    *ret = (struct junit_place){.start = REPORT_INSTANT_NONE};
    if (s->depth == 0)
        return;
    const struct junit_suite *top = &s->frames[s->depth - 1];
    ret->start = top->start;
    ret->passed = plus(top->before, top->inside);
    if (top->nearest_named != JUNIT_NO_SUITE)
        ret->suite_name = s->frames[top->nearest_named].name;
    if (top->nearest_target == JUNIT_NO_SUITE)
        return;
    const struct junit_suite *targeted = &s->frames[top->nearest_target];
    ret->suite_target = targeted->target.text;
    ret->suite_is_target = junit_target_is_from(&targeted->target, TARGET_OF_NAME);
    ret->testproject = targeted->testproject;
}

void junit_suite_passed(struct junit_suites *s, struct junit_passed took)
{
    struct junit_suite *suite = junit_suite_top(s);
    if (!suite)
        return;
    suite->ended_late = true;
    suite->inside = plus(suite->inside, took);
}

bool junit_suite_error(struct junit_suites *s, const struct report_times *times, struct test_result *ret)
{
    struct junit_suite *suite = junit_suite_top(s);
    enum result_status status;
    if (!junit_verdict_status(&suite->verdict, &status) || status == RESULT_SKIPPED)
        return false;
    struct junit_place place;
    junit_suite_place(s, &place);
    *ret = (struct test_result){.name = "<init>",
                                .suite_name = place.testproject ? NULL : place.suite_name,
                                .target = place.suite_target,
                                .status = status,
                                .suite_error = true,
                                .end_ms = TIME_NONE,
                                .duration_ms = TIME_NONE,
                                .message = junit_verdict_message(&suite->verdict, status),
                                .details = junit_verdict_details(&suite->verdict),
                                .line = suite->line};
    place.passed = suite->before;
    junit_place_start(&place, times, TIME_NONE, ret);
    return true;
}

void junit_suite_close(struct junit_suites *s)
{
    const struct junit_suite *closed = junit_suite_top(s);
    struct junit_passed inside = closed->inside;
    struct junit_claims claims = junit_suite_claims(closed);
    s->depth--;
    if (s->depth == 0)
        return;
    struct junit_claims *below = &junit_suite_top(s)->below;
    below->tests += claims.tests;
    below->failures += claims.failures;
    junit_suite_passed(s, inside);
}
