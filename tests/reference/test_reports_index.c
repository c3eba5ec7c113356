/* The 69 real reports of ../shared/corpus/junit: counts as in its INDEX.tsv, malformed ones refused with
 * their place, and what --salvage takes from those. Skipped where they are not there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "report_collect.h"

#define REPORTS "../shared/corpus/junit/"

enum column {
    FILE_NAME,
    TESTS = 3,
    FAILURES,
    ERRORS,
    SKIPPED,
    PARSE,
    ALT,
    FLAKY,
    RERUN,
    TIME_SUM,
    COLUMNS = 13
};

static int64_t number(const char *text)
{
    int64_t value = -1;
    assert_true(text_to_int64(text, 0, INT32_MAX, &value));
    return value;
}

static void assert_count(const char *file, const char *what, int64_t got, int64_t expected)
{
    if (got != expected)
        fail_msg("%s: %s %" PRId64 ", expected %" PRId64, file, what, got, expected);
}

/* INDEX.tsv gives the sum of unrounded seconds; each test may be half a millisecond off. */
static void assert_time(const char *file, const struct collected *c, const char *expected)
{
    if (text_equal(expected, "-"))
        return;
    const char *point = strchr(expected, '.');
    _cleanup_free_ char *digits = xasprintf("%.*s%s", (int)(point - expected), expected, point + 1);
    const char *significant = digits + strspn(digits, "0");
    int64_t difference = c->time_sum_ms - (*significant ? number(significant) : 0);
    if (difference < 0)
        difference = -difference;
    if (difference > c->meta.counts.results / 2 + 1)
        fail_msg("%s: time %" PRId64 " ms, expected %s s", file, c->time_sum_ms, expected);
}

/* INDEX.tsv counts tests with flaky elements; flaky is one that passed in the end. */
static int64_t failed_all_the_same(const char *file)
{
    if (text_ends(file, "quick-junit/basic_report.xml"))
        return 1;
    return text_ends(file, "steps-deploy-to-bitrise-io/flaky_test.xml") ? 2 : 0;
}

static void check_good(const char *file, char *const *row, const struct collected *c)
{
    const struct report_counts *counts = &c->meta.counts;
    bool empty = counts->results + counts->suite_errors == 0;
    if (c->rc != (empty ? -ERR_EMPTY : 0))
        fail_msg("%s: %s", file, c->err.text);
    assert_count(file, "tests", counts->results, number(row[TESTS]));
    assert_count(file, "failures", counts->failed, number(row[FAILURES]));
    assert_count(file, "errors", counts->error, number(row[ERRORS]));
    assert_count(file, "skipped", counts->skipped, number(row[SKIPPED]));
    assert_count(file, "flaky", c->flaky, number(row[FLAKY]) - failed_all_the_same(file));
    assert_count(file, "rerun", c->rerun, number(row[RERUN]));
    assert_time(file, c, row[TIME_SUM]);
    const char *suite_errors = strstr(row[ALT], "suite-error=");
    assert_count(file, "suite errors", counts->suite_errors, suite_errors ? 1 : 0);
}

static void check_refused(const char *file, const struct collected *c)
{
    /* Readable, once UTF-16 is decoded: what its name for the encoding says does not matter. */
    if (text_ends(file, "utf-16.xml")) {
        assert_count(file, "tests", c->meta.counts.results, 1);
        return;
    }
    if (c->rc == -ERR_FOREIGN)
        return;
    assert_int_equal(c->rc, -ERR_REPORT);
    if (!strstr(c->err.text, "line ") && !strstr(c->err.text, "root element"))
        fail_msg("%s: no place in '%s'", file, c->err.text);
}

static size_t split(char *line, char *columns[COLUMNS])
{
    size_t count = 0;
    for (char *at = line; at && count < COLUMNS; count++) {
        columns[count] = at;
        at = strchr(at, '\t');
        if (at)
            *at++ = '\0';
    }
    return count;
}

static void test_every_report_reads_as_its_index_says(void **state)
{
    (void)state;
    FILE *index = fopen(REPORTS "INDEX.tsv", "r");
    if (!index) {
        print_message("skipped: " REPORTS " is not there\n");
        skip();
    }
    _cleanup_free_ char *line = NULL;
    size_t room = 0;
    int files = 0;
    assert_true(getline(&line, &room, index) > 0);
    while (getline(&line, &room, index) > 0) {
        char *row[COLUMNS];
        assert_int_equal(split(line, row), COLUMNS);
        _cleanup_free_ char *path = xasprintf(REPORTS "%s", row[FILE_NAME]);
        struct read_options options = {0};
        struct collected c;
        collect_file(&c, path, &options);
        if (text_equal(row[PARSE], "ok"))
            check_good(row[FILE_NAME], row, &c);
        else
            check_refused(row[FILE_NAME], &c);
        collect_release(&c);
        files++;
    }
    fclose(index);
    assert_int_equal(files, 69);
}

/* As the index's "recover" says, but for malformed.xml: its third test is cut inside its own tag, so nobody
 * knows that it passed. */
static const struct {
    const char *file;
    int tests, failures, errors, skipped;
    bool incomplete;
} salvaged[] = {
    {"action-junit-report/TEST-test.CorruptTest.xml", 1, 1, 0, 0, true},
    {"doctest/minimal_junit.xml", 15, 9, 4, 0, false},
    {"publish-unit-test-result-action/corrupt-xml.xml", 2, 0, 0, 1, true},
    {"test-infra/malformed.xml", 2, 0, 0, 2, true},
};

static void test_salvage_takes_what_is_whole(void **state)
{
    (void)state;
    if (access(REPORTS "INDEX.tsv", R_OK) != 0)
        skip();
    for (size_t i = 0; i < ARRAY_SIZE(salvaged); i++) {
        _cleanup_free_ char *path = xasprintf(REPORTS "%s", salvaged[i].file);
        struct read_options options = {.salvage = true};
        struct collected c;
        collect_file(&c, path, &options);
        if (c.rc)
            fail_msg("%s: %s", salvaged[i].file, c.err.text);
        assert_count(salvaged[i].file, "tests", c.meta.counts.results, salvaged[i].tests);
        assert_count(salvaged[i].file, "failures", c.meta.counts.failed, salvaged[i].failures);
        assert_count(salvaged[i].file, "errors", c.meta.counts.error, salvaged[i].errors);
        assert_count(salvaged[i].file, "skipped", c.meta.counts.skipped, salvaged[i].skipped);
        assert_int_equal(c.meta.incomplete, salvaged[i].incomplete);
        assert_true(c.meta.warnings.count > 0);
        collect_release(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_report_reads_as_its_index_says),
        cmocka_unit_test(test_salvage_takes_what_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
