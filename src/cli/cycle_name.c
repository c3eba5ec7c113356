#include "cli/cycle_name.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define JOBLESS      "Jobless Executions" /* ad-hoc runs of TestProject */
#define FROM_JOBLESS "a report that names no job"

/* The job of a report of TestProject's: only its JSON says for certain that there is none. */
static const char *stated_job(const struct report_meta *meta)
{
    if (meta->from_testproject && !text_empty(meta->job_name))
        return meta->job_name;
    return meta->format == FORMAT_TESTPROJECT_JSON ? JOBLESS : NULL;
}

/* Two different jobs would need two cycles. *ret_of: the report that names it, NULL: none does. */
static int job_of_reports(const struct settings *settings, const struct report_meta *const *metas,
                          size_t count, const struct report_meta **ret_of, struct error *err)
{
    *ret_of = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *job = stated_job(metas[i]);
        if (!job)
            continue;
        if (*ret_of && !text_equal(stated_job(*ret_of), job))
            return error_set(
                err, ERR_USAGE, "the reports are of different jobs, '%s' and '%s'; upload them one by one%s",
                stated_job(*ret_of), job, settings->cycle ? "" : ", or name one cycle for all with --job");
        if (!*ret_of)
            *ret_of = metas[i];
    }
    return 0;
}

/* The file's name without folder and ending; NULL: it has none. */
static char *name_of_file(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash ? slash + 1 : file;
    const char *dot = strrchr(base, '.');
    size_t length = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    return text_equal(base, "-") || length == 0 ? NULL : xstrndup(base, length);
}

static void take(struct cycle_name *ret, const char *name, const char *from)
{
    if (ret->name || text_empty(name))
        return;
    ret->name = text_printable(name);
    ret->from = xstrdup(from);
}

int cycle_name_decide(struct cycle_name *ret, const struct settings *settings,
                      const struct report_meta *const *metas, size_t count, struct error *err)
{
    *ret = (struct cycle_name){0};
    const struct report_meta *of = NULL;
    int r = settings->job ? 0 : job_of_reports(settings, metas, count, &of, err);
    if (r < 0)
        return r;
    _cleanup_free_ char *given = settings_place(settings, settings->cycle ? "cycle" : "job");
    _cleanup_free_ char *file = count && metas[0]->file ? name_of_file(metas[0]->file) : NULL;
    take(ret, settings->job, given);
    if (of)
        take(ret, stated_job(of), text_empty(of->job_name) ? FROM_JOBLESS : "the report");
    take(ret, settings->ci.job_name, "the CI job");
    for (size_t i = 0; i < count; i++)
        take(ret, metas[i]->job_name, "the report's name");
    take(ret, file, "the file's name");
    take(ret, JOBLESS, FROM_JOBLESS);
    if (settings->cycle) {
        free(ret->from);
        ret->from = TAKE(given);
    }
    return 0;
}

void cycle_name_release(struct cycle_name *cycle)
{
    free(cycle->name);
    free(cycle->from);
    *cycle = (struct cycle_name){0};
}
