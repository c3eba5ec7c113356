/* What the CI system says about the build around us, from its environment variables: GitLab, Jenkins, GitHub
 * Actions, Azure Pipelines.
 *
 * A pure function of a lookup, so that tests hand in any environment; which variables are asked stands in one
 * table (ci.c). An empty variable counts as not set.
 */
#ifndef CLI_CI_H
#define CLI_CI_H

#include <stdint.h>

struct ci_facts {
    const char *server; /* "GitLab", "Jenkins", "GitHub", "Azure", or NULL: run by hand */
    char *
        pipeline_id; /* the same for all jobs and retries of one pipeline; with the server's name before it */
    char *job_id;       /* the same for all retries of a job and for no other job: the pipeline and the job's
                         * whole name, its shard and matrix cell too, never its number; NULL: no pipeline */
    char *build_number; /* for people */
    char *build_url;
    char *job_name; /* the same for all retries of a job: in GitLab without the " 2/5" of a parallel job and
                     * without its matrix cell (": [chrome, linux]"), in Jenkins with its folders; NULL:
                     * it has no name */
    char *matrix_cell;  /* "chrome, linux"; NULL: none, or not told (GitHub, Azure) */
    int64_t started_ms; /* the pipeline; TIME_NONE when unknown */
};

/* Returns the variable's value or NULL; what it returns must live until ci_detect returns. */
typedef const char *(*env_lookup)(void *self, const char *name);

/* getenv as a lookup; self is not used. */
const char *env_of_process(void *self, const char *name);

void ci_detect(struct ci_facts *ret, env_lookup lookup, void *self);
void ci_facts_release(struct ci_facts *facts);

#endif
