#include "report/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

/* Zigzag and base 128: small numbers of either sign take one byte. */
static void put_integer(struct buf *out, int64_t value)
{
    uint64_t rest = (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
    for (; rest >= 0x80; rest >>= 7)
        buf_putc(out, (char)(unsigned char)(rest | 0x80));
    buf_putc(out, (char)rest);
}

static void put_text(struct buf *out, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    put_integer(out, text ? (int64_t)length + 1 : 0);
    if (text)
        buf_put(out, text, length + 1);
}

static void put_attachments(struct buf *out, const struct attachment *list, size_t count)
{
    put_integer(out, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        put_text(out, list[i].name);
        put_text(out, list[i].content_type);
        put_text(out, list[i].path);
        put_text(out, list[i].base64);
    }
}

static void put_pairs(struct buf *out, const struct name_value *list, size_t count)
{
    put_integer(out, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        put_text(out, list[i].name);
        put_text(out, list[i].value);
    }
}

static void put_texts(struct buf *out, const char *const *list, size_t count)
{
    put_integer(out, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        put_text(out, list[i]);
}

static void put_step(struct buf *out, const struct test_step *step)
{
    put_integer(out, step->number);
    put_text(out, step->nested_path);
    put_text(out, step->description);
    put_text(out, step->design_description);
    put_text(out, step->element);
    put_text(out, step->comment);
    put_text(out, step->expected);
    put_text(out, step->message);
    put_text(out, step->failure_behavior);
    put_text(out, step->screenshot_setting);
    put_integer(out, step->timeout_ms);
    put_integer(out, (int64_t)step->status);
    put_integer(out, step->inverted | step->healed << 1);
    put_pairs(out, step->inputs, step->input_count);
    put_pairs(out, step->outputs, step->output_count);
    put_attachments(out, step->attachments, step->attachment_count);
}

static int64_t result_flags(const struct test_result *r)
{
    return r->flaky | r->suite_error << 1 | r->final_stated << 2 | r->repeated << 3 |
           r->start_without_zone << 4 | (r->status_word != NULL) << 5 | r->times_altered << 6;
}

void record_encode(struct buf *out, const struct test_result *r)
{
    put_text(out, r->test_id);
    put_texts(out, r->folders, r->folder_count);
    put_text(out, r->class_name);
    put_text(out, r->suite_name);
    put_text(out, r->name);
    put_text(out, r->target);
    put_integer(out, (int64_t)r->status);
    put_integer(out, result_flags(r));
    put_integer(out, r->rerun_count);
    put_integer(out, r->iteration);
    put_text(out, r->iteration_label);
    put_integer(out, r->start_ms);
    put_integer(out, r->end_ms);
    put_integer(out, r->duration_ms);
    put_integer(out, r->start_moved_ms);
    put_text(out, r->message);
    put_text(out, r->details);
    put_text(out, r->failed_steps);
    put_integer(out, (int64_t)r->step_count);
    for (size_t i = 0; i < r->step_count; i++)
        put_step(out, &r->steps[i]);
    put_text(out, r->description);
    put_text(out, r->application);
    put_texts(out, r->requirements, r->requirement_count);
    put_attachments(out, r->attachments, r->attachment_count);
    put_integer(out, r->line);
    if (r->status_word)
        put_text(out, r->status_word);
}

/* Owned arrays of one record, in a chain. */
struct record_list {
    struct record_list *next;
    max_align_t items[];
};

struct decoder {
    const char *at;
    const char *end;
    bool failed;
    struct record *record;
};

static int64_t get_integer(struct decoder *d)
{
    uint64_t rest = 0;
    for (unsigned shift = 0; shift < 64 && !d->failed && d->at < d->end; shift += 7) {
        unsigned char byte = (unsigned char)*d->at++;
        rest |= (uint64_t)(byte & 0x7FU) << shift;
        if (byte < 0x80)
            return (int64_t)(rest >> 1 ^ (rest & 1 ? UINT64_MAX : 0));
    }
    d->failed = true;
    return 0;
}

static const char *get_text(struct decoder *d)
{
    int64_t size = get_integer(d);
    if (d->failed || size == 0)
        return NULL;
    if (size < 0 || size > d->end - d->at || d->at[size - 1] != '\0') {
        d->failed = true;
        return NULL;
    }
    const char *text = d->at;
    d->at += size;
    return text;
}

/* Every element takes at least one byte, which bounds what a damaged count can ask for. */
static void *get_list(struct decoder *d, size_t item_size, size_t *ret_count)
{
    int64_t count = get_integer(d);
    *ret_count = 0;
    if (d->failed || count <= 0 || count > d->end - d->at) {
        d->failed = d->failed || count != 0;
        return NULL;
    }
    struct record_list *list = xcalloc(1, sizeof *list + (size_t)count * item_size);
    list->next = d->record->lists;
    d->record->lists = list;
    *ret_count = (size_t)count;
    return list->items;
}

static const struct attachment *get_attachments(struct decoder *d, size_t *ret_count)
{
    struct attachment *list = get_list(d, sizeof *list, ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        list[i].name = get_text(d);
        list[i].content_type = get_text(d);
        list[i].path = get_text(d);
        list[i].base64 = get_text(d);
    }
    return list;
}

static const struct name_value *get_pairs(struct decoder *d, size_t *ret_count)
{
    struct name_value *list = get_list(d, sizeof *list, ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        list[i].name = get_text(d);
        list[i].value = get_text(d);
    }
    return list;
}

static const char *const *get_texts(struct decoder *d, size_t *ret_count)
{
    const char **list = get_list(d, sizeof *list, ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        list[i] = get_text(d);
    return list;
}

static void get_step(struct decoder *d, struct test_step *step)
{
    step->number = get_integer(d);
    step->nested_path = get_text(d);
    step->description = get_text(d);
    step->design_description = get_text(d);
    step->element = get_text(d);
    step->comment = get_text(d);
    step->expected = get_text(d);
    step->message = get_text(d);
    step->failure_behavior = get_text(d);
    step->screenshot_setting = get_text(d);
    step->timeout_ms = get_integer(d);
    step->status = (enum result_status)(get_integer(d) & 3);
    int64_t flags = get_integer(d);
    step->inverted = flags & 1;
    step->healed = flags & 2;
    step->inputs = get_pairs(d, &step->input_count);
    step->outputs = get_pairs(d, &step->output_count);
    step->attachments = get_attachments(d, &step->attachment_count);
}

static void get_steps(struct decoder *d, struct test_result *r)
{
    struct test_step *steps = get_list(d, sizeof *steps, &r->step_count);
    for (size_t i = 0; i < r->step_count; i++)
        get_step(d, &steps[i]);
    r->steps = steps;
}

static int64_t get_flags(struct decoder *d, struct test_result *r)
{
    int64_t flags = get_integer(d);
    r->flaky = flags & 1;
    r->suite_error = flags & 2;
    r->final_stated = flags & 4;
    r->repeated = flags & 8;
    r->start_without_zone = flags & 16;
    r->times_altered = flags & 64;
    return flags;
}

bool record_decode(struct record *record, const char *bytes, size_t size)
{
    record_release(record);
    struct decoder decoder = {.at = bytes, .end = bytes + size, .record = record};
    struct decoder *d = &decoder;
    struct test_result *r = &record->result;
    r->test_id = get_text(d);
    r->folders = get_texts(d, &r->folder_count);
    r->class_name = get_text(d);
    r->suite_name = get_text(d);
    r->name = get_text(d);
    r->target = get_text(d);
    r->status = (enum result_status)(get_integer(d) & 3);
    int64_t flags = get_flags(d, r);
    r->rerun_count = get_integer(d);
    r->iteration = get_integer(d);
    r->iteration_label = get_text(d);
    r->start_ms = get_integer(d);
    r->end_ms = get_integer(d);
    r->duration_ms = get_integer(d);
    r->start_moved_ms = get_integer(d);
    r->message = get_text(d);
    r->details = get_text(d);
    r->failed_steps = get_text(d);
    get_steps(d, r);
    r->description = get_text(d);
    r->application = get_text(d);
    r->requirements = get_texts(d, &r->requirement_count);
    r->attachments = get_attachments(d, &r->attachment_count);
    r->line = get_integer(d);
    if (flags & 32)
        r->status_word = get_text(d);
    return !d->failed && d->at == d->end && r->name;
}

void record_release(struct record *record)
{
    struct record_list *next;
    for (struct record_list *list = record->lists; list; list = next) {
        next = list->next;
        free(list);
    }
    *record = (struct record)RECORD_INIT;
}
