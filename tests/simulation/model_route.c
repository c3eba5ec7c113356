/* Paths of requests, taken apart. */
#include <string.h>

#include "base/text.h"
#include "model_private.h"

static void add_segments(struct route *route, char *path)
{
    while (*path == '/' && route->segment_count < SEGMENTS_MAX) {
        *path++ = '\0';
        route->segments[route->segment_count++] = path;
        path += strcspn(path, "/");
    }
}

static void add_parameters(struct route *route, char *query)
{
    while (query && *query && route->parameter_count < PARAMETERS_MAX) {
        char *next = strchr(query, '&');
        if (next)
            *next++ = '\0';
        char *value = strchr(query, '=');
        if (value)
            *value++ = '\0';
        route->parameters[route->parameter_count++] = (struct parameter){query, value ? value : ""};
        query = next;
    }
}

/* Nothing that the agent puts into a path needs decoding but PIDs, whose hyphen does not. */
void route_parse(struct route *route, struct arena *texts, const char *path)
{
    char *copy = arena_text(texts, path, strlen(path));
    char *query = strchr(copy, '?');
    *route = (struct route){0};
    if (query)
        *query++ = '\0';
    add_segments(route, copy);
    add_parameters(route, query);
}

const char *route_parameter(const struct route *route, const char *name)
{
    for (size_t i = 0; i < route->parameter_count; i++)
        if (strcmp(route->parameters[i].name, name) == 0)
            return route->parameters[i].value;
    return NULL;
}

int64_t route_integer(const struct route *route, const char *name, int64_t fallback)
{
    int64_t value;
    const char *text = route_parameter(route, name);
    return text && text_to_int64(text, INT64_MIN, INT64_MAX, &value) ? value : fallback;
}

int64_t route_id(const struct route *route, size_t i)
{
    int64_t id;
    if (i >= route->segment_count)
        return 0;
    const char *text = route->segments[i];
    const char *hyphen = strchr(text, '-');
    return text_to_int64(hyphen ? hyphen + 1 : text, 1, INT64_MAX, &id) ? id : 0;
}

bool route_matches(const struct route *route, const char *pattern)
{
    size_t i = 4;
    for (; *pattern && i < route->segment_count; i++) {
        size_t length = strcspn(pattern, "/");
        bool any = length == 1 && *pattern == '#';
        if (!any &&
            (strlen(route->segments[i]) != length || strncmp(route->segments[i], pattern, length) != 0))
            return false;
        pattern += length;
        pattern += *pattern == '/';
    }
    return !*pattern && i == route->segment_count;
}
