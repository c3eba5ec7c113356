/* Everything that is printed from the option table for a reader: help, man page, completion, settings. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/error.h"
#include "cli/options.h"

struct buf;

struct command {
    const char *name;
    unsigned bit;
    const char *arguments;
    const char *help;    /* one line */
    const char *details; /* a paragraph for its own help */
};
extern const struct command command_table[];
extern const size_t command_count;
const struct command *command_find(const char *name); /* NULL when unknown */

#define QTEST_SYNC_VERSION "0.1.0"

/* topic NULL: the help; "man": a man page in roff; "bash": a completion script. command NULL: the
 * overview. Errors: ERR_USAGE (unknown topic). */
int help_write(struct buf *out, const struct command *command, const char *topic, struct error *err);
void man_write(struct buf *out);
void completion_write(struct buf *out);
/* --show-config: each setting, its value and where it came from; secrets masked. */
void show_config_write(struct buf *out, const struct settings *settings, unsigned command);

#endif
