#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/artifacts.h"
#include "sandbox/attachments.h"
#include "sandbox/cases.h"
#include "sandbox/cycles.h"
#include "sandbox/links.h"
#include "sandbox/logs.h"
#include "sandbox/modules.h"
#include "sandbox/oauth.h"
#include "sandbox/pages.h"
#include "sandbox/projects.h"
#include "sandbox/request.h"
#include "sandbox/router.h"
#include "sandbox/runs.h"
#include "sandbox/search.h"
#include "sandbox/settings.h"
#include "sandbox/statuses.h"
#include "sandbox/submit.h"
#include "sandbox/submit_one.h"
#include "sandbox/suites.h"
#include "sandbox/users.h"

#define P       "/api/v3/projects/{}/"
#define PROJECT ROUTE_PROJECT

/* The first match counts: paths with a word stand before those with {} in the same place. */
static const struct route routes[] = {
    {"POST", "/oauth/token", oauth_token, ROUTE_PUBLIC | ROUTE_RAW_BODY},
    {"POST", "/oauth/revoke", oauth_revoke, ROUTE_RAW_BODY},
    {"GET", "/oauth/status", oauth_status, ROUTE_PUBLIC},
    {"POST", "/api/login", oauth_login, ROUTE_PUBLIC | ROUTE_RAW_BODY},
    {"GET", "/version", oauth_version, ROUTE_PUBLIC},
    {"GET", "/api/v3/users/search", users_search, 0},
    {"GET", "/api/v3/users/{}", users_get, 0},
    {"GET", "/api/v3/user-profiles/current", user_profiles_current, 0},

    {"GET", "/api/v3/projects", projects_list, 0},
    {"POST", "/api/v3/projects", projects_create, 0},
    {"POST", "/api/v3/projects/search", projects_search, 0},
    {"GET", "/api/v3/projects/queue-processing/{}", submit_track, 0},
    {"GET", "/api/v3/projects/{}", projects_get, PROJECT},
    {"POST", P "search", search_artifacts, PROJECT},
    {"GET", P "users", users_list, PROJECT},
    {"GET", P "user-profiles/current", user_profile_of_project, PROJECT},

    {"GET", P "test-cycles", cycles_list, PROJECT},
    {"POST", P "test-cycles", cycles_create, PROJECT},
    {"GET", P "test-cycles/{}", cycles_get, PROJECT},
    {"PUT", P "test-cycles/{}", cycles_update, PROJECT},
    {"DELETE", P "test-cycles/{}", cycles_delete, PROJECT},
    {"GET", P "test-suites", suites_list, PROJECT},
    {"POST", P "test-suites", suites_create, PROJECT},
    {"GET", P "test-suites/{}", suites_get, PROJECT},
    {"PUT", P "test-suites/{}", suites_update, PROJECT},
    {"DELETE", P "test-suites/{}", suites_delete, PROJECT},
    {"GET", P "modules", modules_list, PROJECT},
    {"POST", P "modules", modules_create, PROJECT},
    {"GET", P "modules/{}", modules_get, PROJECT},
    {"PUT", P "modules/{}", modules_update, PROJECT},
    {"DELETE", P "modules/{}", modules_delete, PROJECT},

    {"GET", P "test-cases", cases_list, PROJECT},
    {"POST", P "test-cases", cases_create, PROJECT},
    {"PUT", P "test-cases/update/testcases", cases_update_many, PROJECT},
    {"GET", P "test-cases/{}", cases_get, PROJECT},
    {"PUT", P "test-cases/{}", cases_update, PROJECT},
    {"DELETE", P "test-cases/{}", cases_delete, PROJECT},
    {"PUT", P "test-cases/{}/approve", cases_approve, PROJECT},
    {"GET", P "test-cases/{}/properties-info", cases_properties_info, PROJECT},
    {"GET", P "test-cases/{}/versions", cases_versions, PROJECT},
    {"GET", P "test-cases/{}/versions/{}", cases_version, PROJECT},
    {"GET", P "test-cases/{}/versions/{}/test-steps", cases_version_steps, PROJECT},
    {"GET", P "test-cases/{}/test-steps", cases_steps, PROJECT},
    {"POST", P "test-cases/{}/test-steps", cases_step_add, PROJECT},
    {"GET", P "test-cases/{}/test-steps/{}", cases_step, PROJECT},
    {"PUT", P "test-cases/{}/test-steps/{}", cases_step_update, PROJECT},
    {"DELETE", P "test-cases/{}/test-steps/{}", cases_step_delete, PROJECT},
    {"GET", "/api/v4/projects/{}/test-cases/{}/test-steps", cases_steps, PROJECT},
    {"GET", "/api/v4/projects/{}/test-cases/{}/versions/{}/test-steps", cases_version_steps_v4, PROJECT},

    {"GET", P "test-runs", runs_list, PROJECT},
    {"POST", P "test-runs", runs_create, PROJECT},
    {"GET", P "test-runs/execution-statuses", statuses_list, PROJECT},
    {"GET", P "test-runs/{}", runs_get, PROJECT},
    {"PUT", P "test-runs/{}", runs_update, PROJECT},
    {"DELETE", P "test-runs/{}", runs_delete, PROJECT},
    {"GET", P "test-runs/{}/properties", runs_properties_info, PROJECT},
    {"GET", P "test-runs/{}/properties-info", runs_properties_info, PROJECT},
    {"GET", P "test-runs/{}/test-logs", logs_list, PROJECT},
    {"POST", P "test-runs/{}/test-logs", logs_create, PROJECT},
    {"GET", P "test-runs/{}/test-logs/last-run", logs_last, PROJECT},
    {"GET", P "test-runs/{}/test-logs/{}", logs_get, PROJECT},
    {"PUT", P "test-runs/{}/test-logs/{}", logs_update, PROJECT},
    {"POST", P "test-runs/{}/auto-test-logs", submit_one, PROJECT},
    {"PUT", P "test-runs/{}/auto-test-logs/{}", logs_update_auto, PROJECT},
    {"POST", "/api/v3.1/projects/{}/test-runs/{}/auto-test-logs", submit_to_suite, 0},
    {"POST", "/api/v3/projects/{}/test-runs/{}/auto-test-logs/ci/{}", submit_to_suite, 0},
    {"POST", P "auto-test-logs", submit_to_cycle, PROJECT},

    {"GET", P "releases", releases_list, PROJECT},
    {"POST", P "releases", releases_create, PROJECT},
    {"GET", P "releases/{}", releases_get, PROJECT},
    {"PUT", P "releases/{}", releases_update, PROJECT},
    {"DELETE", P "releases/{}", releases_delete, PROJECT},
    {"GET", P "builds", builds_list, PROJECT},
    {"POST", P "builds", builds_create, PROJECT},
    {"GET", P "builds/{}", builds_get, PROJECT},
    {"PUT", P "builds/{}", builds_update, PROJECT},
    {"DELETE", P "builds/{}", builds_delete, PROJECT},
    {"GET", P "requirements", requirements_list, PROJECT},
    {"POST", P "requirements", requirements_create, PROJECT},
    {"GET", P "requirements/{}", requirements_get, PROJECT},
    {"PUT", P "requirements/{}", requirements_update, PROJECT},
    {"DELETE", P "requirements/{}", requirements_delete, PROJECT},
    {"POST", P "defects", defects_create, PROJECT},
    {"GET", P "defects/{}", defects_get, PROJECT},
    {"PUT", P "defects/{}", defects_update, PROJECT},

    {"GET", P "settings/{}/fields", settings_fields, PROJECT},
    {"POST", P "settings/{}/fields", settings_create_field, PROJECT},
    {"GET", P "settings/{}/fields/{}", settings_field, PROJECT},
    {"GET", P "settings/{}/fields/{}/allowed-values", settings_values, PROJECT},

    {"GET", P "attachments", attachments_search, PROJECT},
    {"GET", P "linked-artifacts", links_find, PROJECT},
    {"POST", P "{}/{}/blob-handles", attachments_upload, PROJECT | ROUTE_RAW_BODY},
    {"DELETE", P "{}/{}/blob-handles/{}", attachments_delete, PROJECT},
    {"GET", P "{}/{}/attachments", attachments_of_object, PROJECT},
    {"GET", P "{}/{}/attachments/{}", attachments_get, PROJECT},
    {"POST", P "{}/{}/link", links_add, PROJECT},
    {"DELETE", P "{}/{}/link", links_remove, PROJECT},
    {"POST", P "{}/{}/{}", links_add_by_pid, PROJECT},
    {"DELETE", P "{}/{}/{}", links_remove_by_pid, PROJECT},

    {"GET", "/", pages_home, ROUTE_PUBLIC},
    {"GET", "/style.css", pages_style, ROUTE_PUBLIC},
    {"GET", "/icon.svg", pages_icon, ROUTE_PUBLIC},
    {"GET", "/p/{}/portal/project", pages_project, ROUTE_PUBLIC | PROJECT},
    {"GET", "/p/{}/attachments/{}", pages_attachment, ROUTE_PUBLIC | PROJECT},
};

static bool path_matches(const char *pattern, const struct request *rq)
{
    for (size_t i = 0; i < rq->segment_count; i++) {
        if (*pattern != '/')
            return false;
        pattern++;
        size_t length = strcspn(pattern, "/");
        bool any = length == 2 && pattern[0] == '{';
        const char *segment = rq->segments[i];
        if (any ? *segment == '\0' : strlen(segment) != length || memcmp(segment, pattern, length) != 0)
            return false;
        pattern += length;
    }
    return *pattern == '\0' && rq->segment_count > 0;
}

const struct route *route_find(const struct request *rq, bool *ret_other_method)
{
    *ret_other_method = false;
    for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
        if (!path_matches(routes[i].path, rq))
            continue;
        if (text_equal(routes[i].method, rq->method) ||
            (text_equal(rq->method, "HEAD") && text_equal(routes[i].method, "GET")))
            return &routes[i];
        *ret_other_method = true;
    }
    return NULL;
}

int route_argument(const struct route *route, int i)
{
    int segment = -1;
    for (const char *at = route->path; *at; at++) {
        segment += *at == '/';
        if (*at == '{' && i-- == 0)
            return segment;
    }
    return -1;
}
