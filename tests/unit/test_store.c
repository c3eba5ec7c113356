/* The result store: what goes in comes out, in memory and from the file, and nothing is left behind. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/time.h"
#include "report/store.h"

static struct test_result full_result(void)
{
    static const char *const folders[] = {"A", "B"};
    static const struct name_value inputs[] = {{"user", "x"}, {"empty", NULL}};
    static const struct attachment pictures[] = {{.name = "p.png", .base64 = "QUJD"}};
    static const struct test_step steps[] = {
        {.number = 1, .description = "Click", .timeout_ms = -1, .status = RESULT_FAILED, .inverted = true},
        {.number = 2,
         .description = "Type",
         .nested_path = "Login",
         .timeout_ms = 15000,
         .healed = true,
         .inputs = inputs,
         .input_count = 2,
         .attachments = pictures,
         .attachment_count = 1},
    };
    return (struct test_result){.folders = folders,
                                .folder_count = 2,
                                .name = "name",
                                .target = "Chrome 1",
                                .status = RESULT_FAILED,
                                .status_word = "timedOut",
                                .flaky = true,
                                .repeated = true,
                                .rerun_count = 3,
                                .start_ms = 1656970812940,
                                .end_ms = TIME_NONE,
                                .duration_ms = -5,
                                .times_altered = true,
                                .message = "",
                                .steps = steps,
                                .step_count = 2,
                                .line = 77};
}

static void assert_full(const struct test_result *r, const char *name)
{
    assert_string_equal(r->name, name);
    assert_int_equal(r->folder_count, 2);
    assert_string_equal(r->folders[1], "B");
    assert_string_equal(r->target, "Chrome 1");
    assert_int_equal(r->status, RESULT_FAILED);
    assert_string_equal(r->status_word, "timedOut");
    assert_true(r->flaky && r->repeated && !r->suite_error && !r->final_stated);
    assert_int_equal(r->rerun_count, 3);
    assert_true(r->start_ms == 1656970812940 && r->end_ms == TIME_NONE && r->duration_ms == -5);
    assert_true(r->times_altered);
    assert_string_equal(r->message, "");
    assert_null(r->details);
    assert_int_equal(r->step_count, 2);
    assert_true(r->steps[0].inverted && !r->steps[0].healed && r->steps[0].timeout_ms == -1);
    assert_string_equal(r->steps[1].nested_path, "Login");
    assert_string_equal(r->steps[1].inputs[0].value, "x");
    assert_null(r->steps[1].inputs[1].value);
    assert_string_equal(r->steps[1].attachments[0].base64, "QUJD");
    assert_int_equal(r->line, 77);
}

static void fill_and_check(size_t memory_max_bytes, size_t count)
{
    struct store store;
    struct error err = ERROR_INIT;
    struct record record = RECORD_INIT;
    store_init(&store, memory_max_bytes);
    for (size_t i = 0; i < count; i++) {
        _cleanup_free_ char *name = xasprintf("name %zu", i);
        struct test_result result = full_result();
        result.name = name;
        assert_int_equal(store_add(&store, (uint32_t)(i % 7), &result, &err), 0);
    }
    for (size_t k = 0; k < count; k++) {
        size_t i = k * 7919 % count; /* in any order */
        _cleanup_free_ char *name = xasprintf("name %zu", i);
        assert_int_equal(store_read(&store, i, &record, &err), 0);
        assert_full(&record.result, name);
        assert_int_equal(store_entry(&store, i)->report, i % 7);
    }
    record_release(&record);
    store_release(&store);
}

static void test_records_come_back_from_memory(void **state)
{
    (void)state;
    fill_and_check(1u << 20, 500);
}

static void test_records_come_back_from_the_file(void **state)
{
    (void)state;
    fill_and_check(1000, 5000);
}

static size_t count_files(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void test_the_file_has_no_name(void **state)
{
    (void)state;
    char folder[] = "/tmp/test-store-XXXXXX";
    assert_non_null(mkdtemp(folder));
    setenv("TMPDIR", folder, 1);
    struct store store;
    struct error err = ERROR_INIT;
    struct test_result result = full_result();
    store_init(&store, 1);
    assert_int_equal(store_add(&store, 0, &result, &err), 0);
    assert_true(store.fd >= 0);
    assert_int_equal(count_files(folder), 2);
    store_release(&store);
    assert_int_equal(rmdir(folder), 0);
}

static void test_a_missing_folder_is_told(void **state)
{
    (void)state;
    setenv("TMPDIR", "/nonexistent", 1);
    struct store store;
    struct error err = ERROR_INIT;
    struct test_result result = full_result();
    store_init(&store, 1);
    assert_int_equal(store_add(&store, 0, &result, &err), -ERR_IO);
    assert_non_null(strstr(err.text, "/nonexistent"));
    error_release(&err);
    store_release(&store);
    unsetenv("TMPDIR");
}

static void test_a_bad_report_is_forgotten(void **state)
{
    (void)state;
    const size_t limits[] = {1, 1u << 20};
    for (size_t k = 0; k < ARRAY_SIZE(limits); k++) {
        struct store store;
        struct error err = ERROR_INIT;
        struct record record = RECORD_INIT;
        struct test_result result = full_result();
        store_init(&store, limits[k]);
        result.name = "kept";
        store_add(&store, 0, &result, &err);
        result.name = "dropped";
        store_add(&store, 1, &result, &err);
        store_truncate(&store, 1);
        result.name = "added later";
        assert_int_equal(store_add(&store, 1, &result, &err), 0);
        assert_int_equal(store.count, 2);
        assert_int_equal(store_read(&store, 0, &record, &err), 0);
        assert_string_equal(record.result.name, "kept");
        assert_int_equal(store_read(&store, 1, &record, &err), 0);
        assert_string_equal(record.result.name, "added later");
        record_release(&record);
        store_release(&store);
    }
}

static void test_damaged_records_are_refused(void **state)
{
    (void)state;
    struct buf bytes = BUF_UNBOUNDED;
    struct record record = RECORD_INIT;
    struct test_result result = full_result();
    record_encode(&bytes, &result);
    for (size_t cut = 0; cut < bytes.length; cut++)
        assert_false(record_decode(&record, bytes.bytes, cut));
    for (size_t i = 0; i < bytes.length; i++) {
        char kept = bytes.bytes[i];
        bytes.bytes[i] = (char)0xFF; /* must not crash, whatever it says */
        record_decode(&record, bytes.bytes, bytes.length);
        bytes.bytes[i] = kept;
    }
    assert_true(record_decode(&record, bytes.bytes, bytes.length));
    record_release(&record);
    buf_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_come_back_from_memory),
        cmocka_unit_test(test_records_come_back_from_the_file),
        cmocka_unit_test(test_the_file_has_no_name),
        cmocka_unit_test(test_a_missing_folder_is_told),
        cmocka_unit_test(test_a_bad_report_is_forgotten),
        cmocka_unit_test(test_damaged_records_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
