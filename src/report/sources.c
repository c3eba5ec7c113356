#include "report/sources.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/file_set.h"
#include "report/sources_walk.h"

struct expansion {
    struct report_sources *sources;
    struct file_set files; /* by their number in the items */
    bool has_stdin;
    size_t argument;
    struct error *err;
    int first_error;
};

static void add_item(struct expansion *x, const char *path, enum report_source_kind kind)
{
    struct report_sources *sources = x->sources;
    GROW(sources->items, sources->count, sources->capacity);
    sources->items[sources->count++] =
        (struct report_source){.path = xstrdup(path), .kind = kind, .argument = x->argument};
}

static void add_notice(struct expansion *x, const char *path, const struct report_source *first)
{
    x->sources->shared[x->argument] |= first->argument != x->argument;
    if (first->argument == x->argument && text_equal(first->path, path))
        return;
    _cleanup_free_ char *text =
        text_equal(first->path, path)
            ? xasprintf("'%s' is given twice; it is read once", path)
            : xasprintf("'%s' is the same file as '%s'; it is read once", path, first->path);
    _cleanup_free_ char *shown = text_printable(text);
    text_list_add(&x->sources->notices, shown);
}

/* Only files have an identity: a pipe may be named twice and is then empty the second time. */
static void add_file(struct expansion *x, const char *path, enum report_source_kind kind)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        uint32_t number = (uint32_t)x->sources->count;
        uint32_t known = file_set_put(&x->files, status.st_dev, status.st_ino, 0, number);
        if (known != FILE_SET_NEW) {
            add_notice(x, path, &x->sources->items[known]);
            return;
        }
    }
    add_item(x, path, kind);
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_found(struct expansion *x, struct found_paths *found, enum report_source_kind kind)
{
    if (found->count)
        qsort(found->items, found->count, sizeof *found->items, compare_paths);
    for (size_t i = 0; i < found->count; i++)
        add_file(x, found->items[i], kind);
}

static void warn_gone(struct expansion *x, const char *argument, const struct text_list *gone)
{
    for (size_t i = 0; i < gone->count; i++) {
        _cleanup_free_ char *text = xasprintf("'%s' went away while '%s' was looked through; it is left out",
                                              gone->items[i], argument);
        _cleanup_free_ char *shown = text_printable(text);
        text_list_add(&x->sources->warnings, shown);
    }
}

static void note_problem(struct expansion *x, struct error *problem)
{
    text_list_add(&x->sources->problems, problem->text);
    if (x->first_error == 0) {
        x->first_error = -(int)problem->code;
        if (x->err)
            error_move(x->err, problem);
    }
    error_release(problem);
}

static void expand_folder(struct expansion *x, const char *folder)
{
    struct error problem = ERROR_INIT;
    struct found_paths found = FOUND_PATHS_INIT;
    int rc = find_reports(folder, &found, &problem);
    warn_gone(x, folder, &found.gone);
    if (rc == 0 && found.count == 0)
        rc = error_set(
            &problem, ERR_REPORT,
            "the folder '%s' holds no report, that is no *.xml and no *.json; see whether the tests "
            "ran and where they write",
            folder);
    if (rc < 0)
        note_problem(x, &problem);
    else
        add_found(x, &found, SOURCE_IN_FOLDER);
    found_paths_release(&found);
}

static void expand_pattern(struct expansion *x, const char *pattern)
{
    struct error problem = ERROR_INIT;
    struct found_paths found = FOUND_PATHS_INIT;
    int rc = find_matches(pattern, &found, &problem);
    warn_gone(x, pattern, &found.gone);
    if (rc == 0 && found.count == 0)
        rc = error_set(&problem, ERR_REPORT,
                       "the pattern '%s' matches no file; see whether the tests ran and where they write",
                       pattern);
    if (rc < 0)
        note_problem(x, &problem);
    else
        add_found(x, &found, SOURCE_MATCHED);
    found_paths_release(&found);
}

static void expand_stdin(struct expansion *x)
{
    if (x->has_stdin)
        text_list_add(&x->sources->notices, "'-' is given twice; standard input is read once");
    else
        add_item(x, "-", SOURCE_STDIN);
    x->has_stdin = true;
}

static void expand(struct expansion *x, const char *argument)
{
    struct stat status;
    bool exists = stat(argument, &status) == 0;
    if (text_equal(argument, "-"))
        expand_stdin(x);
    else if (exists && S_ISDIR(status.st_mode))
        expand_folder(x, argument);
    else if (!exists && is_pattern(argument))
        expand_pattern(x, argument);
    else
        add_file(x, argument, SOURCE_NAMED);
}

int report_sources_expand(struct report_sources *sources, const char *const *arguments, size_t count,
                          struct error *err)
{
    struct expansion x = {.sources = sources, .files = FILE_SET_INIT, .err = err};
    sources->shared = xcalloc(count, sizeof *sources->shared);
    for (x.argument = 0; x.argument < count; x.argument++)
        expand(&x, arguments[x.argument]);
    file_set_release(&x.files);
    return x.first_error;
}

void report_sources_release(struct report_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++)
        free(sources->items[i].path);
    free(sources->items);
    free(sources->shared);
    text_list_release(&sources->notices);
    text_list_release(&sources->warnings);
    text_list_release(&sources->problems);
    *sources = (struct report_sources)REPORT_SOURCES_INIT;
}
