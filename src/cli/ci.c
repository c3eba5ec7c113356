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

/* GitLab calls the shards of a `parallel: 3` job "unit 1/3", "unit 2/3", ...: they are one job. */
static char *without_shard(const char *name)
{
    size_t end = strlen(name);
    size_t total = end;
    while (total > 0 && ascii_digit(name[total - 1]))
        total--;
    if (total == end || total == 0 || name[total - 1] != '/')
        return xstrdup(name);
    size_t shard = total - 1;
    while (shard > 0 && ascii_digit(name[shard - 1]))
        shard--;
    if (shard == total - 1 || shard < 2 || name[shard - 1] != ' ')
        return xstrdup(name);
    return xstrndup(name, shard - 1);
}

static void detect_gitlab(struct ci_facts *ret, const struct environment *env)
{
    ret->server = "GitLab";
    const char *pipeline = get(env, "CI_PIPELINE_ID");
    const char *job = get(env, "CI_JOB_NAME");
    const char *created = get(env, "CI_PIPELINE_CREATED_AT");
    if (pipeline)
        ret->pipeline_id = xasprintf("GitLab %s", pipeline);
    ret->build_number = xstrdup(either(env, "CI_PIPELINE_IID", "CI_PIPELINE_ID"));
    ret->build_url = xstrdup(either(env, "CI_JOB_URL", "CI_PIPELINE_URL"));
    ret->job_name = job ? without_shard(job) : NULL;
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
    *facts = (struct ci_facts){.started_ms = TIME_NONE};
}
