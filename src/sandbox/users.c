#include "base/memory.h"
#include "sandbox/call.h"
#include "sandbox/users.h"

#define USER_NAME "sandbox@example.com"

void user_write_author(struct json_writer *w, const char *key)
{
    json_object(w, key);
    json_integer(w, "id", USER_ID);
    json_string(w, "email", USER_NAME);
    json_string(w, "first_name", "Sandbox");
    json_string(w, "last_name", "User");
    json_end(w);
}

static void write_user(struct json_writer *w)
{
    json_object(w, NULL);
    json_array(w, "links");
    json_end(w);
    json_integer(w, "id", USER_ID);
    json_string(w, "username", USER_NAME);
    json_string(w, "email", USER_NAME);
    json_string(w, "first_name", "Sandbox");
    json_string(w, "last_name", "User");
    json_integer(w, "status", 1);
    json_end(w);
}

void users_list(struct call *c)
{
    json_array(&c->json, NULL);
    write_user(&c->json);
    json_end(&c->json);
}

void users_get(struct call *c)
{
    int64_t id;
    if (!call_arg_id(c, 0, &id))
        return;
    if (id == USER_ID)
        write_user(&c->json);
    else
        call_fail(c, 404, "User does not exist");
}

void users_search(struct call *c)
{
    struct page page = call_page(c, "pageSize", 100);
    call_envelope(c, page, 1);
    if (page.number == 1)
        write_user(&c->json);
    json_end(&c->json);
    json_end(&c->json);
}

static void write_rights(struct json_writer *w, const char *key, bool may_delete, bool test_case,
                         bool may_approve)
{
    json_object(w, key);
    json_boolean(w, "create", true);
    json_boolean(w, "edit", true);
    json_boolean(w, "delete", may_delete);
    json_boolean(w, "view", true);
    if (test_case)
        json_boolean(w, "approve", may_approve);
    json_end(w);
}

static void write_profile(struct call *c, int64_t project)
{
    static const char *const kinds[] = {"release",    "build",      "module",   "requirement", "test_case",
                                        "test_cycle", "test_suite", "test_run", "defect"};
    struct json_writer *w = &c->json;
    int64_t rights = call_switch(c, SWITCH_RIGHTS);
    json_object(w, NULL);
    json_integer(w, "user_id", USER_ID);
    json_integer(w, "project_id", project);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        write_rights(w, kinds[i], !(rights & RIGHTS_NO_DELETE), i == 4, !(rights & RIGHTS_NO_APPROVE));
    json_object(w, "project_setting");
    json_boolean(w, "manage", !(rights & RIGHTS_NO_FIELD_SETTINGS));
    json_end(w);
    json_end(w);
}

void user_profiles_current(struct call *c)
{
    _cleanup_(rows_close) struct rows r = rows_open(c->store, "SELECT id FROM projects ORDER BY id", "");
    json_array(&c->json, NULL);
    while (rows_next(&r))
        write_profile(c, rows_int(&r, 0));
    json_end(&c->json);
}

void user_profile_of_project(struct call *c)
{
    write_profile(c, c->project);
}
