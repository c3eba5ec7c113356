/* The real reports in every form (tests/unit/report_forms.h). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "report_forms.h"

#define REPORTS "../shared/corpus/junit/"

typedef void check_report(const char *name, const struct buf *xml, const struct read_options *options);

/* An odd one, so that the ends do not fall on like places of a report with lines of one length. */
static void some_places(const char *name, const struct buf *xml, const struct read_options *options)
{
    check_pieces(name, xml, options, 7);
}

static void read_whole(const char *name, struct buf *ret)
{
    static const size_t room = 65536;
    _cleanup_free_ char *path = xasprintf(REPORTS "%s", name);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s is in the index, but cannot be opened", path);
    for (size_t got = 1; got > 0;) {
        got = fread(buf_reserve(ret, room), 1, room, file);
        buf_advance(ret, got);
    }
    fclose(file);
}

static void for_the_reports(check_report *check)
{
    char name[300];
    FILE *index = fopen(REPORTS "INDEX.tsv", "r");
    if (!index)
        skip();
    while (fscanf(index, "%299[^\t]%*[^\n] ", name) == 1) {
        struct buf xml = BUF_UNBOUNDED;
        struct read_options options = {0};
        if (!text_equal(name, "file"))
            read_whole(name, &xml);
        if (xml.length)
            check(name, &xml, &options);
        buf_release(&xml);
    }
    fclose(index);
}

static void test_forms_of_real_reports(void **state)
{
    (void)state;
    for_the_reports(check_forms);
}

static void test_pieces_of_real_reports(void **state)
{
    (void)state;
    for_the_reports(some_places);
}

static void test_suites_of_real_reports_in_files_of_their_own(void **state)
{
    (void)state;
    for_the_reports(check_split);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_of_real_reports),
        cmocka_unit_test(test_pieces_of_real_reports),
        cmocka_unit_test(test_suites_of_real_reports_in_files_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
