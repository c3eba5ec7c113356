#include "cli/ci.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"

struct environment {
    env_lookup lookup;
    void *self;
};

const char *env_of_process(void *self, const char *name)
{
    (void)self;
    return getenv(name);
}

static const char *get(const struct environment *env, const char *name)
{
    const char *value = env->lookup(env->self, name);
    return text_empty(value) ? NULL : value;
}

static const char *either(const struct environment *env, const char *first, const char *second)
{
    const char *value = get(env, first);
    return value ? value : get(env, second);
}

/* Where " 2/5" begins at the end of the name; its length when there is none. */
static size_t before_shard(const char *name)
{
    size_t end = strlen(name);
    size_t total = end;
    while (total > 0 && ascii_digit(name[total - 1]))
        total--;
    if (total == end || total == 0 || name[total - 1] != '/')
        return end;
    size_t shard = total - 1;
    while (shard > 0 && ascii_digit(name[shard - 1]))
        shard--;
    return shard == total - 1 || shard < 2 || name[shard - 1] != ' ' ? end : shard - 1;
}

/* GitLab calls the jobs of a `parallel: 3` "unit 1/3", "unit 2/3", ..., and those of a `parallel: matrix`
 * "unit: [chrome, linux]": they are one job. A job that is not parallel has such a name of its own: it alone
 * has no CI_NODE_INDEX beside its CI_NODE_TOTAL of 1 (docs.gitlab.com/ci/variables/predefined_variables). */
static void take_gitlab_job(struct ci_facts *ret, const struct environment *env)
{
    static const char cell_begin[] = ": [";
    const char *name = get(env, "CI_JOB_NAME");
    bool not_parallel = text_equal(get(env, "CI_NODE_TOTAL"), "1") && !get(env, "CI_NODE_INDEX");
    ret->job_name = xstrdup(name);
    if (!name || not_parallel)
        return;
    ret->job_name[before_shard(name)] = '\0';
    char *cell = strstr(ret->job_name, cell_begin);
    if (!cell || cell == ret->job_name || !text_ends(cell, "]"))
        return;
    *cell = '\0';
    cell += sizeof cell_begin - 1;
    ret->matrix_cell = xstrndup(cell, strlen(cell) - 1);
}

static void detect_gitlab(struct ci_facts *ret, const struct environment *env)
{
    ret->server = "GitLab";
    const char *pipeline = get(env, "CI_PIPELINE_ID");
    const char *created = get(env, "CI_PIPELINE_CREATED_AT");
    if (pipeline)
        ret->pipeline_id = xasprintf("GitLab %s", pipeline);
    ret->build_number = xstrdup(either(env, "CI_PIPELINE_IID", "CI_PIPELINE_ID"));
    ret->build_url = xstrdup(either(env, "CI_JOB_URL", "CI_PIPELINE_URL"));
    take_gitlab_job(ret, env);
    if (created)
        time_parse_iso(created, &ret->started_ms, NULL);
}

static void detect_jenkins(struct ci_facts *ret, const struct environment *env)
{
    ret->server = "Jenkins";
    const char *tag = get(env, "BUILD_TAG");
    if (tag)
        ret->pipeline_id = xasprintf("Jenkins %s", tag);
    ret->build_number = xstrdup(get(env, "BUILD_NUMBER"));
    ret->build_url = xstrdup(get(env, "BUILD_URL"));
    ret->job_name = xstrdup(either(env, "JOB_NAME", "JOB_BASE_NAME"));
}

void ci_detect(struct ci_facts *ret, env_lookup lookup, void *self)
{
    struct environment env = {.lookup = lookup, .self = self};
    *ret = (struct ci_facts){.started_ms = TIME_NONE};
    if (get(&env, "GITLAB_CI") || get(&env, "CI_PIPELINE_ID"))
        detect_gitlab(ret, &env);
    else if (get(&env, "JENKINS_URL") || get(&env, "BUILD_TAG"))
        detect_jenkins(ret, &env);
}

void ci_facts_release(struct ci_facts *facts)
{
    free(facts->pipeline_id);
    free(facts->build_number);
    free(facts->build_url);
    free(facts->job_name);
    free(facts->matrix_cell);
    *facts = (struct ci_facts){.started_ms = TIME_NONE};
}
