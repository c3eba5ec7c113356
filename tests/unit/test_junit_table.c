/* The dialect catalogue, row by row: tests/corpus/junit-table.txt. With "--print" the program writes the
 * table with what the reader says now, for comparing by eye. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "report_table.h"

#define TABLE "tests/corpus/junit-table.txt"

static void tell_block(const struct table_block *block, struct buf *out)
{
    struct collected c;
    collect_bytes(&c, buf_text(&block->report), block->report.length, &block->options);
    table_tell(out, &c);
    collect_release(&c);
}

static void test_every_row_reads_as_the_table_says(void **state)
{
    (void)state;
    FILE *file = fopen(TABLE, "r");
    assert_non_null(file);
    struct table_block block;
    int blocks = 0;
    int wrong = 0;
    while (table_next(file, &block)) {
        struct buf told = BUF_UNBOUNDED;
        tell_block(&block, &told);
        if (!text_equal(buf_text(&told), buf_text(&block.expected))) {
            print_error("=== %s\nexpected:\n%sread:\n%s", block.title, buf_text(&block.expected),
                        buf_text(&told));
            wrong++;
        }
        blocks++;
        buf_release(&told);
        table_release(&block);
    }
    fclose(file);
    assert_int_equal(wrong, 0);
    assert_true(blocks > 90);
}

static int print_table(void)
{
    FILE *file = fopen(TABLE, "r");
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
    };
    if (argc > 1 && text_equal(argv[1], "--print"))
        return print_table();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
