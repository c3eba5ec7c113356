/* Any bytes at all through the JUnit reader. What must hold whatever comes in: no crash, an error with a
 * sentence or a model that keeps its promises (report/model.h), counts that add up, and the same model
 * wherever the ends of the pieces fall that the parser is fed with.
 *
 * The last byte, from 0xF0 up, gives the options: 1 salvage, 2 unfinished; with 4 and 8, read a second time
 * behind so many blanks that the byte before it says where the first piece ends. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "report/bad_byte.h"
#include "report/input.h"
#include "report/reader.h"

#define PIECE_BYTES 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
    struct hasher model; /* of everything that was handed on */
    int64_t results;
    int64_t suite_errors;
    int64_t repeated;
    int rc;
};

static void require(int good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

static void require_text(struct reading *reading, const char *text)
{
    hasher_text(&reading->model, text);
    if (!text)
        return;
    unsigned char byte;
    require(utf8_valid(text, strlen(text)), "texts are UTF-8");
    require(!bad_byte_find(text, strlen(text), &byte), "no marks of bad bytes");
    for (; *text; text++)
        require((unsigned char)*text >= ' ' || *text == '\t' || *text == '\n', "no control characters");
}

static void require_lists(struct reading *reading, const struct test_result *result)
{
    for (size_t i = 0; i < result->step_count; i++) {
        const struct test_step *step = &result->steps[i];
        require(step->description != NULL, "steps have texts");
        require(step->number == (int64_t)i + 1, "steps are numbered");
        require(step->status <= RESULT_SKIPPED, "steps have a status");
        hasher_number(&reading->model, step->status);
        require_text(reading, step->description);
    }
    for (size_t i = 0; i < result->attachment_count; i++) {
        const struct attachment *attachment = &result->attachments[i];
        require(!attachment->path != !attachment->base64, "one of path and base64");
        require(attachment->name && *attachment->name, "attachments have names");
        require_text(reading, attachment->path);
        require_text(reading, attachment->base64);
        require_text(reading, attachment->content_type);
    }
    for (size_t i = 0; i < result->requirement_count; i++)
        require_text(reading, result->requirements[i]);
}

static int check_result(void *self, const struct test_result *result, struct error *err)
{
    struct reading *reading = self;
    (void)err;
    reading->results += !result->suite_error;
    reading->repeated += result->repeated;
    reading->suite_errors += result->suite_error;
    require(result->name && *result->name, "results have names");
    require(result->status <= RESULT_SKIPPED, "results have a status");
    require(!result->class_name || !result->suite_name, "one of class and suite");
    require(result->start_ms == TIME_NONE || result->end_ms == TIME_NONE ||
                result->end_ms >= result->start_ms,
            "no end before the start");
    require(result->duration_ms == TIME_NONE || result->duration_ms >= 0, "no negative duration");
    const int64_t numbers[] = {result->status,   result->flaky,  result->suite_error, result->rerun_count,
                               result->start_ms, result->end_ms, result->duration_ms, result->line};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        hasher_number(&reading->model, numbers[i]);
    const char *const texts[] = {result->class_name, result->suite_name, result->name,
                                 result->target,     result->message,    result->details};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        require_text(reading, texts[i]);
    require_lists(reading, result);
    return 0;
}

static void require_meta(struct reading *reading, const struct report_meta *meta)
{
    const struct report_counts *c = &meta->counts;
    require(c->results == reading->results, "every result is counted");
    require(c->suite_errors == reading->suite_errors, "every suite error is counted");
    require(c->repeated == reading->repeated, "every repeated result is marked before it is handed on");
    require(c->repeated < c->results || c->results == 0, "the first of a test is never repeated");
    require(c->results == c->passed + c->failed + c->error + c->skipped, "the sum");
    require_text(reading, meta->job_name);
    struct reading unused = {0};
    for (size_t i = 0; i < meta->warnings.count; i++)
        require_text(&unused, meta->warnings.items[i]);
    for (size_t i = 0; i < meta->unknown.count; i++)
        require_text(&unused, meta->unknown.items[i]);
}

static void read_fd(struct reading *reading, int fd, const struct read_options *options)
{
    struct report_sink sink = {.self = reading, .result = check_result};
    struct report_meta meta = REPORT_META_INIT;
    struct error err = ERROR_INIT;
    struct report_input in;
    hasher_init(&reading->model, "fuzz");
    lseek(fd, 0, SEEK_SET);
    report_input_from_fd(&in, fd, "fuzz.xml");
    reading->rc = junit_read(&in, options, &sink, &meta, &err);
    require((reading->rc == 0) == (err.code == ERR_NONE), "an error has a code");
    require(reading->rc == 0 || (err.text && *err.text), "an error has a sentence");
    require(reading->rc || reading->results + reading->suite_errors > 0, "no success without a result");
    struct reading unused = {0};
    require_text(&unused, err.text);
    require_meta(reading, &meta);
    report_input_close(&in);
    report_meta_release(&meta);
    error_release(&err);
}

static int fd_with(const uint8_t *data, size_t size, size_t blanks)
{
    static int fd = -1;
    static char padding[PIECE_BYTES];
    if (fd < 0) {
        fd = memfd_create("fuzz", MFD_CLOEXEC);
        memset(padding, ' ', sizeof padding);
    }
    if (ftruncate(fd, 0) != 0 || pwrite(fd, padding, blanks, 0) != (ssize_t)blanks ||
        pwrite(fd, data, size, (off_t)blanks) != (ssize_t)size)
        abort();
    return fd;
}

/* Blanks before the report change nothing, unless its encoding is found from its first bytes. One input in
 * eight, since 64 KiB of blanks take longer than all the rest. */
static int may_be_padded(const uint8_t *data, size_t size)
{
    return size > 1 && data[size / 2] % 8 == 0 && size < PIECE_BYTES && data[0] == '<' && data[1] != 0 &&
           !memmem(data, size, "encoding", strlen("encoding"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned bits = size > 0 && data[size - 1] >= 0xF0 ? data[size - 1] & 15U : 0;
    struct read_options options = {
        .salvage = bits & 1, .unfinished_as_skipped = bits & 2, .now_ms = INT64_C(1782907200000)};
    struct reading plain = {0};
    struct reading padded = {0};
    size -= size > 0 && data[size - 1] >= 0xF0;
    read_fd(&plain, fd_with(data, size, 0), &options);
    if (bits < 12 || !may_be_padded(data, size))
        return 0;
    size_t inside = data[size - 1] % size;
    read_fd(&padded, fd_with(data, size, PIECE_BYTES - inside), &options);
    struct hash128 a = hasher_done(&plain.model);
    struct hash128 b = hasher_done(&padded.model);
    require(plain.rc == padded.rc && plain.results == padded.results, "the same result in other pieces");
    require(memcmp(&a, &b, sizeof a) == 0, "the same model in other pieces");
    return 0;
}
