/* docs/formats.md 3, row by row: tests/corpus/junit-table.txt, junit-writers.txt and
 * junit-targets.txt; and what is said of reports that are no XML: junit-damage.txt. With "--print TABLE" the
 * program writes the table with what the reader says now, for comparing by eye. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "report_table.h"

static void tell_block(const struct table_block *block, struct buf *out)
{
    struct collected c;
    collect_bytes(&c, buf_text(&block->report), block->report.length, &block->options);
    table_tell(out, &c);
    collect_release(&c);
}

/* Returns how many blocks read otherwise than the table says. */
static int check_table(const char *path, int *ret_blocks)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    struct table_block block;
    int wrong = 0;
    for (*ret_blocks = 0; table_next(file, &block); (*ret_blocks)++) {
        struct buf told = BUF_UNBOUNDED;
        tell_block(&block, &told);
        if (!text_equal(buf_text(&told), buf_text(&block.expected))) {
            print_error("=== %s\nexpected:\n%sread:\n%s", block.title, buf_text(&block.expected),
                        buf_text(&told));
            wrong++;
        }
        buf_release(&told);
        table_release(&block);
    }
    fclose(file);
    return wrong;
}

static void test_every_row_reads_as_the_table_says(void **state)
{
    (void)state;
    int blocks;
    assert_int_equal(check_table(junit_tables[0], &blocks), 0);
    assert_true(blocks > 120);
}

static void test_every_writers_report_reads_as_the_table_says(void **state)
{
    (void)state;
    int blocks;
    assert_int_equal(check_table(junit_tables[1], &blocks), 0);
    assert_true(blocks >= 25); /* the rows of docs/formats.md 3.7 */
}

static void test_every_target_is_found_where_the_table_says(void **state)
{
    (void)state;
    int blocks;
    assert_int_equal(check_table(junit_tables[2], &blocks), 0);
    assert_true(blocks >= 25);
}

static void test_every_damage_is_told_as_the_table_says(void **state)
{
    (void)state;
    int blocks;
    assert_int_equal(check_table("tests/corpus/junit-damage.txt", &blocks), 0);
    assert_true(blocks > 120);
}

static int print_table(const char *path)
{
    FILE *file = fopen(path, "r");
    struct table_block block;
    if (!file)
        return 1;
    while (table_next(file, &block)) {
        struct buf told = BUF_UNBOUNDED;
        tell_block(&block, &told);
        printf("=== %s\n%s\n---\n%s\n", block.title, buf_text(&block.report), buf_text(&told));
        buf_release(&told);
        table_release(&block);
    }
    fclose(file);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_reads_as_the_table_says),
        cmocka_unit_test(test_every_writers_report_reads_as_the_table_says),
        cmocka_unit_test(test_every_target_is_found_where_the_table_says),
        cmocka_unit_test(test_every_damage_is_told_as_the_table_says),
    };
    if (argc > 2 && text_equal(argv[1], "--print"))
        return print_table(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
