/* A spool with one entry, in a folder of its own. Included by one file a program, after cmocka.h. */
#ifndef TESTS_UNIT_SPOOL_ENTRY_H
#define TESTS_UNIT_SPOOL_ENTRY_H

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "sync/spool.h"

#define MADE_MS INT64_C(1656970812940)
#define DAY_MS  INT64_C(86400000)

struct spooled {
    char folder[32];
    char *name; /* of the only entry */
};

static void write_entry_for(const char *folder, int64_t wall_ms, char *project)
{
    struct store store;
    struct desired desired;
    struct error err = ERROR_INIT;
    struct report_meta meta = {.file = "r.xml", .format = FORMAT_JUNIT};
    const struct desired_report report = {.meta = &meta, .execution_id = "e1", .report_url = NULL};
    const struct desired_options options = {.job = "Nightly", .fallback_start_ms = 5};
    store_init(&store, 1u << 20);
    for (int i = 0; i < 3; i++) {
        _cleanup_free_ char *name = xasprintf("test %d", i);
        const struct test_result result = {
            .name = name, .start_ms = i, .end_ms = TIME_NONE, .duration_ms = TIME_NONE};
        assert_int_equal(store_add(&store, 0, &result, &err), 0);
    }
    assert_int_equal(desired_build(&desired, &store, &report, 1, &options, &err), 0);
    struct spool_facts facts = {.site = "https://x.example",
                                .project = project,
                                .named_project = "Web Shop",
                                .root_module = "TestProject",
                                .suite = "Smoke",
                                .build_number = "57",
                                .job = "Nightly",
                                .status_word = {"PASS", "FAIL", "FAIL", "SKIP"},
                                .repeats = REPEATS_SEND_LAST,
                                .older = 1,
                                .fallback_start_ms = 5};
    assert_int_equal(spool_write(folder, &facts, &desired, wall_ms, NULL, &err), 0);
    desired_release(&desired);
    store_release(&store);
}

static void write_entry_of(const char *folder, int64_t wall_ms)
{
    write_entry_for(folder, wall_ms, "77");
}

static void write_entry(const char *folder)
{
    write_entry_of(folder, MADE_MS);
}

static int make_spool(void **state)
{
    struct spooled *spooled = xcalloc(1, sizeof *spooled);
    struct spool_list list;
    struct error err = ERROR_INIT;
    strncpy(spooled->folder, "/tmp/test-spool-XXXXXX", sizeof spooled->folder - 1);
    assert_non_null(mkdtemp(spooled->folder));
    write_entry(spooled->folder);
    assert_int_equal(spool_list_read(spooled->folder, &list, &err), 0);
    assert_int_equal(list.names.count, 1);
    spooled->name = xstrdup(list.names.items[0]);
    spool_list_release(&list);
    *state = spooled;
    return 0;
}

static int remove_spool(void **state)
{
    struct spooled *spooled = *state;
    _cleanup_free_ char *command = xasprintf("rm -r %s", spooled->folder);
    assert_int_equal(system(command), 0);
    free(spooled->name);
    free(spooled);
    return 0;
}

#endif
