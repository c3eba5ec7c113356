/* The input of a report: peeking and reading agree, and the file hash does not depend on the pieces. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "report/file_hash.h"
#include "report/input.h"

#define SAMPLE_BYTES 10000

static void fill_sample(char *bytes)
{
    for (int i = 0; i < SAMPLE_BYTES; i++)
        bytes[i] = (char)(i * 7 + i / 256);
}

/* A readable descriptor of a temporary file that holds the bytes. */
static int file_with(const char *bytes, size_t size)
{
    char path[] = "/tmp/qtest-input-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

static void assert_hash(size_t size, const char *hex)
{
    char bytes[SAMPLE_BYTES];
    fill_sample(bytes);
    struct file_hasher h;
    file_hasher_init(&h);
    file_hasher_add(&h, bytes, size);
    struct hash128 hash = file_hasher_done(&h);
    char text[33];
    hash128_hex(&hash, text);
    assert_string_equal(text, hex);
}

/* Frozen: a changed vector would make every known execution a new one. */
static void test_file_hash_vectors(void **state)
{
    (void)state;
    assert_hash(0, "59d28997c74778b7799e740297b514bc");
    assert_hash(1, "6062570d1bebd2534d7dd271b91fbd36");
    assert_hash(31, "8c3a074f1f8b0237401601c0d883bdea");
    assert_hash(32, "e00aee5fec25061d4994d617cfe0657b");
    assert_hash(33, "57cf902123d8b4ec0bfc2e4307a813ec");
    assert_hash(10000, "81dbd7a80842b004e7147edf1e0a72e0");
}

/* The definition, written a second time with the plain stream: words picked one by one. */
static void test_file_hash_is_what_its_header_says(void **state)
{
    (void)state;
    char bytes[SAMPLE_BYTES];
    fill_sample(bytes);
    size_t size = 1234;
    struct hasher whole;
    hasher_init(&whole, "file");
    for (int lane = 0; lane < 4; lane++) {
        struct hasher h;
        hasher_init(&h, "filelane");
        hasher_number(&h, lane);
        for (size_t stripe = 0; stripe < size / 32; stripe++)
            hasher_raw(&h, bytes + stripe * 32 + (size_t)lane * 8, 8);
        struct hash128 hash = hasher_done(&h);
        hasher_field(&whole, hash.bytes, 16);
    }
    hasher_field(&whole, bytes + size / 32 * 32, size % 32);
    hasher_number(&whole, (int64_t)size);
    struct hash128 expected = hasher_done(&whole);
    for (int round = 0; round < 2; round++) {
        struct file_hasher h;
        file_hasher_init(&h);
        h.wide = h.wide && round == 0; /* both ways where there are two */
        file_hasher_add(&h, bytes, size);
        struct hash128 hash = file_hasher_done(&h);
        assert_memory_equal(&hash, &expected, sizeof hash);
    }
}

static void test_file_hash_does_not_depend_on_the_pieces(void **state)
{
    (void)state;
    char bytes[SAMPLE_BYTES];
    fill_sample(bytes);
    struct file_hasher whole;
    file_hasher_init(&whole);
    file_hasher_add(&whole, bytes, SAMPLE_BYTES);
    struct hash128 expected = file_hasher_done(&whole);
    for (size_t piece = 1; piece < 100; piece++) {
        struct file_hasher h;
        file_hasher_init(&h);
        for (size_t at = 0; at < SAMPLE_BYTES; at += piece)
            file_hasher_add(&h, bytes + at, SAMPLE_BYTES - at < piece ? SAMPLE_BYTES - at : piece);
        struct hash128 hash = file_hasher_done(&h);
        assert_memory_equal(&hash, &expected, sizeof hash);
    }
}

static size_t read_all(struct report_input *in, char *room, size_t piece)
{
    size_t total = 0;
    ssize_t got;
    while ((got = report_input_read(in, room + total, piece, NULL)) > 0)
        total += (size_t)got;
    assert_int_equal(got, 0);
    return total;
}

static void test_peeked_bytes_are_read_again(void **state)
{
    (void)state;
    char bytes[SAMPLE_BYTES];
    fill_sample(bytes);
    int fd = file_with(bytes, SAMPLE_BYTES);
    struct report_input in;
    report_input_from_fd(&in, fd, "sample");
    size_t size;
    const char *seen = report_input_peek(&in, &size, NULL);
    assert_int_equal(size, REPORT_PEEK_BYTES);
    assert_memory_equal(seen, bytes, size);
    assert_int_equal(in.offset, 0);
    char room[SAMPLE_BYTES + 100];
    assert_int_equal(read_all(&in, room, 100), SAMPLE_BYTES);
    assert_memory_equal(room, bytes, SAMPLE_BYTES);
    assert_int_equal(in.offset, SAMPLE_BYTES);
    struct file_hasher h;
    file_hasher_init(&h);
    file_hasher_add(&h, bytes, SAMPLE_BYTES);
    struct hash128 expected = file_hasher_done(&h);
    struct hash128 hash = report_input_hash(&in);
    assert_memory_equal(&hash, &expected, sizeof hash);
    report_input_close(&in);
    close(fd); /* still the test's own */
}

static void test_bytes_are_the_same_without_the_hash(void **state)
{
    (void)state;
    static const struct hash128 none = {{0}};
    char sample[SAMPLE_BYTES];
    char read[SAMPLE_BYTES];
    struct error err = ERROR_INIT;
    struct report_input in;
    fill_sample(sample);
    report_input_from_fd(&in, file_with(sample, sizeof sample), "r.xml");
    report_input_skip_hash(&in);
    assert_int_equal(report_input_read(&in, read, sizeof read, &err), sizeof sample);
    assert_memory_equal(read, sample, sizeof sample);
    struct hash128 hash = report_input_hash(&in);
    assert_memory_equal(&hash, &none, sizeof none);
    close(in.fd);
    report_input_close(&in);
}

static void test_peek_waits_for_a_slow_pipe(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "<a", 2), 2);
    assert_int_equal(write(ends[1], "/>", 2), 2);
    close(ends[1]);
    struct report_input in;
    report_input_from_fd(&in, ends[0], "-");
    size_t size;
    const char *seen = report_input_peek(&in, &size, NULL);
    assert_int_equal(size, 4);
    assert_memory_equal(seen, "<a/>", 4);
    assert_string_equal(report_input_label(&in), "standard input");
    report_input_close(&in);
    close(ends[0]);
}

static void test_missing_file_and_folder_are_named(void **state)
{
    (void)state;
    struct report_input in;
    struct error err = ERROR_INIT;
    assert_int_equal(report_input_open(&in, "/nonexistent/report.xml", &err), -ERR_IO);
    assert_string_equal(err.text, "cannot open '/nonexistent/report.xml': No such file or directory");
    assert_int_equal(report_input_open(&in, "/tmp", &err), -ERR_IO);
    assert_string_equal(err.text, "cannot open '/tmp': it is a folder, not a report");
    assert_int_equal(in.fd, -1);
    report_input_close(&in);
    error_release(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_hash_vectors),
        cmocka_unit_test(test_file_hash_is_what_its_header_says),
        cmocka_unit_test(test_file_hash_does_not_depend_on_the_pieces),
        cmocka_unit_test(test_peeked_bytes_are_read_again),
        cmocka_unit_test(test_bytes_are_the_same_without_the_hash),
        cmocka_unit_test(test_peek_waits_for_a_slow_pipe),
        cmocka_unit_test(test_missing_file_and_folder_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
