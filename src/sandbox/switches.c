#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/switches.h"

enum switch_kind { KIND_CHOICE, KIND_NUMBER, KIND_FLAGS, KIND_ZONE, KIND_TEXT };

struct switch_row {
    const char *name;
    int number; /* in docs/qtest-api.md 10, 0: ours */
    enum switch_kind kind;
    const char *values; /* choices with '|' between them; else what the help shows */
    int64_t fallback;
    int64_t low, high; /* numbers only */
    const char *help;
};

#define DAY_MS     86400000
#define CHOICE     KIND_CHOICE
#define LARGEST_ID 4611686018427387904 /* leaves room to count on */
#define NO_LIMIT   1000000000000

static const struct switch_row table[SWITCH_COUNT] = {
    [SWITCH_MODULE_NAMES] = {"module-names", 1, CHOICE, "ignored|honoured", 0, 0, 0,
                             "endpoint A files new test cases by module_names"},
    [SWITCH_AUTOMATION_OFF] = {"automation-off", 2, CHOICE, "403|job-failed", 0, 0, 0,
                               "endpoints A and B in a project with automation off"},
    [SWITCH_UNMAPPED_STATUS] = {"unmapped-status", 3, CHOICE, "job-failed|400|log-dropped", 0, 0, 0,
                                "a status word that the project does not map"},
    [SWITCH_BAD_LOG] = {"bad-log", 4, CHOICE, "job-failed|log-dropped", 0, 0, 0,
                        "one unusable log in a batch"},
    [SWITCH_FAILED_CONTENT] = {"failed-content", 5, CHOICE, "text|json|empty", 0, 0, 0,
                               "content of a FAILED job"},
    [SWITCH_FAILED_JOB] = {"failed-job", 6, CHOICE, "nothing-written|prefix-written", 0, 0, 0,
                           "what a FAILED job leaves"},
    [SWITCH_RUN_NAME] = {"run-name", 7, CHOICE, "kept|updated", 0, 0, 0, "run of a renamed test"},
    [SWITCH_STEP_REWRITE] = {"step-rewrite", 8, CHOICE, "new-version|same-version|kept", 0, 0, 0,
                             "other steps submitted for a known test case"},
    [SWITCH_REPEATED_CONTENT] = {"repeated-content", 9, CHOICE, "two-logs|last-wins|first-wins", 0, 0, 0,
                                 "one automation content twice in a body"},
    [SWITCH_STEP_ORDER_FROM_1] = {"step-order-from-1", 10, CHOICE, "accepted|error", 0, 0, 0,
                                  "step order that begins with 1"},
    [SWITCH_SEARCH_LAG_MS] = {"search-lag-ms", 11, KIND_NUMBER, "MS", 0, 0, DAY_MS,
                              "how far searches lag behind; 0 = at once"},
    [SWITCH_LONG_NAMES] = {"long-names", 12, CHOICE, "400|cut", 0, 0, 0, "names over 500 characters"},
    [SWITCH_LATEST_TEST_LOG] = {"latest-test-log", 13, CHOICE, "present|absent", 0, 0, 0,
                                "latest_test_log in lists and searches of runs"},
    [SWITCH_LOST_REPLY] = {"lost-reply", 14, CHOICE, "never|timeout|reset|502|504", 0, 0, 0,
                           "the job is queued but its reply is lost"},
    [SWITCH_LOST_REPLY_EVERY] = {"lost-reply-every", 14, KIND_NUMBER, "N", 2, 1, 1000000,
                                 "of the submissions the 1st, N+1st, 2N+1st lose the reply"},
    [SWITCH_RETRY_AFTER] = {"retry-after", 15, CHOICE, "seconds|date|absent|rubbish", 0, 0, 0,
                            "Retry-After of a 429"},
    [SWITCH_MINUTE_LIMIT] = {"minute-limit", 15, KIND_NUMBER, "N", 100000, 0, NO_LIMIT,
                             "calls a minute before 429"},
    [SWITCH_MONTH_LIMIT] = {"month-limit", 15, KIND_NUMBER, "N", 100000000, 0, NO_LIMIT,
                            "calls a month before 429"},
    [SWITCH_RATE_HEADERS] = {"rate-headers", 0, CHOICE, "present|absent", 0, 0, 0,
                             "what is left of the minute and the month, in each reply"},
    [SWITCH_CLOCK_SPEED] = {"clock-speed", 0, KIND_NUMBER, "N", 1, 1, 60000,
                            "the minutes of the rate limit pass N times faster"},
    [SWITCH_TREE_KEYS] = {"tree-keys", 16, CHOICE, "hyphen|underscore", 0, 0, 0,
                          "test-cycles or test_cycles in expand=descendants"},
    [SWITCH_ESCAPING] = {"escaping", 17, CHOICE, "raw|entities", 0, 0, 0, "names and notes on read"},
    [SWITCH_JOB_LIFETIME_MS] = {"job-lifetime-ms", 18, KIND_NUMBER, "MS", 0, 0, 365LL * DAY_MS,
                                "an ended job answers 404 after this time; 0 = never"},
    [SWITCH_JOBS] = {"jobs", 19, CHOICE, "one-at-a-time|overlapping", 0, 0, 0, "jobs of one project"},
    [SWITCH_OVERLAP_CASES] = {"overlap-cases", 19, CHOICE, "one|two", 0, 0, 0,
                              "a new test case named by two overlapping jobs"},
    [SWITCH_LIST_NOTES] = {"list-notes", 20, CHOICE, "present|absent", 0, 0, 0,
                           "notes in search and list items"},
    [SWITCH_MILLISECONDS] = {"milliseconds", 21, CHOICE, "dropped|kept", 0, 0, 0,
                             "milliseconds of log dates"},
    [SWITCH_LONG_NOTES] = {"long-notes", 22, CHOICE, "kept|cut", 0, 0, 0, "notes over 4,000 characters"},
    [SWITCH_ID_LAG_MS] = {"id-lag-ms", 23, KIND_NUMBER, "MS", 0, 0, 60000,
                          "every other new object becomes visible (and is answered) so much later"},
    [SWITCH_LATEST_LOG] = {"latest-log", 24, CHOICE, "last-submitted|latest-start", 0, 0, 0,
                           "which log a run shows"},
    [SWITCH_RIGHTS] = {"rights", 25, KIND_FLAGS, "all|no-delete|no-approve|no-field-settings", 0, 0, 0,
                       "what the user may not do; several with commas"},
    [SWITCH_LIST_LAG_MS] = {"list-lag-ms", 26, KIND_NUMBER, "MS", 0, 0, DAY_MS,
                            "how far lists lag behind; 0 = at once"},
    [SWITCH_LIST_BUILDS] = {"list-builds", 33, CHOICE, "present|absent", 0, 0, 0,
                            "build numbers and URLs in search and list items of logs"},
    [SWITCH_ZONE] = {"zone", 0, KIND_ZONE, "+hh:mm", 420, 0, 0, "offset of the dates in replies (+07:00)"},
    [SWITCH_FIRST_ID] = {"first-id", 0, KIND_NUMBER, "N", 1001, 1, LARGEST_ID,
                         "the first id of a new database"},
    [SWITCH_STATUS_WORDS] = {"status-words", 0, KIND_TEXT, "WORD=STATUS,...", 0, 0, 0,
                             "the mapping of Automation Settings, instead of the default"},
    [SWITCH_BODY_LIMIT_MB] = {"body-limit-mb", 0, KIND_NUMBER, "N", 64, 1, 1024,
                              "larger request bodies get 413"},
    [SWITCH_HOLD_MS] = {"hold-ms", 0, KIND_NUMBER, "MS", 120000, 0, DAY_MS,
                        "how long lost-reply=timeout keeps the connection"},
    [SWITCH_PAGE_MAX] = {"page-max", 0, KIND_NUMBER, "N", 999, 1, 999,
                         "a list or search gives no more at once, whatever is asked for"},
};

#define DEFAULT_WORDS                                                                                        \
    "PASS=Passed,PASSED=Passed,FIXED=Passed,FAIL=Failed,FAILED=Failed,REGRESSION=Failed,"                    \
    "SKIP=Incomplete,SKIPPED=Incomplete,PENDING=Incomplete,BLOCKED=Blocked"

void switches_init(struct switches *s)
{
    for (int i = 0; i < SWITCH_COUNT; i++)
        s->value[i] = table[i].fallback;
    s->status_words = xstrdup(DEFAULT_WORDS);
}

void switches_release(struct switches *s)
{
    free(s->status_words);
    s->status_words = NULL;
}

/* The index of one word among choices with '|' between them, -1 when it is none. */
static int choice_index(const char *choices, const char *word, size_t length)
{
    int index = 0;
    for (const char *at = choices;; index++) {
        size_t size = strcspn(at, "|");
        if (size == length && memcmp(at, word, length) == 0)
            return index;
        if (at[size] == '\0')
            return -1;
        at += size + 1;
    }
}

static bool parse_flags(const char *choices, const char *value, int64_t *ret)
{
    int64_t flags = 0;
    for (;;) {
        size_t length = strcspn(value, ",");
        int index = choice_index(choices, value, length);
        if (index < 0)
            return false;
        if (index > 0)
            flags |= (int64_t)1 << (index - 1);
        if (value[length] == '\0')
            break;
        value += length + 1;
    }
    *ret = flags;
    return true;
}

static bool parse_zone(const char *value, int64_t *ret)
{
    if (strlen(value) != 6 || (value[0] != '+' && value[0] != '-') || value[3] != ':')
        return false;
    for (int i = 1; i < 6; i++)
        if (i != 3 && !ascii_digit(value[i]))
            return false;
    int hours = (value[1] - '0') * 10 + value[2] - '0';
    int minutes = (value[4] - '0') * 10 + value[5] - '0';
    if (hours > 14 || minutes > 59)
        return false;
    *ret = (hours * 60 + minutes) * (value[0] == '-' ? -1 : 1);
    return true;
}

static bool parse_value(struct switches *s, const struct switch_row *row, const char *value, int64_t *ret)
{
    int index;
    switch (row->kind) {
    case KIND_CHOICE:
        index = choice_index(row->values, value, strlen(value));
        *ret = index;
        return index >= 0;
    case KIND_NUMBER:
        return text_to_int64(value, row->low, row->high, ret);
    case KIND_FLAGS:
        return parse_flags(row->values, value, ret);
    case KIND_ZONE:
        return parse_zone(value, ret);
    case KIND_TEXT:
        free(s->status_words);
        s->status_words = xstrdup(value);
        return strchr(value, '=') != NULL;
    }
    return false;
}

static int unknown_name(const char *name, struct error *err)
{
    _cleanup_(buf_release) struct buf names = BUF_UNBOUNDED;
    for (int i = 0; i < SWITCH_COUNT; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", table[i].name);
    return error_set(err, ERR_USAGE, "no switch is named '%s'; there are: %s", name, buf_text(&names));
}

int switches_set(struct switches *s, const char *setting, struct error *err)
{
    const char *equals = strchr(setting, '=');
    if (!equals)
        return error_set(err, ERR_USAGE, "--set '%s' is not of the form name=value", setting);
    _cleanup_free_ char *name = xstrndup(setting, (size_t)(equals - setting));
    for (int i = 0; i < SWITCH_COUNT; i++) {
        if (strcmp(table[i].name, name) != 0)
            continue;
        int64_t parsed = s->value[i];
        if (parse_value(s, &table[i], equals + 1, &parsed)) {
            s->value[i] = parsed;
            return 0;
        }
        if (table[i].kind == KIND_NUMBER)
            return error_set(err, ERR_USAGE,
                             "switch '%s' takes a number from %" PRId64 " to %" PRId64 ", not '%s'", name,
                             table[i].low, table[i].high, equals + 1);
        return error_set(err, ERR_USAGE, "switch '%s' takes %s, not '%s'", name, table[i].values, equals + 1);
    }
    return unknown_name(name, err);
}

void switches_print_help(FILE *out)
{
    fprintf(out, "Switches (--set name=value); the number is that of docs/qtest-api.md, section 10.\n"
                 "The first choice is the default.\n\n");
    for (int i = 0; i < SWITCH_COUNT; i++) {
        const struct switch_row *row = &table[i];
        if (row->number)
            fprintf(out, "  %2d  %s=%s\n", row->number, row->name, row->values);
        else
            fprintf(out, "      %s=%s\n", row->name, row->values);
        fprintf(out, "          %s", row->help);
        if (row->kind == KIND_NUMBER)
            fprintf(out, " (default %" PRId64 ")", row->fallback);
        fprintf(out, "\n");
    }
    fprintf(out, "\nDefault status-words: " DEFAULT_WORDS "\n");
}
