/* Places are made once, whatever name the site shows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine_site.h"

static int created(const struct site *site, const char *path)
{
    int count = 0;
    for (size_t i = 0; i < site->count; i++)
        count += site->sent[i].method == HTTP_POST && strstr(site->sent[i].path, path) != NULL;
    return count;
}

static void test_modules_shown_with_another_name_are_made_once(void **state)
{
    (void)state;
    struct site *site = xcalloc(1, sizeof *site);
    site->renames_modules = true;
    struct sync_outcome outcome;
    upload_to(site, 3, &outcome);
    assert_int_equal(created(site, "/modules"), 1 + 3);
    assert_int_equal(outcome.counts.confirmed, 3);
    sync_outcome_release(&outcome);
    release(site);
    free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modules_shown_with_another_name_are_made_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
