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
static void part_job_name(struct ci_facts *facts, const struct environment *env)
{
    static const char cell_begin[] = ": [";
    char *name = facts->job_name;
    bool not_parallel = text_equal(get(env, "CI_NODE_TOTAL"), "1") && !get(env, "CI_NODE_INDEX");
    if (!name || not_parallel)
        return;
    name[before_shard(name)] = '\0';
    char *cell = strstr(name, cell_begin);
    if (!cell || cell == name || !text_ends(cell, "]"))
        return;
    *cell = '\0';
    cell += sizeof cell_begin - 1;
    facts->matrix_cell = xstrndup(cell, strlen(cell) - 1);
}

/* Variables of one fact: the first that is set counts. */
struct variables {
    const char *names[2];
};

struct ci_system {
    const char *name;
    struct variables tells; /* it is this one */
    struct variables pipeline;
    struct variables number;
    struct variables url;
    struct variables job;
    struct variables started;
    struct variables url_parts; /* without a variable for the address: these two and the pipeline, with */
    const char *url_between[2]; /* these behind each of the two */
    const char *nameless_job;   /* what it calls a job that has no name */
};

/* docs.gitlab.com/ci/variables/predefined_variables, the environment variables of a Jenkins pipeline,
 * docs.github.com/actions/reference/variables-reference,
 * learn.microsoft.com/azure/devops/pipelines/build/variables.
 */
static const struct ci_system systems[] = {
    {.name = "GitLab",
     .tells = {{"GITLAB_CI", "CI_PIPELINE_ID"}},
     .pipeline = {{"CI_PIPELINE_ID"}},
     .number = {{"CI_PIPELINE_IID", "CI_PIPELINE_ID"}},
     .url = {{"CI_JOB_URL", "CI_PIPELINE_URL"}},
     .job = {{"CI_JOB_NAME"}},
     .started = {{"CI_PIPELINE_CREATED_AT"}}},
    {.name = "Jenkins",
     .tells = {{"JENKINS_URL", "BUILD_TAG"}},
     .pipeline = {{"BUILD_TAG"}},
     .number = {{"BUILD_NUMBER"}},
     .url = {{"BUILD_URL"}},
     .job = {{"JOB_NAME", "JOB_BASE_NAME"}}},
    {.name = "GitHub",
     .tells = {{"GITHUB_ACTIONS"}},
     .pipeline = {{"GITHUB_RUN_ID"}},
     .number = {{"GITHUB_RUN_NUMBER"}},
     .job = {{"GITHUB_JOB"}},
     .url_between = {"/", "/actions/runs/"},
     .url_parts = {{"GITHUB_SERVER_URL", "GITHUB_REPOSITORY"}}},
    {.name = "Azure",
     .tells = {{"TF_BUILD"}},
     .pipeline = {{"BUILD_BUILDID"}},
     .number = {{"BUILD_BUILDNUMBER"}},
     .job = {{"AGENT_JOBNAME", "SYSTEM_JOBNAME"}},
     .started = {{"SYSTEM_PIPELINESTARTTIME"}},
     .url_between = {"", "/_build/results?buildId="},
     .url_parts = {{"SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECTID"}},
     .nameless_job = "Job"},
};

static const char *value_of(const struct environment *env, const struct variables *variables)
{
    const char *value = variables->names[0] ? get(env, variables->names[0]) : NULL;
    return value || !variables->names[1] ? value : get(env, variables->names[1]);
}

static char *url_of(const struct environment *env, const struct ci_system *system, const char *pipeline)
{
    const char *url = value_of(env, &system->url);
    if (url || !system->url_parts.names[0])
        return xstrdup(url);
    const char *site = get(env, system->url_parts.names[0]);
    const char *project = get(env, system->url_parts.names[1]);
    if (!site || !project || !pipeline)
        return NULL;
    return xasprintf("%s%s%s%s%s", site, system->url_between[0], project, system->url_between[1], pipeline);
}

static void take_facts(struct ci_facts *ret, const struct environment *env, const struct ci_system *system)
{
    const char *pipeline = value_of(env, &system->pipeline);
    const char *job = value_of(env, &system->job);
    const char *started = value_of(env, &system->started);
    bool nameless = job && text_equal(job, system->nameless_job);
    ret->server = system->name;
    ret->pipeline_id = pipeline ? xasprintf("%s %s", system->name, pipeline) : NULL;
    ret->build_number = xstrdup(value_of(env, &system->number));
    ret->build_url = url_of(env, system, pipeline);
    ret->job_id = pipeline ? xasprintf("%s %s", ret->pipeline_id, job ? job : "") : NULL;
    ret->job_name = nameless ? NULL : xstrdup(job);
    if (started)
        time_parse_iso(started, &ret->started_ms, NULL);
}

void ci_detect(struct ci_facts *ret, env_lookup lookup, void *self)
{
    struct environment env = {.lookup = lookup, .self = self};
    const struct ci_system *system = systems;
    *ret = (struct ci_facts){.started_ms = TIME_NONE};
    while (system < systems + ARRAY_SIZE(systems) && !value_of(&env, &system->tells))
        system++;
    if (system == systems + ARRAY_SIZE(systems))
        return;
    take_facts(ret, &env, system);
    if (system == systems) /* GitLab */
        part_job_name(ret, &env);
}

void ci_facts_release(struct ci_facts *facts)
{
    free(facts->pipeline_id);
    free(facts->job_id);
    free(facts->build_number);
    free(facts->build_url);
    free(facts->job_name);
    free(facts->matrix_cell);
    *facts = (struct ci_facts){.started_ms = TIME_NONE};
}
