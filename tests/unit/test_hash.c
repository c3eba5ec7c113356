/* The hash that every identity rests on: published vectors, and the field encoding, which can never
 * change. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/hash.h"

/* The first entries of the reference implementation's vectors_sip128 (key 00..0f, input 00, 01, ...). */
static void test_siphash128_published_vectors(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        const char *hex;
    } vectors[] = {
        {0, "a3817f04ba25a8e66df67214c7550293"},  {1, "da87c1d86b99af44347659119b22fc45"},
        {8, "3b62a9ba6258f5610f83e264f31497b4"},  {15, "5493e99933b0a8117e08ec0f97cfc3d9"},
        {63, "5150d1772f50834a503e069a973fbd7c"},
    };
    uint8_t key[16];
    uint8_t input[64];
    for (unsigned i = 0; i < 64; i++)
        input[i] = (uint8_t)i;
    memcpy(key, input, sizeof key);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct hash128 hash = siphash128(key, input, vectors[i].size);
        char hex[33];
        hash128_hex(&hash, hex);
        assert_string_equal(hex, vectors[i].hex);
    }
}

static void assert_fields(const char *first, const char *second, const char *expected)
{
    struct hasher h;
    hasher_init(&h, "test");
    hasher_text(&h, first);
    hasher_text(&h, second);
    struct hash128 hash = hasher_done(&h);
    char hex[33];
    hash128_hex(&hash, hex);
    assert_string_equal(hex, expected);
}

static void test_field_encoding_is_frozen(void **state)
{
    (void)state;
    assert_fields("a", "bc", "57f2e9dc95cc752d68f939bb5165ba41");
    assert_fields("ab", "c", "90ce01d47ebed49ba037481dd93dafef");
    assert_fields("abc", NULL, "7c6532377ed3dc3e5c647d7658a61a40");
    assert_fields("abc", "", "c03e97559ea1bb83379f67f6f7822f2f");
}

static void test_chunks_do_not_matter(void **state)
{
    (void)state;
    static const char text[] = "The quick brown fox jumps over the lazy dog";
    for (size_t step = 1; step < 12; step++) {
        struct hasher whole;
        struct hasher parts;
        hasher_init(&whole, "x");
        hasher_init(&parts, "x");
        hasher_raw(&whole, text, sizeof text);
        for (size_t at = 0; at < sizeof text; at += step)
            hasher_raw(&parts, text + at, sizeof text - at < step ? sizeof text - at : step);
        struct hash128 a = hasher_done(&whole);
        struct hash128 b = hasher_done(&parts);
        assert_memory_equal(&a, &b, sizeof a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_siphash128_published_vectors),
        cmocka_unit_test(test_field_encoding_is_frozen),
        cmocka_unit_test(test_chunks_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
