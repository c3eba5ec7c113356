/* An environment made of a list: an env_lookup (cli/ci.h) whose self is name, value, name, value, ..., NULL.
 */
#ifndef TESTS_UNIT_ENVIRONMENT_H
#define TESTS_UNIT_ENVIRONMENT_H

#include <stddef.h>
#include <string.h>

static inline const char *from_list(void *self, const char *name)
{
    const char *const *list = self;
    for (; list[0]; list += 2)
        if (strcmp(list[0], name) == 0)
            return list[1];
    return NULL;
}

#endif
