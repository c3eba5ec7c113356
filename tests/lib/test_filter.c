/* Linked into every unit test: of its tests only those run that the pattern in TEST_FILTER fits, with "*" and
 * "?"; without it, all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

__attribute__((constructor)) static void filter_tests(void)
{
    cmocka_set_test_filter(getenv("TEST_FILTER"));
}
