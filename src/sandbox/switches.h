/* The behaviour that nobody outside Tricentis knows, one switch each.
 *
 * The numbers are those of the table in docs/qtest-api.md 10; 0 marks a setting of our own. Given
 * on the command line as --set name=value; an unknown name or value is refused. `qtest-sandbox --help` prints
 * the table.
 *
 *     struct switches s;
 *     switches_init(&s);
 *     if (switches_set(&s, "run-name=updated", &err) < 0) ...
 *     if (s.value[SWITCH_RUN_NAME] == RUN_NAME_UPDATED) ...
 *     switches_release(&s);
 */
#ifndef SANDBOX_SWITCHES_H
#define SANDBOX_SWITCHES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct error;

enum switch_id {
    SWITCH_MODULE_NAMES,
    SWITCH_AUTOMATION_OFF,
    SWITCH_UNMAPPED_STATUS,
    SWITCH_BAD_LOG,
    SWITCH_FAILED_CONTENT,
    SWITCH_FAILED_JOB,
    SWITCH_RUN_NAME,
    SWITCH_STEP_REWRITE,
    SWITCH_REPEATED_CONTENT,
    SWITCH_STEP_ORDER_FROM_1,
    SWITCH_SEARCH_LAG_MS,
    SWITCH_LONG_NAMES,
    SWITCH_LATEST_TEST_LOG,
    SWITCH_LOST_REPLY,
    SWITCH_LOST_REPLY_EVERY,
    SWITCH_RETRY_AFTER,
    SWITCH_MINUTE_LIMIT,
    SWITCH_MONTH_LIMIT,
    SWITCH_RATE_HEADERS,
    SWITCH_CLOCK_SPEED,
    SWITCH_TREE_KEYS,
    SWITCH_ESCAPING,
    SWITCH_JOB_LIFETIME_MS,
    SWITCH_JOBS,
    SWITCH_OVERLAP_CASES,
    SWITCH_LIST_NOTES,
    SWITCH_MILLISECONDS,
    SWITCH_LONG_NOTES,
    SWITCH_ID_LAG_MS,
    SWITCH_LATEST_LOG,
    SWITCH_RIGHTS,
    SWITCH_LIST_LAG_MS,
    SWITCH_LIST_BUILDS,
    SWITCH_ZONE,
    SWITCH_FIRST_ID,
    SWITCH_STATUS_WORDS,
    SWITCH_BODY_LIMIT_MB,
    SWITCH_HOLD_MS,
    SWITCH_PAGE_MAX,
    SWITCH_COUNT
};

/* The values of the choices, in the order of the table. The first is the default. */
enum { MODULE_NAMES_IGNORED, MODULE_NAMES_HONOURED };
enum { AUTOMATION_OFF_403, AUTOMATION_OFF_JOB_FAILED };
enum { UNMAPPED_JOB_FAILED, UNMAPPED_400, UNMAPPED_LOG_DROPPED };
enum { BAD_LOG_JOB_FAILED, BAD_LOG_DROPPED };
enum { FAILED_CONTENT_TEXT, FAILED_CONTENT_JSON, FAILED_CONTENT_EMPTY };
enum { FAILED_JOB_NOTHING_WRITTEN, FAILED_JOB_PREFIX_WRITTEN };
enum { RUN_NAME_KEPT, RUN_NAME_UPDATED };
enum { STEP_REWRITE_NEW_VERSION, STEP_REWRITE_SAME_VERSION, STEP_REWRITE_KEPT };
enum { REPEATED_TWO_LOGS, REPEATED_LAST_WINS, REPEATED_FIRST_WINS };
enum { ORDER_FROM_1_ACCEPTED, ORDER_FROM_1_ERROR };
enum { LONG_NAMES_400, LONG_NAMES_CUT };
enum { LATEST_TEST_LOG_PRESENT, LATEST_TEST_LOG_ABSENT };
enum { LOST_REPLY_NEVER, LOST_REPLY_TIMEOUT, LOST_REPLY_RESET, LOST_REPLY_502, LOST_REPLY_504 };
enum { RETRY_AFTER_SECONDS, RETRY_AFTER_DATE, RETRY_AFTER_ABSENT, RETRY_AFTER_RUBBISH };
enum { RATE_HEADERS_PRESENT, RATE_HEADERS_ABSENT };
enum { TREE_KEYS_HYPHEN, TREE_KEYS_UNDERSCORE };
enum { ESCAPING_RAW, ESCAPING_ENTITIES };
enum { JOBS_ONE_AT_A_TIME, JOBS_OVERLAPPING };
enum { OVERLAP_ONE_CASE, OVERLAP_TWO_CASES };
enum { LIST_NOTES_PRESENT, LIST_NOTES_ABSENT };
enum { LIST_BUILDS_PRESENT, LIST_BUILDS_ABSENT };
enum { MILLISECONDS_DROPPED, MILLISECONDS_KEPT };
enum { LONG_NOTES_KEPT, LONG_NOTES_CUT };
enum { LATEST_LOG_LAST_SUBMITTED, LATEST_LOG_LATEST_START };

/* SWITCH_RIGHTS holds what is taken away. */
enum { RIGHTS_ALL = 0, RIGHTS_NO_DELETE = 1, RIGHTS_NO_APPROVE = 2, RIGHTS_NO_FIELD_SETTINGS = 4 };

struct switches {
    int64_t value[SWITCH_COUNT]; /* index of the choice, number, bit set, or minutes east of UTC */
    char *status_words;          /* WORD=Status,... as given; the default mapping when none was */
};

void switches_init(struct switches *s);
void switches_release(struct switches *s);
/* setting is "name=value". ERR_USAGE with the names or values that exist. */
int switches_set(struct switches *s, const char *setting, struct error *err);
void switches_print_help(FILE *out);

#endif
