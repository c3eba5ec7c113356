/* qTest's answers as our own values. Only what the engine needs is kept; texts are owned.
 *
 * Readers accept what servers are known to do: arrays where envelopes are expected and the reverse,
 * hyphens and underscores in tree keys, names and notes with HTML entities (un-escaped here), ids as
 * numbers or strings, dates in any offset (qtest-api.md 4.1, 4.2, 7.3, section 10 switches 16 and 17).
 * Each returns 0, or -ERR_PROTOCOL when the body is not what the call answers.
 */
#ifndef QTEST_OBJECTS_H
#define QTEST_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"
#include "qtest/http.h"

enum automation_flag { AUTOMATION_UNKNOWN, AUTOMATION_ON, AUTOMATION_OFF };

struct qtest_project {
    int64_t id;
    char *name;
    enum automation_flag automation;
};

/* A cycle, suite or module: an object of a tree. */
struct qtest_node {
    int64_t id;
    int64_t parent_id; /* 0: unknown, or the root */
    char *name;        /* un-escaped */
    char *shown_name;  /* as the server wrote it; NULL: the same */
    char *pid;
    char *url;           /* NULL: none */
    int64_t modified_ms; /* last change, else creation; TIME_NONE: not said */
};

struct qtest_nodes {
    struct qtest_node *items;
    size_t count;
    size_t capacity;
};

struct qtest_case {
    int64_t id;
    int64_t module_id;
    char *name;
    char *description;
    char *automation_content; /* NULL: none */
};

struct qtest_log {
    int64_t id;
    int64_t run_id;
    int64_t start_ms; /* TIME_NONE: not said */
    int64_t end_ms;
    char *note;         /* NULL: the server gave none */
    char *build_number; /* NULL: not said */
    char *status;       /* the execution status' name, "Passed"; NULL: not said */
};

struct qtest_run {
    int64_t id;
    int64_t case_id;
    int64_t suite_id;    /* 0: it is in none, or that is not said */
    bool has_latest_log; /* the list says something about it (switch 13) */
    struct qtest_log latest_log;
};

enum job_state { JOB_WAITING, JOB_SUCCESS, JOB_FAILED, JOB_UNKNOWN };

struct qtest_job {
    int64_t id;
    enum job_state state;
    int64_t total_logs; /* totalTestLogs of a SUCCESS, -1: not said */
    char *message;      /* of a FAILED one, in any of its shapes, shortened; NULL: none */
};

/* A page: the parsed body with its items. total -1: not said. */
struct qtest_page {
    cJSON *body;
    const cJSON *items; /* an array */
    int64_t total;
    size_t count;
};

int page_read(const struct reply *reply, struct qtest_page *ret_page, struct error *err);
void page_release(struct qtest_page *page);

int project_read(const cJSON *object, struct qtest_project *ret, struct error *err);
void qtest_project_release(struct qtest_project *project);

int node_read(const cJSON *object, struct qtest_node *ret, struct error *err);
void qtest_node_release(struct qtest_node *node);
/* Whether the node bears this name: servers show names raw or escaped, and a raw one may itself hold the text
 * of an entity. Which of the two it is cannot be told. */
enum name_match {
    NAME_DIFFERS,
    NAME_AS_SHOWN,  /* should the server show names raw */
    NAME_UNESCAPED, /* should it escape them */
    NAME_EXACT,     /* both, so in any case */
};
enum name_match node_is_named(const struct qtest_node *node, const char *name);
void nodes_add(struct qtest_nodes *nodes, struct qtest_node *node); /* node is moved */
void nodes_release(struct qtest_nodes *nodes);
/* The node with this number; the others keep their order. */
void nodes_remove(struct qtest_nodes *nodes, size_t number);
/* A list of cycles, flattened, parents before children where it was answered with descendants. */
int cycles_read(const cJSON *array, struct qtest_nodes *cycles, struct error *err);
/* The suites of a cycle answered with its descendants; those of its sub-cycles are not its own. */
int cycle_suites_read(const cJSON *cycle, struct qtest_nodes *suites, struct error *err);
/* A tree of modules, flattened, parents before children. */
int modules_read(const cJSON *array, struct qtest_nodes *modules, struct error *err);

int case_read(const cJSON *object, struct qtest_case *ret, struct error *err);
void qtest_case_release(struct qtest_case *test_case);
int log_read(const cJSON *object, struct qtest_log *ret, struct error *err);
void qtest_log_release(struct qtest_log *log);
int run_read(const cJSON *object, struct qtest_run *ret, struct error *err);
void qtest_run_release(struct qtest_run *run);
int job_read(const struct reply *reply, struct qtest_job *ret, struct error *err);
void qtest_job_release(struct qtest_job *job);

/* The body of a single object; the caller deletes. NULL with *err set when it is no JSON object. */
cJSON *reply_object(const struct reply *reply, struct error *err);
/* &amp; &lt; &gt; &quot; &apos; &#39; and numeric references, once; NULL gives NULL. The caller frees. */
char *html_unescape(const char *text);

#endif
