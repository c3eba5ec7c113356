/* The one user of the sandbox, and what it may do. */
#ifndef SANDBOX_USERS_H
#define SANDBOX_USERS_H

#include "base/json.h"

struct call;

void users_list(struct call *c);              /* getUsers */
void users_get(struct call *c);               /* getUserById */
void users_search(struct call *c);            /* findByUserNameOrEmail */
void user_profiles_current(struct call *c);   /* getProfilesOfCurrentUser */
void user_profile_of_project(struct call *c); /* getCurrentProfile */

void user_write_author(struct json_writer *w, const char *key);

#endif
