/* Which executions the results of an upload are of, and a store of each. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/time.h"
#include "sync/executions.h"

#define HOUR_MS     INT64_C(3600000)
#define NONE        TIME_NONE
#define REPORTS     4
#define RESULTS_MAX 8

/* Each result is named by its number in the row, and has a duration of an hour. */
struct row {
    const char *ids[REPORTS]; /* NULL: the report names no execution */
    struct {
        uint32_t report;
        int64_t hour; /* of its start */
    } results[RESULTS_MAX];
    size_t count;
    const char *expected; /* executions between bars: results, and the reports that they have */
};

static const struct row rows[] = {
    /* one */
    {{NULL}, {{0, 1}, {0, 2}, {1, 3}}, 3, "0:0 1:0 2:1"},
    {{"a"}, {{0, 1}, {0, 20}}, 2, "0:0 1:0"},
    {{"a", "a"}, {{0, 1}, {1, 2}}, 2, "0:0 1:1"},
    {{NULL}, {{0, NONE}, {1, NONE}}, 2, "0:0 1:1"},
    {{NULL}, {{0, NONE}, {1, 5}}, 2, "0:0 1:1"},
    /* nobody names them: more than six hours from the end of one to the start of the next */
    {{NULL}, {{0, 40}, {0, 1}, {0, 8}, {0, 16}}, 4, "1:0 2:0|3:0|0:0"},
    {{NULL}, {{0, 25}, {1, 1}, {0, 26}, {2, 49}}, 4, "1:1|0:0 2:0|3:2"},
    /* one that runs long reaches the next */
    {{NULL}, {{0, 1}, {0, 8}, {0, 15}, {0, 22}}, 4, "0:0 1:0 2:0 3:0"},
    /* names */
    {{"a", "b"}, {{0, 5}, {1, 4}, {0, 6}}, 3, "1:1|0:0 2:0"},
    {{"a", "b", "a"}, {{2, 5}, {1, 4}, {0, 6}}, 3, "1:1|0:2 2:0"},
    {{"a", NULL}, {{0, 5}, {1, 4}, {1, 40}}, 3, "1:1|0:0|2:1"},
    {{"a", "b"}, {{0, 5}, {1, 5}}, 2, "0:0|1:1"},
    /* a name that is used every night */
    {{"a", "a"}, {{0, 0}, {0, 19}, {1, 20}, {1, 39}, {1, 40}}, 5, "0:0 1:0|2:1 3:1|4:1"},
    {{"a", "b"}, {{0, 0}, {1, 2}, {0, 24}}, 3, "0:0|1:1|2:0"},
    /* without a start: with the last of its own report, else with the last that it may be of */
    {{NULL}, {{0, NONE}, {0, 1}, {1, 30}, {1, NONE}, {2, NONE}}, 5, "0:0 1:0|2:1 3:1 4:2"},
    {{NULL}, {{0, NONE}, {0, 1}, {0, 30}}, 3, "1:0|0:0 2:0"},
    {{"a", "b"}, {{0, NONE}, {1, 3}, {1, NONE}}, 3, "1:1 2:1|0:0"},
    {{"a", NULL, NULL}, {{1, NONE}, {0, 3}, {2, NONE}}, 3, "1:0|0:1 2:2"},
};

static void add(struct store *store, uint32_t report, size_t number, int64_t hour)
{
    struct error err = ERROR_INIT;
    _cleanup_free_ char *name = xasprintf("%zu", number);
    const struct test_result result = {.name = name,
                                       .start_ms = hour == NONE ? NONE : hour * HOUR_MS,
                                       .end_ms = hour == NONE ? NONE : (hour + 1) * HOUR_MS,
                                       .duration_ms = HOUR_MS,
                                       .start_moved_ms = (int64_t)number};
    assert_int_equal(store_add(store, report, &result, &err), 0);
}

/* By what is read back, so that index and records fit together; a report by the name of its file. */
static char *told(const struct executions *executions)
{
    struct buf text = BUF_UNBOUNDED;
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < executions->count; i++) {
        const struct execution *item = &executions->items[i];
        buf_puts(&text, i ? "|" : "");
        for (size_t k = 0; k < item->store->count; k++) {
            struct record record = RECORD_INIT;
            const struct store_entry *entry = store_entry(item->store, k);
            assert_int_equal(store_read(item->store, k, &record, &err), 0);
            assert_true(entry->report < item->report_count);
            assert_true(entry->start_ms == record.result.start_ms);
            if (entry->start_ms != NONE)
                assert_int_equal(entry->start_ms - store_written_start(item->store, k),
                                 record.result.start_moved_ms);
            buf_printf(&text, "%s%s:%s", k ? " " : "", record.result.name,
                       item->reports[entry->report].meta->file);
            record_release(&record);
        }
    }
    return buf_take(&text);
}

static void divide(const struct row *row, size_t memory_bytes, char **ret)
{
    static char files[REPORTS][2] = {"0", "1", "2", "3"};
    struct report_meta metas[REPORTS];
    struct desired_report reports[REPORTS];
    struct store store;
    struct executions executions;
    struct error err = ERROR_INIT;
    store_init(&store, memory_bytes);
    for (size_t i = 0; i < REPORTS; i++) {
        metas[i] = (struct report_meta){.file = files[i]};
        reports[i] = (struct desired_report){.meta = &metas[i],
                                             .execution_id = (char *)(row->ids[i] ? row->ids[i] : files[i]),
                                             .named = row->ids[i] != NULL};
    }
    for (size_t i = 0; i < row->count; i++)
        add(&store, row->results[i].report, i, row->results[i].hour);
    assert_int_equal(executions_divide(&executions, &store, reports, REPORTS, &err), 0);
    *ret = told(&executions);
    if (executions.count == 1)
        assert_ptr_equal(executions.items[0].store, &store); /* nothing is copied */
    executions_release(&executions);
    store_release(&store);
}

static void test_executions(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
        const struct row *row = &rows[i / 2];
        _cleanup_free_ char *text = NULL;
        divide(row, i % 2 ? 1 : 1u << 20, &text); /* records in a file, or in memory */
        if (strcmp(text, row->expected) != 0)
            fail_msg("row %zu: %s instead of %s", i / 2, text, row->expected);
    }
}

static void test_which_is_an_earlier_run(void **state)
{
    (void)state;
    static const struct {
        int64_t hours[2][2];
        bool earlier;
    } table[] = {
        {{{0, 1}, {8, 9}}, true},         {{{0, 1}, {7, 9}}, false},        {{{0, 3}, {9, 9}}, false},
        {{{8, 9}, {0, 1}}, false},        {{{0, NONE}, {8, NONE}}, true},   {{{NONE, NONE}, {8, 9}}, false},
        {{{0, 1}, {NONE, NONE}}, false},
    };
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        struct store stores[2];
        for (size_t k = 0; k < 2; k++) {
            store_init(&stores[k], 1u << 20);
            add(&stores[k], 0, 0, table[i].hours[k][0]);
            add(&stores[k], 0, 1, table[i].hours[k][1]);
        }
        const struct execution items[] = {{.store = &stores[0]}, {.store = &stores[1]}};
        int64_t began_ms;
        bool earlier = execution_is_earlier(&items[0], &items[1], &began_ms);
        if (earlier != table[i].earlier || (earlier && began_ms != table[i].hours[0][0] * HOUR_MS))
            fail_msg("row %zu", i);
        store_release(&stores[0]);
        store_release(&stores[1]);
    }
}

static void test_nothing_is_one_execution_too(void **state)
{
    (void)state;
    struct store store;
    struct executions executions;
    struct error err = ERROR_INIT;
    store_init(&store, 1u << 20);
    assert_int_equal(executions_divide(&executions, &store, NULL, 0, &err), 0);
    assert_int_equal(executions.count, 1);
    assert_int_equal(executions.items[0].store->count, 0);
    executions_release(&executions);
    store_release(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_executions),
        cmocka_unit_test(test_which_is_an_earlier_run),
        cmocka_unit_test(test_nothing_is_one_execution_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
