#include "cli/left_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

#define NAMES_MAXIMUM 3 /* of one kind, in a line */
#define KINDS_MAXIMUM 10
#define LINES_MAXIMUM 10000 /* where each file has its own */

static bool is_gone(const char *path)
{
    struct stat status;
    return lstat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR || errno == ESTALE);
}

bool left_out_take(struct left_out *out, const struct report_source *source, const struct report_meta *meta,
                   struct error *err)
{
    if (source->kind != SOURCE_IN_FOLDER && source->kind != SOURCE_MATCHED)
        return false;
    _cleanup_free_ char *why = NULL;
    if (meta && meta->foreign)
        why = xasprintf("is %s", meta->foreign);
    else if (err->code == ERR_IO && is_gone(source->path))
        why = xstrdup("went away after it was found");
    else
        return false;
    GROW(out->files, out->count, out->capacity);
    out->files[out->count++] = (struct left_out_file){
        .path = xstrdup(source->path), .argument = source->argument, .why = intern_put(&out->whys, why)};
    error_release(err);
    return true;
}

/* The files of one kind: how many, and the first of them by name. */
struct kind_files {
    struct buf names;
    size_t count;
};

static void add_name(struct kind_files *kind, const char *path)
{
    if (kind->count++ < NAMES_MAXIMUM)
        buf_printf(&kind->names, "%s'%s'", kind->names.length ? ", " : "", path);
}

/* By number of the kind, which is the order of first sight. */
static struct kind_files *sort_by_kind(const struct left_out *out, const struct left_out_file *files,
                                       size_t count)
{
    struct kind_files *kinds = xcalloc(out->whys.count, sizeof *kinds);
    for (uint32_t i = 0; i < out->whys.count; i++)
        kinds[i].names = (struct buf)BUF_UNBOUNDED;
    for (size_t i = 0; i < count; i++)
        add_name(&kinds[files[i].why], files[i].path);
    return kinds;
}

static void release_kinds(const struct left_out *out, struct kind_files *kinds)
{
    for (uint32_t i = 0; i < out->whys.count; i++)
        buf_release(&kinds[i].names);
    free(kinds);
}

static void put_files(struct buf *text, const struct kind_files *kind)
{
    buf_puts(text, buf_text(&kind->names));
    if (kind->count > NAMES_MAXIMUM)
        buf_printf(text, " and %zu more", kind->count - NAMES_MAXIMUM);
}

static void add_line(struct text_list *lines, struct buf *line)
{
    _cleanup_free_ char *shown = text_printable(buf_text(line));
    text_list_add(lines, shown);
    buf_clear(line);
}

static void add_further(struct text_list *lines, size_t count, const char *hint)
{
    _cleanup_free_ char *text =
        xasprintf("%zu further files are left out, since they are no reports%s", count, hint);
    if (count)
        text_list_add(lines, text);
}

static void line_for_each_file(const struct left_out *out, struct text_list *lines)
{
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    size_t told = out->count < LINES_MAXIMUM ? out->count : LINES_MAXIMUM;
    for (size_t i = 0; i < told; i++) {
        buf_printf(&line, "'%s' is left out: it %s", out->files[i].path,
                   intern_text(&out->whys, out->files[i].why));
        add_line(lines, &line);
    }
    add_further(lines, out->count - told, "");
}

static void line_for_each_kind(const struct left_out *out, struct text_list *lines)
{
    struct kind_files *kinds = sort_by_kind(out, out->files, out->count);
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    size_t further = 0;
    for (uint32_t i = 0; i < out->whys.count; i++) {
        if (i >= KINDS_MAXIMUM) {
            further += kinds[i].count;
            continue;
        }
        put_files(&line, &kinds[i]);
        buf_printf(&line, kinds[i].count == 1 ? " is left out: it %s" : " are left out: each %s",
                   intern_text(&out->whys, i));
        add_line(lines, &line);
    }
    add_further(lines, further, " (-v names them)");
    release_kinds(out, kinds);
}

void left_out_lines(const struct left_out *out, const struct settings *settings, struct text_list *ret_lines)
{
    if (settings->verbose > 0 || settings->output == OUTPUT_JSON)
        line_for_each_file(out, ret_lines);
    else
        line_for_each_kind(out, ret_lines);
}

/* "'a.json', 'b.json' and 'c.json' are each an Allure result", without what to do. */
static void put_finding(struct buf *text, const struct kind_files *kind, const char *why)
{
    static const char is[] = "is ";
    bool many = kind->count > 1;
    bool are = many && text_starts(why, is);
    buf_puts(text, text->length ? ", " : "");
    put_files(text, kind);
    buf_puts(text, are ? " are each " : many ? " each " : " ");
    why += are ? strlen(is) : 0;
    buf_put(text, why, strcspn(why, ";"));
}

static int nothing_found(const struct left_out *out, const struct left_out_file *files, size_t count,
                         const char *where, const char *name, struct error *err)
{
    struct kind_files *kinds = sort_by_kind(out, files, count);
    _cleanup_(buf_release) struct buf findings = BUF_UNBOUNDED;
    const char *how = NULL;
    size_t told = 0;
    size_t further = 0;
    for (uint32_t i = 0; i < out->whys.count; i++) {
        const char *why = intern_text(&out->whys, i);
        if (kinds[i].count && told < KINDS_MAXIMUM) {
            put_finding(&findings, &kinds[i], why);
            how = how ? how : strchr(why, ';');
            told++;
        } else {
            further += kinds[i].count;
        }
    }
    if (further)
        buf_printf(&findings, ", and %zu more of other kinds", further);
    release_kinds(out, kinds);
    return error_set(err, ERR_REPORT, "nothing %s '%s' is a report: %s%s", where, name, buf_text(&findings),
                     how ? how : "; see whether the tests ran and where they write");
}

/* Both lists are in the order of the arguments: the number of the first that is of this one or a later one.
 */
static size_t first_file(const struct left_out *out, size_t argument)
{
    size_t low = 0;
    for (size_t high = out->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (out->files[middle].argument < argument)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t first_source(const struct report_sources *sources, size_t argument)
{
    size_t low = 0;
    for (size_t high = sources->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (sources->items[middle].argument < argument)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int left_out_check(const struct left_out *out, const struct report_sources *sources, size_t argument,
                   const char *name, struct error *err)
{
    size_t file = first_file(out, argument);
    size_t count = first_file(out, argument + 1) - file;
    size_t source = first_source(sources, argument);
    if (count == 0 || count < first_source(sources, argument + 1) - source || sources->shared[argument])
        return 0;
    const char *where =
        sources->items[source].kind == SOURCE_IN_FOLDER ? "in the folder" : "that matches the pattern";
    return nothing_found(out, out->files + file, count, where, name, err);
}

void left_out_release(struct left_out *out)
{
    for (size_t i = 0; i < out->count; i++)
        free(out->files[i].path);
    free(out->files);
    intern_release(&out->whys);
    *out = (struct left_out)LEFT_OUT_INIT;
}
