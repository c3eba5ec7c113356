/* What the CI system says about the build around us, from its environment variables.
 *
 * A pure function of a lookup, so that tests hand in any environment. GitLab: GITLAB_CI and the
 * predefined CI_* variables; Jenkins: JENKINS_URL, BUILD_TAG, BUILD_URL, JOB_NAME. An empty variable
 * counts as not set.
 */
#ifndef CLI_CI_H
#define CLI_CI_H

#include <stdint.h>

struct ci_facts {
    const char *server; /* "GitLab", "Jenkins", or NULL: run by hand */
    char *pipeline_id;  /* the same for all jobs and retries of one pipeline: GitLab CI_PIPELINE_ID, Jenkins
                         * BUILD_TAG; with the server's name before it, for the execution id */
    char *build_number; /* GitLab CI_PIPELINE_IID or CI_PIPELINE_ID, Jenkins BUILD_NUMBER */
    char *build_url;    /* GitLab CI_JOB_URL, else CI_PIPELINE_URL; Jenkins BUILD_URL */
    char *job_name;     /* GitLab CI_JOB_NAME without the " 2/5" of a parallel job and without its matrix cell
                         * (": [chrome, linux]"); Jenkins JOB_NAME, with its folders, else JOB_BASE_NAME */
    char *matrix_cell;  /* "chrome, linux"; NULL: none */
    int64_t started_ms; /* GitLab CI_PIPELINE_CREATED_AT; TIME_NONE when unknown */
};

/* Returns the variable's value or NULL; what it returns must live until ci_detect returns. */
typedef const char *(*env_lookup)(void *self, const char *name);

/* getenv as a lookup; self is not used. */
const char *env_of_process(void *self, const char *name);

void ci_detect(struct ci_facts *ret, env_lookup lookup, void *self);
void ci_facts_release(struct ci_facts *facts);

#endif
