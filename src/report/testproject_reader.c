#include "report/testproject_reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/testproject_marks.h"

#define EXCERPT_MAX_BYTES 200

void reader_enter(struct testproject_reader *reader, const char *key)
{
    reader->places[reader->place_count++] = (struct place){.key = key};
}

void reader_enter_item(struct testproject_reader *reader, int64_t item)
{
    reader->places[reader->place_count++] = (struct place){.item = item};
}

void reader_leave(struct testproject_reader *reader, size_t count)
{
    reader->place_count -= count;
}

const char *reader_excerpt(struct testproject_reader *reader, const char *text)
{
    _cleanup_free_ char *cut = text_excerpt(text, EXCERPT_MAX_BYTES);
    return arena_text(&reader->scratch, cut, strlen(cut));
}

/* RFC 6901: '~' and '/' of a key are written ~0 and ~1. */
static void put_key(struct buf *out, const char *key)
{
    for (; *key; key++) {
        if (*key == '~' || *key == '/')
            buf_puts(out, *key == '~' ? "~0" : "~1");
        else
            buf_putc(out, *key);
    }
}

const char *reader_pointer(struct testproject_reader *reader)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    for (size_t i = 0; i < reader->place_count; i++) {
        buf_putc(&out, '/');
        if (reader->places[i].key)
            put_key(&out, reader->places[i].key);
        else
            buf_printf(&out, "%" PRId64, reader->places[i].item);
    }
    return arena_text(&reader->scratch, buf_text(&out), out.length);
}

static char *sentence(struct testproject_reader *reader, const char *format, va_list args)
{
    _cleanup_free_ char *text = xvasprintf(format, args);
    const char *pointer = reader_pointer(reader);
    return *pointer ? xasprintf("'%s' of '%s': %s", pointer, reader->label, text)
                    : xasprintf("'%s': %s", reader->label, text);
}

void reader_note(struct testproject_reader *reader, enum warning_kind kind, const char *text)
{
    if (reader->warned[kind]++ > 0)
        return;
    reader->first_warning[kind] = reader->meta->warnings.count;
    _cleanup_free_ char *shown = text_printable(text);
    text_list_add(&reader->meta->warnings, shown);
}

int reader_warn(struct testproject_reader *reader, enum warning_kind kind, const char *format, ...)
{
    if (reader->warned[kind] > 0 && !reader->options->strict) {
        reader->warned[kind]++;
        return 0;
    }
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *text = sentence(reader, format, args);
    va_end(args);
    if (reader->options->strict)
        return error_set(reader->err, ERR_REPORT, "%s (an error because of --strict)", text);
    reader_note(reader, kind, text);
    return 0;
}

int reader_fail(struct testproject_reader *reader, enum error_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *text = sentence(reader, format, args);
    va_end(args);
    return error_set(reader->err, code, "%s", text);
}

int reader_count_piece(struct testproject_reader *reader)
{
    if (++reader->pieces <= PIECES_MAXIMUM)
        return 0;
    return reader_fail(reader, ERR_LIMIT, "the test has more than %d targets, iterations and steps",
                       PIECES_MAXIMUM);
}

static const char *context_name(enum field_context context)
{
    switch (context) {
    case IN_ROOT:
        return "";
    case IN_TEST:
        return "tests[].";
    case IN_TARGET:
        return "targets[].";
    case IN_ITERATION:
        return "iterations[].";
    case IN_STEP:
        return "steps[].";
    case IN_JUNIT_CASE:
        return "TestCases[].";
    case IN_REFERENCE:
        break;
    }
    return "";
}

void reader_unknown(struct testproject_reader *reader, enum field_context context, const char *name)
{
    if (context == IN_REFERENCE)
        return;
    _cleanup_free_ char *raw = xasprintf("%s%s", context_name(context), name);
    _cleanup_free_ char *full = text_excerpt(raw, EXCERPT_MAX_BYTES);
    uint32_t number = intern_find(&reader->unknown, full);
    if (number == INTERN_NONE && reader->unknown.count < UNKNOWN_MAXIMUM)
        number = intern_put(&reader->unknown, full);
    if (number == INTERN_NONE)
        reader->unknown_more++;
    else
        reader->unknown_counts[number]++;
}

static void add_line(struct text_list *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_line(struct text_list *list, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *text = xvasprintf(format, args);
    va_end(args);
    text_list_add(list, text);
}

static const char *kind_name(enum warning_kind kind)
{
    static const char *const names[WARN_KINDS] = {
        [WARN_ENCODING] = "encoding",
        [WARN_BAD_NAME] = "names",
        [WARN_DUPLICATE] = "members given twice",
        [WARN_RESULT] = "missing results",
        [WARN_WORD] = "results",
        [WARN_STEP] = "missing results of steps",
        [WARN_STEP_WORD] = "results of steps",
        [WARN_TIME] = "times",
        [WARN_SCREENSHOT] = "screenshots",
        [WARN_COUNTS] = "counts",
        [WARN_CONTRADICTION] = "results that contradict each other",
        [WARN_HELD] = "the order of members",
        [WARN_DAMAGED] = "damage",
    };
    return names[kind];
}

static void tell_number(struct testproject_reader *reader, enum warning_kind kind)
{
    char **first = &reader->meta->warnings.items[reader->first_warning[kind]];
    char *counted =
        xasprintf("%s (and %" PRId64 " more about %s)", *first, reader->warned[kind] - 1, kind_name(kind));
    free(*first);
    *first = counted;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void reader_report(struct testproject_reader *reader)
{
    struct text_list *unknown = &reader->meta->unknown;
    for (uint32_t i = 0; i < reader->unknown.count; i++)
        if (reader->unknown_counts[i])
            add_line(unknown, "%s (%" PRId64 " time%s)", intern_text(&reader->unknown, i),
                     reader->unknown_counts[i], reader->unknown_counts[i] == 1 ? "" : "s");
    if (unknown->count)
        qsort(unknown->items, unknown->count, sizeof *unknown->items, compare_lines);
    if (reader->unknown_more)
        add_line(unknown, "further names (%" PRId64 " times)", reader->unknown_more);
    for (int kind = 0; kind < WARN_KINDS; kind++)
        if (reader->warned[kind] > 1)
            tell_number(reader, (enum warning_kind)kind);
}

int reader_fields(struct testproject_reader *reader, enum field_context context, const cJSON *object,
                  struct fields *ret_fields)
{
    memset(ret_fields, 0, sizeof *ret_fields);
    size_t place = 0;
    bool marked = marks_enough(reader);
    for (cJSON *member = object->child; member; member = member->next) {
        int row = field_row(&reader->index, context, member->string, place++);
        if (!marked)
            marks_take(reader, context, row, member->string);
        if (row == FIELD_UNKNOWN) {
            reader_unknown(reader, context, member->string);
        } else if (!fields_put(ret_fields, row, member)) {
            int rc = reader_warn(reader, WARN_DUPLICATE, "'%s' stands there twice; the last one counts",
                                 reader_excerpt(reader, member->string));
            if (rc < 0)
                return rc;
        }
    }
    return 0;
}
