/* The table of dialects in every form (report_forms.h). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "report_forms.h"
#include "report_table.h"

typedef void check_block(const char *name, const struct buf *xml, const struct read_options *options);

static void each_place(const char *name, const struct buf *xml, const struct read_options *options)
{
    check_pieces(name, xml, options, 1);
}

static void for_one_table(const char *path, check_block *check)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    struct table_block block;
    while (table_next(file, &block)) {
        if (block.report.length)
            check(block.title, &block.report, &block.options);
        table_release(&block);
    }
    fclose(file);
}

static void for_the_table(check_block *check)
{
    for (size_t i = 0; i < ARRAY_SIZE(junit_tables); i++)
        for_one_table(junit_tables[i], check);
}

static void test_forms_of_the_table(void **state)
{
    (void)state;
    for_the_table(check_forms);
}

static void test_pieces_of_the_table(void **state)
{
    (void)state;
    for_the_table(each_place);
}

static void test_suites_of_the_table_in_files_of_their_own(void **state)
{
    (void)state;
    for_the_table(check_split);
}

struct reading {
    const struct report_input *in;
    int64_t read_at_first;
};

static int note_place(void *self, const struct test_result *result, struct error *err)
{
    struct reading *reading = self;
    (void)result;
    (void)err;
    if (!reading->read_at_first)
        reading->read_at_first = reading->in->offset;
    return 0;
}

/* How much was read when the first result came. */
static int64_t read_at_first(const char *path, size_t piece_bytes)
{
    struct report_input in;
    struct error err = {0};
    struct report_meta meta = {0};
    struct reading reading = {.in = &in};
    struct read_options options = {.piece_bytes = piece_bytes};
    struct report_sink sink = {.self = &reading, .result = note_place};
    assert_int_equal(report_input_open(&in, path, &err), 0);
    assert_int_equal(report_read(&in, &options, &sink, &meta, &err), 0);
    report_input_close(&in);
    report_meta_release(&meta);
    return reading.read_at_first;
}

/* Else the pieces of the table would be none. */
static void test_pieces_are_as_small_as_is_asked(void **state)
{
    static const int size = 8000;
    char path[] = "/tmp/test-junit-forms-XXXXXX";
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(dprintf(fd, "<testsuite><testcase name=\"a\"/>%*s</testsuite>", size, "") > size);
    close(fd);
    int64_t in_pieces = read_at_first(path, PIECE_BYTES);
    int64_t at_once = read_at_first(path, 0);
    unlink(path);
    assert_in_range(in_pieces, PIECE_BYTES, 2 * PIECE_BYTES);
    assert_true(at_once > size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_of_the_table),
        cmocka_unit_test(test_pieces_of_the_table),
        cmocka_unit_test(test_suites_of_the_table_in_files_of_their_own),
        cmocka_unit_test(test_pieces_are_as_small_as_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
