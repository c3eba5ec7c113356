/* What is taken from the environment of each CI system. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/time.h"
#include "cli/ci.h"
#include "environment.h"

static struct ci_facts detect(const char *const *list)
{
    struct ci_facts facts;
    ci_detect(&facts, from_list, (void *)list);
    return facts;
}

static void test_gitlab_facts_are_taken(void **state)
{
    (void)state;
    const char *const list[] = {"GITLAB_CI",
                                "true",
                                "CI_PIPELINE_ID",
                                "900719925474099399",
                                "CI_PIPELINE_IID",
                                "41",
                                "CI_JOB_NAME",
                                "web tests 2/5",
                                "CI_JOB_URL",
                                "https://git.shop.example/a/b/-/jobs/7",
                                "CI_PIPELINE_URL",
                                "https://git.shop.example/a/b/-/pipelines/9",
                                "CI_PIPELINE_CREATED_AT",
                                "2024-05-01T10:00:00Z",
                                NULL};
    struct ci_facts facts = detect(list);
    assert_string_equal(facts.server, "GitLab");
    assert_string_equal(facts.pipeline_id, "GitLab 900719925474099399");
    assert_string_equal(facts.job_id, "GitLab 900719925474099399 web tests 2/5");
    assert_string_equal(facts.build_number, "41");
    assert_string_equal(facts.build_url, "https://git.shop.example/a/b/-/jobs/7");
    assert_string_equal(facts.job_name, "web tests");
    assert_int_equal(facts.started_ms, INT64_C(1714557600000));
    ci_facts_release(&facts);
}

static void test_gitlab_pipeline_url_stands_in_for_the_job_url(void **state)
{
    (void)state;
    const char *const list[] = {"GITLAB_CI",       "true",        "CI_JOB_URL", "",
                                "CI_PIPELINE_URL", "https://x/9", NULL};
    struct ci_facts facts = detect(list);
    assert_string_equal(facts.build_url, "https://x/9");
    assert_null(facts.pipeline_id);
    assert_null(facts.job_name);
    assert_true(facts.started_ms == TIME_NONE);
    ci_facts_release(&facts);
}

static void test_only_shard_and_matrix_cell_are_cut_from_a_job_name(void **state)
{
    (void)state;
    static const char *const names[][3] = {
        {"unit 1/3", "unit", NULL},
        {"unit 10/12", "unit", NULL},
        {"unit", "unit", NULL},
        {"unit1/3", "unit1/3", NULL},
        {"1/3", "1/3", NULL},
        {" 1/3", " 1/3", NULL},
        {"unit 1/", "unit 1/", NULL},
        {"unit /3", "unit /3", NULL},
        {"a b 1/3 2/4", "a b 1/3", NULL},
        {"\xC3\xBCnit 1/3", "\xC3\xBCnit", NULL},
        {"web: [chrome]", "web", "chrome"},
        {"web: [chrome, linux]", "web", "chrome, linux"},
        {"web: [chrome, 1/2]", "web", "chrome, 1/2"},
        {"web: [chrome] 2/3", "web", "chrome"},
        {"web 2/3: [chrome]", "web 2/3", "chrome"},
        {"web tests: [a b, [c], d]", "web tests", "a b, [c], d"},
        {"e2e:web: [https://shop.example:8443, x]", "e2e:web", "https://shop.example:8443, x"},
        {"web: [a]b]", "web", "a]b"},
        {"web [chrome]", "web [chrome]", NULL},
        {"web:[chrome]", "web:[chrome]", NULL},
        {"[web]", "[web]", NULL},
        {": [web]", ": [web]", NULL},
        {"web: chrome", "web: chrome", NULL},
        {"web: [chrome] again", "web: [chrome] again", NULL},
        {"web: [chrome", "web: [chrome", NULL},
        {"web: (chrome, linux)", "web: (chrome, linux)", NULL},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *const list[] = {"GITLAB_CI", "true", "CI_JOB_NAME", names[i][0], NULL};
        struct ci_facts facts = detect(list);
        assert_string_equal(facts.job_name, names[i][1]);
        if (names[i][2])
            assert_string_equal(facts.matrix_cell, names[i][2]);
        else
            assert_null(facts.matrix_cell);
        ci_facts_release(&facts);
    }
}

static void test_a_job_that_is_not_parallel_keeps_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *name, *total, *index, *job;
    } rows[] = {
        {"phase 1/2", "1", "", "phase 1/2"},       {"lint: [all]", "1", "", "lint: [all]"},
        {"phase 1/2", "2", "1", "phase"},          {"lint: [all]", "1", "1", "lint"},
        {"phase 1/1", "1", "1", "phase"},          {"lint: [all]", "", "", "lint"},
        {"web: [chrome, linux]", "4", "2", "web"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const list[] = {"GITLAB_CI",     "true",          "CI_JOB_NAME",
                                    rows[i].name,    "CI_NODE_TOTAL", rows[i].total,
                                    "CI_NODE_INDEX", rows[i].index,   NULL};
        struct ci_facts facts = detect(list);
        assert_string_equal(facts.job_name, rows[i].job);
        ci_facts_release(&facts);
    }
}

static void test_jenkins_facts_are_taken(void **state)
{
    (void)state;
    const char *const list[] = {"JENKINS_URL",
                                "https://ci.shop.example/",
                                "BUILD_TAG",
                                "jenkins-shop-web-12",
                                "BUILD_NUMBER",
                                "12",
                                "BUILD_URL",
                                "https://ci.shop.example/job/shop/job/web/12/",
                                "JOB_NAME",
                                "shop/web",
                                "JOB_BASE_NAME",
                                "web",
                                NULL};
    struct ci_facts facts = detect(list);
    assert_string_equal(facts.server, "Jenkins");
    assert_string_equal(facts.pipeline_id, "Jenkins jenkins-shop-web-12");
    assert_string_equal(facts.job_id, "Jenkins jenkins-shop-web-12 shop/web");
    assert_string_equal(facts.build_number, "12");
    assert_string_equal(facts.build_url, "https://ci.shop.example/job/shop/job/web/12/");
    assert_string_equal(facts.job_name, "shop/web");
    assert_true(facts.started_ms == TIME_NONE);
    ci_facts_release(&facts);
}

static void test_jenkins_base_name_stands_in_for_the_job_name(void **state)
{
    (void)state;
    const char *const list[] = {"BUILD_TAG", "jenkins-web-1", "JOB_BASE_NAME", "web", NULL};
    struct ci_facts facts = detect(list);
    assert_string_equal(facts.job_name, "web");
    ci_facts_release(&facts);
}

static void test_github_facts_are_taken(void **state)
{
    (void)state;
    const char *const list[] = {"GITHUB_ACTIONS",
                                "true",
                                "GITHUB_RUN_ID",
                                "9007199254740993",
                                "GITHUB_RUN_NUMBER",
                                "57",
                                "GITHUB_JOB",
                                "web-tests",
                                "GITHUB_SERVER_URL",
                                "https://github.com",
                                "GITHUB_REPOSITORY",
                                "shop/web",
                                NULL};
    struct ci_facts facts = detect(list);
    assert_string_equal(facts.server, "GitHub");
    assert_string_equal(facts.pipeline_id, "GitHub 9007199254740993");
    assert_string_equal(facts.build_number, "57");
    assert_string_equal(facts.build_url, "https://github.com/shop/web/actions/runs/9007199254740993");
    assert_string_equal(facts.job_name, "web-tests");
    assert_null(facts.matrix_cell);
    assert_true(facts.started_ms == TIME_NONE);
    ci_facts_release(&facts);
}

static void test_azure_facts_are_taken(void **state)
{
    (void)state;
    const char *const list[] = {"TF_BUILD",
                                "True",
                                "BUILD_BUILDID",
                                "812",
                                "BUILD_BUILDNUMBER",
                                "20240501.3",
                                "AGENT_JOBNAME",
                                "web tests",
                                "SYSTEM_JOBNAME",
                                "web_tests",
                                "SYSTEM_COLLECTIONURI",
                                "https://dev.azure.com/shop/",
                                "SYSTEM_TEAMPROJECTID",
                                "6f9619ff-8b86-d011-b42d-00c04fc964ff",
                                "SYSTEM_PIPELINESTARTTIME",
                                "2024-05-01 10:00:00+00:00",
                                NULL};
    struct ci_facts facts = detect(list);
    assert_string_equal(facts.server, "Azure");
    assert_string_equal(facts.pipeline_id, "Azure 812");
    assert_string_equal(facts.build_number, "20240501.3");
    assert_string_equal(facts.build_url, "https://dev.azure.com/shop/6f9619ff-8b86-d011-b42d-00c04fc964ff"
                                         "/_build/results?buildId=812");
    assert_string_equal(facts.job_name, "web tests");
    assert_int_equal(facts.started_ms, INT64_C(1714557600000));
    ci_facts_release(&facts);
}

static void test_what_is_not_told_is_not_made_up(void **state)
{
    (void)state;
    const char *const azure[] = {"TF_BUILD", "True", "BUILD_BUILDID", "812", "AGENT_JOBNAME", "Job", NULL};
    struct ci_facts facts = detect(azure);
    assert_null(facts.job_name); /* so Azure calls a job without a name */
    assert_null(facts.build_url);
    assert_null(facts.build_number);
    ci_facts_release(&facts);
    const char *const github[] = {
        "GITHUB_ACTIONS", "true", "GITHUB_SERVER_URL", "https://github.com", "GITHUB_REPOSITORY",
        "shop/web",       NULL};
    facts = detect(github);
    assert_null(facts.build_url);
    assert_null(facts.pipeline_id);
    ci_facts_release(&facts);
}

static void test_no_ci_gives_no_facts(void **state)
{
    (void)state;
    const char *const list[] = {"BUILD_URL", "https://elsewhere.example/", "GITLAB_CI", "", "HOME", "/root",
                                NULL};
    struct ci_facts facts = detect(list);
    assert_null(facts.server);
    assert_null(facts.build_url);
    assert_null(facts.pipeline_id);
    ci_facts_release(&facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gitlab_facts_are_taken),
        cmocka_unit_test(test_gitlab_pipeline_url_stands_in_for_the_job_url),
        cmocka_unit_test(test_only_shard_and_matrix_cell_are_cut_from_a_job_name),
        cmocka_unit_test(test_a_job_that_is_not_parallel_keeps_its_name),
        cmocka_unit_test(test_jenkins_facts_are_taken),
        cmocka_unit_test(test_jenkins_base_name_stands_in_for_the_job_name),
        cmocka_unit_test(test_github_facts_are_taken),
        cmocka_unit_test(test_azure_facts_are_taken),
        cmocka_unit_test(test_what_is_not_told_is_not_made_up),
        cmocka_unit_test(test_no_ci_gives_no_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
