/* What the files of the model share: one call being answered. */
#ifndef SIMULATION_MODEL_PRIVATE_H
#define SIMULATION_MODEL_PRIVATE_H

#include "base/json.h"
#include "model.h"

#define SEGMENTS_MAX   10
#define PARAMETERS_MAX 8

struct parameter {
    const char *name;
    const char *value;
};

/* "/api/v3/projects/77/test-suites?parentId=5" in its parts; the version is a segment too. */
struct route {
    const char *segments[SEGMENTS_MAX];
    size_t segment_count;
    struct parameter parameters[PARAMETERS_MAX];
    size_t parameter_count;
};

struct model_call {
    struct model *model;
    const struct request *request;
    struct reply *reply;
    struct route route;
    cJSON *body; /* of the request, NULL: none */
    struct json_writer out;
};

/* model_route.c */
void route_parse(struct route *route, struct arena *texts, const char *path);
const char *route_parameter(const struct route *route, const char *name); /* NULL: not given */
int64_t route_integer(const struct route *route, const char *name, int64_t fallback);
/* Segment number i as an id, whether written "12" or "CL-12"; 0: neither. */
int64_t route_id(const struct route *route, size_t i);
/* "test-suites" matches .../projects/{p}/test-suites, "test-suites/#" with something after it. */
bool route_matches(const struct route *route, const char *pattern);

/* model_answer.c */
void answer_status(struct model_call *call, int status);
void answer_error(struct model_call *call, int status, const char *message);
void answer_name(struct model_call *call, const char *key, const char *text); /* switch 17 */
void answer_instant(struct model_call *call, const char *key, int64_t wall_ms);
void answer_log_instant(struct model_call *call, const char *key, int64_t wall_ms); /* switch 21 */
/* "page", "page_size", "total" and "items", left open for the items on this page: from *ret_begin on. */
struct page_range {
    int64_t begin;
    int64_t end;
};
struct page_range answer_envelope(struct model_call *call, int64_t total);
struct page_range page_of(const struct model_call *call, const char *size_name, int64_t default_size);

/* model_tree.c: releases, cycles, suites, modules */
bool tree_answer(struct model_call *call);
void put_node(struct model_call *call, const struct model_node *node, const char *key);
bool node_listed(const struct model *model, const struct model_node *node);

/* model_content.c: cases, runs, logs */
bool content_answer(struct model_call *call);
void put_case(struct model_call *call, const struct model_case *test_case, bool with_steps);
void put_run(struct model_call *call, const struct model_run *run);
/* expected: what the list calls it. */
const struct model_step *read_steps(struct model *model, const cJSON *steps, const char *expected,
                                    size_t *ret_count);
/* as_item: in a list or a search, which may leave things out (switches 20 and 33). */
void put_log(struct model_call *call, const struct model_log *log, bool as_item);

/* model_search.c */
void search_answer(struct model_call *call);

/* model_submit.c */
void submit_answer(struct model_call *call);
void job_answer(struct model_call *call);
/* model_jobs.c */
void job_add(struct model *model, struct model_job *job);
void job_write(struct model *model, struct model_job *job);
struct model_case *case_by_content(const struct model *model, const char *content);
bool status_mapped(const char *word);

/* model.c */
int64_t model_take_id(struct model *model);
const char *model_text(struct model *model, const char *text); /* NULL gives NULL */
int64_t model_visible_ms(struct model *model, int64_t lag_ms);
int64_t model_searched_ms(struct model *model); /* switches 11 and 34 */

#endif
