/* Tables of reports and what is read from them (tests/corpus/junit-table.txt says how they look). */
#ifndef TESTS_REPORT_TABLE_H
#define TESTS_REPORT_TABLE_H

#include "base/memory.h"
#include "base/text.h"
#include "report_collect.h"

static const char *const junit_tables[] = {"tests/corpus/junit-table.txt", "tests/corpus/junit-writers.txt",
                                           "tests/corpus/junit-targets.txt"};

struct table_block {
    char *title; /* "section: row | options" */
    struct buf report;
    struct buf expected;
    struct read_options options;
};

static inline int table_hex(char c)
{
    return ascii_digit(c) ? c - '0' : ascii_lower(c) - 'a' + 10;
}

/* Appends a line of the table, "\xNN" as the byte. */
static inline void table_unescape(struct buf *out, const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (line[i] == '\\' && i + 3 < size && line[i + 1] == 'x') {
            buf_putc(out, (char)(table_hex(line[i + 2]) * 16 + table_hex(line[i + 3])));
            i += 3;
        } else {
            buf_putc(out, line[i]);
        }
    }
}

static inline void table_read_options(struct table_block *block)
{
    const char *options = strstr(block->title, " | ");
    if (!options)
        return;
    block->options.salvage = strstr(options, "salvage") != NULL;
    block->options.strict = strstr(options, "strict") != NULL;
    block->options.unfinished_as_skipped = strstr(options, "unfinished") != NULL;
    const char *target = strstr(options, "target=");
    block->options.target = target ? target + strlen("target=") : NULL;
}

/* The next block; false at the end. The line end before "---" does not belong to the report. */
static inline bool table_next(FILE *file, struct table_block *ret)
{
    static const char begin[] = "=== ";
    _cleanup_free_ char *line = NULL;
    size_t room = 0;
    ssize_t size;
    *ret = (struct table_block){.report = BUF_UNBOUNDED, .expected = BUF_UNBOUNDED};
    while ((size = getline(&line, &room, file)) > 0 && !text_starts(line, begin))
        ;
    if (size <= 0)
        return false;
    ret->title = xstrndup(line + strlen(begin), (size_t)size - strlen(begin) - 1);
    table_read_options(ret);
    while ((size = getline(&line, &room, file)) > 0 && !text_equal(line, "---\n"))
        table_unescape(&ret->report, line, (size_t)size);
    if (ret->report.length)
        buf_truncate(&ret->report, ret->report.length - 1);
    long at = ftell(file);
    while ((size = getline(&line, &room, file)) > 0 && !text_starts(line, begin)) {
        if (size > 1)
            buf_put(&ret->expected, line, (size_t)size);
        at = ftell(file);
    }
    fseek(file, at, SEEK_SET);
    return true;
}

static inline void table_release(struct table_block *block)
{
    free(block->title);
    buf_release(&block->report);
    buf_release(&block->expected);
}

static inline void table_list(struct buf *out, const char *what, const struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        buf_printf(out, "%s: %s\n", what, list->items[i]);
}

/* Everything that was read, as the table writes it. After an error the results do not count. */
static inline void table_tell(struct buf *out, const struct collected *c)
{
    if (c->rc && c->rc != -ERR_EMPTY) {
        buf_printf(out, "error %d: %s\n", -c->rc, c->err.text);
        return;
    }
    buf_puts(out, buf_text(&c->lines));
    if (c->rc)
        buf_printf(out, "empty: %s\n", c->err.text);
    if (c->meta.job_name)
        buf_printf(out, "job: %s\n", c->meta.job_name);
    if (c->meta.counts.repeated)
        buf_printf(out, "repeated: %" PRId64 "\n", c->meta.counts.repeated);
    if (c->meta.incomplete)
        buf_puts(out, "incomplete\n");
    table_list(out, "warning", &c->meta.warnings);
    table_list(out, "unknown", &c->meta.unknown);
}

#endif
