/* The TestProject reader held to its table: tests/corpus/testproject/ *.txt, one case for each row of
 * docs/formats.md, section 2. A case is
 *
 *     == what it shows [strict] [salvage] [unfinished] [target=NAME] [asis]
 *     the report, as many lines as it takes (\xNN is a byte, @REPEAT n text@ repeats)
 *     --
 *     the model as tests/unit/report_dump.h writes it
 *
 * Every case is read from a file and through a pipe byte by byte; every whole report also minified,
 * indented, in UTF-16, behind a byte order mark and with the members of its objects in reverse order, but for
 * those marked [asis], which a JSON printer would change. The model is the same each time.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "report_dump.h"

#define TABLES "tests/corpus/testproject/*.txt"

struct table_case {
    const char *file;
    char *name;
    char *target;
    struct read_options options;
    bool as_it_is;
    struct buf report;
    struct buf expected;
};

static char *read_file(const char *path, size_t *ret_size)
{
    struct buf text = BUF_UNBOUNDED;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got = 1; got > 0;) {
        got = fread(buf_reserve(&text, 65536), 1, 65536, file);
        buf_advance(&text, got);
    }
    fclose(file);
    *ret_size = text.length;
    return buf_take(&text);
}

/* Cuts " [word]" off the end of the name. */
static bool take_option(struct table_case *item)
{
    char *open = strrchr(item->name, '[');
    size_t length = strlen(item->name);
    if (!open || item->name[length - 1] != ']')
        return false;
    item->name[length - 1] = '\0';
    const char *word = open + 1;
    if (text_equal(word, "strict"))
        item->options.strict = true;
    else if (text_equal(word, "salvage"))
        item->options.salvage = true;
    else if (text_equal(word, "unfinished"))
        item->options.unfinished_as_skipped = true;
    else if (text_equal(word, "asis"))
        item->as_it_is = true;
    else if (text_starts(word, "target="))
        item->options.target = item->target = xstrdup(word + strlen("target="));
    else
        fail_msg("unknown option '%s'", word);
    while (open > item->name && open[-1] == ' ')
        open--;
    *open = '\0';
    return true;
}

/* \xNN and @REPEAT n text@ of a line of the report. */
static void put_report_line(struct buf *out, const char *line, size_t length)
{
    static const char repeat[] = "@REPEAT ";
    for (size_t at = 0; at < length;) {
        if (length - at >= 4 && line[at] == '\\' && line[at + 1] == 'x') {
            char digits[3] = {line[at + 2], line[at + 3], '\0'};
            buf_putc(out, (char)strtoul(digits, NULL, 16));
            at += 4;
        } else if (text_starts(line + at, repeat)) {
            char *text;
            unsigned long count = strtoul(line + at + strlen(repeat), &text, 10);
            size_t size = strcspn(++text, "@");
            while (count-- > 0)
                buf_put(out, text, size);
            at = (size_t)(text - line) + size + 1;
        } else {
            buf_putc(out, line[at++]);
        }
    }
    buf_putc(out, '\n');
}

/* The next case behind *at, or false. */
static bool next_case(const char **at, struct table_case *item)
{
    bool in_report = false;
    *item = (struct table_case){.report = BUF_UNBOUNDED, .expected = BUF_UNBOUNDED};
    for (; **at; *at += strcspn(*at, "\n"), *at += **at == '\n') {
        size_t length = strcspn(*at, "\n");
        if (text_starts(*at, "== ")) {
            if (item->name)
                return true;
            item->name = xstrndup(*at + 3, length - 3);
            in_report = true;
        } else if (length == 2 && text_starts(*at, "--")) {
            in_report = false;
        } else if (item->name && in_report) {
            put_report_line(&item->report, *at, length);
        } else if (item->name && length > 0) {
            buf_put(&item->expected, *at, length);
            buf_putc(&item->expected, '\n');
        }
    }
    return item->name != NULL;
}

static void release_case(struct table_case *item)
{
    free(item->name);
    free(item->target);
    buf_release(&item->report);
    buf_release(&item->expected);
}

static int failures;
static int splits;

static void compare(const struct table_case *item, const char *how, const char *actual)
{
    if (strcmp(actual, buf_text(&item->expected)) == 0)
        return;
    failures++;
    fprintf(stderr, "%s: '%s' (%s)\n-- expected\n%s-- actual\n%s", item->file, item->name, how,
            buf_text(&item->expected), actual);
}

static void check_reading(const struct table_case *item, const char *how, const char *bytes, size_t size,
                          size_t piece)
{
    char *actual = dump_report(testproject_read, bytes, size, piece, &item->options, NULL);
    compare(item, how, actual);
    free(actual);
}

static void reverse_members(cJSON *value)
{
    cJSON *previous = NULL;
    for (cJSON *child = value->child; child; child = child->next)
        reverse_members(child);
    bool ordered = value->string && (strstr(value->string, "arameters") || strstr(value->string, "puts"));
    if (!cJSON_IsObject(value) || ordered || !value->child)
        return;
    cJSON *first = value->child;
    for (cJSON *child = first; child;) {
        cJSON *next = child->next;
        child->next = previous;
        child->prev = next;
        previous = child;
        child = next;
    }
    value->child = previous;
    value->child->prev = first;
}

static void check_utf16(const struct table_case *item, const char *how, bool marked, bool big)
{
    struct buf wide = BUF_UNBOUNDED;
    const char *bytes = item->report.bytes;
    size_t size = item->report.length;
    for (size_t at = marked ? 0 : 1; at <= size;) {
        uint32_t code = 0xFEFF;
        size_t length = at ? utf8_character(bytes + at - 1, size - at + 1, &code) : 1;
        uint32_t units[2] = {code, 0};
        if (code > 0xFFFF) {
            units[0] = 0xD800 + ((code - 0x10000) >> 10);
            units[1] = 0xDC00 + ((code - 0x10000) & 0x3FF);
        }
        for (int i = 0; i < 1 + (code > 0xFFFF); i++) {
            buf_putc(&wide, (char)(big ? units[i] >> 8 : units[i] & 0xFF));
            buf_putc(&wide, (char)(big ? units[i] & 0xFF : units[i] >> 8));
        }
        at += length;
    }
    check_reading(item, how, wide.bytes, wide.length, 0);
    if (wide.length < 4000)
        check_reading(item, how, wide.bytes, wide.length, 1);
    buf_release(&wide);
}

static void check_printed(const struct table_case *item, const char *how, cJSON *root, bool pretty)
{
    char *text = pretty ? cJSON_Print(root) : cJSON_PrintUnformatted(root);
    check_reading(item, how, text, strlen(text), 0);
    cJSON_free(text);
}

/* The results of a dump: all before the line of the report. */
static size_t results_size(const char *dumped)
{
    if (text_starts(dumped, "report:"))
        return 0;
    const char *end = strstr(dumped, "\nreport:");
    return end ? (size_t)(end + 1 - dumped) : strlen(dumped);
}

/* The results of the report with its test at index alone. */
static void put_results_of_one(struct buf *out, const struct table_case *item, const cJSON *root,
                               const char *list, int index)
{
    cJSON *part = cJSON_Duplicate(root, true);
    cJSON *only = cJSON_CreateArray();
    cJSON_AddItemToArray(only, cJSON_DetachItemFromArray(cJSON_GetObjectItem(part, list), index));
    cJSON_ReplaceItemInObject(part, list, only);
    char *text = cJSON_PrintUnformatted(part);
    char *read = dump_report(testproject_read, text, strlen(text), 0, &item->options, NULL);
    buf_put(out, read, results_size(read));
    free(read);
    cJSON_free(text);
    cJSON_Delete(part);
}

/* Each test in a file of its own, as a job that is saved in parts: together the same results. */
static void check_split(const struct table_case *item, const cJSON *root)
{
    static const char *const lists[] = {"testResults", "tests"};
    for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
        const cJSON *tests = cJSON_GetObjectItem(root, lists[i]);
        if (!cJSON_IsArray(tests) || cJSON_GetArraySize(tests) < 2)
            continue;
        struct buf told = BUF_UNBOUNDED;
        for (int at = 0; at < cJSON_GetArraySize(tests); at++)
            put_results_of_one(&told, item, root, lists[i], at);
        buf_puts(&told, buf_text(&item->expected) + results_size(buf_text(&item->expected)));
        compare(item, "each test in a file of its own", buf_text(&told));
        buf_release(&told);
        splits++;
    }
}

/* Only what is read without an error: errors name lines and offsets. */
static void check_metamorphoses(const struct table_case *item)
{
    const char *end;
    bool whole = !strstr(buf_text(&item->expected), "error: ");
    cJSON *root = cJSON_ParseWithLengthOpts(buf_text(&item->report), item->report.length, &end, 0);
    if (root && whole && !item->as_it_is && end + 1 >= item->report.bytes + item->report.length) {
        check_printed(item, "minified", root, false);
        check_printed(item, "indented", root, true);
        check_split(item, root);
        reverse_members(root);
        check_printed(item, "members reversed", root, false);
        struct buf marked = BUF_UNBOUNDED;
        buf_puts(&marked, "\xEF\xBB\xBF\r\n");
        buf_put(&marked, item->report.bytes, item->report.length);
        check_reading(item, "behind a byte order mark", marked.bytes, marked.length, 0);
        buf_release(&marked);
        check_utf16(item, "as UTF-16, little end first, marked", true, false);
        check_utf16(item, "as UTF-16, big end first", false, true);
    }
    cJSON_Delete(root);
}

static void run_case(struct table_case *item)
{
    while (take_option(item))
        ;
    check_reading(item, "from a file", item->report.bytes, item->report.length, 0);
    if (item->report.length < 10000)
        check_reading(item, "from a pipe, byte by byte", item->report.bytes, item->report.length, 1);
    check_metamorphoses(item);
}

static int run_table(const char *path)
{
    size_t size;
    int count = 0;
    char *text = read_file(path, &size);
    struct table_case item;
    for (const char *at = text; next_case(&at, &item); count++) {
        item.file = path;
        run_case(&item);
        release_case(&item);
    }
    release_case(&item);
    free(text);
    return count;
}

static void test_the_tables(void **state)
{
    (void)state;
    glob_t found;
    int count = 0;
    assert_int_equal(glob(TABLES, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        count += run_table(found.gl_pathv[i]);
    globfree(&found);
    print_message("%d cases, %d of them split\n", count, splits);
    assert_true(count > 0);
    assert_int_equal(failures, 0);
    assert_true(splits > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
