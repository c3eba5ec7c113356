/* Lists come to an end, whatever a site makes of pages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/buf.h"
#include "engine_site.h"

/* Results whose jobs are forgotten do not show, so the runs of their suite are looked at. */
static int forget_jobs(struct site *site, const struct request *request)
{
    (void)site;
    return strstr(request->path, "/queue-processing/") ? 404 : 0;
}

/* As old servers list them, without a total. */
static void put_runs(struct buf *list, int count)
{
    buf_putc(list, '[');
    for (int i = 0; i < count; i++)
        buf_printf(list, "%s{\"id\":%d}", i ? "," : "", 7000 + i);
    buf_putc(list, ']');
}

static bool asks_page(const struct sent *sent, const char *page)
{
    return strstr(sent->path, "/test-runs?") && strstr(sent->path, page);
}

static size_t count_pages(const struct site *site, const char *page)
{
    size_t count = 0;
    for (size_t i = 0; i < site->count; i++)
        count += asks_page(&site->sent[i], page);
    return count;
}

static void assert_ends_after(int runs, size_t pages)
{
    _cleanup_(buf_release) struct buf list = BUF_UNBOUNDED;
    put_runs(&list, runs);
    struct site *site = xcalloc(1, sizeof *site);
    *site = (struct site){.last_id = 100, .trouble = forget_jobs, .runs = buf_text(&list)};
    struct sync_outcome outcome;
    upload_to(site, 1, &outcome);
    assert_int_equal(outcome.counts.refused, 1);
    assert_true(count_pages(site, "page=1&") > 0);
    assert_int_equal(count_pages(site, "page=2&"), pages > 1 ? count_pages(site, "page=1&") : 0);
    assert_int_equal(count_pages(site, "page=3&"), 0);
    sync_outcome_release(&outcome);
    release(site);
    free(site);
}

static void test_list_of_a_site_that_does_not_page_ends(void **state)
{
    (void)state;
    assert_ends_after(7, 1);
    assert_ends_after(100, 2); /* perhaps only a page: the second is the same once more */
    assert_ends_after(999, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list_of_a_site_that_does_not_page_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
