/* Any bytes at all through the TestProject reader, from memory in pieces whose size the first byte
 * says, with the options of its bits. What must hold whatever comes in: no crash, an error with a
 * sentence or a model that keeps its promises (report/model.h), and the counts add up. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"
#include "report/bad_byte.h"
#include "report/input.h"
#include "report/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

static void require_text(const char *text)
{
    if (!text)
        return;
    unsigned char byte;
    require(utf8_valid(text, strlen(text)), "texts are UTF-8");
    require(!bad_byte_find(text, strlen(text), &byte), "no marks of bad bytes");
    for (; *text; text++)
        require((unsigned char)*text >= ' ' || *text == '\t' || *text == '\n', "no control characters");
}

static void require_pairs(const struct name_value *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        require(pairs[i].name != NULL, "pairs have names");
        require_text(pairs[i].name);
        require_text(pairs[i].value);
    }
}

static void require_attachments(const struct attachment *attachments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        require(!attachments[i].path != !attachments[i].base64, "one of path and base64");
        require_text(attachments[i].name);
        require_text(attachments[i].base64);
    }
}

static void require_step(const struct test_step *step)
{
    require(step->description != NULL, "steps have texts");
    require(step->status <= RESULT_SKIPPED, "steps have a status");
    require(step->timeout_ms >= -1, "timeouts are not negative");
    require_text(step->nested_path);
    require_text(step->description);
    require_text(step->design_description);
    require_text(step->element);
    require_text(step->comment);
    require_text(step->expected);
    require_text(step->message);
    require_text(step->failure_behavior);
    require_text(step->screenshot_setting);
    require_pairs(step->inputs, step->input_count);
    require_pairs(step->outputs, step->output_count);
    require_attachments(step->attachments, step->attachment_count);
}

static int check_result(void *self, const struct test_result *result, struct error *err)
{
    (void)err;
    ++*(int64_t *)self;
    require(result->name && *result->name, "results have names");
    require(result->status <= RESULT_SKIPPED, "results have a status");
    require(result->line >= 1, "results have lines");
    require(result->start_ms == TIME_NONE || result->end_ms == TIME_NONE ||
                result->end_ms >= result->start_ms,
            "no end before the start");
    require(result->duration_ms == TIME_NONE || result->duration_ms >= 0, "no negative duration");
    const char *const texts[] = {result->test_id,     result->name,        result->target,
                                 result->message,     result->details,     result->failed_steps,
                                 result->description, result->application, result->iteration_label};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        require_text(texts[i]);
    for (size_t i = 0; i < result->folder_count; i++)
        require_text(result->folders[i]);
    for (size_t i = 0; i < result->step_count; i++)
        require_step(&result->steps[i]);
    require_attachments(result->attachments, result->attachment_count);
    return 0;
}

static void require_meta(const struct report_meta *meta, int64_t handed_on)
{
    const struct report_counts *counts = &meta->counts;
    require(counts->results == handed_on, "every result is counted");
    require(counts->results == counts->passed + counts->failed + counts->error + counts->skipped, "the sum");
    const char *const texts[] = {meta->job_name,   meta->job_id, meta->project_name, meta->execution_id,
                                 meta->report_url, meta->agent,  meta->trigger,      meta->platform};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        require_text(texts[i]);
    const struct text_list *const lists[] = {&meta->tags, &meta->warnings, &meta->unknown};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t k = 0; k < lists[i]->count; k++)
            require_text(lists[i]->items[k]);
}

/* Each report that begins with other options than none says so in its first byte, above ASCII. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    unsigned bits = size > 0 && data[0] >= 0xF8 ? *data : 0;
    struct read_options options = {
        .strict = (bits & 3) == 1,
        .salvage = (bits & 3) == 2,
        .unfinished_as_skipped = bits & 4,
        .target = (bits & 3) == 3 ? "Chrome 1" : NULL,
        .now_ms = INT64_C(1782907200000), /* July 2026 */
    };
    if (bits) {
        data++;
        size--;
    }
    if (fd < 0)
        fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        return 0;
    int64_t handed_on = 0;
    struct report_sink sink = {.self = &handed_on, .result = check_result};
    struct report_meta meta = REPORT_META_INIT;
    struct error err = ERROR_INIT;
    struct report_input in;
    report_input_from_fd(&in, fd, "fuzz.json");
    int rc = testproject_read(&in, &options, &sink, &meta, &err);
    require((rc == 0) == (err.code == ERR_NONE), "an error has a sentence");
    require(rc < 0 || meta.counts.results > 0, "no success without a result");
    if (rc < 0) {
        require(err.text && *err.text, "an error has a sentence");
        require_text(err.text);
    }
    require_meta(&meta, handed_on);
    report_input_close(&in);
    report_meta_release(&meta);
    error_release(&err);
    return 0;
}
