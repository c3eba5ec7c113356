/* All settings of one invocation, after flags, QTEST_* variables, the configuration file, the CI system
 * and the defaults have been weighed (cli/options.h has the table that fills it).
 *
 * Texts are owned by the struct and NULL where nobody set them. Read only after settings_resolve.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/ci.h"

enum output_format { OUTPUT_TEXT, OUTPUT_JSON };
enum repeats_rule { REPEATS_WORST, REPEATS_LAST };
enum older_rule { OLDER_SEND, OLDER_SKIP };
enum upload_error_rule { UPLOAD_ERROR_FAIL, UPLOAD_ERROR_WARN };
enum fail_on_rule { FAIL_ON_NONE, FAIL_ON_FAILED };
enum claim_rule { CLAIM_RULE_ON, CLAIM_RULE_OFF };
enum color_rule { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* The words the project's Automation Settings map (qtest-api.md, section 2.3). */
struct status_words {
    char *passed;
    char *failed; /* for error as well */
    char *skipped;
};

/* Where a value came from, weakest first. */
enum setting_source { SOURCE_DEFAULT, SOURCE_CI, SOURCE_FILE, SOURCE_ENV, SOURCE_FLAG };

struct settings {
    /* which qTest */
    char *url;     /* checked, without a slash at the end */
    char *project; /* id or exact name; NULL: the candidates are to be listed */
    char *token;   /* complete after settings_need_site; never shown */
    char *token_file;
    bool token_stdin;
    char *ca_file;
    char *client_cert;
    char *client_key;
    char *proxy;

    /* where in qTest */
    char *job;     /* the cycle's name, stronger than any other (cli/cycle_name.h) */
    char *cycle;   /* id or PID of an existing cycle */
    char *release; /* id or exact name: where the cycle is looked for and made */
    char *module;  /* name of the root module */
    char *suite;   /* of results that name no target; from the CI system's matrix, unless given */

    /* what a report leaves open */
    char *execution_id;
    char *report_url;
    char *target;
    char *build_url; /* these two from the CI system, unless given */
    char *build_number;

    /* reading */
    bool strict;
    bool salvage;
    bool unfinished_as_skipped;
    bool keep_going;
    bool allow_empty;
    char *time_zone; /* of time stamps without one; zone_parse takes it */

    /* what is sent */
    struct status_words status_words;
    int repeats;              /* enum repeats_rule */
    int older;                /* enum older_rule */
    char *automation_content; /* template, e.g. "{classname}#{name}"; NULL: the case key */

    /* how it is sent */
    int64_t timeout_ms; /* the whole upload */
    int64_t batch_logs; /* at most so many logs in one POST */
    int64_t batch_bytes;
    int64_t parallel;             /* requests at once */
    char *state_dir;              /* journals and spool; NULL: there is no place for them */
    int64_t spool_max_age_ms;     /* 0: no bound */
    int64_t spool_max_size_bytes; /* 0: no bound */
    bool list;                    /* flush: only say what there is */
    int claim;                    /* enum claim_rule */
    int64_t request_timeout_ms;
    int64_t settle_ms; /* how long an unanswered submission may still sit in qTest's queue */

    /* outcome */
    int output;            /* enum output_format */
    int on_upload_error;   /* enum upload_error_rule */
    int fail_on;           /* enum fail_on_rule */
    int color;             /* enum color_rule; ask settings_use_color */
    char *trace;           /* the file's name; NULL: none is wanted */
    struct trace *tracing; /* open while a command runs (cli/trace.h), main's; NULL: none */
    bool quiet;
    int64_t verbose; /* 0, 1 (-v), 2 (-vv) */
    bool enabled;
    bool show_config;

    char *config;           /* the file that was read; NULL: none */
    bool config_is_default; /* found in the working folder, not named: not trusted with everything */
    struct ci_facts ci;
    uint8_t *sources; /* enum setting_source of each row of the option table */
};

#define SETTINGS_INIT                                                                                        \
    {                                                                                                        \
        0                                                                                                    \
    }

struct option_values;

/* Weighs what the command line gave (cli/options.h) against everything else and checks each value, and
 * the values against each other. Reads the configuration file. Errors: ERR_USAGE. */
int settings_resolve(struct settings *settings, const struct option_values *flags, env_lookup lookup,
                     void *lookup_self, struct error *err);
/* Where the value of an option came from, as a message calls it: "--job", "QTEST_JOB", "'job' in 'x.json'".
 * The caller frees. */
char *settings_place(const struct settings *settings, const char *option_name);
/* What upload and plan cannot do without: the site, and the token from where the settings say. Errors:
 * ERR_USAGE. */
int settings_need_site(struct settings *settings, struct error *err);
void settings_release(struct settings *settings); /* the token's bytes are overwritten */
/* For text on the given descriptor. */
bool settings_use_color(const struct settings *settings, int fd);

#endif
