/* Automation contents after the user's own pattern: what a pattern may be, and which tests it must tell
 * apart. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "report/store.h"
#include "sync/content_template.h"
#include "sync/contents.h"

static void test_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *part; /* NULL: taken */
    } rows[] = {
        {"{classname}#{name}", NULL},
        {"{name}", NULL},
        {"{id}", NULL},
        {"{folder}/{name} (%s) #1 <\xC3\xA4>", NULL},
        {"{suite}{classname}{name}", NULL},
        {"{clasname}#{test}", "holds '{clasname}', which is no placeholder"},
        {"{classname}#{test}", "holds '{test}'"},
        {"{ClassName}", "holds '{ClassName}'"},
        {"{ name }", "holds '{ name }'"},
        {"{}", "holds '{}'"},
        {"{{name}}", "holds '{{name}'"},
        {"${name}}", "a '}' without its '{'"},
        {"{", "a '{' without its '}'"},
        {"}", "a '}' without its '{'"},
        {"{name}{", "a '{' without its '}'"},
        {"{name", "a '{' without its '}'"},
        {"name}", "a '}' without its '{'"},
        {"fixed", "has no placeholder"},
        {"%s", "has no placeholder"},
        {"[name]", "has no placeholder"},
        {"$name", "has no placeholder"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct error err = ERROR_INIT;
        int result = content_template_check(rows[i].pattern, "--automation-content", &err);
        if (result != (rows[i].part ? -ERR_USAGE : 0) || (rows[i].part && !strstr(err.text, rows[i].part)))
            fail_msg("%s: %s", rows[i].pattern, err.text ? err.text : "taken");
        if (err.text)
            assert_non_null(strstr(err.text, "{classname}, {name}, {id}, {folder}, {suite}"));
        error_release(&err);
    }
}

#define IN_FOLDERS(...) .folders = (const char *const[]){__VA_ARGS__}, .folder_count = 2

struct upload {
    const char *pattern;
    struct test_result tests[3];
    const char *told; /* NULL: taken */
};

static void test_different_tests_need_different_contents(void **state)
{
    (void)state;
    const struct upload uploads[] = {
        {"{name}", {{.name = "one", .class_name = "a.A"}, {.name = "two", .class_name = "a.A"}}, NULL},
        {"{name}",
         {{.name = "one", .class_name = "a.A"}, {.name = "one", .class_name = "b.B"}},
         "--automation-content '{name}' makes the tests 'a.A#one' and 'b.B#one' one test case, with the "
         "content "
         "'one'; add {classname} to it"},
        {"{name}",
         {{.name = "one", .suite_name = "S"}, {.name = "one", .suite_name = "T"}},
         "'S#one' and 'T#one'"},
        {"{classname}",
         {{.name = "one", .class_name = "a.A"}, {.name = "two", .class_name = "a.A"}},
         "'a.A#one' and 'a.A#two' one test case, with the content 'a.A'; add {name} to it"},
        {"{suite}:{name}",
         {{.name = "one", .class_name = "a.A"}, {.name = "one", .class_name = "b.B"}},
         "with the content ':one'; add {classname} to it"},
        {"{name}",
         {{.name = "pay", IN_FOLDERS("Shop", "Till")}, {.name = "pay", IN_FOLDERS("Shop", "Web")}},
         "'Shop/Till/pay' and 'Shop/Web/pay' one test case, with the content 'pay'; add {folder} to it"},
        {"{name}",
         {{.name = "pay", .test_id = "T-1"}, {.name = "pay", .test_id = "T-2"}},
         "'pay (T-1)' and 'pay (T-2)' one test case, with the content 'pay'; add {id} to it"},
        {"{classname}{name}",
         {{.name = "bc", .class_name = "a"}, {.name = "c", .class_name = "ab"}},
         "with the content 'abc'; use a pattern that tells them apart"},
        /* the same test again, also by its id alone */
        {"{name}", {{.name = "one", .class_name = "a.A"}, {.name = "one", .class_name = "a.A"}}, NULL},
        {"{id}", {{.name = "one", .test_id = "T-1"}, {.name = "renamed", .test_id = "T-1"}}, NULL},
        {"{name}",
         {{.name = "one", .class_name = "a.A"},
          {.name = "one", .class_name = "a.A", .target = "Chrome"},
          {.name = "one", .class_name = "c.C"}},
         "'a.A#one' and 'c.C#one'"},
        {"{id}",
         {{.name = "one", .test_id = "T-1"}, {.name = "two", .class_name = "a.A"}},
         "the test 'a.A#two' has nothing of what --automation-content '{id}' asks for"},
        {"{folder}#{suite}",
         {{.name = "two", .class_name = "a.A"}},
         "the test 'a.A#two' has nothing of what"},
        {NULL, {{.name = "one", .class_name = "a.A"}, {.name = "one", .class_name = "b.B"}}, NULL},
    };
    for (size_t i = 0; i < ARRAY_SIZE(uploads); i++) {
        const struct upload *upload = &uploads[i];
        struct store store;
        struct error err = ERROR_INIT;
        store_init(&store, 1u << 20);
        for (size_t k = 0; k < ARRAY_SIZE(upload->tests) && upload->tests[k].name; k++) {
            struct test_result result = upload->tests[k];
            result.start_ms = (int64_t)k * 1000;
            result.end_ms = result.duration_ms = TIME_NONE;
            assert_int_equal(store_add(&store, 0, &result, &err), 0);
        }
        int result = contents_check(&store, upload->pattern, &err);
        if (result != (upload->told ? -ERR_USAGE : 0) || (upload->told && !strstr(err.text, upload->told)))
            fail_msg("row %zu: %s", i, err.text ? err.text : "taken");
        error_release(&err);
        store_release(&store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_different_tests_need_different_contents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
