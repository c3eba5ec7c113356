#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/faults.h"

struct faults {
    struct fault_rule *rules;
    size_t count, capacity;
};

#define MS_MAX 86400000

static bool known_keys(const cJSON *object, const char *keys, const char **ret_unknown)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        _cleanup_free_ char *key = xasprintf(" %s ", item->string);
        if (!strstr(keys, key)) {
            *ret_unknown = item->string;
            return false;
        }
    }
    return true;
}

/* A number that may be missing. */
static bool take_number(const cJSON *object, const char *name, int64_t low, int64_t high, int64_t *ret)
{
    const cJSON *value = json_member(object, name);
    int64_t number;
    if (!value)
        return true;
    if (!json_value_int64(value, &number) || number < low || number > high)
        return false;
    *ret = number;
    return true;
}

static bool read_headers(const cJSON *headers, struct fault_rule *rule)
{
    const cJSON *item;
    if (headers && !cJSON_IsObject(headers))
        return false;
    cJSON_ArrayForEach(item, headers)
    {
        if (!cJSON_IsString(item))
            return false;
        GROW(rule->headers, rule->header_count, rule->header_capacity);
        rule->headers[rule->header_count++] =
            (struct name_value){.name = xstrdup(item->string), .value = xstrdup(item->valuestring)};
    }
    return true;
}

static void read_body(const cJSON *body, struct fault_rule *rule)
{
    if (!body)
        return;
    rule->body_is_json = !cJSON_IsString(body);
    if (!rule->body_is_json) {
        rule->body = xstrdup(body->valuestring);
        return;
    }
    char *printed = cJSON_PrintUnformatted(body);
    rule->body = xstrdup(printed);
    cJSON_free(printed);
}

static int read_action(const cJSON *action, struct fault_rule *rule, struct error *err)
{
    const char *unknown = "", *close = json_text(action, "close");
    const cJSON *drip = json_member(action, "drip");
    if (!cJSON_IsObject(action))
        return error_set(err, ERR_USAGE, "a fault rule has no action");
    if (!known_keys(action, " status headers body html after_work delay_ms close reset half_body drip ",
                    &unknown))
        return error_set(err, ERR_USAGE, "a fault rule has an action '%s' that does not exist", unknown);
    if (!take_number(action, "status", 100, 599, &rule->status) ||
        !take_number(action, "delay_ms", 0, MS_MAX, &rule->delay_ms) ||
        (drip && (!take_number(drip, "bytes", 1, 1 << 30, &rule->drip_bytes) ||
                  !take_number(drip, "ms", 0, MS_MAX, &rule->drip_ms) || !rule->drip_bytes)))
        return error_set(err, ERR_USAGE, "a fault rule has a number that is none or out of range");
    if (!read_headers(json_member(action, "headers"), rule))
        return error_set(err, ERR_USAGE, "the headers of a fault rule must be an object of texts");
    if (json_member(action, "close") && !text_equal(close, "before") && !text_equal(close, "after"))
        return error_set(err, ERR_USAGE, "close of a fault rule must be 'before' or 'after'");
    read_body(json_member(action, "body"), rule);
    rule->html = json_bool(action, "html", false);
    rule->after_work = json_bool(action, "after_work", false);
    rule->close_before = text_equal(close, "before");
    rule->close_after = text_equal(close, "after");
    rule->reset = json_bool(action, "reset", false);
    rule->half_body = json_bool(action, "half_body", false);
    return 0;
}

static int read_rule(const cJSON *item, struct fault_rule *rule, struct error *err)
{
    const char *unknown = "";
    int64_t nth = 0;
    *rule = (struct fault_rule){.from = 1, .to = INT64_MAX, .every = 1};
    if (!cJSON_IsObject(item))
        return error_set(err, ERR_USAGE, "a fault rule is no object");
    if (!known_keys(item, " method path nth from to every action comment ", &unknown))
        return error_set(err, ERR_USAGE, "a fault rule has a member '%s' that does not exist", unknown);
    rule->method = xstrdup(json_text(item, "method"));
    rule->path = xstrdup(json_text(item, "path"));
    if (!take_number(item, "nth", 1, INT64_MAX, &nth) ||
        !take_number(item, "from", 1, INT64_MAX, &rule->from) ||
        !take_number(item, "to", 1, INT64_MAX, &rule->to) ||
        !take_number(item, "every", 1, INT64_MAX, &rule->every))
        return error_set(err, ERR_USAGE, "nth, from, to and every of a fault rule must be numbers from 1");
    if (nth)
        rule->from = rule->to = nth;
    return read_action(json_member(item, "action"), rule, err);
}

int faults_parse(struct faults **ret_faults, const char *text, size_t size, struct error *err)
{
    _cleanup_(json_delete) cJSON *list = json_parse(text, size);
    const cJSON *item;
    if (!cJSON_IsArray(list))
        return error_set(err, ERR_USAGE, "the fault rules are not a JSON list");
    struct faults *f = xcalloc(1, sizeof *f);
    cJSON_ArrayForEach(item, list)
    {
        GROW(f->rules, f->count, f->capacity);
        int result = read_rule(item, &f->rules[f->count++], err);
        if (result < 0) {
            error_prefix(err, "rule %zu", f->count);
            faults_free(f);
            return result;
        }
    }
    *ret_faults = f;
    return 0;
}

int faults_load(struct faults **ret_faults, const char *path, struct error *err)
{
    _cleanup_(buf_release) struct buf text = BUF_INIT(64 << 20);
    FILE *file = fopen(path, "re");
    if (!file)
        return error_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
    size_t got;
    do {
        char *place = buf_reserve(&text, 65536);
        got = place ? fread(place, 1, 65536, file) : 0;
        buf_advance(&text, got);
    } while (got > 0);
    fclose(file);
    int result = faults_parse(ret_faults, buf_text(&text), text.length, err);
    if (result < 0)
        error_prefix(err, "'%s'", path);
    return result;
}

void faults_free(struct faults *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++) {
        free(f->rules[i].method);
        free(f->rules[i].path);
        free(f->rules[i].body);
        form_release(f->rules[i].headers, f->rules[i].header_count);
    }
    free(f->rules);
    free(f);
}

/* '*' stands for any text. The usual walk with one point to come back to. */
static bool glob_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *again = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            again = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool rule_matches(const struct fault_rule *rule, const char *method, const char *target)
{
    if (rule->method && !text_equal(rule->method, "*") && !text_equal(rule->method, method))
        return false;
    if (!rule->path)
        return true;
    return strchr(rule->path, '*') ? glob_matches(rule->path, target) : strstr(target, rule->path) != NULL;
}

const struct fault_rule *faults_match(struct faults *f, const char *method, const char *target)
{
    const struct fault_rule *chosen = NULL;
    for (size_t i = 0; f && i < f->count; i++) {
        struct fault_rule *rule = &f->rules[i];
        if (!rule_matches(rule, method, target))
            continue;
        int64_t n = ++rule->matches;
        if (!chosen && n >= rule->from && n <= rule->to && (n - rule->from) % rule->every == 0)
            chosen = rule;
    }
    return chosen;
}

bool fault_replaces_work(const struct fault_rule *rule)
{
    return rule->close_before || ((rule->status || rule->html) && !rule->after_work);
}

static const char html_page[] = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Sign in</title></head>"
                                "<body><h1>Sign in</h1><p>Please sign in to continue.</p></body></html>\n";

static void replace_body(const struct fault_rule *rule, struct answer *a)
{
    if (!rule->status && !rule->html)
        return;
    a->status = rule->status ? (int)rule->status : 200;
    a->content_type = rule->html ? "text/html" : rule->body_is_json ? "application/json" : "text/plain";
    buf_clear(&a->body);
    buf_puts(&a->body, rule->body ? rule->body : rule->html ? html_page : "");
}

void fault_apply(const struct fault_rule *rule, struct answer *a)
{
    a->fault = "rule";
    replace_body(rule, a);
    for (size_t i = 0; i < rule->header_count; i++)
        answer_set_header(a, rule->headers[i].name, rule->headers[i].value);
    if (rule->delay_ms > a->delay_ms)
        a->delay_ms = rule->delay_ms;
    if (rule->close_before || rule->close_after)
        a->delivery = rule->reset ? DELIVER_RESET : DELIVER_CLOSE;
    else if (rule->half_body)
        a->delivery = DELIVER_HALF;
    else if (rule->drip_bytes)
        a->delivery = DELIVER_DRIP;
    a->drip_bytes = rule->drip_bytes;
    a->drip_ms = rule->drip_ms;
}
