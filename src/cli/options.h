/* The one option table: it feeds the parser, the environment, the configuration file, --show-config, the
 * help, the man page and the completion, so that they cannot drift apart.
 *
 * An option "batch-logs" is --batch-logs on the command line, QTEST_BATCH_LOGS in the environment and
 * "batch-logs" in the configuration file. Every source hands in text; only the text that wins is
 * converted (settings_resolve), so one place knows what a duration looks like.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/settings.h"

enum option_kind {
    OPTION_FLAG,     /* bool; alone it means on; elsewhere on/off, true/false, yes/no, 1/0 */
    OPTION_COUNT,    /* int64_t; each mention adds one */
    OPTION_TEXT,     /* char *, of at most high bytes; 0: as long as it likes */
    OPTION_TEMPLATE, /* char *, an automation content with placeholders (sync/content_template.h) */
    OPTION_FILE,     /* char *, a path */
    OPTION_SITE,     /* char *, https URL, or http to loopback (cli/site_url.h) */
    OPTION_PROXY,    /* char *, URL; a password in it is refused on the command line and masked */
    OPTION_LINK,     /* char *, http or https URL that is shown to people, never fetched */
    OPTION_ZONE,     /* char *, what zone_parse takes */
    OPTION_SECRET,   /* char *, environment only */
    OPTION_NUMBER,   /* int64_t within [low, high] */
    OPTION_BYTES,    /* the same, with K, M or G behind it for 1,024, 1,024^2, 1,024^3 bytes */
    OPTION_DURATION, /* the same in milliseconds; "500ms", "90s", "10m", "1h", or bare seconds */
    OPTION_CHOICE,   /* int, the place in choices */
    OPTION_WORDS,    /* struct status_words, three words with commas between */
};

enum command_bit { FOR_UPLOAD = 1, FOR_PLAN = 2, FOR_INSPECT = 4, FOR_FLUSH = 8 };
#define FOR_SITE    (FOR_UPLOAD | FOR_PLAN)
#define FOR_SENDING (FOR_SITE | FOR_FLUSH)
#define FOR_REPORTS (FOR_SITE | FOR_INSPECT)
#define FOR_ALL     (FOR_REPORTS | FOR_FLUSH)

enum option_rule {
    OPTION_TRUSTED_ONLY = 1, /* not from a configuration file that was found by default */
    OPTION_NOT_IN_FILE = 2,  /* from no configuration file at all */
    OPTION_NOT_IN_ARGV = 4,
    OPTION_NOT_IN_ENV = 8,
};

enum ci_source { CI_NOTHING, CI_BUILD_URL, CI_BUILD_NUMBER, CI_MATRIX_CELL };

struct option {
    const char *name;
    char letter; /* 0: none */
    enum option_kind kind;
    unsigned commands; /* enum command_bit */
    unsigned rules;    /* enum option_rule */
    enum ci_source ci;
    size_t offset;          /* of the field in struct settings */
    const char *value_name; /* for the help; NULL for flags */
    const char *choices;    /* OPTION_CHOICE: "text|json" */
    const char *hint;       /* why there are no other choices; NULL: nothing to say */
    const char *fallback;   /* the default as text; NULL: unset */
    int64_t low, high;      /* bytes, milliseconds */
    const char *group;      /* heading in the help; NULL: as the one before */
    const char *help;
};

extern const struct option option_table[];
extern const size_t option_count;

/* -1 when unknown. */
int option_find(const char *name);
int option_find_letter(char letter);
/* "QTEST_BATCH_LOGS"; the caller frees. */
char *option_variable(const struct option *option);
/* The known name nearest to a mistyped one; NULL when none is near. only: command bits, 0 for all. */
const char *option_nearest(const char *name, unsigned only);
/* The k-th word of a CHOICE's choices; NULL behind the last. The caller frees. */
char *option_choice(const struct option *option, int k);

/* The texts that one source gave; values[i] is NULL where it gave none. */
struct option_values {
    char **values;
};
void option_values_init(struct option_values *v);
void option_values_release(struct option_values *v);
void option_values_set(struct option_values *v, int row, const char *text);

/* One command line behind the subcommand. */
struct command_line {
    struct option_values flags;
    char **arguments; /* borrowed from argv */
    size_t argument_count;
    bool help;
    char *help_topic; /* what stood behind --help=, NULL: none */
    bool version;
};
#define COMMAND_LINE_INIT                                                                                    \
    {                                                                                                        \
        .arguments = NULL                                                                                    \
    }
/* GNU style: --name value, --name=value, -q, options and arguments in any order, nothing but arguments
 * behind "--". A single "-" is an argument. Errors: ERR_USAGE. */
int command_line_parse(struct command_line *ret, unsigned command, const char *command_name, char **argv,
                       struct error *err);
void command_line_release(struct command_line *line);

/* Converts text into the option's field, which holds the empty value or an earlier one. where names the
 * source in the message: "--batch-logs", "QTEST_BATCH_LOGS", "'batch-logs' in 'x.json'". */
int option_convert(const struct option *option, const char *text, enum setting_source source,
                   const char *where, struct settings *settings, struct error *err);
/* The field as text, secrets masked; NULL when unset. The caller frees. */
char *option_show(const struct option *option, const struct settings *settings);

#endif
